"""Files: what goes to WhatsApp and as what, what is refused in words, and bytes that are not what they say."""

from __future__ import annotations

import pytest

from bot.domain.files import (
    LIMITS,
    VOICE_NOTE,
    Carriage,
    Conversion,
    FileKind,
    StaffFile,
    Unsendable,
    is_voice_note,
    plan,
    safe_name,
    shown_name,
    sniff,
    suspicion,
)

EVERY_TOOL, NO_TOOL = frozenset(Conversion), frozenset[Conversion]()
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 16
MP4 = b"\0\0\0\x20ftypisom\0\0\0\0"
OPUS = b"OggS" + b"\0" * 24 + b"OpusHead\x01"


def a_file(name: str, mime_type: str, size: int = 1000, *, is_clip: bool = False) -> StaffFile:
    return StaffFile("F1", name, mime_type, size, is_clip=is_clip)


@pytest.mark.parametrize(
    ("head", "mime_type"),
    [
        (JPEG, "image/jpeg"),
        (PNG, "image/png"),
        (MP4, "video/mp4"),
        (b"\0\0\0\x18ftypheic", "image/heic"),
        (b"\0\0\0\x18ftypqt  ", "video/quicktime"),
        (b"\0\0\0\x18ftyp3gp4", "video/3gpp"),
        (b"RIFF\1\2\3\4WEBPVP8 ", "image/webp"),
        (b"%PDF-1.7", "application/pdf"),
        (b"PK\x03\x04", "application/zip"),
        (b"  <!DOCTYPE html><title>Sign in", "text/html"),
        (b"Dear all, WEBP is fine", None),
        (b"", None),
    ],
)
def test_the_first_bytes_tell_what_a_file_is(head: bytes, mime_type: str | None):
    assert sniff(head) == mime_type


def test_only_opus_in_ogg_with_one_channel_is_a_voice_note():
    assert is_voice_note(OPUS + b"\x01")
    assert not is_voice_note(OPUS + b"\x02")
    assert not is_voice_note(b"OggS" + b"\0" * 24 + b"\x01vorbis")


@pytest.mark.parametrize(
    ("name", "mime_type", "kind", "sent_as"),
    [
        ("a.jpg", "image/jpg", FileKind.IMAGE, "image/jpeg"),
        ("b.pdf", "application/pdf", FileKind.DOCUMENT, "application/pdf"),
        ("c.csv", "text/csv", FileKind.DOCUMENT, "text/plain"),
        ("d.m4a", "audio/x-m4a", FileKind.AUDIO, "audio/mp4"),
        ("e.ogg", "audio/ogg", FileKind.AUDIO, VOICE_NOTE),
        ("f.mp4", "video/mp4", FileKind.VIDEO, "video/mp4"),
    ],
)
def test_what_whatsapp_takes_goes_as_it_is(name: str, mime_type: str, kind: FileKind, sent_as: str):
    assert plan(a_file(name, mime_type), NO_TOOL) == Carriage(kind, sent_as, name)


@pytest.mark.parametrize(
    ("name", "mime_type", "conversion", "becomes"),
    [
        ("a.heic", "image/heic", Conversion.HEIC, "a.jpg"),
        ("b.webp", "image/webp", Conversion.JPEG, "b.jpg"),
        ("c.mov", "video/quicktime", Conversion.MP4, "c.mp4"),
        ("d.gif", "image/gif", Conversion.MP4, "d.mp4"),
        ("e.wav", "audio/wav", Conversion.VOICE, "e.ogg"),
    ],
)
def test_the_rest_is_converted_where_a_tool_is_present_and_else_refused_with_words_that_help(
    name: str, mime_type: str, conversion: Conversion, becomes: str
):
    planned = plan(a_file(name, mime_type), EVERY_TOOL)
    assert isinstance(planned, Carriage)
    assert (planned.conversion, planned.name) == (conversion, becomes)
    refused = plan(a_file(name, mime_type), NO_TOOL)
    assert isinstance(refused, Unsendable)
    assert "on its machine" in refused.reason
    assert "goes as it is" in refused.reason


