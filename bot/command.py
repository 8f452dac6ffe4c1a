"""What the commands share: the settings or a line for each that is wrong, the database, and how a command ends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any, NoReturn

import typer
import uvloop
from rich.console import Console

from bot.agent.prompt import PromptUnreadableError
from bot.settings import Settings, SettingsError, load_settings
from storage import checkup, database
from storage.checkup import DatabaseUnusableError, Health
from storage.database import Credentials

errors = Console(stderr=True, highlight=False, soft_wrap=True)


def settings_or_leave() -> Settings:
    try:
        return load_settings()
    except SettingsError as error:
        leave(error.problems)


def leave(problems: Iterable[str]) -> NoReturn:
    """Say every problem in a line of its own: exit status 2."""
    for problem in problems:
        errors.print(problem.replace("\n", " "), markup=False)
    raise typer.Exit(2) from None


def start(work: Coroutine[Any, Any, object]) -> None:
    """Run it to its end; what the person can mend is one line and exit status 2, not a traceback."""
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(work)
    except PromptUnreadableError as error:
        problem = str(error)
    except NotADirectoryError as error:
        problem = f"AGENT_KNOWLEDGE: {error}"
    except OSError as error:
        problem = f"Cannot start: {error}"
    else:
        return
    leave([problem])


async def reach_database(settings: Settings) -> tuple[Credentials, Health]:
    """Where the database is and how it does, or leave."""
    try:
        credentials = _credentials(settings)
        return credentials, await checkup.examine(credentials)
    except DatabaseUnusableError as error:
        leave([in_words(settings, error)])


def with_database(work: Callable[[Settings], Awaitable[int]]) -> NoReturn:
    """Run it with the database open. That is not brought up to date: the processes that run now may be older."""
    settings, status = settings_or_leave(), 0

    async def connected() -> None:
        nonlocal status
        credentials, health = await reach_database(settings)
        if health.pending:
            leave(["The database is not up to date: `switchboard migrate` first."])
        async with database.connected(credentials, pool_size=1):
            status = await work(settings)

    start(connected())
    raise typer.Exit(status)


def in_words(settings: Settings, error: DatabaseUnusableError) -> str:
    """The line for it, which begins with the setting to look at."""
    return f"{'DATABASE_URL' if settings.database_url else 'DATA_DIR'}: {error}"


def _credentials(settings: Settings) -> Credentials:
    """Raises `DatabaseUnusableError` where the embedded database does not start."""
    try:
        return Credentials.from_url(settings.database_url or checkup.start_embedded(settings.data_dir))
    except ValueError:  # its words may quote a piece of the password
        leave(["DATABASE_URL: expected an address like postgres://user:password@host:5432/database (%40 for an @)"])
