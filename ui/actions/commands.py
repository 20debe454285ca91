"""The commands of the window with their texts and keys. Made by the shell, which connects them; menus and help list them."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence

from ui.i18n import tr


class Actions(QObject):
    """Every command once; `listed` gives them in the order help shows them."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.ask = self._make(tr("Ask or search"), "Ctrl+K")
        self.search = self._make(tr("Search the list of memories"), "Ctrl+F")
        self.new_conversation = self._make(tr("New conversation"), "Ctrl+N")
        self.stop = self._make(tr("Stop or close"), "Esc")
        self.add_files = self._make(tr("Add files…"), "Ctrl+O")
        self.add_folder = self._make(tr("Add folder…"), "Ctrl+Shift+O")
        self.pause = self._make(tr("Pause indexing"), "Ctrl+Shift+P")
        self.health = self._make(tr("Show memory health"), "Ctrl+Shift+H")
        self.plan = self._make(tr("Show the plan that waits"), "Ctrl+Shift+L")
        self.diff = self._make(tr("Show the changes"), "Ctrl+Shift+D")
        self.timeline = self._make(tr("Show the timeline"), "Ctrl+Shift+T")
        self.undo = self._make(tr("Undo the last deed"), "Ctrl+Alt+Z")
        self.redo = self._make(tr("Redo the last deed"), "Ctrl+Alt+Y")
        self.settings = self._make(tr("Settings"), "Ctrl+,")
        self.models = self._make(tr("Models…"))
        self.reset_view = self._make(tr("Reset the view"))
        self.shortcuts = self._make(tr("Keyboard shortcuts"), "F1", "Ctrl+/")
        self.quit = self._make(tr("Quit"), "Ctrl+Q")
        self.quit.setMenuRole(QAction.MenuRole.QuitRole)
        self.settings.setMenuRole(QAction.MenuRole.PreferencesRole)

    def _make(self, text: str, *keys: str) -> QAction:
        action = QAction(text, self)
        action.setShortcuts([QKeySequence(key) for key in keys])
        return action

    def listed(self) -> list[QAction]:
        """Return the commands that have keys."""
        own = [self.ask, self.search, self.new_conversation, self.stop, self.add_files, self.add_folder, self.pause]
        own += [self.plan, self.diff, self.timeline, self.undo, self.redo]
        return [*own, self.health, self.settings, self.shortcuts, self.quit]
