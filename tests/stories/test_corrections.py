"""Edits and deletions by staff: in time they change what the customer gets, later everybody knows who has what."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest

from integrations.sandbox.faults import Fault
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack_state import Message
from storage.database import Credentials
from storage.models import MessageRow
from tests.stories.town import ANA, BEN, CARLA, CHANNEL, Moved, Town, open_town

DELAY = 30.0


@pytest.fixture
async def patient(sandbox: Sandbox, credentials: Credentials) -> AsyncGenerator[tuple[Town, Moved]]:
    """A town where replies wait half a minute before they leave, and a clock to let that pass."""
    moved = Moved(sandbox)
    async with open_town(sandbox, credentials, moved.now, reply_delay_seconds=DELAY) as town:
        yield town, moved


async def edit(town: Town, user: str, ts: str, text: str) -> None:
    await town.sandbox.slack.edit(user, CHANNEL, ts, text)


async def waits(town: Town, ts: str) -> None:
    """Until its mark says that it waits to leave."""
    await town.sandbox.until(lambda: "outbox_tray" in town.sandbox.slack.reactions(CHANNEL, ts))


async def said_as(ts: str) -> MessageRow:
    return await MessageRow.get(slack_ts=ts)


async def sent(town: Town, card: Message, text: str) -> str:
    """A reply that the customer has; its ts."""
    ts = await town.reply(ANA, card, text)
    await town.hears(CARLA, text)
    await town.has_done("whatsapp.send")
    return ts


# --- While it waits ---


async def test_a_reply_that_waits_is_sent_as_it_was_edited_and_not_if_it_was_deleted(patient: tuple[Town, Moved]):
    town, moved = patient
    card = await town.taken()
    first, gone = await town.reply(ANA, card, "Teh frist"), await town.reply(ANA, card, "Never mind")
    last = await town.reply(ANA, card, "The last")
    for ts in (first, gone, last):
        await waits(town, ts)
    await edit(town, ANA, first, "The first")
    await town.sandbox.slack.delete(ANA, CHANNEL, gone)
    await town.sandbox.until(lambda: "Deleted in time" in town.told(ANA))
    await town.has_done("slack.event")
    assert not {"Teh frist", "The first", "Never mind"} & set(town.on_phone(CARLA))
    moved.by = timedelta(seconds=DELAY + 1)
    await town.hears(CARLA, "The last")
    assert town.on_phone(CARLA)[-2:] == ["The first", "The last"]
    await town.sandbox.until(lambda: "mailbox_with_mail" in town.sandbox.slack.reactions(CHANNEL, first))


async def test_what_an_edit_makes_of_a_waiting_reply_is_judged_anew(patient: tuple[Town, Moved]):
    town, moved = patient
    card = await town.taken()
    note, call, empty = [await town.reply(ANA, card, text) for text in ("She is rude", "Is the van back?", "Oh")]
    await edit(town, ANA, note, "note: she is rude")
    await edit(town, ANA, call, "@Ben Okafor is the van back?")
    parrot = {"type": "rich_text_section", "elements": [{"type": "emoji", "name": "party-parrot"}]}
    emptied = [{"type": "rich_text", "elements": [parrot]}]
    await town.sandbox.slack.edit(ANA, CHANNEL, empty, ":party-parrot:", blocks=emptied)
    await town.sandbox.until(lambda: "lock" in town.sandbox.slack.reactions(CHANNEL, note))
    await town.sandbox.until(lambda: "mentions a colleague" in town.told(ANA))
    await town.sandbox.until(lambda: "nothing would be left" in town.told(ANA))
    moved.by = timedelta(seconds=DELAY + 1)
    await town.reply(ANA, card, "All")
    await town.has_done("slack.event")
    moved.by *= 2
    await town.hears(CARLA, "All")
    assert not [said for said in town.on_phone(CARLA) if "rude" in said or "van" in said or said == "Oh"]
    assert (await said_as(note)).text == "she is rude"


async def test_a_long_reply_that_waits_is_split_anew(patient: tuple[Town, Moved]):
    town, moved = patient
    card = await town.taken()
    shrunk = await town.reply(ANA, card, f"{'a' * 4000}\n\n{'b' * 4000}")
    grown = await town.reply(ANA, card, "short")
    dropped = await town.reply(ANA, card, f"{'x' * 4000}\n\n{'y' * 4000}")
    await waits(town, dropped)
    await edit(town, ANA, shrunk, "c" * 3000)
    await edit(town, ANA, grown, f"{'d' * 4000}\n\n{'e' * 4000}")
    await town.sandbox.slack.delete(ANA, CHANNEL, dropped)
    await town.has_done("slack.event")
    moved.by = timedelta(seconds=2 * DELAY)
    await town.hears(CARLA, "e" * 4000)
    assert town.on_phone(CARLA)[-3:] == ["c" * 3000, "d" * 4000, "e" * 4000]


async def test_a_held_reply_is_asked_about_in_its_new_words_and_deleted_it_cannot_be_sent(town: Town):
    card = await town.taken()
    changed, gone = await town.reply(BEN, card, "I can halp"), await town.reply(BEN, card, "Or not")
    await town.sandbox.until(lambda: "Or not" in town.told(BEN))
    await edit(town, BEN, changed, "I can help")
    await town.sandbox.until(lambda: "I can help" in town.told(BEN))
    await town.sandbox.slack.delete(BEN, CHANNEL, gone)
    await town.has_done("slack.event")
    number = str((await said_as(gone)).id)
    await town.sandbox.slack.click_ephemeral(BEN, "send_held", number)
    await town.sandbox.until(lambda: "Its author has deleted it" in town.told(BEN))
    await town.sandbox.slack.click_ephemeral(BEN, "send_held", str((await said_as(changed)).id))
    await town.hears(CARLA, "I can help")
    assert "Or not" not in town.on_phone(CARLA)


async def test_a_note_is_remembered_as_it_was_edited(town: Town):
    card = await town.taken()
    ts = await town.reply(ANA, card, "note: a VIP")
    await town.sandbox.until(lambda: "lock" in town.sandbox.slack.reactions(CHANNEL, ts))
    await edit(town, ANA, ts, "note: a very VIP")
    await town.has_done("slack.event")
    assert (await said_as(ts)).text == "a very VIP"


# --- After it left ---


async def test_an_edit_that_comes_too_late_offers_a_correction_that_quotes_what_it_corrects(town: Town):
    card = await town.taken()
    ts = await sent(town, card, "It comes on Monday")
    await edit(town, ANA, ts, "It comes on *Tuesday*")
    await town.sandbox.until(lambda: "still has the old words" in town.told(ANA))
    assert "It comes on Monday" in town.told(ANA)
    assert town.on_phone(CARLA)[-1] == "It comes on Monday"
    await town.sandbox.slack.click_ephemeral(ANA, "send_correction")
    await town.hears(CARLA, "✏️ It comes on *Tuesday*")
    before, after = town.sandbox.whatsapp.sent[-2:]
    assert after.quoted == before.wamid
    await town.sandbox.until(lambda: not town.told(ANA))
    await edit(town, ANA, ts, "It comes on Monday")  # what the customer read last is the correction
    await town.sandbox.until(lambda: "still has the old words" in town.told(ANA))


async def test_an_edit_that_changes_nothing_for_the_customer_is_silent(town: Town):
    card = await town.taken()
    ts = await sent(town, card, "See https://shop.example/tents")
    message = town.sandbox.slack.thread(CHANNEL, card.ts)[-1]
    unfurled = town.sandbox.slack.workspace.changed(message, message.as_slack())
    await town.sandbox.slack.events.deliver(town.sandbox.slack.events.envelope(unfurled))
    await edit(town, ANA, ts, "See   https://shop.example/tents")
    await sent(town, card, "Done")
    assert town.told(ANA) == ""


async def test_an_edit_into_a_note_offers_nothing_to_send(town: Town):
    card = await town.taken()
    ts = await sent(town, card, "She is rude")
    await edit(town, ANA, ts, "note: she is rude")
    await town.sandbox.until(lambda: "cannot be taken back" in town.told(ANA))
    with pytest.raises(LookupError):
        await town.sandbox.slack.click_ephemeral(ANA, "send_correction")


async def test_a_deletion_that_comes_too_late_is_told_to_its_author_and_to_the_thread(town: Town):
    card = await town.taken()
    ts = await sent(town, card, "A secret")
    await town.sandbox.slack.delete(ANA, CHANNEL, ts)
    await town.sandbox.until(lambda: "The customer still has it" in town.told(ANA))
    await town.sandbox.until(lambda: f"<@{ANA}> was deleted here" in town.thread_text(card))
    assert "A secret" not in town.thread_text(card) + town.told(ANA)


async def test_a_correction_nobody_sent_is_shown_to_all_after_a_minute(sandbox: Sandbox, credentials: Credentials):
    moved = Moved(sandbox)
    async with open_town(sandbox, credentials, moved.now) as town:
        card = await town.taken()
        ts = await sent(town, card, "It comes on Monday")
        await edit(town, ANA, ts, "It comes on Tuesday")
        await town.sandbox.until(lambda: "still has the old words" in town.told(ANA))
        moved.by = timedelta(minutes=2)
        await town.sandbox.until(lambda: "still has the old words" in town.thread_text(card))
        line = town.thread(card)[-1]
        await town.sandbox.slack.click(BEN, CHANNEL, line.ts, "send_correction")
        await town.hears(CARLA, "✏️ It comes on Tuesday")
        await town.sandbox.slack.click_ephemeral(ANA, "send_correction")
        await town.sandbox.until(lambda: "nothing to correct" in town.told(ANA))
        assert town.on_phone(CARLA).count("✏️ It comes on Tuesday") == 1


async def test_an_edit_while_whatsapp_is_away_is_in_time(town: Town):
    card = await town.taken()
    await town.hears(CARLA, "colleague")
    town.sandbox.whatsapp.faults.add(*2 * (Fault(method="send", code=131016, retry_after=1.0),))
    ts = await town.reply(ANA, card, "Monday")
    await town.sandbox.until(lambda: len(town.sandbox.whatsapp.faults) < 2)
    await edit(town, ANA, ts, "Tuesday")
    await town.hears(CARLA, "Tuesday")
    assert "Monday" not in town.on_phone(CARLA)


async def test_an_edit_while_a_message_is_just_leaving_is_too_late_and_says_so(town: Town):
    card = await town.taken()
    await town.hears(CARLA, "colleague")
    town.sandbox.whatsapp.faults.add(Fault(method="send", hang=True))
    ts = await town.reply(ANA, card, "Monday")
    await town.sandbox.until(lambda: town.sandbox.whatsapp.faults.hanging)
    await edit(town, ANA, ts, "Tuesday")
    await town.sandbox.until(lambda: "still has the old words" in town.told(ANA))
    town.sandbox.whatsapp.faults.release()
    await town.hears(CARLA, "Monday")
    await town.has_done("whatsapp.send")
    assert (await said_as(ts)).text == "Monday"


# --- Events that come late, twice or never ---


async def test_events_in_the_wrong_order_and_twice_change_nothing(town: Town):
    """Slack brings an edit and a deletion before the messages they are about, then everything once more."""
    card, slack = await town.taken(), town.sandbox.slack
    edited, gone = [await slack.reply(ANA, CHANNEL, card.ts, text, copies=0) for text in ("Line one", "Line gone")]
    told = {each.ts: each for each in slack.thread(CHANNEL, card.ts)}
    late = [slack.workspace.add(told[ts]) for ts in (edited, gone)]
    await edit(town, ANA, edited, "Line 1")
    await slack.delete(ANA, CHANNEL, gone)
    await town.hears(CARLA, "Line 1")
    for event in late:
        await slack.events.deliver(slack.events.envelope(event))
    await slack.reply(ANA, CHANNEL, card.ts, "Line 2", copies=2)
    await town.hears(CARLA, "Line 2")
    assert [said for said in town.on_phone(CARLA) if "Line" in said] == ["Line 1", "Line 2"]
    assert town.told(ANA) == ""


async def test_what_was_edited_and_deleted_while_we_were_away_is_noticed(sandbox: Sandbox, credentials: Credentials):
    moved = Moved(sandbox)
    async with open_town(sandbox, credentials, moved.now) as town:
        card = await town.taken()
        changed, gone = await town.reply(BEN, card, "I can halp"), await town.reply(BEN, card, "Or not")
        await town.sandbox.until(lambda: "Or not" in town.told(BEN))
    for each in sandbox.slack.thread(CHANNEL, card.ts):
        if each.ts == changed:
            each.text, each.blocks, each.edited = "I can help", [], {"user": BEN, "ts": sandbox.world.stamp()}
    del sandbox.slack.workspace.channels[CHANNEL].messages[gone]
    moved.by = timedelta(seconds=20)
    async with open_town(sandbox, credentials, moved.now) as town:
        await town.sandbox.until(lambda: "I can help" in town.told(BEN))
        await town.has_done("slack.read_back")
        assert (await said_as(gone)).status == "withdrawn"
