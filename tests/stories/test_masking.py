"""An inbox that keeps numbers private: nothing that Switchboard writes anywhere in Slack shows one whole."""

from __future__ import annotations

import json
import re

from integrations.sandbox.faults import Fault
from integrations.sandbox.people import Customer
from integrations.sandbox.server import Sandbox
from storage.database import Credentials
from tests.stories.town import ANA, ASK_FOR_PERSON, BEN, CARLA, CHANNEL, DIEGO, Town, open_town

ROSA = Customer(id="rosa", name="", bsuid="ES.70000000000000000050", wa_id="34600555666")
NEW_NUMBER = "34699888777"


def everything_shown(town: Town) -> str:
    """Every call that Switchboard made to Slack, and all that people see there."""
    slack = town.sandbox.slack
    seen = [each.args for each in slack.calls]
    shown = [(each.text, each.blocks, each.username) for each in slack.messages(CHANNEL)]
    quiet = [(each.text, each.blocks) for user in (ANA, BEN) for each in slack.ephemerals(user)]
    homes = [slack.workspace.homes.get(user) for user in (ANA, BEN)]
    return json.dumps([seen, shown, quiet, homes], default=str, ensure_ascii=False)


async def test_no_face_shows_a_number_whole_and_lookups_by_it_still_work(sandbox: Sandbox, credentials: Credentials):
    async with open_town(sandbox, credentials, mask_phone_numbers=True, reminder_ladder="1s") as town:
        sandbox.whatsapp.add_customer(ROSA)
        await sandbox.slack.open_home(BEN)
        card = await town.taken(CARLA)
        nameless = await town.escalation("rosa")
        await town.shows(nameless, "+34 6** *** *66")
        await sandbox.until(lambda: "has been waiting" in town.thread_text(nameless))
        await sandbox.whatsapp.say("rosa", "Hello?")
        sandbox.whatsapp.faults.add(Fault(method="send", code=131026))
        await town.reply(ANA, card, "This one fails")
        await sandbox.until(lambda: "Not delivered" in town.thread_text(card))
        await sandbox.whatsapp.changes.number(CARLA, NEW_NUMBER, "ES.70000000000000000099")
        await sandbox.until(lambda: "+34 6** *** *77" in town.thread_text(card))
        await sandbox.whatsapp.say(DIEGO, ASK_FOR_PERSON)
        for command in ("waiting", "mine", "team", "all"):
            await sandbox.slack.command(ANA, CHANNEL, "/queue", command)
        await sandbox.slack.command(BEN, CHANNEL, "/escalate", "+34 600 55 56 66 called")
        await sandbox.until(lambda: "Already" in town.told(BEN))
        for kind in ("slack.home", "slack.card", "slack.mirror", "slack.note"):
            await town.has_done(kind)
        shown = everything_shown(town)
    assert "Carla Mendes" in shown
    for number in ("600111222", "600555666", "699888777", "5511988887777", "600 55 56 66"):
        assert not re.findall(f".{{0,200}}{number}.{{0,60}}", shown)
