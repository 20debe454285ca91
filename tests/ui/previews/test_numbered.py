"""The strip of numbers stands beside its page whatever happens to either, and its clicks reach the page."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from assistant.api.views import PreviewView
from ui.previews.code_view import CodeView
from ui.previews.diff_rows import DiffRow
from ui.previews.diff_view import DiffPage
from ui.previews.numbered import NumberedPage
from ui.theme import DARK, LIGHT, apply


@pytest.fixture(params=["light", "dark"])
def theme(request: pytest.FixtureRequest, app: QApplication) -> Iterator[str]:
    apply(app, request.param)
    yield request.param
    apply(app, "light")


def strip_of(page: NumberedPage) -> QWidget:
    found = page.childAt(page.gutter_width() // 2 + 1, page.height() // 2)
    assert found is not None
    return found


def code(lines: int) -> CodeView:
    page = CodeView()
    page.resize(400, 200)
    page.show()
    text = "\n".join(f"line {n}" for n in range(lines))
    page.show_view(PreviewView.model_validate({"path": "/a.txt", "kind": "text", "title": "a.txt", "text": text}))
    return page


def test_the_strip_is_as_high_as_the_page_and_as_wide_as_its_numbers_need(app: QApplication) -> None:
    page = code(9)
    narrow = strip_of(page).width()
    assert narrow == page.gutter_width() == page.viewport().x() - page.contentsRect().x()
    page.resize(400, 500)
    assert strip_of(page).height() == page.contentsRect().height()
    assert strip_of(code(20_000)).width() > narrow


def test_the_strip_has_the_colours_of_the_theme(theme: str) -> None:
    strip = strip_of(code(3))
    here = DARK if theme == "dark" else LIGHT
    picture = strip.grab().toImage()
    assert picture.pixelColor(0, picture.height() - 1) == QColor(here.raised)


def test_a_click_beside_the_head_of_a_hunk_is_heard(app: QApplication) -> None:
    page = DiffPage("Lines", old=True, new=True)
    page.resize(400, 200)
    page.show()
    heard: list[int] = []
    page.toggled.connect(heard.append)
    page.show_rows([DiffRow("@", "@@ -1 +1 @@", hunk=4), DiffRow("+", "one", None, 1, 4)], set(), choosable=True)
    line = page.fontMetrics().lineSpacing()
    for row in (0, 1):
        QTest.mouseClick(strip_of(page), Qt.MouseButton.LeftButton, pos=QPoint(5, 4 + line // 2 + row * line))
    assert heard == [4], "the line of a hunk is no box"


def test_a_page_that_is_only_read_hears_no_click(app: QApplication) -> None:
    page = code(3)
    QTest.mouseClick(strip_of(page), Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert page.toPlainText().startswith("line 0")
