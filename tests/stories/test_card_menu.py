"""The card's menu: who may do what, what is asked first, what the thread says, and whom that calls."""

from __future__ import annotations

import re
from pathlib import Path

from bot.app import wall_clock
from bot.domain.preferences import Extent, Preferences, Topic
from integrations.sandbox.people import SlackUser
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack_state import Message
from storage import preferences, staff
from storage.database import Credentials
from tests.stories.town import ANA, BEN, CHANNEL, Town, open_town

TEAM, EVA = "T0AURORA", "U0EVA"


async def choose(town: Town, user: str, card: Message, entry: str) -> None:
    """Choose an entry of the card's menu by its words."""
    [menu] = [each for block in card.blocks for each in block.get("elements", []) if each.get("action_id") == "more"]
    value = next(each["value"] for each in menu["options"] if each["text"]["text"] == entry)
    await town.sandbox.slack.click(user, CHANNEL, card.ts, "more", value)


def entries(card: Message) -> list[str]:
    menus = [each for block in card.blocks for each in block.get("elements", []) if each.get("action_id") == "more"]
    return [option["text"]["text"] for menu in menus for option in menu["options"]]


def called(text: str) -> set[str]:
    return set(re.findall(r"<@(\w+)>", text))


def line(town: Town, card: Message, words: str) -> str:
    return next((each.text for each in town.thread(card) if words in each.text), "")


async def test_it_is_given_taken_and_put_back_and_the_thread_calls_nobody_but_whom_it_is_given_to(town: Town):
    slack = town.sandbox.slack
    slack.add_user(SlackUser(id="U0GUEST", name="Gil", team_id=TEAM, is_restricted=True), CHANNEL)
    slack.add_user(SlackUser(id="U0PAST", name="Pia", team_id=TEAM), "C0GENERAL")
    slack.add_user(SlackUser(id=EVA, name="Eva Lind", team_id=TEAM), CHANNEL)
    await preferences.save(1, BEN, Preferences().with_extent(Topic.ASSIGNED, Extent.NONE))  # no direct message
    card = await town.taken()
    assert not called(line(town, card, "took this"))

    await choose(town, ANA, card, "Assign…")
    answer = await slack.submit(ANA, values={"choose_assignee": "U0GUEST"})
    assert "Guests cannot act" in str(answer["errors"])
    answer = await slack.submit(ANA, values={"choose_assignee": "U0PAST"})
    assert "not in the channel of Aurora Outdoor" in str(answer["errors"])
    await slack.submit(ANA, values={"choose_assignee": BEN})
    await town.shows(card, f"<@{BEN}> has this")
    await town.sandbox.until(lambda: line(town, card, "assigned it"))
    assert called(line(town, card, "assigned it")) == {BEN}
    assert "Ana Ruiz" in line(town, card, "assigned it")

    await choose(town, ANA, card, "Release")
    await town.sandbox.until(lambda: "Only they can put it back" in town.told(ANA))
    await choose(town, ANA, card, "Take over…")
    assert f"<@{BEN}>" in str(slack.modal(ANA))
    await choose(town, EVA, card, "Take over…")
    await slack.submit(EVA)
    await town.shows(card, f"<@{EVA}> has this")
    answer = await slack.submit(ANA)  # it was Ben's when she was asked
    assert f"<@{EVA}> has this" in str(answer)
    await town.sandbox.until(lambda: line(town, card, "took this over"))
    assert not called(line(town, card, "took this over"))

    await choose(town, EVA, card, "Release")
    await town.shows(card, "Queued")
    await town.sandbox.until(lambda: line(town, card, "back in the queue"))
    assert not called(line(town, card, "back in the queue"))
    await town.press(ANA, card, "take")
    await town.press(ANA, card, "close")
    await town.shows(card, "Waited")
    assert not entries(card)


async def test_a_priority_is_set_at_once_and_the_menu_can_be_used_again(town: Town):
    card = await town.escalation()
    await choose(town, BEN, card, "Priority: urgent")
    await town.shows(card, "Urgent")
    await town.sandbox.until(lambda: line(town, card, "normal to urgent"))
    assert "Priority: urgent" not in entries(card)
    assert "Priority: normal" in entries(card)
    await choose(town, BEN, card, "Snooze reminders…")
    await town.sandbox.slack.submit(BEN, values={"snooze_until": "4h"})
    await town.sandbox.until(lambda: line(town, card, "put the reminders off"))
    await town.shows(card, "No reminders until")
    await choose(town, BEN, card, "Customer…")
    assert "Carla" in str(town.sandbox.slack.modal(BEN))
    before = card.blocks[-1]["block_id"]
    await choose(town, BEN, card, "Assign…")  # everybody is a lead where there is no group of them
    assert town.sandbox.slack.modal(BEN)
    await town.has_done("slack.card")
    await town.sandbox.until(lambda: card.blocks[-1]["block_id"] != before)


SUPPORT = """
[[inboxes]]
name = "Aurora Support"
whatsapp_phone_number_id = "200000000000001"
slack_channel = "C0SUPPORT"
prompt = "prompt.md"
lead_group = "S0LEADS"
"""


async def test_leads_assign_what_nobody_took_and_whoever_is_away_is_asked_about(
    sandbox: Sandbox, credentials: Credentials, tmp_path: Path
):
    (tmp_path / "switchboard.toml").write_text(SUPPORT)
    (tmp_path / "prompt.md").write_text("You sell tents.")
    sandbox.slack.add_group("S0LEADS", "leads", [ANA])
    async with open_town(sandbox, credentials, switchboard_config=tmp_path / "switchboard.toml") as town:
        slack = town.sandbox.slack
        card = await town.escalation()
        await choose(town, BEN, card, "Assign…")
        await town.sandbox.until(lambda: "leads can assign it at once" in town.told(BEN))
        assert slack.modal(BEN) is None
        await staff.set_away(1, BEN, wall_clock())
        await choose(town, ANA, card, "Assign…")
        await slack.submit(ANA, values={"choose_assignee": BEN})
        assert "is away since" in str(slack.modal(ANA))
        assert "Queued" in card.text
        await slack.submit(ANA)
        await town.shows(card, f"<@{BEN}> has this")
        assert slack.modal(ANA) is None
        await town.press(BEN, card, "close")
        await town.shows(card, "Closed")
        assert "Waited" in card.text

        again = await town.escalation()
        assert "Earlier:" in again.text
        assert "closed by Ben Okafor" in again.text
        assert f"p{card.ts.replace('.', '')}" in again.text
        assert not called(again.text)
