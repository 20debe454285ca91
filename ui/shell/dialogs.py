"""The small windows beside the big one, all non-modal: settings of the window, keyboard shortcuts."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QComboBox, QDialog, QFormLayout, QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from assistant.api.deeds import Permissions
from ui.actions import Actions
from ui.bridge import Bridge
from ui.i18n import tr
from ui.shell.permissions import PermissionsList
from ui.shell.view_store import ViewStore
from ui.theme import GAP, LARGE, MARGIN

WIDTH = 480


class SettingsDialog(QDialog):
    """Theme and language of the window; `themeChosen` carries system, light, dark or "" for what the settings say."""

    themeChosen = Signal(str)

    def __init__(self, store: ViewStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Settings"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._store = store
        as_set = tr("As configured")
        self.theme = _choice({"": as_set, "system": tr("Like the system"), "light": tr("Light"), "dark": tr("Dark")})
        self.language = _choice({"": as_set, "en": "English", "ru": "Русский"})
        form = QFormLayout()
        form.setSpacing(GAP + 2)
        for name, text, box in (("theme", tr("Theme"), self.theme), ("language", tr("Language"), self.language)):
            box.setAccessibleName(text)
            box.setCurrentIndex(max(0, box.findData(store.choice(name))))
            form.addRow(text, box)
        self.theme.activated.connect(lambda _index: self._chosen("theme", self.theme))
        self.language.activated.connect(lambda _index: self._chosen("language", self.language))
        note = QLabel(tr("The language changes when Mneme is started again."))
        note.setProperty("role", "muted")
        note.setWordWrap(True)
        close = QPushButton(tr("Close"))
        close.clicked.connect(self.close)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(LARGE - GAP, LARGE - GAP, LARGE - GAP, MARGIN)
        column.setSpacing(MARGIN)
        column.addLayout(form)
        column.addWidget(note)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        self.permissions: PermissionsList | None = None

    def attach(self, bridge: Bridge, permissions: Permissions) -> None:
        """Show the standing permissions too; called where the core is open."""
        self.setMinimumWidth(WIDTH)
        self.permissions = PermissionsList(bridge, permissions, self)
        self._column.insertWidget(self._column.count() - 1, self.permissions)

    def _chosen(self, name: str, box: QComboBox) -> None:
        value = str(box.currentData())
        self._store.choose(name, value)
        if name == "theme":
            self.themeChosen.emit(value)


class ShortcutsDialog(QDialog):
    """Every command and its keys."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Keyboard shortcuts"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        rows = [
            (
                action.text().removesuffix("…"),
                [key.toString(QKeySequence.SequenceFormat.NativeText) for key in action.shortcuts()],
            )
            for action in actions.listed()
        ]
        rows.append((tr("Have it done"), ["Ctrl+Enter"]))
        rows.append((tr("New line in the question"), ["Shift+Enter"]))
        rows.append((tr("Next chip, source or panel"), ["Tab"]))
        grid = QGridLayout()
        grid.setHorizontalSpacing(LARGE)
        grid.setVerticalSpacing(GAP)
        for row, (text, keys) in enumerate(rows):
            grid.addWidget(QLabel(text), row, 0)
            shown = QLabel("   ".join(keys))
            shown.setProperty("role", "pill")
            grid.addWidget(shown, row, 1, Qt.AlignmentFlag.AlignRight)
        close = QPushButton(tr("Close"))
        close.clicked.connect(self.close)
        column = QVBoxLayout(self)
        column.setContentsMargins(LARGE - GAP, LARGE - GAP, LARGE - GAP, MARGIN)
        column.setSpacing(MARGIN)
        column.addLayout(grid)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)


def _choice(items: dict[str, str]) -> QComboBox:
    box = QComboBox()
    box.setMinimumWidth(200)
    for value, text in items.items():
        box.addItem(text, value)
    return box
