"""Message shortcuts: what a note, a waiting reply and a lost one become by them, and when nothing happens."""

from __future__ import annotations

import asyncio

from integrations.sandbox.faults import Fault
from integrations.sandbox.people import SlackUser
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack_state import Message
from storage.database import Credentials
from storage.models import MessageRow
from tests.stories.town import ANA, BEN, CARLA, CHANNEL, Town, open_town


async def shortcut(town: Town, user: str, ts: str, name: str) -> str:
    """Choose it in a message's menu; what the window says that this opens."""
    town.sandbox.slack.workspace.modals.pop(user, None)
    assert await town.sandbox.slack.shortcut(user, CHANNEL, ts, name) == 200
    return str(town.sandbox.slack.modal(user) or "")


def line(town: Town, card: Message, words: str) -> str:
    return next((each.text for each in town.thread(card) if words in each.text), "")


async def test_a_note_becomes_a_reply_by_whoever_sends_it_and_only_once_it_was_read(town: Town):
    slack = town.sandbox.slack
    card = await town.taken()
    note = await town.reply(ANA, card, "Note: it leaves on *Monday*")
    await town.sandbox.until(lambda: slack.reactions(CHANNEL, note) == {"lock"})

    asked = await shortcut(town, BEN, note, "send_to_customer")
    assert "it leaves on *Monday*" in asked
    assert f"<@{ANA}> has this conversation" in asked
    assert not [said for said in town.on_phone(CARLA) if "Monday" in said]
    await slack.edit(ANA, CHANNEL, note, "Note: it leaves on *Tuesday*")
    assert "changed while you looked" in str(await slack.submit(BEN))
    await slack.submit(BEN)
    await town.hears(CARLA, "it leaves on *Tuesday*")
    await town.sandbox.until(lambda: "lock" not in slack.reactions(CHANNEL, note))
    await town.sandbox.until(lambda: line(town, card, "sent this to the customer"))
    assert "Ben Okafor" in line(town, card, "sent this to the customer")
    assert "<@" not in line(town, card, "sent this to the customer")
    rows = await MessageRow.filter(text__contains="Tuesday").order_by("id")
    assert [(row.kind, row.staff_id) for row in rows] == [("note", ANA), ("text", BEN)]
    assert f"<@{ANA}> has this" in card.text

    other = await town.reply(BEN, card, "Note: it comes by van")
    await town.sandbox.until(lambda: slack.reactions(CHANNEL, other) == {"lock"})
    assert f"<@{BEN}> has just answered" in await shortcut(town, ANA, other, "send_to_customer")

    assert "has this already" in await shortcut(town, BEN, note, "send_to_customer")
    assert "has it already" in await shortcut(town, BEN, note, "keep_as_note")
    assert "nothing of it to try again" in await shortcut(town, BEN, note, "retry")
    assert [said for said in town.on_phone(CARLA) if "Tuesday" in said] == ["it leaves on *Tuesday*"]


async def test_two_who_send_the_same_note_at_once_send_it_once(town: Town):
    card = await town.escalation()
    note = await town.reply(ANA, card, "Note: come by at nine")
    await town.sandbox.until(lambda: town.sandbox.slack.reactions(CHANNEL, note) == {"lock"})
    for user in (ANA, BEN):
        assert "Take and send" in await shortcut(town, user, note, "send_to_customer")
    await asyncio.gather(town.sandbox.slack.submit(ANA), town.sandbox.slack.submit(BEN))
    await town.hears(CARLA, "come by at nine")
    await town.shows(card, "Open")
    await town.has_done("whatsapp.send")
    assert town.on_phone(CARLA).count("come by at nine") == 1
    assert any("already" in str(town.sandbox.slack.modal(user)) for user in (ANA, BEN))


async def test_what_waits_becomes_a_note_and_what_was_lost_is_tried_again(sandbox: Sandbox, credentials: Credentials):
    async with open_town(sandbox, credentials, reply_delay_seconds=6) as town:
        slack = town.sandbox.slack
        card = await town.taken()
        delayed = await town.reply(ANA, card, "Wrong thread, sorry")
        await town.sandbox.until(lambda: slack.reactions(CHANNEL, delayed) == {"outbox_tray"})
        assert not await shortcut(town, BEN, delayed, "keep_as_note")
        await town.sandbox.until(lambda: slack.reactions(CHANNEL, delayed) == {"lock"})
        held = await town.reply(BEN, card, "From a colleague")
        await town.sandbox.until(lambda: slack.reactions(CHANNEL, held) == {"hourglass"})
        assert not await shortcut(town, ANA, held, "keep_as_note")
        await town.sandbox.until(lambda: slack.reactions(CHANNEL, held) == {"lock"})

        town.sandbox.whatsapp.faults.add(Fault(method="send", code=131026))
        assert "From a colleague" in await shortcut(town, ANA, held, "send_to_customer")
        await slack.submit(ANA)
        await town.sandbox.until(lambda: "x" in slack.reactions(CHANNEL, held), within=40)
        assert "Retry sending" in await shortcut(town, ANA, held, "send_to_customer")
        assert not await shortcut(town, ANA, held, "retry")
        await town.hears(CARLA, "From a colleague")
        assert "Wrong thread, sorry" not in town.on_phone(CARLA)


async def test_elsewhere_and_for_others_they_do_nothing_and_say_why(town: Town):
    slack = town.sandbox.slack
    slack.add_user(SlackUser(id="U0GUEST", name="Gil", team_id="T0AURORA", is_restricted=True), CHANNEL)
    card = await town.taken()
    note = await town.reply(ANA, card, "Note: a secret")
    await town.sandbox.until(lambda: slack.reactions(CHANNEL, note) == {"lock"})
    outside = await slack.say(ANA, CHANNEL, "Lunch?")
    assert "in the thread of a conversation" in await shortcut(town, ANA, outside, "send_to_customer")
    assert "in the thread of a conversation" in await shortcut(town, ANA, card.ts, "keep_as_note")
    assert "Guests cannot act" in await shortcut(town, "U0GUEST", note, "send_to_customer")
    [mirrored, *_] = [each for each in town.thread(card) if each.bot_id]
    assert "said by the bot" in await shortcut(town, ANA, mirrored.ts, "send_to_customer")
    await shortcut(town, ANA, note, "send_to_customer")
    await town.press(ANA, card, "close")
    await town.shows(card, "Closed")
    assert "closed by" in str(await slack.submit(ANA))
    assert not [said for said in town.on_phone(CARLA) if "secret" in said]
