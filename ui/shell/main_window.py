"""The window: joins conversation, docks, header and banners, and what is dropped on it. Made by ui.main."""

from pathlib import Path

from PySide6.QtCore import QSize, QStandardPaths, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QLabel, QMainWindow, QWidget

from assistant.api.views import (
    Citation,
    Cite,
    Event,
    IngestFinished,
    JobProgressed,
    ModelChanged,
    Progress,
    SourceForgotten,
    Status,
    Ticket,
    Warned,
)
from ui.actions import Actions, reveal
from ui.bridge import Bridge, Failure
from ui.docks.chat import ChatPane
from ui.drop import DropOverlay, EstimateSheet, dropped, has_files
from ui.i18n import told, tr, tr_n
from ui.i18n.visible import visible
from ui.shell.arrangement import add_panels, bring_forward, default_view
from ui.shell.banner import Banners
from ui.shell.deeds import Deeds
from ui.shell.dialogs import SettingsDialog, ShortcutsDialog
from ui.shell.header import Header
from ui.shell.index_status import active
from ui.shell.menus import fill
from ui.shell.models import ModelsDialog
from ui.shell.panels import Panels
from ui.shell.view_store import ViewStore

FIRST_SIZE = QSize(1280, 820)
SMALLEST = QSize(860, 560)


