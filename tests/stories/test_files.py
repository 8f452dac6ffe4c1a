"""Files on their way: from customers into the thread, from staff to the customer, and what is said where one is not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from integrations.sandbox import slack_files
from integrations.sandbox.faults import Fault
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack_state import Message
from storage import media
from storage.database import Credentials
from storage.models import Media, MediaChunk
from tests.stories.town import CARLA, Moved, Town, open_town

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)) * 4


def shown(town: Town, card: Message) -> list[str]:
    """What stands in the thread, file by file and post by post: a file as its name."""
    return [each.files[0]["title"] if each.files else each.text for each in town.thread(card)]


async def has_file(town: Town, card: Message, title: str) -> Message:
    """The message that shows this file, once it is there."""

    def found() -> list[Message]:
        return [each for each in town.thread(card) if each.files and each.files[0]["title"] == title]

    return (await town.sandbox.until(found))[0]


# --- From customers ---


async def test_a_customers_file_stands_in_the_thread_in_its_place_with_name_and_caption(
    town: Town, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(slack_files, "SHARE_DELAY", 0.3)  # what comes after a file must not overtake it
    card = await town.taken()
    whatsapp = town.sandbox.whatsapp
    await whatsapp.say(CARLA, "Look:")
    await whatsapp.send_file(CARLA, JPEG, "image/jpeg", caption="<!channel> the *broken* pole")
    await whatsapp.say(CARLA, "Can you mend it?")
    await whatsapp.send_file(CARLA, b"%PDF-1.7 receipt", "application/pdf", kind="document", name="../receipt.pdf")
    await has_file(town, card, "receipt.pdf")
    assert shown(town, card)[-4:] == ["Look:", "image.jpg", "Can you mend it?", "receipt.pdf"]
    photo = await has_file(town, card, "image.jpg")
    assert photo.text.startswith("*Carla")
    assert "&lt;!channel&gt; the *broken* pole" in photo.text
    kept = town.sandbox.slack.workspace.files[photo.files[0]["id"]]
    assert kept.content == JPEG
    assert not [each for each in town.sandbox.slack.calls if each.error]


async def test_files_of_before_the_escalation_follow_its_transcript(town: Town):
    for number in range(12):
        await town.sandbox.whatsapp.send_file(
            CARLA, b"%PDF-1.7", "application/pdf", kind="document", name=f"{number}.pdf"
        )
    await town.has_done("whatsapp.message")
    await town.has_done("media.fetch")
    card = await town.escalation()
    await has_file(town, card, "11.pdf")
    names = [name for name in shown(town, card) if name.endswith(".pdf")]
    assert names == [f"{number}.pdf" for number in range(2, 12)]
    assert "0.pdf" in town.thread(card)[0].text


async def test_the_words_go_ahead_where_the_file_takes_long_and_it_follows(sandbox: Sandbox, credentials: Credentials):
    moved = Moved(sandbox)
    async with open_town(sandbox, credentials, clock=moved.now) as town:
        card = await town.taken()
        sandbox.whatsapp.faults.add(Fault(method="download", delay=0.2, status=503, lasting=True))
        await sandbox.whatsapp.send_file(CARLA, JPEG, "image/jpeg", caption="the pole")
        await town.sandbox.until(lambda: sandbox.whatsapp.api.media.files)
        await sandbox.whatsapp.say(CARLA, "Hello?")
        moved.by += timedelta(seconds=6)
        await sandbox.until(lambda: "The file follows" in town.thread_text(card))
        await sandbox.until(lambda: "Hello?" in town.thread_text(card))
        sandbox.whatsapp.faults.clear()
        moved.by += timedelta(minutes=2)
        photo = await has_file(town, card, "image.jpg")
        assert "the pole" in photo.text


async def test_a_file_that_failed_says_why_where_it_would_be_and_keeps_its_words(town: Town):
    card = await town.taken()
    await town.sandbox.whatsapp.send_file(CARLA, b"MZ\x90\0 run me", "image/jpeg", caption="my photo")
    await town.sandbox.until(lambda: "it is a program" in town.thread_text(card))
    assert "my photo" in town.thread_text(card)
    _, body = town.sandbox.whatsapp.attaches(CARLA, JPEG, "image/jpeg", caption="too late")
    town.sandbox.whatsapp.api.media.files.clear()
    await town.sandbox.whatsapp.deliver(body)
    await town.sandbox.until(lambda: "does not have the file any more" in town.thread_text(card))
    assert "too late" in town.thread_text(card)
    assert await MediaChunk.all().count() == 0


async def test_an_address_that_is_over_is_asked_for_again(town: Town):
    card = await town.taken()
    town.sandbox.whatsapp.faults.add(Fault(method="download", status=404))
    await town.sandbox.whatsapp.send_file(CARLA, JPEG, "image/jpeg")
    await has_file(town, card, "image.jpg")


async def test_a_share_whose_answer_was_lost_is_found_and_not_made_twice(town: Town):
    card = await town.taken()
    town.sandbox.slack.faults.add(Fault(method="files.completeUploadExternal", drop="after"))
    await town.sandbox.whatsapp.send_file(CARLA, JPEG, "image/jpeg")
    await town.sandbox.whatsapp.say(CARLA, "There")
    await town.sandbox.until(lambda: "There" in town.thread_text(card), within=15)
    assert shown(town, card)[-2:] == ["image.jpg", "There"]


async def test_without_the_permission_for_files_the_words_are_shown_and_say_what_to_do(
    sandbox: Sandbox, credentials: Credentials
):
    fault = Fault(method="files.getUploadURLExternal", code="missing_scope", lasting=True)
    sandbox.slack.faults.add(fault)
    async with open_town(sandbox, credentials) as town:
        card = await town.taken()
        await sandbox.whatsapp.send_file(CARLA, JPEG, "image/jpeg", caption="the pole")
        await sandbox.until(lambda: "install it again from manifest.yml" in town.thread_text(card))
        assert "the pole" in town.thread_text(card)


async def test_bytes_are_forgotten_after_their_time_and_the_row_stays(town: Town):
    await town.taken()
    await town.sandbox.whatsapp.send_file(CARLA, JPEG, "image/jpeg")
    await town.has_done("whatsapp.message")
    await town.has_done("media.fetch")
    [row] = await Media.all()
    assert b"".join([piece async for piece in media.read(row.id)]) == JPEG
    assert await media.purge(row.created_at) == 0
    assert await media.purge(row.created_at + timedelta(days=1)) == 1
    assert await MediaChunk.all().count() == 0
    assert (await Media.get(id=row.id)).status == "purged"
