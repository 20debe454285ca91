"""Every kind of document gives its text, at the places a person would name."""

import json
from pathlib import Path

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from assistant.adapters.readers.detect import detect
from assistant.adapters.readers.dispatch import read
from assistant.adapters.readers.documents import tidy
from assistant.domain.document import Document
from assistant.domain.errors import EncryptedFileError, ReaderLimitError, ReadError
from tests.fixtures import office

HARD = "A &amp; B &lt;c&gt; it&#8217;s &quot;q&quot;"
SOFT = 'A & B <c> it’s "q"'


def opened(name: str, data: bytes) -> Document:
    return read(data, detect("/folder/" + name, data))


def pdf(pages: list[list[str]], path: Path, password: str = "") -> bytes:
    canvas = Canvas(str(path), encrypt=StandardEncryption(password) if password else None)
    for lines in pages:
        for n, line in enumerate(lines):
            canvas.drawString(72, 700 - 20 * n, line)
        canvas.showPage()
    canvas.save()
    return path.read_bytes()


@pytest.mark.parametrize(
    ("name", "media", "language", "modality"),
    [
        ("a.txt", "text/plain", "", "text"),
        ("README.md", "text/markdown", "", "text"),
        ("a.csv", "text/csv", "", "text"),
        ("a.py", "text/x-python", "python", "code"),
        ("a.tsx", "text/x-tsx", "tsx", "code"),
        ("Dockerfile", "text/x-dockerfile", "dockerfile", "code"),
        ("a.toml", "application/toml", "toml", "code"),
        ("LICENSE", "text/plain", "", "text"),
        ("a.unheard", "text/plain", "", "text"),
    ],
)
def test_text_is_kept_letter_for_letter(name: str, media: str, language: str, modality: str) -> None:
    text = 'a = "1"\r\n\tb = "2"  \n\n\nlast line without end'
    document = opened(name, text.encode())
    assert (document.media, document.language, document.modality) == (media, language, modality)
    assert document.encoding == "utf-8" and not document.extracted
    assert [(part.kind, part.text) for part in document.parts] == [("lines", text)]


def test_a_script_without_a_name_is_known_by_its_first_line() -> None:
    assert opened("tool", b"#!/usr/bin/env -S python3.11 -u\nprint(1)\n").language == "python"
    assert opened("tool", b"#!/bin/sh\necho 1\n").language == "bash"


def test_content_outweighs_the_name(tmp_path: Path) -> None:
    assert opened("notes.txt", pdf([["Hello there"]], tmp_path / "x")).media == "application/pdf"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("sniff.py", '"""Tells documents by their first bytes."""\n\nDOCUMENTS = (b"%PDF-", b"{rtf")\n'),
        ("formats.md", "%PDF- begins every such file.\n"),
        ("ranking.txt", "BM25 ranks by rare words.\n"),
    ],
)
def test_a_text_that_speaks_of_formats_is_a_text(name: str, text: str) -> None:
    assert [part.text for part in opened(name, text.encode()).parts] == [text]


def test_rubbish_before_a_pdf_is_passed_over(tmp_path: Path) -> None:
    assert opened("a.pdf", b"HTTP rubbish\r\n" + pdf([["Hello there"]], tmp_path / "x")).media == "application/pdf"


def test_pdf_gives_a_part_per_page_and_tells_of_empty_ones(tmp_path: Path) -> None:
    document = opened("a.pdf", pdf([["First page"], [], ["Third page"]], tmp_path / "x"))
    assert [(part.kind, part.number, part.text.strip()) for part in document.parts] == [
        ("page", 1, "First page"),
        ("page", 3, "Third page"),
    ]
    assert document.warnings == ("no text on page 2 (scanned?)",)
    assert document.extracted


def test_a_pdf_of_pictures_says_so(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="2 pages are pictures"):
        opened("a.pdf", pdf([[], []], tmp_path / "x"))


def test_a_password_is_named_as_the_reason(tmp_path: Path) -> None:
    with pytest.raises(EncryptedFileError, match="password"):
        opened("a.pdf", pdf([["secret"]], tmp_path / "x", "open sesame"))
    compound = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(EncryptedFileError):
        opened("a.docx", compound)


def test_docx_keeps_every_letter() -> None:
    document = opened("a.docx", office.docx([HARD, "Второй абзац"], heading="Head"))
    assert document.parts[0].text == f"Head\n\n{SOFT}\n\nВторой абзац"
    assert document.media.endswith("wordprocessingml.document") and document.extracted


def test_pptx_gives_a_part_per_slide() -> None:
    document = opened("a.pptx", office.pptx([["Title", HARD], [], ["Last"]]))
    assert [(part.kind, part.number, part.text) for part in document.parts] == [
        ("page", 1, f"Title\n{SOFT}"),
        ("page", 3, "Last"),
    ]
    assert document.warnings == ("no text on slide 2",)


