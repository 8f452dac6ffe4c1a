"""The command line: run, demo, migrate, doctor."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import sys
import tempfile
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any

import structlog
import typer
import uvloop
from rich.console import Console

from bot.agent.prompt import PromptUnreadableError
from bot.app import switchboard
from bot.settings import Settings, SettingsError, load_settings
from storage import database, embedded
from storage.database import Credentials

app = typer.Typer(
    name="switchboard",
    help="An AI answers your customers on WhatsApp; people take over in Slack threads.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
errors = Console(stderr=True, highlight=False, soft_wrap=True)


@app.command()
def run() -> None:
    """Bring the database up to date, then serve until SIGTERM or SIGINT. Logs go to standard error.

    Settings come from the environment and from a .env file in the current folder; the README lists them.
    """
    settings = _settings()
    _log_to_stderr()
    _start(_serve(settings))


@app.command()
def migrate() -> None:
    """Bring the database to this version's shape and exit."""
    settings = _settings()
    _start(database.migrate(_credentials(settings)))
    typer.echo("The database is up to date.")


@app.command()
def doctor() -> None:
    """Check the settings against Slack and WhatsApp, and say what to do about what is wrong."""
    from bot.doctor import examine

    settings = _settings()
    raise typer.Exit(asyncio.run(examine(settings, Console(highlight=False))))


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Port of the page; 0 takes any free one.")] = 8000,
    data_dir: Annotated[
        Path | None, typer.Option(help="Where to keep the demo's database; by default it is forgotten afterwards.")
    ] = None,
) -> None:
    """Try the whole thing in a browser: stand-ins of WhatsApp, Slack and the model, the real bot, no accounts."""
    from bot.demo import show

    with contextlib.ExitStack() as stack:
        folder = data_dir or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="switchboard-demo-")))
        _start(show(port, folder, lambda line: typer.echo(line)))


def main() -> None:
    app()


def _settings() -> Settings:
    try:
        return load_settings()
    except SettingsError as error:
        for problem in error.problems:
            errors.print(problem, markup=False)
        raise typer.Exit(2) from None


def _credentials(settings: Settings) -> Credentials:
    try:
        url = settings.database_url or embedded.start(settings.data_dir)
        return Credentials.from_url(url)
    except ValueError as error:
        errors.print(f"DATABASE_URL: {error}", markup=False)
    except OSError as error:
        errors.print(f"DATA_DIR: cannot use {settings.data_dir}: {error.strerror or error}", markup=False)
    raise typer.Exit(2)


async def _serve(settings: Settings) -> None:
    credentials = _credentials(settings)
    await database.migrate(credentials)
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, stopped.set)
    async with switchboard(settings, credentials):
        await stopped.wait()


def _start(work: Coroutine[Any, Any, None]) -> None:
    """Run it to its end; what the person can mend is one line and exit status 2, not a traceback."""
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(work)
    except PromptUnreadableError as error:
        errors.print(str(error), markup=False)
    except NotADirectoryError as error:
        errors.print(f"AGENT_KNOWLEDGE: {error}", markup=False)
    except OSError as error:
        errors.print(f"Cannot start: {error}", markup=False)
    else:
        return
    raise typer.Exit(2)


def _log_to_stderr() -> None:
    """One JSON object a line, with the ids of the task at hand; message bodies are never logged."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format='{"logger": "%(name)s", "event": "%(message)s"}')
