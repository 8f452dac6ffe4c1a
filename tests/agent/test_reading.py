"""Documents of strangers are read to a limit, in a process of their own, and those that cannot be are given up."""

from __future__ import annotations

import io
import zipfile

import pytest
from pypdf import PageObject

from bot.agent import reading
from bot.agent.reading import LONGEST, text_of
from storage.document_text import beginning
from storage.documents import UnreadableError
from tests.storage.test_documents import pdf

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
NAMES = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx(body: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", body)
    return packed.getvalue()


def word(*paragraphs: str) -> bytes:
    inside = "".join(f"<w:p><w:r><w:t>{each}</w:t></w:r></w:p>" for each in paragraphs)
    return docx(f'<w:document xmlns:w="{NAMES}"><w:body>{inside}</w:body></w:document>')


@pytest.mark.parametrize(
    ("suffix", "content", "text"),
    [
        (".txt", b"Order 4812\nis late", "Order 4812\nis late"),
        (".csv", b"item,price\ntent,249", "item: tent\nprice: 249"),
        (".html", b"<h1>Invoice</h1><p>249 EUR</p><script>x</script>", "249 EUR"),
        (".pdf", pdf("Invoice 4812", "Total 249"), "Invoice 4812\n\nTotal 249"),
        (".docx", word("Dear shop,", "it is torn."), "Dear shop,\n\nit is torn."),
    ],
)
def test_every_kind_is_read_as_text(suffix: str, content: bytes, text: str):
    assert beginning(suffix, content, 1000) == text


@pytest.mark.parametrize(
    ("suffix", "content"),
    [
        (".pdf", b"%PDF-1.7 and then nothing of the kind"),
        (".pdf", pdf("Secret", password="owl")),
        (".pdf", pdf("")),  # as scans are
        (".txt", b"\xff\xfe\x00\xd8"),
        (".docx", b"PK\x03\x04 no archive"),
        (".docx", docx("<w:document")),
        (".docx", docx('<!DOCTYPE x [<!ENTITY a "aaaaaaaa">]><x>&a;</x>')),
        (".docx", docx(" " * 21 * 1024 * 1024)),  # a bomb: 20 kilobytes on the way
    ],
)
def test_what_cannot_be_read_is_said_to_be_so(suffix: str, content: bytes):
    with pytest.raises(UnreadableError):
        beginning(suffix, content, 1000)


@pytest.mark.parametrize("letter", ["a", "é", "語", "😀"])
def test_of_a_large_text_only_the_beginning_is_looked_at(letter: str):
    assert beginning(".txt", (letter * 3_000_000).encode(), 100) == letter * 101


async def test_a_long_document_is_cut_and_says_where():
    text = await text_of(b"word " * 5_000, "text/plain", "novel.txt")
    assert len(text) < LONGEST + 100
    assert text.endswith("(cut here: you have read its first 8,000 characters, not the rest)")


def test_of_many_pages_only_those_are_read_that_are_wanted(monkeypatch: pytest.MonkeyPatch):
    read, extract = list[PageObject](), PageObject.extract_text

    def counted(page: PageObject) -> str:
        read.append(page)
        return extract(page)

    monkeypatch.setattr(PageObject, "extract_text", counted)
    assert beginning(".pdf", pdf(*(f"This is page {number}" for number in range(100))), 100).startswith(
        "This is page 0"
    )
    assert len(read) < 10


async def test_a_locked_document_says_so():
    with pytest.raises(UnreadableError, match="locked with a password"):
        await text_of(pdf("Secret", password="owl"), "application/pdf", "locked.pdf")


async def test_a_document_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reading, "_WITHIN_SECONDS", 0.01)
    with pytest.raises(UnreadableError, match="could not be read within"):
        await text_of(pdf("Slow"), "application/pdf", "slow.pdf")


@pytest.mark.parametrize(("mime_type", "name"), [("application/zip", "all.zip"), ("application/x-thing", "a.pdf.exe")])
async def test_what_is_of_no_readable_kind_is_not_even_tried(mime_type: str, name: str):
    with pytest.raises(UnreadableError, match="of a kind"):
        await text_of(b"PK", mime_type, name)
