"""Files that staff attach: the same guard as for words, each its own message, and told at once what cannot go."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from integrations.sandbox.faults import Fault
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack_state import Message
from integrations.sandbox.wire import Json
from storage.database import Credentials
from storage.models import Media
from tests.stories.town import ANA, BEN, CARLA, CHANNEL, Moved, Town, open_town

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)) * 4
PDF = b"%PDF-1.7 a bill"
# What the fake program makes of anything: a voice note, as far as its first bytes tell.
FFMPEG = r"""#!/bin/sh
case "$*" in *-protocol_whitelist*file,pipe*) ;; *) echo "opens anything" >&2; exit 1 ;; esac
for target; do :; done
printf 'OggS\000\000\000\000\000\000OpusHead\001\001' > "$target"
"""


async def attach(town: Town, user: str, card: Message, text: str, *files: Json) -> str:
    return await town.sandbox.slack.reply(user, CHANNEL, card.ts, text, files=list(files))


def carried(town: Town) -> list[tuple[str, Json]]:
    """The files the customer got, in order: kind and what the message says of it, without the id."""
    sent = [each.body for each in town.sandbox.whatsapp.sent if each.carried]
    return [
        (body["type"], {name: value for name, value in body[body["type"]].items() if name != "id"}) for body in sent
    ]


def bytes_of(town: Town, place: int) -> bytes:
    sent = [each for each in town.sandbox.whatsapp.sent if each.carried]
    return town.sandbox.whatsapp.api.media.files[sent[place].carried["id"]].content


async def test_files_of_the_assignee_leave_in_order_the_words_with_the_first(town: Town):
    card, slack = await town.taken(), town.sandbox.slack
    photo, bill = slack.attach(ANA, "tent.jpg", JPEG), slack.attach(ANA, "bill & more.pdf", PDF)
    ts = await attach(town, ANA, card, "Here they *are*", photo, bill)
    await town.reply(ANA, card, "Anything else?")
    await town.hears(CARLA, "Anything else?")
    expected = [("image", {"caption": "Here they *are*"}), ("document", {"filename": "bill & more.pdf"})]
    assert carried(town) == expected
    assert [bytes_of(town, 0), bytes_of(town, 1)] == [JPEG, PDF]
    await town.sandbox.until(lambda: slack.reactions(CHANNEL, ts) == {"mailbox_with_mail"})
    assert town.on_phone(CARLA)[-3:] == ["Here they *are*", "", "Anything else?"]


async def test_words_that_no_caption_holds_follow_the_file(town: Town):
    card, slack = await town.taken(), town.sandbox.slack
    long = " ".join(["word"] * 300)
    await attach(town, ANA, card, long, slack.attach(ANA, "tent.jpg", JPEG))
    await town.hears(CARLA, long)
    await attach(town, ANA, card, "Listen", slack.attach(ANA, "song.mp3", b"ID3" + bytes(64)))
    await town.hears(CARLA, "Listen")
    assert carried(town) == [("image", {}), ("audio", {})]
    assert [each for each in town.on_phone(CARLA) if each == long or each == "Listen"] == [long, "Listen"]


async def test_what_whatsapp_would_refuse_is_said_at_once_and_never_fetched(town: Town):
    card, slack = await town.taken(), town.sandbox.slack
    huge = slack.attach(ANA, "huge.png", JPEG) | {"mimetype": "image/png", "size": 9 * 1024 * 1024}
    outside = slack.attach(ANA, "plan", PDF) | {"mode": "external", "is_external": True}
    await attach(town, ANA, card, "", huge, outside, slack.attach(ANA, "all.zip", b"PK\x03\x04"))
    await town.sandbox.until(lambda: "at most 5 MB" in town.told(ANA))
    assert "lies outside Slack" in town.told(ANA)
    assert "of a kind that WhatsApp does not take" in town.told(ANA)
    await attach(town, ANA, card, "But this I can say", slack.attach(ANA, "all.zip", b"PK\x03\x04"))
    await town.hears(CARLA, "But this I can say")
    assert carried(town) == []
    assert not await Media.exists()


async def test_a_stub_of_a_file_is_looked_up_before_it_is_judged(town: Town):
    card, slack = await town.taken(), town.sandbox.slack
    stub: Json = {"id": slack.attach(ANA, "tent.jpg", JPEG)["id"], "file_access": "check_file_info"}
    await attach(town, ANA, card, "", stub)
    await town.sandbox.until(lambda: carried(town) == [("image", {})])


async def test_a_held_file_waits_for_its_click_and_a_note_keeps_it_here(town: Town):
    card, slack = await town.taken(), town.sandbox.slack
    await attach(town, BEN, card, "", slack.attach(BEN, "tent.jpg", JPEG), slack.attach(BEN, "bill.pdf", PDF))
    await town.sandbox.until(lambda: "tent.jpg" in town.told(BEN))
    await attach(town, ANA, card, "note: for us", slack.attach(ANA, "secret.pdf", PDF))
    await town.has_done("slack.event")
    assert carried(town) == []
    await slack.click_ephemeral(BEN, "send_held")
    await town.sandbox.until(lambda: carried(town) == [("image", {}), ("document", {"filename": "bill.pdf"})])


async def test_a_sign_in_page_is_no_attachment_and_retry_brings_the_file(town: Town):
    card, slack = await town.taken(), town.sandbox.slack
    photo = slack.attach(ANA, "tent.jpg", JPEG)
    stored = slack.workspace.files[photo["id"]]
    stored.wants_sign_in = True
    await attach(town, ANA, card, "Look", photo)
    await town.sandbox.until(lambda: "Not delivered" in town.thread_text(card))
    assert "does not let Switchboard read files" in town.thread_text(card)
    assert carried(town) == []
    stored.wants_sign_in = False
    line = next(each for each in town.thread(card) if "Not delivered" in each.text)
    await slack.click(ANA, CHANNEL, line.ts, "retry_send")
    await town.sandbox.until(lambda: carried(town) == [("image", {"caption": "Look"})])


async def test_a_file_that_whatsapp_refuses_later_is_shown_with_retry(town: Town):
    card, slack = await town.taken(), town.sandbox.slack
    town.sandbox.whatsapp.faults.add(Fault(method="send", code=131053))
    await attach(town, ANA, card, "", slack.attach(ANA, "tent.jpg", JPEG))
    await town.sandbox.until(lambda: "could not take the file" in town.thread_text(card))
    line = next(each for each in town.thread(card) if "Not delivered" in each.text)
    assert "tent.jpg" in line.text
    await slack.click(ANA, CHANNEL, line.ts, "retry_send")
    await town.sandbox.until(lambda: carried(town) == [("image", {})])
    assert len([each for each in town.sandbox.whatsapp.api.media.files.values() if each.is_uploaded]) == 2


async def test_an_upload_that_whatsapp_has_forgotten_is_made_again(sandbox: Sandbox, credentials: Credentials):
    moved = Moved(sandbox)
    async with open_town(sandbox, credentials, clock=moved.now, reply_delay_seconds=2) as town:
        card, slack = await town.taken(), sandbox.slack
        await attach(town, ANA, card, "Look", slack.attach(ANA, "tent.jpg", JPEG))
        while not await Media.exists(whatsapp_id__not_isnull=True):
            await sandbox.world.change(0.02)
        sandbox.whatsapp.api.media.files.clear()
        moved.by += timedelta(hours=2)
        await sandbox.until(lambda: carried(town) == [("image", {"caption": "Look"})], within=15)


async def test_a_voice_clip_is_converted_where_the_program_is_and_goes_as_a_voice_message(
    sandbox: Sandbox, credentials: Credentials, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    program = tmp_path / "ffmpeg"
    program.write_text(FFMPEG)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    async with open_town(sandbox, credentials) as town:
        card = await town.taken()
        clip = sandbox.slack.attach(ANA, "clip.m4a", b"\0\0\0\x20ftypM4A ", "audio/mp4", subtype="slack_audio")
        await attach(town, ANA, card, "", clip)
        await sandbox.until(lambda: carried(town) == [("audio", {"voice": True})])
        program.write_text("#!/bin/sh\necho 'moov atom not found' >&2\nexit 1\n")
        await attach(town, ANA, card, "", sandbox.slack.attach(ANA, "song.wav", b"RIFF\0\0\0\0WAVE", "audio/wav"))
        await sandbox.until(lambda: "moov atom not found" in town.thread_text(card))


async def test_without_a_program_the_author_is_told_what_would_help(
    sandbox: Sandbox, credentials: Credentials, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv("PATH", str(tmp_path))
    async with open_town(sandbox, credentials) as town:
        card = await town.taken()
        await attach(town, ANA, card, "", sandbox.slack.attach(ANA, "IMG_1.HEIC", b"\0\0\0\x18ftypheic", "image/heic"))
        await sandbox.until(lambda: "needs heif-convert or ImageMagick" in town.told(ANA))


async def test_an_edit_in_time_changes_the_caption_and_a_deletion_keeps_the_file_here(
    sandbox: Sandbox, credentials: Credentials
):
    async with open_town(sandbox, credentials, reply_delay_seconds=4) as town:
        card, slack = await town.taken(), sandbox.slack
        first = await attach(town, ANA, card, "Lok", slack.attach(ANA, "tent.jpg", JPEG))
        wrong = await attach(town, ANA, card, "Not this", slack.attach(ANA, "other.pdf", PDF))
        await town.has_done("media.prepare")  # which lets nothing leave before its time
        await slack.edit(ANA, CHANNEL, first, "Look")
        await slack.delete(ANA, CHANNEL, wrong)
        await town.reply(ANA, card, "Done")
        await town.hears(CARLA, "Done")
        assert carried(town) == [("image", {"caption": "Look"})]


async def test_files_whose_words_grow_out_of_their_caption_leave_anew_and_once(
    sandbox: Sandbox, credentials: Credentials
):
    long = " ".join(["word"] * 300)
    async with open_town(sandbox, credentials, reply_delay_seconds=2) as town:
        card, slack = await town.taken(), sandbox.slack
        ts = await attach(town, ANA, card, "Short", slack.attach(ANA, "tent.jpg", JPEG))
        await slack.edit(ANA, CHANNEL, ts, long)
        await town.hears(CARLA, long)
        assert carried(town) == [("image", {})]
        assert "Short" not in town.on_phone(CARLA)
