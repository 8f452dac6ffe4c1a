"""`switchboard export`: escalations, their audit, messages, prompts or the AI's searches as a CSV file."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated, TextIO
from zoneinfo import ZoneInfo

import typer

from bot import inboxes
from bot.command import errors, leave, with_database
from bot.delivery import csv_file
from bot.domain.inboxes import Inboxes
from bot.domain.periods import Period
from bot.domain.report import zone_of
from bot.settings import Settings
from storage import exports
from storage.exports import Export

_USUAL_DAYS = 30
_DAY = "A day like 2026-03-02"


def export(
    what: Annotated[Export, typer.Argument(help="What to export.")],
    first: Annotated[str, typer.Option("--from", help=f"{_DAY}; by default 30 days ago.", metavar="DAY")] = "",
    last: Annotated[str, typer.Option("--to", help=f"{_DAY}, included; by default today.", metavar="DAY")] = "",
    inbox: Annotated[str, typer.Option(help="Only this inbox: its name, WhatsApp number id or Slack channel.")] = "",
    output: Annotated[Path | None, typer.Option("-o", help="The file to write; by default standard output.")] = None,
    with_words: Annotated[
        bool, typer.Option("--with-words", help="Also what was said: texts, summaries, notes and prompts.")
    ] = False,
) -> None:
    """Write rows as CSV, the oldest first. Days and times are those of the inbox's time zone; staff have name and id.

    What customers and staff wrote is left out unless you ask for it.
    """

    async def write(settings: Settings) -> int:
        ids, zone = _wanted(await inboxes.known(settings), inbox)
        period = _period(first, last, zone)
        with _opened(output) as out:
            async with exports.opened(what, ids, period.start, period.end, with_words=with_words) as rows:
                count = await csv_file.write(rows, out, zone)
        errors.print(f"{what}: {count} rows, {period}", markup=False)
        return 0

    with_database(write)


def _opened(output: Path | None) -> TextIO:
    """Line ends are the file's own business (RFC 4180), whatever the machine."""
    return open(output or sys.stdout.fileno(), "w", encoding="utf-8", newline="", closefd=bool(output))


def _wanted(known: Inboxes, name: str) -> tuple[list[int], ZoneInfo]:
    if not name:
        return known.ids, zone_of(known.first.rules)
    found = [each for each in known.values() if name in (each.name, each.number, *each.channels)]
    if not found:
        leave([f"--inbox: there is no {name!r}; there are {', '.join(repr(each.name) for each in known.values())}"])
    return [each.id for each in found], zone_of(found[0].rules)


def _period(first: str, last: str, zone: ZoneInfo) -> Period:
    today = datetime.now(UTC).astimezone(zone).date()
    end = _day("--to", last, today)
    begin = _day("--from", first, end - timedelta(days=_USUAL_DAYS))
    if begin > end:
        leave([f"--from: {begin} comes after {end}."])
    return Period(begin, end, zone)


def _day(option: str, typed: str, usual: date) -> date:
    try:
        return date.fromisoformat(typed) if typed else usual
    except ValueError:
        leave([f"{option}: {typed!r} is no day; write it like 2026-03-02"])
