"""The bot as a process of its own, to be started, killed and started again."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from pathlib import Path

from integrations.sandbox.server import Sandbox

STARTS_WITHIN_SECONDS = 30.0
_OURS = (
    "SLACK_",
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


class BotProcess:
    """`switchboard run` without speed limits."""

    def __init__(self, env: dict[str, str]) -> None:
        self._env = env
        self._process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._env['PORT']}"

    async def start(self) -> None:
        """Return once it serves."""
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.brisk", "run"), env=self._env, stderr=asyncio.subprocess.DEVNULL
        )
        async with asyncio.timeout(STARTS_WITHIN_SECONDS):
            while not await self._serves():
                assert self._process.returncode is None, "the bot ended while starting"
                await asyncio.sleep(0.02)

    async def kill(self) -> None:
        """kill -9: no word, no drain."""
        assert self._process is not None
        self._process.kill()
        await self._process.wait()

    async def stop(self) -> int:
        """SIGTERM; returns the exit status."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.terminate()
        return await self._process.wait()

    async def _serves(self) -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", int(self._env["PORT"]))
        except OSError:
            return False
        writer.close()
        await writer.wait_closed()
        return True
