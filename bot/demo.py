"""The demo: the stand-ins of the three services and their page, and the very same bot as a process of its own."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from bot.settings import Settings
from integrations.sandbox import SHOP
from integrations.sandbox.openai_media import TRANSCRIBER
from integrations.sandbox.server import Sandbox, SandboxConfig
from integrations.slack.scopes import REQUIRED

STARTS_WITHIN_SECONDS = 60.0
STOPS_WITHIN_SECONDS = 12.0


class DemoError(OSError):
    """The demo cannot start; the message says why."""


async def show(port: int, data_dir: Path, say: Callable[[str], None]) -> None:
    """Start everything, print the one address to open, and run until SIGINT or SIGTERM."""
    stopped = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, stopped.set)
    bot_port = _free_port()
    config = SandboxConfig(bot_url=f"http://127.0.0.1:{bot_port}", port=port, slack_scopes=REQUIRED)
    say("Starting the stand-ins of WhatsApp, Slack and the AI …")
    async with Sandbox(config, model=_real_model()) as sandbox:
        sandbox.slack.add_group("S0LEADS", "leads", ["U0ANA"])
        sandbox.slack.add_group("S0ONCALL", "oncall", ["U0BEN"])
        say("Starting Switchboard on its own PostgreSQL …")
        async with _bot(sandbox, bot_port, data_dir, stopped):
            if not stopped.is_set():
                say(f"\n  Open {sandbox.base_url}/ in a browser.  Ctrl+C ends it.\n")
            await stopped.wait()


@asynccontextmanager
async def _bot(sandbox: Sandbox, port: int, data_dir: Path, stopped: asyncio.Event) -> AsyncGenerator[None]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"), env=_environment(sandbox, port, data_dir)
    )
    ended = asyncio.create_task(_when_it_ends(process, stopped))
    try:
        await _until_serving(port, process, stopped)
        yield
    finally:
        if process.returncode is None:
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), STOPS_WITHIN_SECONDS)
        except TimeoutError:
            process.kill()
        await ended


async def _when_it_ends(process: asyncio.subprocess.Process, stopped: asyncio.Event) -> None:
    await process.wait()
    stopped.set()


async def _until_serving(port: int, process: asyncio.subprocess.Process, stopped: asyncio.Event) -> None:
    deadline = asyncio.get_running_loop().time() + STARTS_WITHIN_SECONDS
    while not stopped.is_set():
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            if asyncio.get_running_loop().time() > deadline:
                raise DemoError("the bot did not start serving; its own words are above") from None
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return
    if process.returncode:
        raise DemoError("the bot ended while starting; its own words are above")


def _environment(sandbox: Sandbox, port: int, data_dir: Path) -> dict[str, str]:
    """The bot's settings, all of them through the environment, as on a real machine.

    With OPENAI_API_KEY set, the real model answers instead of the stand-in.
    """
    settings = sandbox.bot_environment() | {"OPENAI_TRANSCRIPTION_MODEL": TRANSCRIBER}
    if _real_model():
        del settings["OPENAI_BASE_URL"], settings["OPENAI_MODEL"], settings["OPENAI_TRANSCRIPTION_MODEL"]
    return (
        os.environ
        | settings
        | {
            "SWITCHBOARD_CONFIG": str(SHOP / "demo.toml"),
            "DATA_DIR": str(data_dir),
            "DATABASE_URL": "",
            "HOST": "127.0.0.1",
            "PORT": str(port),
        }
    )


def _real_model() -> str | None:
    """The name of the real model, where the person who starts the demo gave us a key to one."""
    if not os.environ.get("OPENAI_API_KEY"):
        return None
    return os.environ.get("OPENAI_MODEL") or str(Settings.model_fields["openai_model"].default)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