def test_a_voice_clip_becomes_a_voice_message_or_without_tools_plain_audio():
    clip = a_file("audio_message.m4a", "audio/mp4", is_clip=True)
    voice, plainly = plan(clip, EVERY_TOOL), plan(clip, NO_TOOL)
    assert isinstance(voice, Carriage)
    assert isinstance(plainly, Carriage)
    assert (voice.mime_type, voice.conversion) == (VOICE_NOTE, Conversion.VOICE)
    assert (plainly.mime_type, plainly.conversion) == ("audio/mp4", None)


def test_over_the_limit_is_refused_and_the_limit_is_named():
    most = LIMITS[FileKind.IMAGE]
    assert isinstance(plan(a_file("a.png", "image/png", most), NO_TOOL), Carriage)
    refused = plan(a_file("a.png", "image/png", most + 1), NO_TOOL)
    assert isinstance(refused, Unsendable)
    assert "at most 5 MB" in refused.reason


def test_what_nobody_could_open_and_what_lies_elsewhere_is_refused():
    assert isinstance(plan(a_file("a.zip", "application/zip"), EVERY_TOOL), Unsendable)
    elsewhere = StaffFile("F1", "Plan", "application/pdf", 10, is_external=True)
    assert isinstance(plan(elsewhere, EVERY_TOOL), Unsendable)


def test_the_bytes_overrule_the_name_that_slack_gives_a_type():
    really = plan(a_file("a.png", "image/png"), NO_TOOL, JPEG)
    assert isinstance(really, Carriage)
    assert really.mime_type == "image/jpeg"
    stereo = plan(a_file("a.ogg", "audio/ogg"), EVERY_TOOL, OPUS + b"\x02")
    assert isinstance(stereo, Carriage)
    assert stereo.conversion is Conversion.VOICE
    docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    assert plan(a_file("a.docx", docx), NO_TOOL, b"PK\x03\x04") == Carriage(FileKind.DOCUMENT, docx, "a.docx")


def test_what_only_calls_itself_a_picture_is_given_to_no_program():
    assert isinstance(plan(a_file("a.webp", "image/webp"), EVERY_TOOL, b"push graphic-context"), Unsendable)
    assert isinstance(plan(a_file("a.webp", "image/webp"), EVERY_TOOL, b"RIFF\1\2\3\4WEBPVP8 "), Carriage)


def test_audio_in_a_container_for_video_stays_audio():
    for name, mime_type, head in (("a.m4a", "audio/mp4", MP4), ("a.webm", "audio/webm", b"\x1aE\xdf\xa3")):
        planned = plan(a_file(name, mime_type), EVERY_TOOL, head)
        assert isinstance(planned, Carriage)
        assert planned.kind is FileKind.AUDIO


def test_a_customers_bytes_must_be_of_the_kind_they_are_announced_as():
    assert suspicion(FileKind.IMAGE, "image/jpeg", PNG) is None  # both are pictures
    assert suspicion(FileKind.AUDIO, "audio/mp4", MP4) is None  # one container for both
    assert suspicion(FileKind.DOCUMENT, "text/plain", b"Dear all") is None
    assert suspicion(FileKind.AUDIO, "audio/mpeg", b"\0\0\0 padding before the sound") is None
    assert suspicion(FileKind.AUDIO, "audio/mpeg", b"%PDF") == "it is no audio, though it calls itself one"
    assert suspicion(FileKind.IMAGE, "image/jpeg", b"MZ\x90") == "it is a program, whatever it calls itself"
    assert suspicion(FileKind.DOCUMENT, "application/pdf", b"<html>") == "it is a web page, whatever it calls itself"
    assert suspicion(FileKind.DOCUMENT, "application/pdf", b"PK\x03\x04") == "it is no PDF, though it calls itself one"
    assert suspicion(FileKind.STICKER, "image/webp", b"hello") == "it is no sticker, though it calls itself one"


def test_a_files_name_cannot_climb_folders_or_turn_around():
    assert safe_name("../../etc/passwd") == "etc_passwd"
    assert safe_name("invoice\u202efdp.exe") == "invoice_fdp.exe"
    assert safe_name("") == "file"
    assert safe_name("x" * 300 + ".pdf").endswith("x.pdf")
    assert shown_name("", "image", "image/jpeg; x=1") == "image.jpg"
