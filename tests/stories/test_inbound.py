"""Whatever customers do on WhatsApp, staff see it as what it is, and the AI answers what is said and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from inline_snapshot import external_file

from bot.app import wall_clock
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack_state import Message
from storage.database import Credentials
from storage.models import ConversationRow, CustomerRow, MessageRow, Task
from tests.stories.town import ANA, CARLA, CHANNEL, Town, open_town
from tests.webhooks import messages_in, payload, together

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
        body = payload(name, wall_clock().timestamp())
        assert await town.sandbox.whatsapp.deliver(body) == 200
        count = len(messages_in(body))
        await town.sandbox.until(lambda shown=shown, count=count: len(town.thread(card)) >= shown + count)
    assert [_face(each) for each in town.thread(card)[before:]] == external_file("snapshots/inbound_thread.json")


async def test_the_opening_transcript_and_the_ai_read_every_kind_as_words(sandbox: Sandbox, town: Town) -> None:
    sandbox.openai.broken = True  # the AI is not asked before everything is said, and then brings people
    bodies = [payload(name, wall_clock().timestamp()) for name in (*SAID[:5], *FILES, "location", "order", *SILENT)]
    bodies.append(payload("reaction", wall_clock().timestamp()))
    assert await sandbox.whatsapp.deliver(together(*bodies)) == 200
    card = await town.card(within=20)
    opening = await sandbox.until(lambda: town.thread(card))
    assert _face(opening[0]) == external_file("snapshots/inbound_transcript.json")
    asked = sandbox.openai.requests[-1]["messages"]
    assert [each["content"] for each in asked if each["role"] == "user"] == external_file("snapshots/inbound_model.json")


async def test_what_nobody_said_makes_no_conversation(town: Town) -> None:
    for name in NOTHING_SAID:
        assert await town.sandbox.whatsapp.deliver(payload(name, wall_clock().timestamp())) == 200
    await town.has_done("whatsapp.kept")
    assert await Task.filter(kind="whatsapp.kept").count() == len(NOTHING_SAID)  # the raw bodies are kept
    assert (await ConversationRow.all().count(), await CustomerRow.all().count()) == (0, 0)


def _face(message: Message) -> dict[str, Any]:
    """What a reader sees, without what differs from run to run."""
    return {"username": message.username, "text": message.text, "blocks": message.blocks}
