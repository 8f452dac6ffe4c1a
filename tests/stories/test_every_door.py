"""Guests, people of other workspaces and bots: refused and told at every door, and nothing changes."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.blocks import action_ids
from integrations.sandbox import slack_gestures as gestures
from integrations.sandbox.people import SlackUser
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack_state import Message
from integrations.sandbox.wire import Json
from storage.database import Credentials, connection
from storage.models import EscalationRow
from tests.stories.town import ANA, CARLA, CHANNEL, Town, open_town

GUEST = SlackUser(id="U0GUEST", name="Gil", team_id="T0AURORA", is_restricted=True)
DAY_GUEST = SlackUser(id="U0DAY", name="Dora", team_id="T0AURORA", is_ultra_restricted=True)
STRANGER = SlackUser(id="U0FAR", name="Finn", team_id="T0OTHER", is_stranger=True)
ROBOT = SlackUser(id="U0ROBOT", name="Robot", team_id="T0AURORA", is_bot=True)
PASSER_BY = SlackUser(id="U0PAST", name="Pia", team_id="T0AURORA")  # a full member, who is not in the channel
REFUSED = {
    GUEST: "Guests cannot act",
    DAY_GUEST: "Guests cannot act",
    STRANGER: "Only members of this workspace",
    ROBOT: "Bots cannot act",
}
WHY_NOT = {**REFUSED, PASSER_BY: "answered by the members of its channel"}
ROOT = Path(__file__).parents[2]
MANIFEST: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text())
DOORS = "".join(each.read_text() for each in sorted((ROOT / "bot/listeners").glob("slack_*.py")))
NAMES = {name: value for name, value in vars(action_ids).items() if name.isupper() and f"action_ids.{name}" in DOORS}
MODALS = sorted(value for name, value in NAMES.items() if name.endswith("_MODAL"))
# What stands in modals, which whoever is refused does not get; and what is part of a value or a mere link.
WITHIN = {
    *("CHOOSE_ASSIGNEE", "CHOOSE_TEMPLATE", "SEARCH_TEMPLATES", "FILL_TEMPLATE", "CONFIRM_OPTED_OUT"),
    *("REFRESH_TEMPLATES", "CHOOSE_EXTENT", "CHOOSE_INBOXES", "CHOOSE_HOUR", "EDIT_TAGS", "WRITE_NOTE"),
    *("TEACH_QUESTION", "TEACH_ANSWER", "TELL_AI", "CHANGE_DRAFT", "CHANGE_TRANSLATION", "CHOOSE_LANGUAGE"),
    *(
        "TYPE_TO_FORGET",
        "ALL_INBOXES",
        "SET_PRIORITY",
        "OPEN_THREAD",
        "BLOCK_CUSTOMER",
        "UNBLOCK_CUSTOMER",
        "SNOOZE_UNTIL",
    ),
}
BUTTONS = sorted({value for name, value in NAMES.items() if name not in WITHIN and not name.endswith("_MODAL")})
VALUES = {action_ids.HOME_PREVIOUS: "waiting:0", action_ids.HOME_NEXT: "waiting:0"}

TABLES = ("escalation", "customer", "message", "audit", "customer_note", "erasure", "taught")
CHOSEN = "SELECT id, preferences, away_since FROM staff WHERE preferences IS NOT NULL OR away_since IS NOT NULL"


@pytest.fixture
async def town(sandbox: Sandbox, credentials: Credentials) -> AsyncGenerator[Town]:
    for person in REFUSED:
        sandbox.slack.add_user(person, CHANNEL)
    sandbox.slack.add_user(PASSER_BY, "C0GENERAL")
    async with open_town(sandbox, credentials) as opened:
        yield opened


async def state() -> list[Any]:
    """All that somebody who acts could change."""
    looks = [*(f"SELECT * FROM {table} ORDER BY id" for table in TABLES), f"{CHOSEN} ORDER BY id"]
    return [await connection().execute_query_dict(each) for each in looks]


def heard(town: Town, person: SlackUser) -> int:
    """How often they were told why not, wherever only they can see it."""
    shown = [each.text for each in town.sandbox.slack.ephemerals(person.id)]
    windows = [json.dumps(each) for each in town.sandbox.slack.workspace.modals.get(person.id, [])]
    return sum(WHY_NOT[person] in each for each in [*shown, *windows])


async def submitted(town: Town, person: SlackUser, callback: str, kept: Json) -> str:
    """A modal that they cannot have open, sent all the same; what the bot answered."""
    view: Json = {"id": "V0", "type": "modal", "callback_id": callback, "hash": "1", "blocks": []}
    view |= {"private_metadata": json.dumps(kept), "state": {"values": {}}}
    payload = gestures.by(person, "view_submission", town.sandbox.slack.workspace.trigger(person.id)) | {"view": view}
    answer = await town.sandbox.slack.events.interact(payload)
    assert answer.ok, callback
    return answer.body


def entries(card: Message) -> list[str]:
    menus = [each for block in card.blocks for each in block.get("elements", []) if each.get("action_id") == "more"]
    return [option["value"] for menu in menus for option in menu["options"]]


def closed(town: Town, person: SlackUser) -> int:
    """They close what window they have, and how often they have been told by then."""
    town.sandbox.slack.workspace.modals.pop(person.id, None)
    return heard(town, person)


@pytest.mark.parametrize("person", [GUEST, STRANGER, PASSER_BY], ids=lambda each: each.name)
async def test_whoever_may_not_act_is_refused_and_told_at_every_door(town: Town, person: SlackUser):
    card = await town.taken()
    number = str((await EscalationRow.get()).id)
    said = await town.reply(ANA, card, "I will look into it.")
    await town.hears(CARLA, "I will look into it.")
    for kind in ("slack.event", "whatsapp.status", "slack.mark"):
        await town.has_done(kind)
    kept: Json = {
        "escalation": int(number),
        "customer": 1,
        "to": ANA,
        "channel": CHANNEL,
        "thread": card.ts,
        "ts": said,
    }
    slack, before = town.sandbox.slack, await state()
    silent: list[str] = []

    async def is_told(what: str, told_before: int) -> None:
        if heard(town, person) == told_before:
            silent.append(what)

    in_menu = {value.partition(":")[0] for value in entries(card)}
    for action in set(BUTTONS) - in_menu - {action_ids.MORE}:
        told = closed(town, person)
        assert await slack.click(person.id, CHANNEL, card.ts, action, VALUES.get(action, number), stale=True) == 200
        await is_told(f"button {action}", told)
    for value in entries(card):
        told = closed(town, person)
        assert await slack.click(person.id, CHANNEL, card.ts, "more", value) == 200
        await is_told(f"menu {value}", told)
    for command in MANIFEST["features"]["slash_commands"]:
        told = closed(town, person)
        place = "C0GENERAL" if person is PASSER_BY else CHANNEL
        await slack.command(person.id, place, command["command"], "Carla")
        await is_told(command["command"], told)
    answers = {each: await submitted(town, person, each, kept) for each in MODALS}
    silent += [f"modal {each}" for each, answer in answers.items() if WHY_NOT[person] not in answer]
    shortcuts: list[Json] = [] if person is PASSER_BY else MANIFEST["features"]["shortcuts"]
    for shortcut in shortcuts:
        told = closed(town, person)
        await slack.shortcut(person.id, CHANNEL, said, shortcut["callback_id"])
        await is_told(f"shortcut {shortcut['callback_id']}", told)

    assert "; ".join(sorted(silent)) == ""
    assert await state() == before


async def test_nor_do_their_replies_and_reactions_reach_the_customer(town: Town):
    card = await town.taken()
    await town.sandbox.whatsapp.say(CARLA, "Are you there?")
    await town.sandbox.until(lambda: "Are you there?" in town.thread_text(card))
    [shown] = [each for each in town.thread(card) if each.text == "Are you there?"]
    before, on_phone = await state(), town.on_phone(CARLA)
    for person in REFUSED:
        await town.reply(person.id, card, f"Words of {person.name}")
        await town.sandbox.slack.react(person.id, CHANNEL, shown.ts, "heart")
    for person in REFUSED:
        await town.sandbox.until(lambda person=person: heard(town, person))
    await town.has_done("slack.event")
    assert await state() == before
    await town.reply(ANA, card, "Here I am.")
    await town.hears(CARLA, "Here I am.")
    assert town.on_phone(CARLA) == [*on_phone, "Here I am."]
