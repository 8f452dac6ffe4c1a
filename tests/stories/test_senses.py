"""The AI hears, sees and reads what customers send; staff read what it heard; and what it cannot, it says."""

from __future__ import annotations

from datetime import timedelta

from integrations.sandbox.faults import Fault
from integrations.sandbox.openai_media import TRANSCRIBER
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack_state import Message
from storage.database import Credentials
from storage.models import EscalationRow, MessageRow
from tests.stories.town import ANA, CARLA, Moved, Town, open_town

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(64)
ASKS = "I want to talk to a person"


async def speaks(sandbox: Sandbox, words: str) -> None:
    """Carla says this into her phone."""
    content = b"OggS\0\2" + bytes(22) + b"OpusHead\1\1" + words.encode()
    sandbox.openai.recordings.say(content, words)
    await sandbox.whatsapp.send_file(CARLA, content, "audio/ogg; codecs=opus", kind="audio", voice=True)


def asked(sandbox: Sandbox) -> str:
    """What the AI was asked last."""
    return str(sandbox.openai.requests[-1]["messages"])


def in_thread(town: Town, card: Message) -> list[str]:
    return [each.text for each in town.thread(card)]


async def test_a_voice_note_is_answered_shown_to_staff_and_may_ask_for_a_person(
    sandbox: Sandbox, credentials: Credentials
):
    async with open_town(sandbox, credentials, openai_transcription_model=TRANSCRIBER) as town:
        await speaks(sandbox, "Good morning!")
        await town.hears(CARLA, "I'm the assistant")
        assert "[voice note, written down by a machine] Good morning!" in asked(sandbox)
        thoughts = len(sandbox.openai.requests)

        await speaks(sandbox, ASKS)
        card = await town.card()
        opening = (await sandbox.until(lambda: [each for each in in_thread(town, card) if "so far" in each]))[0]
        assert "🎤 Voice message\n🎙️ “Good morning!” (written down by a machine)" in opening
        assert ASKS in opening
        assert len(sandbox.openai.requests) == thoughts
        await town.press(ANA, card, "take")
        await town.shows(card, f"<@{ANA}>")

        sandbox.openai.faults.add(Fault(method="audio.transcriptions", status=503))
        await speaks(sandbox, "Hola, ¿dónde está mi pedido? Quiero saber cuando llega. <!channel>")
        await sandbox.until(lambda: "Spanish" in town.thread_text(card))
        file, transcript = town.thread(card)[-2:]
        assert file.files
        assert transcript.text.startswith("🎙️ Transcript (by machine, Spanish): \n> Hola")
        assert "&lt;!channel&gt;" in transcript.text

        sandbox.openai.faults.add(Fault(method="audio.transcriptions", status=400))
        await speaks(sandbox, "Nobody will ever know")
        await town.has_done("media.hear")
        await town.has_done("slack.mirror")
        assert "Nobody" not in town.thread_text(card)
        assert len(sandbox.openai.requests) == thoughts
        assert await EscalationRow.all().count() == 1


async def test_what_is_heard_after_people_came_is_shown_and_does_nothing_else(
    sandbox: Sandbox, credentials: Credentials
):
    sandbox.openai.faults.add(Fault(method="audio.transcriptions", hang=True))
    async with open_town(sandbox, credentials, openai_transcription_model=TRANSCRIBER) as town:
        await speaks(sandbox, ASKS)
        await sandbox.until(lambda: sandbox.openai.faults.hanging)
        card = await town.escalation()
        await town.press(ANA, card, "take")
        await town.shows(card, f"<@{ANA}>")
        await town.press(ANA, card, "return_to_bot")
        await town.shows(card, "Resolved")
        sandbox.openai.faults.release()
        await town.has_done("media.hear")
        await town.has_done("agent.think")
        assert (await MessageRow.get(kind="audio")).heard == ASKS
        assert len(town.cards()) == 1
        await town.hears(CARLA, "Thanks for your patience")


async def test_a_voice_note_that_cannot_be_heard_is_answered_honestly(town: Town):
    await speaks(town.sandbox, ASKS)
    await town.hears(CARLA, "I can't listen to voice messages")
    assert not town.cards()
    assert not town.sandbox.openai.recordings.heard


async def test_pictures_and_documents_are_seen_and_read(sandbox: Sandbox, credentials: Credentials):
    async with open_town(sandbox, credentials, agent_debounce_seconds=0.5) as town:
        whatsapp = sandbox.whatsapp
        whatsapp.faults.add(Fault(method="download", delay=0.8))  # longer than the customer's pause
        await whatsapp.send_file(CARLA, JPEG, "image/jpeg", caption="Hello!")
        await whatsapp.send_file(CARLA, JPEG + b"2", "image/jpeg")
        await town.hears(CARLA, "I'm the assistant")
        assert asked(sandbox).count("data:image/jpeg;base64,") == 2
        assert len(town.on_phone(CARLA)) == 1

        note = b"Many thanks!"
        await whatsapp.send_file(CARLA, note, "text/plain", kind="document", name="question.txt")
        await sandbox.until(lambda: len(town.on_phone(CARLA)) == 2)
        assert "[document] question.txt – it reads:\\nMany thanks!" in asked(sandbox)
        assert asked(sandbox).count("data:image/jpeg;base64,") == 2  # "and in this colour?" goes back to them
        await whatsapp.send_file(CARLA, b"%PDF-1.7 broken", "application/pdf", kind="document", name="broken.pdf")
        await town.hears(CARLA, "I can't open what you sent")
        assert "which you cannot read (not a PDF that can be read" in asked(sandbox)

        sandbox.openai.sees = False
        await whatsapp.send_file(CARLA, JPEG + b"3", "image/jpeg")
        await sandbox.until(lambda: len(town.on_phone(CARLA)) == 4)
        assert "I can't open what you sent" in town.on_phone(CARLA)[-1]
        before = len(sandbox.openai.requests)
        await whatsapp.send_file(CARLA, JPEG + b"4", "image/jpeg")
        await sandbox.until(lambda: len(town.on_phone(CARLA)) == 5)
        assert len(sandbox.openai.requests) == before + 1  # it is not shown any more


async def test_a_file_that_does_not_come_is_waited_for_a_little_and_then_answered_once(
    sandbox: Sandbox, credentials: Credentials
):
    moved = Moved(sandbox)
    async with open_town(sandbox, credentials, clock=moved.now) as town:
        sandbox.whatsapp.faults.add(Fault(method="download", status=503, lasting=True))
        await sandbox.whatsapp.send_file(CARLA, JPEG, "image/jpeg")
        await town.has_done("whatsapp.message")
        assert not sandbox.openai.requests
        moved.by += timedelta(seconds=11)
        await town.hears(CARLA, "I can't open what you sent")
        sandbox.whatsapp.faults.clear()
        moved.by += timedelta(minutes=2)
        await town.has_done("media.fetch")
        await town.has_done("agent.think")
        assert len(town.on_phone(CARLA)) == 1
