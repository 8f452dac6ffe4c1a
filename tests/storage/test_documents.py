"""Files as they lie in a knowledge folder: read, or named with what is wrong with them."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from bot.domain.knowledge import Passage
from storage import documents
from storage.documents import LARGEST, UnreadableError, passages_of, read


def pdf(*pages: str, password: str = "") -> bytes:
    """A PDF with a line on each page."""
    writer = PdfWriter()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    for line in pages:
        page = writer.add_blank_page(300, 300)
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
        )
        drawn = DecodedStreamObject()
        drawn.set_data(f"BT /F1 12 Tf 20 200 Td ({line}) Tj ET".encode())
        page[NameObject("/Contents")] = writer._add_object(drawn)  # pyright: ignore[reportPrivateUsage]
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def test_a_pdf_is_read_page_by_page():
    assert passages_of("guides/care.pdf", pdf("Wash by hand", "Dry in the shade")) == [
        Passage("guides/care.pdf", "care, page 1", "Wash by hand"),
        Passage("guides/care.pdf", "care, page 2", "Dry in the shade"),
    ]


@pytest.mark.parametrize(
    ("source", "content", "why"),
    [
        ("scan.pdf", pdf(""), "scanned pages"),
        ("locked.pdf", pdf("Secret", password="open sesame"), "password"),
        ("broken.pdf", b"%PDF-1.7 and then nothing", "not a PDF"),
        ("page.PDF", b"<html>Sign in</html>", "not a PDF"),
        ("old.txt", "Öffnungszeiten".encode("latin-1"), "UTF-8"),
        ("huge.md", b"x" * (LARGEST + 1), "larger than 20 MB"),
    ],
)
def test_what_cannot_be_read_says_why(source: str, content: bytes, why: str):
    with pytest.raises(UnreadableError, match=why):
        passages_of(source, content)


async def test_a_pdf_is_read_in_a_process_of_its_own_and_says_the_same(monkeypatch: pytest.MonkeyPatch):
    assert await read("care.pdf", pdf("Wash by hand")) == passages_of("care.pdf", pdf("Wash by hand"))
    with pytest.raises(UnreadableError, match="password"):
        await read("locked.pdf", pdf("Secret", password="open sesame"))
    monkeypatch.setattr(documents, "PDF_SECONDS", 0.01)
    with pytest.raises(UnreadableError, match="could not be read within"):
        await read("endless.pdf", pdf("Wash by hand"))


def test_text_web_pages_and_tables_are_read_by_their_names():
    assert [each.body for each in passages_of("a.TXT", b"\xef\xbb\xbfOpen at nine\0")] == ["Open at nine"]
    assert [each.title for each in passages_of("a.htm", b"<h1>Returns</h1>Yes")] == ["Returns"]
    assert [each.title for each in passages_of("a.tsv", b"Size\tPrice\n43\t120\n")] == [
        "a \xe2\x80\xba 43".encode("latin-1").decode()
    ]
