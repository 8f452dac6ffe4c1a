"""Whatever customers do on WhatsApp, staff see it as what it is, and the AI answers what is said and nothing else."""

from __future__ import annotations

import json
import re
from pathlib import Path

from inline_snapshot import external_file

from bot.app import wall_clock
from integrations.sandbox.faults import Fault
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack_state import Message
from integrations.sandbox.wire import as_object, as_text
from storage import posted
from storage.database import Credentials
from storage.engine_models import Task
from storage.models import ConversationRow, CustomerRow, MessageRow
from storage.posted import Place
from tests.stories.town import ANA, CARLA, CHANNEL, DIEGO, Town, open_town
from tests.webhooks import Json, messages_in, payload, together

_BYTES = {
    "image/jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(64),
    "image/webp": (Path(__file__).parents[1] / "files" / "picture.webp").read_bytes(),
    "video/mp4": b"\0\0\0\x20ftypisom" + bytes(64),
    "audio/mp4": b"\0\0\0\x20ftypM4A " + bytes(64),
    "audio/ogg; codecs=opus": b"OggS\0\2" + bytes(22) + b"OpusHead" + bytes(64),
    "application/pdf": b"%PDF-1.7 " + bytes(64),
}
_DATE = re.compile(r"<!date[^>]*>")
SAID = (
    "text",
    "text_quoting",
    "text_quoting_unknown",
    "text_forwarded",
    "text_forwarded_often",
    "text_from_ad",
    "text_about_product",
    "location",
    "location_bare",
    "contacts",
    "contacts_bare",
    "contact_own_number",
    "interactive_button",
    "interactive_list",
    "interactive_form",
    "interactive_call_permission",
    "interactive_with_error",
    "button",
    "order",
)
FILES = ("image", "image_with_caption", "video", "audio", "voice_note", "document", "sticker", "album")
SILENT = (
    "unsupported",
    "unsupported_in_coexistence",
    "unknown_type",
    "unknown_older",
    "edit",
    "edit_of_unknown",
    "revoke",
)
NOTHING_SAID = (
    "dashboard_test",
    "dashboard_test_username",
    "dashboard_test_both",
    "group_text",
    "errors_only",
    "user_actions_only",
)


async def test_every_kind_is_shown_in_the_thread_as_what_it_is(town: Town) -> None:
    card = await town.taken()
    await town.sandbox.until(lambda: "took this" in town.thread_text(card))
    before = len(town.thread(card))
    for name in (*SAID, *FILES, *SILENT):
        shown = len(town.thread(card))
        body = _with_files(town.sandbox, payload(name, wall_clock().timestamp()))
        assert await town.sandbox.whatsapp.deliver(body) == 200
        count = len(messages_in(body))
        await town.sandbox.until(lambda shown=shown, count=count: len(town.thread(card)) >= shown + count)
    assert [_face(each) for each in town.thread(card)[before:]] == external_file("snapshots/inbound_thread.json")


async def test_the_opening_transcript_and_the_ai_read_every_kind_as_words(
    sandbox: Sandbox, credentials: Credentials
) -> None:
    sandbox.openai.broken = True  # so that people come, once the AI was asked
    names = (*FILES, "location", "contacts", "order", "interactive_list", *SAID[:5], *SILENT, "reaction")
    bodies = [_with_files(sandbox, payload(name, wall_clock().timestamp())) for name in names]
    async with open_town(sandbox, credentials, agent_debounce_seconds=1.0) as town:
        assert await sandbox.whatsapp.deliver(together(*bodies)) == 200
        card = await town.card(within=20)
        await town.has_done("slack.open")
        opening = [each for each in town.thread(card) if each.text.startswith("*The conversation so far*")]
        await town.has_done("slack.mirror")  # the files follow
        await town.has_done("whatsapp.send")
    assert [_face(each) for each in opening] == external_file("snapshots/inbound_transcript.json")
    asked = [each["content"] for each in sandbox.openai.requests[-1]["messages"] if each["role"] == "user"]
    _note, *lines = asked[0].splitlines()
    assert lines == external_file("snapshots/inbound_model.json")


