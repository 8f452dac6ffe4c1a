"""The command line: run, demo, migrate, doctor, export, tasks, eval."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import gc
import os
import signal
import socket
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, NoReturn

import structlog
import typer
from rich.console import Console

from bot import cli_export, cli_tasks, logs
from bot.agent.prompt import PromptUnreadableError, load_prompt
from bot.command import in_words, leave, reach_database, settings_or_leave, start
from bot.languages import unknown_languages
from bot.settings import Settings
from storage import checkup, database
from storage.checkup import DatabaseUnusableError
from storage.database import Credentials

log = structlog.get_logger("switchboard")

STOPS_WITHIN_SECONDS = 9.5  # Docker waits for ten

Places = Annotated[
    list[Path] | None,
    typer.Argument(metavar="FILE...", help="TOML files, or folders of them. Without any: those of the demo's shop."),
]

app = typer.Typer(
    name="switchboard",
    help="An AI answers your customers on WhatsApp; people take over in Slack threads.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(cli_tasks.app)
app.command("export")(cli_export.export)


@app.command()
def run() -> None:
    """Bring the database up to date, then serve until SIGTERM or SIGINT. Logs go to standard error.

    Settings come from the environment and from a .env file in the current folder; the README lists them.
    """
    settings = settings_or_leave()
    _refuse([*_unreadable(settings), *_unlistenable(settings.host, settings.port, "PORT")])
    logs.to_stderr()
    start(_serve(settings))


@app.command(name="eval")
def evaluate(
    places: Places = None,
    only: Annotated[str | None, typer.Option(help="Only scenarios whose name holds this.")] = None,
    at_once: Annotated[int, typer.Option(min=1, max=16, help="How many are played at the same time.")] = 4,
) -> None:
    """Play conversations against the configured model and compare what it does with what is expected.

    Your own scenarios are played with AGENT_PROMPT and AGENT_KNOWLEDGE; the shipped ones with the demo's shop. Nothing
    is sent, and your database is not used. Exit status 1: a scenario failed.
    """
    from bot import cli_eval  # loads the agent, which the other commands do not need

    raise typer.Exit(cli_eval.evaluate(places or [], only, at_once))


@app.command()
def migrate() -> None:
    """Bring the database to this version's shape and exit."""
    settings = settings_or_leave()
    start(_ready_database(settings))
    typer.echo("The database is up to date.")


@app.command()
def doctor() -> None:
    """Check the settings against the database, Slack, WhatsApp and the model; say what to do about what is wrong.

    Exit status 0: all well; 1: something is wrong; 2: a setting is missing.
    """
    from bot.doctor import examine

    settings = settings_or_leave()
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

    _refuse(_unlistenable("127.0.0.1", port, "--port"))
    with contextlib.ExitStack() as stack:
        folder = data_dir or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="switchboard-demo-")))
        start(show(port, folder, lambda line: typer.echo(line)))


def main() -> None:
    app()


def _refuse(problems: Iterable[str]) -> None:
    """Leave if there are any."""
    if lines := list(problems):
        leave(lines)


def _unreadable(settings: Settings) -> Iterator[str]:
    """Files that are not there: said before a database is made for nothing."""
    try:
        load_prompt(settings.agent_prompt)
    except PromptUnreadableError as error:
        yield str(error)
    folder = settings.agent_knowledge
    if folder is not None and not folder.is_dir():
        yield f"AGENT_KNOWLEDGE: {folder} is not there or is no folder."


def _unlistenable(host: str, port: int, name: str) -> Iterator[str]:
    """Try the address before anything starts. Only what the person can mend is said here; bind has the last word."""
    try:
        for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            with socket.socket(family, kind, protocol) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server will
                probe.bind(address)
    except (socket.gaierror, UnicodeError):
        yield f"HOST: {host} is no address of this machine."
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            yield f"{name}: {port} is in use on {host}; choose another, or stop the program that has it."
        elif error.errno == errno.EACCES:
            yield f"{name}: no permission to listen on {port}; choose one above 1023."
        elif error.errno == errno.EADDRNOTAVAIL and host != "localhost":  # whose IPv6 half may be switched off
            yield f"HOST: {host} is no address of this machine."


async def _ready_database(settings: Settings) -> Credentials:
    """A database of this version's shape that knows the language of the knowledge."""
    credentials, _ = await reach_database(settings)
    try:
        await database.migrate(credentials)
        known = await checkup.languages(credentials)
    except DatabaseUnusableError as error:
        leave([in_words(settings, error)])
    if wrong := list(unknown_languages(settings, known)):
        leave(wrong)
    return credentials


async def _serve(settings: Settings) -> None:
    # Loading every room takes a second, which a refusal or --help should not.
    from bot.app import switchboard

    credentials = await _ready_database(settings)
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, stopped.set)
    async with switchboard(settings, credentials):
        _leave_what_is_loaded_alone()
        await stopped.wait()
        loop.call_later(STOPS_WITHIN_SECONDS, _abandon)


def _leave_what_is_loaded_alone() -> None:
    """The garbage collector walked through all our libraries now and then, and every door stood still for 100 ms."""
    gc.collect()
    gc.freeze()


def _abandon() -> NoReturn:
    """Something hangs that nobody thought of. Whoever started us would kill us next, which loses nothing either."""
    log.warning("switchboard.stopped_hard")
    os._exit(0)
