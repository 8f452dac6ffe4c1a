"""A report, from the command to the channel and to a file: each word of it comes from what happened at the desk."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.inboxes import Inbox, Inboxes
from bot.domain.periods import last_week
from bot.domain.rules import InboxRules
from bot.listeners.clock import ClockDoor
from integrations.sandbox.slack_state import Message
from storage import models
from storage.engine_models import Task
from storage.models import EscalationRow
from tests.stories.town import ANA, BEN, CHANNEL, Town

DATA = {"data_table", "data_visualization"}


def kinds(town: Town, user: str) -> list[set[str]]:
    """Of what only this person sees: which of Slack's own tables and charts are in each."""
    return [{str(block["type"]) for block in each.blocks} & DATA for each in town.sandbox.slack.ephemerals(user)]


def reports(town: Town) -> list[Message]:
    return [each for each in town.cards() if each.text.startswith("📊")]


async def answered_and_closed(town: Town) -> None:
    card = await town.taken()
    await town.reply(ANA, card, "I will look")
    await town.reply(ANA, card, "It is on its way")
    await town.hears("carla", "It is on its way")
    await town.press(ANA, card, "close")
    await town.shows(card, "Closed")


async def test_who_asks_for_a_report_sees_it_alone_and_may_share_it_once_and_have_the_rows(town: Town):
    await answered_and_closed(town)
    row = await EscalationRow.get()
    assert row.first_answer_by == ANA
    assert row.first_answer_at is not None
    assert row.ended_at is not None
    assert row.created_at < row.first_answer_at < row.ended_at

    slack = town.sandbox.slack
    await slack.command(BEN, CHANNEL, "/queue", "report this week")
    await town.sandbox.until(lambda: slack.ephemerals(BEN))
    told = town.told(BEN)
    assert "Escalations: 1\n" in told
    assert "0 back to the AI, 1 closed" in told
    assert "Ana" in told
    assert "1 taken, 1 answered, 1 ended" in told
    assert kinds(town, BEN) == [DATA]
    assert reports(town) == []  # until somebody shares it

    await slack.click_ephemeral(BEN, "share_report")
    await slack.click_ephemeral(BEN, "share_report")
    [shared] = await town.sandbox.until(lambda: reports(town))
    await town.has_done("slack.report")
    assert len(reports(town)) == 1
    assert f"Shared by <@{BEN}>" in shared.text

    await slack.click(ANA, CHANNEL, shared.ts, "download_report")
    [sent] = await town.sandbox.until(lambda: [each for each in slack.dm(ANA) if each.files])
    stored = slack.workspace.files[sent.files[0]["id"]]
    assert stored.name.endswith(".csv")
    assert stored.content is not None
    [found] = csv.DictReader(io.StringIO(stored.content.decode("utf-8-sig")))
    assert (found["status"], found["taken_by"], found["taken_by_name"]) == ("closed", ANA, "Ana Ruiz")
    assert "I will look" not in stored.content.decode()
    assert "1 escalation," in slack.dm(ANA)[0].text


async def test_a_workspace_without_charts_reads_the_same_report_in_letters(town: Town):
    await answered_and_closed(town)
    slack = town.sandbox.slack
    slack.workspace.takes_data_blocks = False
    await slack.command(BEN, CHANNEL, "/queue", "report this week")
    await slack.command(BEN, CHANNEL, "/queue", "stats")
    await town.sandbox.until(lambda: len(slack.ephemerals(BEN)) == 2)
    assert kinds(town, BEN) == [set(), set()]
    letters = str([each.blocks for each in slack.ephemerals(BEN)])
    assert "████" in letters
    assert "Escalations by day" in letters
    await slack.click_ephemeral(BEN, "share_report")
    [shared] = await town.sandbox.until(lambda: reports(town))
    assert not DATA & {block["type"] for block in shared.blocks}


@pytest.mark.parametrize(
    ("typed", "told"), [("report 2026-02-30", "no such stretch"), ("stats soon", "no such stretch")]
)
async def test_what_names_no_period_gets_one_helpful_line(town: Town, typed: str, told: str):
    await town.sandbox.slack.command(BEN, CHANNEL, "/queue", typed)
    await town.sandbox.until(lambda: told in town.told(BEN))


# --- Every Monday ---

MONDAY = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)


class Clock:
    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def door(inbox_id: int, clock: Clock, *, weekly: bool = True) -> ClockDoor:
    """A replica's clock for the inbox, whose zone is UTC's."""
    rules = InboxRules(ladder=(), debounce=timedelta(0), send_grace=timedelta(0), weekly_report=weekly)
    return ClockDoor(Inboxes([Inbox(inbox_id, "Support", "1", (CHANNEL,), rules)]), clock)


async def caused() -> list[str]:
    rows = await Task.filter(kind="slack.report").order_by("id")
    return [str(row.payload["period"]) for row in rows]


@pytest.mark.usefixtures("database")
async def test_a_week_is_reported_once_however_many_replicas_tick_and_however_often():
    inbox = await models.Inbox.create(phone_number_id="1", name="Support", slack_channel=CHANNEL)
    clock = Clock(MONDAY - timedelta(days=3))
    replicas = [door(inbox.id, clock), door(inbox.id, clock)]
    for moment in (clock.now, MONDAY - timedelta(seconds=1), MONDAY, MONDAY + timedelta(minutes=1)):
        clock.now = moment
        for each in replicas:
            await each.tick()
    assert await caused() == ["2026-03-02..2026-03-08"]
    clock.now = MONDAY + timedelta(days=7)
    await replicas[1].tick()
    assert await caused() == ["2026-03-02..2026-03-08", "2026-03-09..2026-03-15"]


@pytest.mark.usefixtures("database")
async def test_after_weeks_of_silence_the_newest_week_is_told_once():
    inbox = await models.Inbox.create(phone_number_id="1", name="Support", slack_channel=CHANNEL, report_due_at=MONDAY)
    clock = Clock(MONDAY + timedelta(days=24))
    await door(inbox.id, clock).tick()
    await door(inbox.id, clock).tick()
    assert await caused() == [last_week(clock.now, ZoneInfo("UTC")).iso]


@pytest.mark.usefixtures("database")
async def test_nobody_gets_a_report_that_they_did_not_switch_on():
    inbox = await models.Inbox.create(phone_number_id="1", name="Support", slack_channel=CHANNEL, report_due_at=MONDAY)
    await door(inbox.id, Clock(MONDAY), weekly=False).tick()
    assert await caused() == []
