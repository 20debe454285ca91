"""Dropping: local paths only, an estimate first, nothing remembered before a person says so."""

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl, qVersion
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtTest import QTest

from assistant.domain.errors import PathRefusedError
from ui.drop import dropped


def mime(*addresses: str) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl(one) for one in addresses])
    return data


class DragEnter(QDragEnterEvent):
    """A drag over the window: Qt's own constructor for the place changed its type between versions."""

    def __init__(self, data: QMimeData) -> None:
        place = QPointF(100, 100) if tuple(map(int, qVersion().split(".")[:2])) >= (6, 12) else QPoint(100, 100)
        actions = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
        super().__init__(place, actions, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)


def enter(window, data: QMimeData) -> None:
    window.dragEnterEvent(DragEnter(data))


def drop(window, data: QMimeData) -> QDropEvent:
    event = QDropEvent(
        QPointF(100, 100),
        Qt.DropAction.CopyAction | Qt.DropAction.MoveAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window.dropEvent(event)
    return event


async def test_overlay_shows_only_while_files_are_dragged(window):
    text = QMimeData()
    text.setText("just words")
    enter(window, text)
    assert window.overlay.isHidden()
    files = mime("file:///garden")
    enter(window, files)
    assert window.overlay.isVisible()
    window.dragLeaveEvent(QDragLeaveEvent())
    assert window.overlay.isHidden()


async def test_estimate_comes_first_and_only_remember_ingests(window, assistant, until):
    files = mime("file:///home/anna/garden", "file:///home/anna/%D0%BF%D0%BB%D0%B0%D0%BD.txt")
    event = drop(window, files)
    assert event.dropAction() == Qt.DropAction.CopyAction, "a move would let the file manager delete the originals"
    await until(lambda: window.sheet.remember.isEnabled())
    assert assistant.called("estimate") == [(("/home/anna/garden", "/home/anna/план.txt"),)]
    assert assistant.called("ingest") == []
    shown = window.sheet.figures.text() + window.sheet.times.text() + window.sheet.skipped.text()
    for part in ("128 files", "5.4 MB", "4 unchanged", "2 skipped", "about 6 s", "1 min 35 s", "21.0 MB", "dependency folder"):
        assert part in shown
    QTest.mouseClick(window.sheet.remember, Qt.MouseButton.LeftButton)
    await until(lambda: window.sheet.isHidden())
    assert assistant.called("ingest") == [(("/home/anna/garden", "/home/anna/план.txt"), "window")]
    assert window.banners.shown()[0].head == "Remembering 128 files"


async def test_cancel_remembers_nothing(window, assistant, until):
    files = mime("file:///home/anna/garden")
    drop(window, files)
    await until(lambda: window.sheet.remember.isEnabled())
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.sheet.isHidden()
    assert assistant.called("ingest") == []


async def test_second_drop_joins_the_open_sheet(window, assistant, until):
    one, two = mime("file:///a"), mime("file:///b", "file:///a")
    drop(window, one)
    await until(lambda: window.sheet.remember.isEnabled())
    drop(window, two)
    await until(lambda: window.sheet.remember.isEnabled())
    assert assistant.called("estimate")[-1] == (("/a", "/b"),)


async def test_addresses_off_this_machine_are_refused_aloud(window, assistant):
    data = mime("https://example.org/a.pdf")
    drop(window, data)
    assert assistant.called("estimate") == []
    assert "https://example.org/a.pdf" in window.banners.shown()[0].head
    assert window.sheet.isHidden()


async def test_refused_path_is_explained_in_the_sheet(window, assistant, until):
    assistant.failures["estimate"] = PathRefusedError("/dev is not a plain folder.", remedy="Choose another one.")
    data = mime("file:///dev")
    drop(window, data)
    await until(lambda: window.sheet.bar.isHidden())
    assert window.sheet.figures.text() == "/dev is not a plain folder."
    assert not window.sheet.remember.isEnabled()


@pytest.mark.parametrize("address", ["file://server/share/a.txt", "http://x/a", "ftp://x/a", "relative.txt", "data:text/plain,x"])
def test_only_files_of_this_machine_are_taken(address: str):
    data = mime(address)
    assert dropped(data).paths == ()
    assert len(dropped(data).refused) == 1


def test_repeats_are_dropped_once_in_order():
    data = mime("file:///b", "file:///a", "file:///b")
    assert dropped(data).paths == ("/b", "/a")
