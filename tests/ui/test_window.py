"""The frame: errors are shown, indexing can be paused, the layout returns, everything works by keyboard."""

import ast
import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QPlainTextEdit, QProgressBar

from assistant.api.views import IngestFinished, ModelChanged, SourceState, Warned
from assistant.domain.errors import StorageError
from tests.fakes.assistant import IDLE, NOON, answer, citation, source
from tests.ui.conftest import plain_panels
from ui.shell import FailedStart, MainWindow, ViewStore
from ui.shell.dialogs import SettingsDialog, ShortcutsDialog

ROOT = Path(__file__).resolve().parents[2]
RUNNING = IDLE.model_copy(
    update={
        "active": True,
        "files_total": 10,
        "files_searchable": 4,
        "files_done": 2,
        "files_failed": 1,
        "chunks_total": 200,
        "chunks_embedded": 50,
        "eta_s": 64.0,
    }
)


async def test_error_is_shown_until_closed(window, assistant, until):
    assistant.failures["pause"] = StorageError("The disk is full.", kept="Nothing was lost.", remedy="Free some space.")
    window.header.index.pauseAsked.emit(True)
    await until(window.banners.shown)
    [banner] = window.banners.shown()
    assert (banner.head, banner.more) == ("The disk is full.", "Nothing was lost. Free some space.")
    window.header.index.pauseAsked.emit(True)
    await until(lambda: len(assistant.called("pause")) == 2)
    assert len(window.banners.shown()) == 1, "the same message is not repeated"
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.banners.shown() == []


async def test_indexing_shows_real_figures_and_can_be_paused(window, assistant, until):
    assert window.header.index.isHidden()
    assistant.progressed(RUNNING)
    await until(lambda: window.summary.text() == "You can ask while Mneme goes on reading.")
    assert window.header.index.isHidden(), "the memory panel tells it already"
    window._panels.memory.hide()
    await until(lambda: window.header.index.isVisible())
    assert window.header.index.line.text() == "Text 4/10 · embedding 25 % · 1 failed · 1 min 4 s left"
    assert window.header.index.bar.value() == 32
    QTest.mouseClick(window.header.index.button, Qt.MouseButton.LeftButton)
    await until(lambda: window.header.index.paused)
    assert assistant.called("pause") == [(True,)]
    assert window.header.index.line.text().startswith("Paused")
    assert window.header.index.button.accessibleName() == "Resume indexing"
    assistant.progressed(IDLE)
    assistant.publish(IngestFinished(id="f", at=NOON, remembered=9, failed=1, excluded=0))
    await until(lambda: window.header.index.isHidden())


async def test_text_search_only_is_said(window, assistant, until):
    assistant.model = ""
    assistant.publish(ModelChanged(id="m", at=NOON, model_id="all-MiniLM-L6-v2", state="available"))
    await until(lambda: window.header.hint.isVisible())
    assistant.progressed(RUNNING)
    await until(lambda: "Text 4/10" in window.header.index.line.text())
    assert "embedding" not in window.header.index.line.text()


async def test_first_run_offers_to_add_and_memory_offers_prompts(window, assistant, until):
    assert window.chat.welcome.add_folder.isVisible()
    assistant.sources = [source("/a.txt", SourceState.READY)]
    assistant.publish(IngestFinished(id="f", at=NOON, remembered=1, failed=0, excluded=0))
    await until(lambda: window.chat.welcome.prompts.isVisible())
    assert not window.chat.welcome.add_folder.isVisible()
    assert "1 source" in window.summary.text()


async def test_warning_of_the_core_is_shown_as_plain_text(window, assistant, until):
    assistant.publish(Warned(id="w", at=NOON, level="warning", code="x", text="<b>odd</b> name"))
    await until(window.banners.shown)
    assert window.banners.shown()[0].head == "<b>odd</b> name"