class MainWindow(QMainWindow):
    """`closing` is sent once, when the window has gone; `themeChosen` carries a theme to dress the application in."""

    closing = Signal()
    themeChosen = Signal(str)

    def __init__(self, bridge: Bridge, panels: Panels, store: ViewStore) -> None:
        super().__init__()
        self.setWindowTitle("Mneme")
        self.setAcceptDrops(True)
        self.setDockNestingEnabled(True)
        self.resize(FIRST_SIZE)
        self.setMinimumSize(SMALLEST)
        self._bridge, self._panels, self._store = bridge, panels, store
        self._closed = False
        self._attached = False
        self._indexing = False
        self._asked_early: tuple[str, ...] = ()
        self._last_folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.HomeLocation)
        self._counts = ""
        self.commands = Actions(self)
        self.chat = ChatPane()
        self.banners = Banners()
        self.sheet = EstimateSheet(bridge)
        self.chat.above_box.addWidget(self.sheet)
        self.chat.top.addWidget(self.banners)
        self.setCentralWidget(self.chat)
        self.overlay = DropOverlay(self)
        self.header = Header(self.commands)
        self.addToolBar(self.header)
        self.summary = QLabel()
        self.statusBar().addWidget(self.summary, 1)
        self.statusBar().setSizeGripEnabled(False)
        add_panels(self, panels, self.header)
        self.deeds = Deeds(self, panels, self.commands, self.chat, self.banners) if panels.desk else None
        fill(self.menuBar(), self.commands, [dock.toggleViewAction() for dock in panels.all()])
        self.addActions(self.commands.findChildren(type(self.commands.ask)))
        self._connect()
        for inner in self.findChildren(QWidget):
            inner.setAcceptDrops(False)  # a text field would take the path as text
        default_view(self, panels)
        store.restore_layout(self)
        self.summary.setText(tr("Opening your memory…"))
        self.commands.pause.setEnabled(False)
        self.focus_ask()

    def _connect(self) -> None:
        commands, chat = self.commands, self.chat
        commands.ask.triggered.connect(self.focus_ask)
        commands.search.triggered.connect(self.search)
        commands.health.triggered.connect(self.show_health)
        commands.new_conversation.triggered.connect(chat.restart)
        commands.stop.triggered.connect(self.escape)
        commands.add_files.triggered.connect(lambda: self._choose(folders=False))
        commands.add_folder.triggered.connect(lambda: self._choose(folders=True))
        commands.pause.triggered.connect(lambda: self._pause(not self.header.index.paused))
        commands.settings.triggered.connect(self._settings)
        commands.models.triggered.connect(lambda: self._dialog(ModelsDialog(self._bridge, self)))
        commands.reset_view.triggered.connect(self.reset_view)
        commands.shortcuts.triggered.connect(lambda: self._dialog(ShortcutsDialog(commands, self)))
        commands.quit.triggered.connect(self.close)
        chat.addFiles.connect(commands.add_files.trigger)
        chat.addFolder.connect(commands.add_folder.trigger)
        chat.openCitation.connect(self.open_citation)
        chat.revealPath.connect(self.reveal)
        self.sheet.remembered.connect(self._accepted)
        self.sheet.closed.connect(self.focus_ask)
        self.header.index.pauseAsked.connect(self._pause)
        self._bridge.failed.connect(self.banners.failure)
        self._bridge.progressed.connect(self._progressed)
        self._bridge.happened.connect(self._happened)
        self._panels.memory.visibilityChanged.connect(self._show_indexing)
        for dock in self._panels.all():
            dock.openPlace.connect(self.open_place)

    def attach(self) -> None:
        """Begin to listen and load; called once the core is open."""
        self.chat.attach(self._bridge)
        for dock in self._panels.all():
            dock.attach(self._bridge)
        if self.deeds:
            self.deeds.attach(self._bridge)
        self._attached = True
        self._refresh()
        self.remember(self._asked_early)

    def _refresh(self) -> None:
        self._bridge.run(self._bridge.assistant.status(), then=self._show_status)

    def _show_status(self, status: Status) -> None:
        totals = status.totals
        self.chat.welcome.remembers(totals.sources > 0)
        self.header.set_text_only(status.text_search_only)
        parts = [tr_n("%n sources", totals.sources), tr("Nothing leaves this machine.")]
        if not status.text_search_only:
            parts.insert(1, status.model.partition("@")[0])
        self._counts = " · ".join(parts)
        self._progressed(status.progress)

    def _progressed(self, now: Progress | JobProgressed) -> None:
        self._indexing = active(now)
        self._show_indexing()
        self.header.index.show_progress(now)
        self.commands.pause.setText(tr("Resume indexing") if now.paused else tr("Pause indexing"))
        self.commands.pause.setEnabled(active(now))
        self.summary.setText(tr("You can ask while Mneme goes on reading.") if active(now) else self._counts)

    def _show_indexing(self, _seen: bool = True) -> None:
        """Tell of indexing in the header only while the memory panel, which tells more, is not there."""
        if not self._closed:  # the panels hide once more while the window is destroyed
            self.header.set_indexing(self._indexing and self._panels.memory.isHidden())

    def _happened(self, event: Event) -> None:
        match event:
            case IngestFinished() | ModelChanged() | SourceForgotten():
                self._refresh()
            case Warned(level=level, text=text):
                self.banners.say(level, told(text))
            case _:
                pass

    def _accepted(self, ticket: Ticket) -> None:
        self.chat.welcome.remembers(True)
        if ticket.queued:
            head = tr_n("Remembering %n files", ticket.queued)
            self.banners.say("info", head, tr("You can ask at once: each file can be found as soon as its text is read."))
        else:
            self.banners.say("info", tr("Everything there is remembered already."))

    def focus_ask(self) -> None:
        """Put the cursor into the ask box."""
        self.chat.box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.chat.box.edit.selectAll()

    def search(self) -> None:
        """Put the cursor into the search field of the memory."""
        bring_forward(self, self._panels.memory)
        self._panels.search()

    def show_health(self) -> None:
        """Show how well Mneme does, and put the keyboard there."""
        if self._panels.health:
            bring_forward(self, self._panels.health, width=1 / 3)
            self._panels.health.widget().setFocus(Qt.FocusReason.ShortcutFocusReason)

    def escape(self) -> None:
        """Close or stop the nearest thing: the estimate, the running answer, a message; else go to the ask box."""
        if not self.sheet.isHidden():
            self.sheet.dismiss()
        elif self.chat.busy:
            self.chat.stop()
        elif (self.deeds and self.deeds.stop()) or not self.banners.dismiss_newest():
            self.focus_ask()

    def open_citation(self, citation: Citation) -> None:
        """Show a citation at its place."""
        place = citation.model_dump(include={"path", "line", "line_end", "page", "cell"})
        self.open_place(Cite.model_validate(place), citation.quote)

    def open_place(self, cite: Cite, quote: str) -> None:
        """Show a place in the preview."""
        bring_forward(self, self._panels.preview)
        self._panels.viewer.show_place(cite, quote)

    def reveal(self, path: str) -> None:
        """Show a file in the file manager."""
        reveal(path, self)

    def remember(self, paths: tuple[str, ...]) -> None:
        """Offer to remember these paths, as soon as the memory is open; nothing is read before a person agrees."""
        if not self._attached:
            self._asked_early += paths
        elif paths:
            self.sheet.offer(paths)

    def come_forward(self) -> None:
        """Show the window in front of others: Mneme was started a second time."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()
        self.banners.say("info", tr("Mneme is already open: this is its window."))

    def reset_view(self) -> None:
        """Bring every panel back to where it stood at first."""
        self._store.forget_layout()
        default_view(self, self._panels)

    def _pause(self, paused: bool) -> None:
        self._bridge.run(self._bridge.assistant.pause(paused))

    def _choose(self, folders: bool) -> None:
        dialog = QFileDialog(self, tr("Add folder") if folders else tr("Add files"))
        dialog.setDirectory(self._last_folder)
        dialog.setFileMode(QFileDialog.FileMode.Directory if folders else QFileDialog.FileMode.ExistingFiles)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly, folders)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(self._chosen)
        dialog.open()

    def _chosen(self, paths: list[str]) -> None:
        self._last_folder = str(Path(paths[0]).parent) if paths else self._last_folder
        self.remember(tuple(paths))

    def _settings(self) -> None:
        dialog = SettingsDialog(self._store, self)
        if self._attached and self._panels.desk:
            dialog.attach(self._bridge, self._panels.desk.core.permissions)
        dialog.themeChosen.connect(self.themeChosen)
        self._dialog(dialog)

    def _dialog(self, dialog: QDialog) -> None:
        for old in self.findChildren(type(dialog)):
            if old is not dialog:
                old.close()
        dialog.show()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Show where to drop."""
        if has_files(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)  # never a move: the file manager would delete the originals
            event.accept()
            self.overlay.appear()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Take the veil away."""
        self.overlay.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        """Offer to remember what was dropped; refuse what is not on this machine."""
        self.overlay.hide()
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        found = dropped(event.mimeData())
        if found.refused:
            named = ", ".join(visible(one) for one in found.refused[:3])
            remedy = tr("Save it on this machine first, then drop the file.")
            self.banners.failure(
                Failure(tr("Only files on this machine can be dropped: {names}").format(names=named), "", remedy)
            )
        self.remember(found.paths)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep the layout and go at once; what still runs is finished behind."""
        self._store.save_layout(self)
        super().closeEvent(event)
        if not self._closed:
            self._closed = True
            self.hide()  # Qt would only after this
            self.closing.emit()
