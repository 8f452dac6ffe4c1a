"""A week is over: its report is asked for once, by whichever replica notices first."""

from __future__ import annotations

from bot.domain.periods import last_week
from bot.domain.report import next_report, zone_of
from bot.domain.report_work import PostReport
from bot.domain.rules import InboxRules
from storage import reports
from storage.tasks import Unit


async def weekly_report_falls_due(turn: Unit, inbox_id: int, rules: InboxRules) -> None:
    """Where none was ever due it has just been switched on: the first comes when the next week is over.

    After a long silence only the newest week is told: nobody reads five reports on one Monday.
    """
    zone = zone_of(rules)
    if await reports.take_due(inbox_id, turn.now, next_report(turn.now, zone)):
        turn.cause(PostReport(inbox_id=inbox_id, period=last_week(turn.now, zone).iso))