@pytest.mark.parametrize("name", ["a.xlsx", "a.ods"])
def test_spreadsheets_give_a_part_per_filled_sheet(name: str) -> None:
    make = office.xlsx if name == "a.xlsx" else office.ods
    document = opened(name, make({"Budget": [["name", "cost"], ["tea", "35"]], "Empty": [], "Лист": [["a", HARD]]}))
    assert [(part.kind, part.label, part.text) for part in document.parts] == [
        ("sheet", "Budget", "name\tcost\ntea\t35"),
        ("sheet", "Лист", f"a\t{SOFT}"),
    ]


def test_open_document_text_book_mail_and_rich_text() -> None:
    odt = office.opendocument("text", f"<text:h>Head</text:h><text:p>{HARD}</text:p>")
    assert opened("a.odt", odt).parts[0].text == f"Head\n\n{SOFT}"
    book = opened("a.epub", office.epub("My Book", ["Chapter one.", HARD]))
    assert (book.title, book.parts[0].text) == ("My Book", f"Chapter one.\n\n{SOFT}")
    rich = rb"{\rtf1\ansi\ansicpg1251 \'cf\'f0\'e8\'e2\'e5\'f2 world.\par Next.\par}"
    assert opened("a.rtf", rich).parts[0].text == "Привет world.\n\nNext."
    mail = b"Subject: Plan\r\nFrom: a@b.c\r\nContent-Type: text/plain; charset=koi8-r\r\n\r\n" + "Встреча в среду".encode(
        "koi8-r"
    )
    letter = opened("a.eml", mail)
    assert letter.title == "Plan" and letter.parts[0].text.endswith("Встреча в среду")


def test_html_shows_what_a_person_sees_on_the_lines_of_the_file() -> None:
    page = (
        "<!DOCTYPE html>\n<html><head><title>My page</title><style>p{}</style>\n<script>evil()</script></head>\n"
        '<body><h1>Привет</h1><p>one <b>bold</b> &amp; two</p>\n<img src="http://x/y.png">\n\nlast\n</body></html>\n'
    )
    document = opened("page.html", page.encode("cp1251"))
    assert document.title == "My page" and document.extracted
    assert document.parts[0].text.split("\n") == ["", "", "", "Привет one bold & two", "", "", "last"]


def test_notebooks_give_a_part_per_filled_cell_without_outputs() -> None:
    cells = [
        {"cell_type": "markdown", "source": ["# Title\n", "prose"]},
        {"cell_type": "code", "source": "", "outputs": []},
        {"cell_type": "code", "source": "x = 1", "outputs": [{"text": "noise"}]},
    ]
    document = opened("a.ipynb", json.dumps({"cells": cells, "metadata": {"kernelspec": {"language": "julia"}}}).encode())
    assert [(p.kind, p.number, p.text, p.modality, p.language) for p in document.parts] == [
        ("cell", 1, "# Title\nprose", "text", ""),
        ("cell", 3, "x = 1", "code", "julia"),
    ]


@pytest.mark.parametrize("name", ["a.pdf", "a.xlsx", "a.odt", "a.ipynb", "a.doc"])
def test_what_is_not_what_its_name_says_is_refused_with_a_reason(name: str) -> None:
    with pytest.raises(ReadError) as caught:
        opened(name, b"this is no such document at all")
    assert caught.value.what


def test_a_broken_archive_and_an_archive_are_refused() -> None:
    whole = office.docx(["text"])
    with pytest.raises(ReadError, match="damaged"):
        opened("a.docx", whole[: len(whole) // 2])
    with pytest.raises(ReadError, match="not opened"):
        opened("a.zip", office.packed({"x.txt": "x"}))


def test_entities_and_bombs_are_refused() -> None:
    body = '<!DOCTYPE w [<!ENTITY a "boom">]><w:document xmlns:w="x"><w:p><w:r><w:t>&a;</w:t></w:r></w:p></w:document>'
    with pytest.raises(ReadError, match="entities"):
        opened("a.docx", office.packed({"word/document.xml": body}))
    with pytest.raises(ReaderLimitError, match="bomb"):
        opened("a.docx", office.packed({"word/document.xml": "<x>" + "a" * 40_000_000 + "</x>"}))


def test_an_empty_file_and_a_picture_say_why() -> None:
    with pytest.raises(ReadError, match="empty"):
        opened("a.txt", b"")
    with pytest.raises(ReadError, match="Pictures"):
        opened("a.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 40)


def test_extracted_text_has_one_kind_of_line_end_and_words_as_printed() -> None:
    assert tidy("adip\ufffeiscing\r\nelit\x03 ut\rpurus") == "adip-\niscing\nelit ut\npurus"


def test_a_broken_pdf_gives_its_reason_once(tmp_path: Path) -> None:
    with pytest.raises(ReadError) as caught:
        opened("broken.pdf", b"%PDF-1.4\nno more than that")
    said = caught.value.what.rstrip(".").split(": ")
    assert len(said) == len(set(said)) > 1