async def test_whole_flow_by_keyboard(window, assistant, until):
    assistant.answers["why"] = answer("why", [("Because.", [1])], [citation(1, "/a.txt", "Because.")])
    window.remember(("/garden",))
    await until(lambda: window.sheet.remember.isEnabled() and window.sheet.remember.hasFocus())
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    await until(lambda: assistant.called("ingest"))
    await until(lambda: window.chat.box.edit.hasFocus())
    QTest.keyClicks(QApplication.focusWidget(), "why")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    await until(lambda: window.chat.cards and window.chat.cards[0].answer)
    chip = window.chat.cards[0].lines[0].chips[0]
    await until(chip.isVisible)
    for _ in range(40):
        if chip.hasFocus():
            break
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert chip.hasFocus()
    QTest.keyClick(chip, Qt.Key.Key_Return)
    assert window._panels.preview.shown[0][0].path == "/a.txt"
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert window.chat.box.edit.hasFocus()
    QTest.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert window._panels.memory.widget().hasFocus()
    QTest.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert window.chat.cards == []
    QTest.keyClick(window, Qt.Key.Key_F1)
    [help_dialog] = window.findChildren(ShortcutsDialog)
    assert help_dialog.isVisible()
    assert not help_dialog.isModal()
    help_dialog.close()


async def test_every_control_has_an_accessible_name(window, assistant, until):
    assistant.answers["why"] = answer("why", [("Because.", [1])], [citation(1, "/a.txt", "Because.")])
    window.chat.ask("why")
    await until(lambda: window.chat.cards[0].answer)
    window.commands.settings.trigger()
    window.banners.say("info", "Hello")
    nameless = [
        widget
        for kind in (QAbstractButton, QPlainTextEdit, QProgressBar, QComboBox)
        for widget in window.findChildren(kind)
        if not widget.objectName().startswith("qt_") and not (widget.accessibleName() or getattr(widget, "text", str)())
    ]
    assert nameless == []


async def test_layout_returns_and_can_be_reset(bridge, tmp_path):
    first = MainWindow(bridge, plain_panels(), ViewStore(tmp_path))
    first.resize(860, 601)
    first.show()
    first._panels.timeline.show()
    first._panels.memory.hide()
    first.close()
    second = MainWindow(bridge, plain_panels(), ViewStore(tmp_path))
    second.show()
    assert (second.width(), second.height()) == (860, 601)
    assert second._panels.timeline.isVisible()
    assert second._panels.memory.isHidden()
    second.reset_view()
    assert second._panels.memory.isVisible()
    assert second._panels.timeline.isHidden()
    second.close()


async def test_damaged_layout_file_means_the_default_view(bridge, tmp_path):
    (tmp_path / "window.ini").write_bytes(b"[layout]\ngeometry=@ByteArray(\xff\xff)\ndocks=17\n\x00[[[")
    window = MainWindow(bridge, plain_panels(), ViewStore(tmp_path))
    window.show()
    assert window._panels.memory.isVisible()
    window.close()


async def test_closing_hides_at_once_and_says_so_once(window):
    told = []
    window.closing.connect(lambda: told.append(window.isVisible()))
    window.close()
    window.close()
    assert told == [False]


async def test_theme_choice_is_kept_and_announced(window, tmp_path):
    chosen = []
    window.themeChosen.connect(chosen.append)
    window.commands.settings.trigger()
    [dialog] = window.findChildren(SettingsDialog)
    dialog.theme.setCurrentIndex(dialog.theme.findData("dark"))
    dialog.theme.activated.emit(dialog.theme.currentIndex())
    dialog.close()
    assert chosen == ["dark"]
    assert ViewStore(tmp_path).choice("theme") == "dark"


async def test_every_dock_is_attached_and_opens_places(window):
    assert all(dock.attached for dock in window._panels.all())
    assert window._panels.memory.findChild(QLineEdit) is not None


def test_failed_start_says_what_to_do(app):
    from ui.bridge import Failure

    notice = FailedStart(Failure("Another Mneme holds this memory.", "Nothing was changed.", "Close it first."))
    done = []
    notice.done.connect(lambda: done.append(True))
    notice.show()
    notice.close()
    assert done == [True]


def test_the_window_has_no_way_to_the_network():
    names = {
        "QtNetwork",
        "QtWebEngineCore",
        "QtWebEngineWidgets",
        "QtMultimedia",
        "requests",
        "httpx",
        "urllib",
        "socket",
        "http",
    }
    found = []
    for path in (ROOT / "ui").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import | ast.ImportFrom):
                parts = {part for alias in node.names for part in alias.name.split(".")} | set(
                    (getattr(node, "module", "") or "").split(".")
                )
                found += [f"{path}: {part}" for part in parts & names]
    assert found == []
    code = "import sys, ui.shell; sys.exit('PySide6.QtNetwork' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
