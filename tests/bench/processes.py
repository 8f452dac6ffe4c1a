"""The processes under measurement: Switchboard as anyone would start it, and the servers it is compared with."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import orjson
import psutil

from tests.bench import bodies, load
from tests.bench.machine import Split, pin, pin_family

ROOT = Path(__file__).parents[2]
START_WITHIN, STOP_WITHIN = 60.0, 20.0
# A developer's own settings would measure their model or their database.
NOT_PASSED_ON = ("OPENAI_", "SLACK_", "WHATSAPP_", "DATABASE_URL", "AGENT_", "DATA_DIR", "HOST", "PORT")


class DidNotStartError(Exception):
    """A process under measurement ended, or never became ready; its log's end is the message."""


@dataclass(frozen=True, slots=True)
class Database:
    """The embedded PostgreSQL of a server."""

    pid: int
    port: int
    folder: str  # of its Unix socket

    @property
    def url(self) -> str:
        return f"postgresql://postgres@localhost:{self.port}/postgres?host={self.folder}"


@dataclass(frozen=True, slots=True)
class Server:
    """One running server."""

    port: int
    process: subprocess.Popen[bytes]
    started_in: float  # seconds from its start to its first 200
    folder: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def rss(self) -> float:
        """Megabytes (of a million bytes) that the process itself holds; PostgreSQL is another process."""
        return psutil.Process(self.process.pid).memory_info().rss / 1e6

    @property
    def has_database(self) -> bool:
        return (self.folder / "data").exists()

    @property
    def database(self) -> Database:
        """PostgreSQL writes its process id on the first line of this file, its port on the fourth, then its socket."""
        lines = (self.folder / "data" / "postgres" / "postmaster.pid").read_text().splitlines()
        return Database(int(lines[0]), int(lines[3]), lines[4])

    def pause(self) -> None:
        """Take the processor away from it while another is measured: it may have work left."""
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        self.process.send_signal(signal.SIGCONT)


@asynccontextmanager
async def switchboard(
    folder: Path, peers_url: str, cores: Split | None, database_url: str | None = None
) -> AsyncGenerator[Server]:
    """`switchboard run` without speed limits on a PostgreSQL under `folder`, or on the one named; with `cores`, alone
    on one of them.
    """
    port = _free_port()
    settings = _settings(port, peers_url) | ({"DATABASE_URL": database_url} if database_url else {})
    async with _started([sys.executable, "-m", "tests.brisk", "run"], port, "/readyz", folder, settings) as bot:
        if cores:
            pin(bot.process.pid, cores.server)
            if bot.has_database:
                pin_family(bot.database.pid, cores.others)
        yield bot


@asynccontextmanager
async def rival(name: str, folder: Path, cores: Split | None) -> AsyncGenerator[Server]:
    port = _free_port()
    command = [sys.executable, "-m", "tests.bench.rivals", name, str(port)]
    async with _started(command, port, "", folder, {}) as server:
        if cores:
            pin(server.process.pid, cores.server)
            if server.has_database:
                pin_family(server.database.pid, cores.others)
        yield server


async def generate(plan: load.Plan) -> load.Report:
    """Run the load generator beside us; it inherits the cores we may use."""
    command = [sys.executable, "-m", "tests.bench.load", orjson.dumps(asdict(plan)).decode()]
    generator = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=subprocess.PIPE)
    output, _ = await generator.communicate()
    if generator.returncode:
        raise DidNotStartError("the load generator failed")
    return load.Report(**orjson.loads(output))


@asynccontextmanager
async def _started(
    command: Sequence[str], port: int, ready_path: str, folder: Path, settings: dict[str, str]
) -> AsyncGenerator[Server]:
    folder.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240  # nothing else runs meanwhile
    env = {name: value for name, value in os.environ.items() if not name.startswith(NOT_PASSED_ON)}
    env |= settings | {"PYTHONPATH": str(ROOT)}
    log = folder / "log"
    with log.open("ab") as errors:
        begun = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, env=env, stdout=errors, stderr=errors)  # noqa: ASYNC220
        try:
            while not await asyncio.to_thread(_is_ready, port, ready_path):
                if process.poll() is not None or time.perf_counter() - begun > START_WITHIN:
                    raise DidNotStartError(log.read_text(errors="replace")[-3000:])
                await asyncio.sleep(0.005)
            yield Server(port, process, time.perf_counter() - begun, folder)
        finally:
            process.send_signal(signal.SIGCONT)
            process.terminate()
            try:
                await asyncio.to_thread(process.wait, STOP_WITHIN)
            except subprocess.TimeoutExpired:
                process.kill()


def _settings(port: int, peers_url: str) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": bodies.BOT_TOKEN,
        "SLACK_SIGNING_SECRET": bodies.SIGNING_SECRET,
        "SLACK_CHANNEL": bodies.CHANNEL,
        "SLACK_API_URL": f"{peers_url}/slack/api/",
        "WHATSAPP_ACCESS_TOKEN": bodies.ACCESS_TOKEN,
        "WHATSAPP_APP_SECRET": bodies.APP_SECRET,
        "WHATSAPP_VERIFY_TOKEN": bodies.VERIFY_TOKEN,
        "WHATSAPP_PHONE_NUMBER_ID": bodies.NUMBER_ID,
        "WHATSAPP_API_URL": f"{peers_url}/whatsapp",
        "OPENAI_BASE_URL": f"{peers_url}/openai/v1",
        "AGENT_DEBOUNCE_SECONDS": "0",
        "DATA_DIR": "data",
        "PORT": str(port),
    }


def _is_ready(port: int, path: str) -> bool:
    """Whether it answers 200 at this path; without a path, whether it listens."""
    try:
        if path:
            with urlopen(f"http://127.0.0.1:{port}{path}", timeout=2) as answer:
                return bool(answer.status == 200)
        with socket.create_connection(("127.0.0.1", port), timeout=2):
            return True
    except (URLError, OSError):
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
