"""Pages and pictures are drawn at the width asked for, and a quote is marked where it stands."""

import io
from pathlib import Path

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from assistant.adapters.readers.render import render_image, render_pdf
from assistant.domain.errors import ReaderLimitError, ReadError


@pytest.fixture
def sheet(tmp_path: Path) -> bytes:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=(600, 800))
    canvas.drawString(100, 700, "The watchman keeps a")
    canvas.drawString(100, 680, "careful log of every-")
    canvas.drawString(100, 660, "thing.")
    canvas.showPage()
    canvas.drawString(100, 100, "Second page")
    canvas.save()
    return (tmp_path / "a.pdf").read_bytes()


def picture(size: tuple[int, int], kind: str, mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind)
    return out.getvalue()


def test_a_page_has_the_width_asked_for(sheet: bytes) -> None:
    meta, png = render_pdf(sheet, 2, "", 300)
    assert (meta["width"], meta["height"], meta["page"], meta["pages"], meta["marks"]) == (300, 400, 2, 2, [])
    assert Image.open(io.BytesIO(png)).size == (300, 400)


def test_a_quote_is_found_over_line_breaks_and_hyphens(sheet: bytes) -> None:
    meta, _ = render_pdf(sheet, 1, "keeps a careful  log of everything", 600)
    marks = meta["marks"]
    assert isinstance(marks, list) and len(marks) == 3
    x, y, width, height = marks[0]
    assert 150 < x < 230 and 85 < y < 105 and width > 30 and 5 < height < 20
    assert marks[0][1] < marks[1][1] < marks[2][1]


def test_a_quote_that_is_not_there_marks_nothing(sheet: bytes) -> None:
    assert render_pdf(sheet, 1, "entirely different words", 600)[0]["marks"] == []


def test_a_page_that_is_not_there_is_refused(sheet: bytes) -> None:
    with pytest.raises(ReadError, match="2 pages"):
        render_pdf(sheet, 3, "", 300)
    with pytest.raises(ReadError):
        render_pdf(b"%PDF-1.4 rubbish", 1, "", 300)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"])
def test_pictures_are_made_smaller_never_larger(kind: str) -> None:
    meta, png = render_image(picture((400, 200), kind), 1, 100)
    assert (meta["width"], meta["height"]) == (100, 50)
    assert Image.open(io.BytesIO(png)).format == "PNG"
    assert render_image(picture((40, 20), kind), 1, 100)[0]["width"] == 40


def test_a_bomb_and_a_broken_picture_are_refused() -> None:
    with pytest.raises(ReaderLimitError, match="pixels"):
        render_image(picture((20_000, 20_000), "PNG", "1"), 1, 100)
    with pytest.raises(ReadError):
        render_image(picture((400, 200), "PNG")[:60], 1, 100)
