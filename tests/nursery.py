"""A process that has imported all that a bot needs and forks one on demand: imports take longer than most stories.

What it forks are processes like any other, with a pid to kill. They are its children, so it tells when one has ended.
"""

from __future__ import annotations

import asyncio
import atexit
import gc
import json
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from queue import SimpleQueue
from typing import cast

_STDIN = 0
_NOWHERE = Path(os.devnull)
_HERE = Path()


class Child:
    """One that was forked; `returncode` is None while it lives, and the signal's number below zero if one ended it."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._has_ended = threading.Event()

    def ends(self, returncode: int) -> None:
        self.returncode = returncode
        self._has_ended.set()

    def join(self, within: float) -> int:
        """Wait for its end, at the most so many seconds; raises `TimeoutError`."""
        if not self._has_ended.wait(within) or self.returncode is None:
            raise TimeoutError(f"process {self.pid} has not ended within {within} s")
        return self.returncode

    async def wait(self) -> int:
        while self.returncode is None:  # noqa: ASYNC110  # it is a thread that hears of it
            await asyncio.sleep(0.01)
        return self.returncode

    def send_signal(self, number: signal.Signals) -> None:
        if self.returncode is None:
            os.kill(self.pid, number)


class Nursery:
    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.nursery"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._born: SimpleQueue[Child] = SimpleQueue()
        self._children: dict[int, Child] = {}
        threading.Thread(target=self._listen, daemon=True).start()
        atexit.register(self._close)

    def bear(
        self, words: Sequence[str], env: Mapping[str, str], log: Path, out: Path = _NOWHERE, cwd: Path = _HERE
    ) -> Child:
        """`switchboard` with these words in this environment; what it says is added to the two files."""
        assert self._process.stdin
        order = {"words": list(words), "env": dict(env), "log": str(log), "out": str(out), "cwd": str(cwd)}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return self._born.get(timeout=30)

    def _listen(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            news = cast("dict[str, int]", json.loads(line))
            if "ended" in news:
                self._children.pop(news["pid"]).ends(news["ended"])
            else:
                self._children[news["pid"]] = child = Child(news["pid"])
                self._born.put(child)

    def _close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()


@cache
def nursery() -> Nursery:
    """One for all tests of this process."""
    return Nursery()


# --- On the other side ------------------------------------------------------------------------------------------------


def main() -> None:
    """Fork whenever a line asks for it; once nobody can ask any more, nobody is left behind."""
    from bot import app, cli  # noqa: F401  # pyright: ignore[reportUnusedImport]  # they bring everything along

    gc.freeze()
    ended, wakes = os.pipe()
    os.set_blocking(ended, False)
    os.set_blocking(wakes, False)
    signal.signal(signal.SIGCHLD, _wake)
    signal.set_wakeup_fd(wakes)
    asked, children = b"", set[int]()
    while True:
        ready, _, _ = select.select([_STDIN, ended], [], [])
        if ended in ready:
            os.read(ended, 4096)
            _bury(children)
        if _STDIN in ready:
            read = os.read(_STDIN, 65536)
            if not read:
                return _kill(children)
            *lines, asked = (asked + read).split(b"\n")
            for line in lines:
                pid = os.fork()
                if pid == 0:
                    os.close(ended)
                    return _live(line)
                children.add(pid)
                _tell(pid=pid)


def _wake(_number: int, _frame: object) -> None:
    """Without a handler no byte is written when a child ends."""


def _live(order: bytes) -> None:
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    asked = cast("dict[str, object]", json.loads(order))
    for number, name in enumerate((os.devnull, str(asked["out"]), str(asked["log"]))):
        os.dup2(os.open(name, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644), number)
    os.chdir(str(asked["cwd"]))
    os.environ.clear()
    os.environ.update(cast("dict[str, str]", asked["env"]))
    sys.argv = ["switchboard", *cast("list[str]", asked["words"])]
    from tests import brisk

    brisk.main()


def _bury(children: set[int]) -> None:
    while children:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        children.discard(pid)
        _tell(pid=pid, ended=os.waitstatus_to_exitcode(status))


def _kill(children: set[int]) -> None:
    for pid in children:
        os.kill(pid, signal.SIGKILL)


def _tell(**news: int) -> None:
    sys.stdout.write(json.dumps(news) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
