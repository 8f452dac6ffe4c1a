"""Who counts as a lead: the members of the inbox's user group, as far as Slack can say; everybody where it has none."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import datetime, timedelta

import aiohttp
import pytest

from bot.domain.inboxes import Inbox, Inboxes
from bot.domain.rules import InboxRules
from bot.listeners.slack_front import Front, Us
from integrations.sandbox.faults import Fault
from integrations.sandbox.server import Sandbox
from integrations.slack.client import TIMEOUT, make_client
from integrations.slack.media import SlackFiles
from storage import inboxes
from storage.database import Credentials
from tests.stories.town import ANA, BEN, CHANNEL, Moved

LEADS = "S0LEADS"
RULES = InboxRules(ladder=(), debounce=timedelta(0), send_grace=timedelta(0))


@pytest.fixture
async def sandbox() -> AsyncGenerator[Sandbox]:
    async with Sandbox() as opened:
        opened.slack.add_group(LEADS, "leads", [ANA])
        yield opened


@pytest.fixture
async def front(sandbox: Sandbox, database: Credentials) -> AsyncGenerator[Front]:
    moved = Moved(sandbox)
    row = await inboxes.settle("200000000000001", "Aurora", CHANNEL, masks_numbers=False)
    environment = sandbox.bot_environment()
    async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
        client = make_client(session, environment["SLACK_API_URL"], environment["SLACK_BOT_TOKEN"])
        slack = SlackFiles(client, session)
        yield Front(slack, Us(), inbox_with(row.id, replace(RULES, lead_group=LEADS)), moved.now)


def inbox_with(inbox_id: int, rules: InboxRules) -> Inboxes:
    return Inboxes([Inbox(inbox_id, "Aurora", "200000000000001", (CHANNEL,), rules)])


def asked(sandbox: Sandbox) -> int:
    return sum(call.method == "usergroups.users.list" for call in sandbox.slack.calls)


async def test_members_of_the_group_are_leads_and_nobody_else(front: Front):
    assert (await front.actor(ANA, front.inboxes.first.id)).is_lead
    assert not (await front.actor(BEN, front.inboxes.first.id)).is_lead


async def test_everybody_is_a_lead_where_no_group_is_named(front: Front, sandbox: Sandbox):
    without = replace(front, inboxes=inbox_with(front.inboxes.first.id, RULES))
    assert (await without.actor(BEN, front.inboxes.first.id)).is_lead
    assert asked(sandbox) == 0


async def test_slack_is_asked_once_in_some_minutes(front: Front, sandbox: Sandbox):
    for user in (ANA, BEN, ANA):
        await front.actor(user, front.inboxes.first.id)
    assert asked(sandbox) == 1
    sandbox.slack.workspace.usergroups[LEADS].users = [BEN]
    later = replace(front, clock=lambda: _after(front.clock()))
    assert not (await later.actor(ANA, front.inboxes.first.id)).is_lead
    assert (await later.actor(BEN, front.inboxes.first.id)).is_lead
    assert asked(sandbox) == 2


def _after(now: datetime) -> datetime:
    return now + timedelta(minutes=6)


@pytest.mark.parametrize("word", ["missing_scope", "no_such_subteam", "plan_upgrade_required", "internal_error"])
async def test_nobody_is_a_lead_while_slack_cannot_say(front: Front, sandbox: Sandbox, word: str):
    sandbox.slack.faults.add(Fault(method="usergroups.users.list", code=word))
    assert not (await front.actor(ANA, front.inboxes.first.id)).is_lead
    assert (await front.actor(ANA, front.inboxes.first.id)).is_lead  # asked again: a failure is not remembered
