"""Text, Markdown and pictures show the cited place, and ask nothing of the network."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QBuffer, QIODevice, QUrl
from PySide6.QtGui import QImage, QTextDocument
from PySide6.QtWidgets import QApplication

from assistant.api.views import PreviewView
from ui.previews.code_view import CodeView
from ui.previews.markdown_view import MarkdownView
from ui.previews.picture_view import PictureView

CODE = "\n".join(f"line {n} = value" for n in range(1, 201))


def view(**more: object) -> PreviewView:
    return PreviewView.model_validate({"path": "/a/x.py", "kind": "code", "title": "x.py", "language": "python", **more})


def test_the_cited_lines_and_the_quote_are_marked_and_in_view(app: QApplication) -> None:
    page = CodeView()
    page.resize(500, 300)
    page.show()
    page.show_view(view(text=CODE, line=150, line_end=152, quote="150 = value"))
    assert page.marked() == (150, 152, "150 = value")
    first = page.firstVisibleBlock().blockNumber() + 1
    assert first < 150 < first + 30


def test_numbers_start_where_the_part_of_the_file_starts(app: QApplication) -> None:
    page = CodeView()
    page.show_view(view(text="a\nb 😀 c\nd", first_line=1000, line=1001, line_end=1001, quote="c"))
    assert page.marked() == (1001, 1001, "c")
    page.show_view(view(text="a\r\nb\r\nc", first_line=10, quote="b"))
    assert page.marked() == (11, 11, "b")


def test_a_quote_that_is_gone_leaves_the_lines_marked(app: QApplication) -> None:
    page = CodeView()
    page.show_view(view(text=CODE, line=3, line_end=4, quote="not there"))
    assert page.marked() == (3, 4, "")


def test_control_characters_of_a_text_are_seen(app: QApplication) -> None:
    page = CodeView()
    page.show_view(view(kind="text", text="safe \u202e evil \x00", quote="safe \u202e evil", line=1, line_end=1))
    assert page.toPlainText() == "safe ⟨U+202E⟩ evil ␀"
    assert page.marked()[2] == "safe ⟨U+202E⟩ evil"


async def test_code_gets_its_colours(app: QApplication, until: Callable[[Callable[[], Any]], Any]) -> None:
    page = CodeView()
    done: list[int] = []
    page.highlighter.finished.connect(lambda: done.append(1))
    page.show_view(view(text="import os\nx = 1\n"))
    await until(lambda: done)
    formats = page.document().findBlockByNumber(0).layout().formats()
    assert formats and formats[0].length == 6  # type: ignore[attr-defined]


def test_markdown_is_rendered_at_the_quote(app: QApplication) -> None:
    page = MarkdownView()
    page.resize(400, 200)
    page.show()
    text = "# Title\n\n" + "words and words\n\n" * 60 + "The **chosen** broker is NATS.\n\n" + "more\n\n" * 20
    page.show_view(view(kind="markdown", text=text, quote="The **chosen** broker"))
    assert page.marked() == "The chosen broker"
    assert page.verticalScrollBar().value() > 0


@pytest.mark.parametrize(
    "address", ["http://tracker.example/x.png", "https://tracker.example/a.css", "file:///etc/passwd", "image.png"]
)
def test_markdown_loads_nothing(app: QApplication, address: str) -> None:
    page = MarkdownView()
    page.show_view(view(kind="markdown", text=f"![see]({address})\n\n<img src='{address}'> <b>plain</b>"))
    page.show()
    for kind in (QTextDocument.ResourceType.ImageResource, QTextDocument.ResourceType.StyleSheetResource):
        given = page.document().resource(kind, QUrl(address))
        assert (given.width(), given.height()) == (1, 1) if isinstance(given, QImage) else bytes(given) == b" "


def test_a_picture_beside_the_text_is_not_read(app: QApplication, tmp_path: Path) -> None:
    beside = tmp_path / "tracker.png"
    beside.write_bytes(picture(300, 200))
    page = MarkdownView()
    address = QUrl.fromLocalFile(str(beside))
    page.show_view(view(kind="markdown", text=f"![see]({address.toString()})"))
    given = page.document().resource(QTextDocument.ResourceType.ImageResource, address)
    assert given.width() == 1


def test_a_link_is_told_not_followed(app: QApplication) -> None:
    page = MarkdownView()
    asked: list[str] = []
    page.linkClicked.connect(asked.append)
    page.show_view(view(kind="markdown", text="[go](https://example.org/a)"))
    page.anchorClicked.emit(QUrl("https://example.org/a"))
    assert asked == ["https://example.org/a"]
    assert "go" in page.toPlainText()


def picture(width: int, height: int) -> bytes:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFF)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data().data())


def test_marks_follow_the_zoom(app: QApplication) -> None:
    page = PictureView()
    page.resize(424, 500)
    assert page.show_view(view(kind="page", png=picture(800, 1000), marks=((100, 500, 50, 20),), page=1, pages=3))
    assert page.scale() < 1
    page.zoom(1 / page.scale())
    mark = page.marks()[0]
    assert (mark.x(), mark.y(), mark.width(), mark.height()) == pytest.approx((100, 500, 50, 20))
    page.zoom(2)
    assert page.marks()[0].y() == pytest.approx(1000)
    page.fit_width()
    assert page.marks()[0].y() < 500


def test_what_is_no_picture_is_refused(app: QApplication) -> None:
    assert not PictureView().show_view(view(kind="image", png=b"no"))