async def test_an_album_is_answered_once(sandbox: Sandbox, credentials: Credentials) -> None:
    """WhatsApp tells of each photo by itself, almost at once."""
    captions = ("Photos of my tent. What are your opening hours?", "", "")
    async with open_town(sandbox, credentials, agent_debounce_seconds=0.5) as town:
        for caption in captions:
            await sandbox.whatsapp.send_file(CARLA, _BYTES["image/jpeg"], "image/jpeg", caption=caption)
        await sandbox.until(lambda: town.on_phone(CARLA))
        await town.has_done("agent.think")
    assert len(town.on_phone(CARLA)) == 1
    assert "[photo] Photos of my tent. What are your opening hours?\\n[photo]\\n[photo]" in _pending(sandbox)


async def test_what_nobody_said_makes_no_conversation(town: Town) -> None:
    for name in NOTHING_SAID:
        assert await town.sandbox.whatsapp.deliver(payload(name, wall_clock().timestamp())) == 200
    await town.has_done("whatsapp.kept")
    assert await Task.filter(kind="whatsapp.kept").count() == len(NOTHING_SAID)  # the raw bodies are kept
    assert (await ConversationRow.all().count(), await CustomerRow.all().count()) == (0, 0)


def _with_files(sandbox: Sandbox, body: Json) -> Json:
    """The files that it tells of lie ready to be fetched."""
    for message in messages_in(body):
        content = as_object(message.get(message["type"]))
        if mime_type := as_text(content.get("mime_type")):
            file = sandbox.whatsapp.api.media.received(_BYTES[mime_type], mime_type, as_text(content.get("filename")))
            content |= {"id": file.id, "sha256": file.sha256}
    return body


def _face(message: Message) -> Json:
    """What a reader sees, without what differs from run to run."""
    blocks = [{name: part for name, part in block.items() if name != "block_id"} for block in message.blocks]
    shown = {"by": message.username, "text": message.text, "blocks": blocks}
    if message.files:
        shown["files"] = [file["title"] for file in message.files]
    return json.loads(_DATE.sub("today", json.dumps(shown)))


# --- What customers do to messages ------------------------------------------------------------------------------------


async def test_a_customers_reaction_is_seen_on_the_message_it_is_for(town: Town) -> None:
    """On what the customer said, on what staff said, changed and taken back; our own marks stay as they are."""
    card, gestures = await town.taken(), town.sandbox.whatsapp.gestures
    asked = await town.sandbox.whatsapp.say(CARLA, "The green one")
    mirrored = (await town.sandbox.until(lambda: [m for m in town.thread(card) if m.text == "The green one"]))[0]
    answer = await town.reply(ANA, card, "It is on its way")
    await town.hears(CARLA, "on its way")
    sent = town.sandbox.whatsapp.sent[-1].wamid

    await gestures.reacts(CARLA, asked, "❤️")
    await town.sandbox.until(lambda: _marks(town, mirrored.ts) == {"heart"})
    await gestures.reacts(CARLA, sent, "🙏🏽")
    await town.sandbox.until(lambda: "pray::skin-tone-4" in _marks(town, answer))
    await gestures.reacts(CARLA, sent, "🎉")
    await town.sandbox.until(lambda: "tada" in _marks(town, answer))
    await town.sandbox.until(lambda: _marks(town, answer) == {"mailbox_with_mail", "tada"})
    await gestures.reacts(CARLA, sent, "")
    await town.sandbox.until(lambda: _marks(town, answer) == {"mailbox_with_mail"})
    assert "Reacted" not in town.thread_text(card)
    await town.has_done("slack.event")  # the bot hears of its own reactions: none may come back as staff's
    assert {each.body["type"] for each in town.sandbox.whatsapp.sent} == {"text"}


