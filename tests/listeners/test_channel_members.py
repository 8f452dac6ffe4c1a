"""Who may act on an inbox: the members of its channel, as Slack says, and as it last said while it cannot."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from datetime import timedelta

import aiohttp
import pytest

from bot.domain.inboxes import Inbox, Inboxes, not_there, unlinked
from bot.domain.rules import InboxRules
from bot.listeners.slack_front import Front, Us
from integrations.sandbox.faults import Fault
from integrations.sandbox.people import SlackUser
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack_state import BOT_USER, Channel
from integrations.slack.client import TIMEOUT, make_client
from integrations.slack.media import SlackFiles
from storage import channel_members, inboxes
from storage.database import Credentials
from tests.stories.town import ANA, BEN, CHANNEL, Moved

SHOP, ELSEWHERE = "C0SHOP", "C0GENERAL"
CLOE = SlackUser(id="U0CLOE", name="Cloe", team_id="T0AURORA")
RULES = InboxRules(ladder=(), debounce=timedelta(0), send_grace=timedelta(0))
JOIN, NOT_SURE = "Join it", "Slack could not say"


@pytest.fixture
async def sandbox() -> AsyncGenerator[Sandbox]:
    """Ana is in both channels, Ben in the first, Cloe in neither."""
    async with Sandbox() as opened:
        opened.slack.add_user(CLOE)
        members = [ANA, BOT_USER]
        opened.slack.workspace.channels[SHOP] = Channel(id=SHOP, name="shop", members=members, is_private=True)
        yield opened


@pytest.fixture
def moved(sandbox: Sandbox) -> Moved:
    return Moved(sandbox)


@pytest.fixture
async def front(sandbox: Sandbox, database: Credentials, moved: Moved) -> AsyncGenerator[Front]:
    async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
        client = make_client(session, sandbox.slack_api_url, sandbox.config.slack_bot_token)
        yield Front(SlackFiles(client, session), Us(), await two_inboxes(), moved.now)


async def two_inboxes() -> Inboxes:
    desk = await inboxes.settle("1", "Desk", CHANNEL, masks_numbers=False)
    shop = await inboxes.settle("2", "Shop", SHOP, masks_numbers=False)
    return Inboxes([Inbox(desk.id, "Desk", "1", (CHANNEL,), RULES), Inbox(shop.id, "Shop", "2", (SHOP,), RULES)])


def asked(sandbox: Sandbox) -> int:
    return sum(call.method == "conversations.members" for call in sandbox.slack.calls)


Outcome = Callable[[str | None], bool]


async def test_members_of_its_channel_act_on_an_inbox_and_slack_is_asked_once_an_hour(front: Front, sandbox: Sandbox):
    desk, shop = front.inboxes.ids
    assert await front.may_act(BEN, None, desk) is None
    assert await front.may_act(BEN, None, desk) is None
    assert asked(sandbox) == 1
    refusal = await front.may_act(BEN, None, shop)
    assert refusal
    assert JOIN in refusal
    assert f"Shop (<#{SHOP}>)" in refusal
    assert await front.may_act(BEN, None) is None  # about no inbox in particular
    assert JOIN in str(await front.may_act(CLOE.id, None))
    seen = [await front.seen_by(each, ELSEWHERE) for each in (ANA, BEN, CLOE.id)]
    assert seen == [[desk, shop], [desk], []]
    assert await front.seen_by(ANA, SHOP) == [shop]


async def test_a_no_is_asked_again_sooner_than_a_yes(front: Front, sandbox: Sandbox, moved: Moved):
    desk = front.inboxes.first.id
    assert await front.may_act(CLOE.id, None, desk)
    sandbox.slack.workspace.channel(CHANNEL).members += [CLOE.id]  # and the event is lost
    assert await front.may_act(CLOE.id, None, desk)
    moved.by += timedelta(seconds=30)
    assert await front.may_act(CLOE.id, None, desk) is None
    sandbox.slack.workspace.channel(CHANNEL).members.remove(CLOE.id)
    moved.by += timedelta(hours=1)
    assert await front.may_act(CLOE.id, None, desk)


async def test_who_comes_and_who_goes_is_known_at_once(front: Front):
    desk = front.inboxes.first.id
    assert await front.may_act(CLOE.id, None, desk)
    await channel_members.came(CHANNEL, CLOE.id)
    assert await front.may_act(CLOE.id, None, desk) is None
    await channel_members.went(CHANNEL, CLOE.id)
    await channel_members.went(CHANNEL, ANA)
    assert [bool(await front.may_act(each, None, desk)) for each in (CLOE.id, ANA, BEN)] == [True, True, False]


async def test_a_channel_of_thousands_is_read_page_by_page(front: Front, sandbox: Sandbox):
    sandbox.slack.workspace.channel(CHANNEL).members[:0] = [f"U{number:07}" for number in range(2500)]
    assert await front.may_act(BEN, None, front.inboxes.first.id) is None
    assert asked(sandbox) == 3


@pytest.mark.parametrize("word", ["internal_error", "channel_not_found", "fetch_members_failed"])
async def test_while_slack_cannot_say_it_is_as_it_was_and_whoever_is_there_acts(
    front: Front, sandbox: Sandbox, moved: Moved, word: str
):
    desk, shop = front.inboxes.ids
    assert await front.may_act(ANA, None, shop) is None
    sandbox.slack.faults.add(Fault(method="conversations.members", code=word, lasting=True))
    moved.by += timedelta(hours=2)
    assert await front.may_act(ANA, None, shop, ELSEWHERE) is None  # she was, two hours ago
    for about, place in ((desk, ELSEWHERE), (desk, SHOP), (shop, None), (None, None)):
        assert NOT_SURE in str(await front.may_act(BEN, None, about, place)), (about, place)
    assert await front.may_act(BEN, None, desk, CHANNEL) is None
    assert await front.seen_by(BEN, CHANNEL) == [desk]
    sandbox.slack.faults.clear()
    assert await front.may_act(BEN, None, desk) is None


async def test_where_the_app_may_not_ask_members_of_the_workspace_act_as_they_did(front: Front, sandbox: Sandbox):
    sandbox.slack.faults.add(Fault(method="conversations.members", code="missing_scope", lasting=True))
    assert await front.may_act(BEN, None, front.inboxes.ids[1]) is None
    assert await front.may_act(BOT_USER, None, front.inboxes.ids[1])  # who is no member of the staff is still refused


async def test_a_list_without_anybody_is_no_list(front: Front, sandbox: Sandbox):
    sandbox.slack.workspace.channel(CHANNEL).members[:] = []
    assert await front.may_act(BEN, None, front.inboxes.first.id) is None


async def test_a_private_channel_that_switchboard_is_not_in_is_not_taken_for_an_empty_one(
    front: Front, sandbox: Sandbox
):
    sandbox.slack.workspace.channel(SHOP).members.remove(BOT_USER)
    assert NOT_SURE in str(await front.may_act(ANA, None, front.inboxes.ids[1]))


def test_where_slack_shows_no_links_there_are_none() -> None:
    both = Inbox(1, "A & B", "1", ("C1", "C2"), RULES)
    said = not_there([both], is_sure=True)
    assert "A &amp; B (<#C1> or <#C2>)" in said
    assert unlinked(said) == said.replace(" (<#C1> or <#C2>)", "")
