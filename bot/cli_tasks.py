"""`switchboard tasks`: what waits, what was given up, and how to try it again or set it aside."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot import inboxes
from bot.command import leave, with_database
from bot.domain.effects import KINDS
from bot.domain.rules import InboxRules
from bot.flows.task_by_hand import Outcome, StillRunningError, drop, retry
from bot.settings import Settings
from storage import tasks_admin
from storage.database import is_passing_trouble
from storage.tasks import Unit, unit
from storage.tasks_admin import Entry

_HELP = "See what waits and what was given up; try it again or drop it."
_WIDE = 160  # columns, where the reader is no terminal

app = typer.Typer(name="tasks", help=_HELP, no_args_is_help=True)
console = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDE)

Step = Callable[[Unit, Entry, InboxRules], Awaitable[Outcome]]
Ids = Annotated[list[int] | None, typer.Argument(metavar="ID...", help="Numbers from `switchboard tasks list`.")]
_AT_ONCE = 10_000


@app.command("list")
def list_(
    dead: Annotated[bool, typer.Option("--dead", help="Only those that were given up.")] = False,
    waiting: Annotated[bool, typer.Option("--waiting", help="Only those that are still to be done.")] = False,
    kind: Annotated[str | None, typer.Option(help="Only this kind, such as slack.mirror.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 50,
) -> None:
    """Print them, the dead first. What customers and staff wrote is not shown."""
    if kind is not None and kind not in KINDS:
        leave([f"--kind: there is no {kind!r}; there are {', '.join(sorted(KINDS))}"])
    both = dead == waiting

    async def show(_settings: Settings) -> int:
        found = await tasks_admin.listed(dead=dead or both, waiting=waiting or both, kind=kind, limit=limit)
        console.print(_table(found, datetime.now(UTC)) if found else "None.")
        return 0

    with_database(show)


@app.command("retry")
def retry_(
    ids: Ids = None,
    all_dead: Annotated[bool, typer.Option("--all-dead", help="All that were given up.")] = False,
) -> None:
    """Let tasks that were given up run again, and those that wait run now. Safe while Switchboard runs.

    Exit status 1: one of them was not there.
    """
    if all_dead == bool(ids):
        leave(["Say which: numbers from `switchboard tasks list`, or --all-dead."])

    async def again(turn: Unit, entry: Entry, _rules: InboxRules) -> Outcome:
        return await retry(turn, entry)

    with_database(lambda settings: _each(settings, ids, again))


@app.command("drop")
def drop_(
    ids: Ids = None,
    yes: Annotated[bool, typer.Option("--yes", help="Really: what is dropped is never done.")] = False,
) -> None:
    """Set tasks aside for good. Whom it concerns is told as for any failure: staff in the thread, with Retry.

    Exit status 1: one of them was not there.
    """
    if not ids:
        leave(["Say which: numbers from `switchboard tasks list`."])
    if not yes:
        leave(["What is dropped is never done. Add --yes if you mean it."])
    with_database(lambda settings: _each(settings, ids, drop))


async def _each(settings: Settings, ids: Sequence[int] | None, step: Step) -> int:
    """One transaction for each: what goes wrong with one leaves the others done."""
    if ids:
        found = await tasks_admin.find(ids)
    else:
        found = {each.id: each for each in await tasks_admin.listed(dead=True, waiting=False, limit=_AT_ONCE)}
    missing = [each for each in ids or () if each not in found]
    known = await inboxes.known(settings)
    for entry in found.values():
        rules = known.known(entry.work.inbox_id).rules
        console.print(f"{entry.id} {entry.work.kind}: {await _one(entry, rules, step)}")
    for number in missing:
        console.print(f"{number}: no task that waits or was given up has this number")
    if not found and not missing:
        console.print("None.")
    return int(bool(missing))


async def _one(entry: Entry, rules: InboxRules, step: Step) -> str:
    try:
        async with unit(datetime.now(UTC)) as turn:
            return await step(turn, entry, rules)
    except StillRunningError:
        return "is running just now, or has just been done; nothing was changed"
    except Exception as error:
        if not is_passing_trouble(error):
            raise
        return f"the database was busy ({type(error).__name__}); please try again"


def _table(entries: Sequence[Entry], now: datetime) -> Table:
    table = Table("id", "kind", "lane", "state", "age", "runs", "last error", box=None, pad_edge=False)
    for each in entries:
        lane, age = each.work.lane_in_logs, _span(now - each.created_at)
        error = Text(each.last_error[:300])
        table.add_row(str(each.id), each.work.kind, lane, _state(each, now), age, str(each.runs), error)
    return table


def _state(entry: Entry, now: datetime) -> str:
    if entry.is_dead:
        return "dead"
    return "due" if entry.not_before <= now else f"in {_span(entry.not_before - now)}"


def _span(length: timedelta) -> str:
    seconds = max(0, int(length.total_seconds()))
    for unit_seconds, name in ((86400, "d"), (3600, "h"), (60, "m")):
        if seconds >= unit_seconds:
            return f"{seconds // unit_seconds}{name}"
    return f"{seconds}s"