async def test_a_reaction_that_slack_cannot_show_is_said_in_a_line(town: Town) -> None:
    """A customer's 👀 must not pass for our own mark, nor an emoji without a name or a message out of sight be lost."""
    card, gestures = await town.taken(), town.sandbox.whatsapp.gestures
    before = town.sandbox.whatsapp.phones.of(CARLA).chat[0].wamid
    answer = await town.reply(ANA, card, "It is on its way")
    await town.hears(CARLA, "on its way")
    sent = town.sandbox.whatsapp.sent[-1].wamid

    await gestures.reacts(CARLA, sent, "👀")
    await town.sandbox.until(lambda: "Reacted 👀 to\n> Ana Ruiz: It is on its way" in town.thread_text(card))
    await gestures.reacts(CARLA, sent, "")
    await town.sandbox.until(lambda: "Took back a reaction to\n> Ana Ruiz" in town.thread_text(card))
    assert "eyes" not in _marks(town, answer)
    await gestures.reacts(CARLA, before, "👍")  # only the opening transcript holds it, among others
    await town.sandbox.until(lambda: "Reacted 👍 to\n> Carla Mendes: Can I talk" in town.thread_text(card))


async def test_a_reaction_waits_for_the_post_of_its_message(town: Town) -> None:
    card, slow = await town.taken(), Fault(method="chat.postMessage", delay=0.7, when=lambda args: "green" in str(args))
    town.sandbox.slack.faults.add(slow)
    asked = await town.sandbox.whatsapp.say(CARLA, "The green one")
    await town.sandbox.whatsapp.gestures.reacts(CARLA, asked, "❤️")
    await town.sandbox.until(lambda: any(_marks(town, each.ts) == {"heart"} for each in town.thread(card)))
    assert "Reacted" not in town.thread_text(card)


async def test_one_post_of_two_messages_keeps_a_reaction_until_both_are_taken_back(town: Town) -> None:
    card, gestures = await town.taken(), town.sandbox.whatsapp.gestures
    first, second = [await town.sandbox.whatsapp.say(CARLA, text) for text in ("The green one", "Not the grey one")]
    await town.sandbox.until(lambda: "grey" in town.thread_text(card))
    await town.has_done("slack.mirror")  # the post is there a moment before it is written down where
    ts = next(each.ts for each in town.thread(card) if "green" in each.text)
    await posted.remember(1, [(await MessageRow.get(wamid=second)).id], [Place(CHANNEL, ts)])
    for wamid in (first, second):
        await gestures.reacts(CARLA, wamid, "👍")
        await town.has_done("whatsapp.message")
        await town.has_done("slack.reaction")
    await gestures.reacts(CARLA, first, "")
    await town.has_done("whatsapp.message")
    await town.has_done("slack.reaction")
    assert _marks(town, ts) == {"thumbsup"}
    await gestures.reacts(CARLA, second, "")
    await town.sandbox.until(lambda: not _marks(town, ts))


async def test_edits_and_deletions_are_told_and_the_record_follows(town: Town) -> None:
    card, gestures = await town.taken(), town.sandbox.whatsapp.gestures
    wamid = await town.sandbox.whatsapp.say(CARLA, "Send it to 12 Main Street")
    await gestures.edits(CARLA, wamid, "Send it to 21 Main Street")
    await town.sandbox.until(
        lambda: (
            "> Carla Mendes: Send it to 12 Main Street\n✏️ Edited: Send it to 21 Main Street" in town.thread_text(card)
        )
    )
    message = await MessageRow.get(wamid=wamid)
    assert (message.text, message.details) == ("Send it to 21 Main Street", {"earlier": ["Send it to 12 Main Street"]})
    await gestures.revokes(CARLA, wamid)
    await town.sandbox.until(lambda: "🗑️ Deleted\n> Carla Mendes: Send it to 21" in town.thread_text(card))
    assert (await MessageRow.get(wamid=wamid)).revoked_at


async def test_the_ai_answers_the_words_as_they_stand(sandbox: Sandbox, credentials: Credentials) -> None:
    """Edited before the answer: the new words are answered. Answered already, or deleted: nothing is."""
    whatsapp = sandbox.whatsapp
    async with open_town(sandbox, credentials, agent_debounce_seconds=0.5) as town:
        wamid = await whatsapp.say(CARLA, "What are your opening hours?")
        await whatsapp.gestures.edits(CARLA, wamid, "How long does delivery take?")
        await sandbox.until(lambda: town.on_phone(CARLA))
        assert "How long does delivery take?" in _pending(sandbox)
        assert "opening hours" not in _pending(sandbox)
        await whatsapp.gestures.edits(CARLA, wamid, "What are your opening hours?")
        deleted = await whatsapp.say(CARLA, "Can you sell me your own tent?")
        await whatsapp.gestures.revokes(CARLA, deleted)
        await town.has_done("whatsapp.message")
        await town.has_done("agent.think")
        conversation = await ConversationRow.get()
    assert len(town.on_phone(CARLA)) == 1
    assert conversation.answered_through == conversation.last_customer_message


async def test_an_edit_while_the_ai_thinks_overtakes_its_answer(sandbox: Sandbox, credentials: Credentials) -> None:
    async with open_town(sandbox, credentials) as town:
        sandbox.openai.hold()
        wamid = await sandbox.whatsapp.say(CARLA, "What are your opening hours?")
        await sandbox.until(lambda: sandbox.openai.requests)
        await sandbox.whatsapp.gestures.edits(CARLA, wamid, "How long does delivery take?")
        await town.has_done("whatsapp.message")
        sandbox.openai.release()
        await sandbox.until(lambda: town.on_phone(CARLA))
        await town.has_done("agent.think")
    assert len(town.on_phone(CARLA)) == 1
    assert "How long does delivery take?" in _pending(sandbox)


async def test_an_edit_that_asks_for_a_person_brings_one(sandbox: Sandbox, credentials: Credentials) -> None:
    async with open_town(sandbox, credentials, agent_debounce_seconds=5.0) as town:
        wamid = await sandbox.whatsapp.say(CARLA, "Hello there")
        await sandbox.whatsapp.gestures.edits(CARLA, wamid, "Can I talk to a person?")
        card = await town.card()
        await sandbox.until(lambda: "Can I talk to a person? (edited)" in town.thread_text(card))
        await town.has_done("whatsapp.send")


async def test_an_edit_that_comes_before_its_message_still_counts(town: Town) -> None:
    wamid, late = town.sandbox.whatsapp.writes(CARLA, "Send it to 12 Main Street")
    await town.sandbox.whatsapp.gestures.edits(CARLA, wamid, "Send it to 21 Main Street")
    await town.sandbox.whatsapp.deliver(late)
    await town.has_done("whatsapp.message")
    assert (await MessageRow.get(wamid=wamid)).text == "Send it to 21 Main Street"


async def test_nobody_edits_or_deletes_the_words_of_another(town: Town) -> None:
    """Neither before they come nor afterwards."""
    wamid, said = town.sandbox.whatsapp.writes(DIEGO, "I am Diego")
    edit, revoke = (payload(name, wall_clock().timestamp()) for name in ("edit", "revoke"))
    messages_in(edit)[0]["edit"]["original_message_id"] = wamid
    messages_in(revoke)[0]["revoke"]["original_message_id"] = wamid
    for body in (edit, said, revoke):
        assert await town.sandbox.whatsapp.deliver(body) == 200
        await town.has_done("whatsapp.message")
    message = await MessageRow.get(wamid=wamid)
    assert (message.text, message.edited_at, message.revoked_at) == ("I am Diego", None, None)


async def test_a_reaction_asks_for_no_answer_and_opens_no_window(town: Town) -> None:
    await town.sandbox.whatsapp.deliver(payload("reaction", wall_clock().timestamp()))
    await town.has_done("whatsapp.message")
    assert not await Task.exists(kind="agent.think")
    assert (await ConversationRow.get()).last_customer_at is None


def _marks(town: Town, ts: str) -> set[str]:
    return town.sandbox.slack.reactions(CHANNEL, ts)


def _pending(sandbox: Sandbox) -> str:
    """What the AI was asked last, without its instructions."""
    return str(sandbox.openai.requests[-1]["messages"][1:])
