"""The row above the changed files: what they belong to, filter chips with counts, a text filter, other sources and views."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from assistant.api.views import ChangeKind
from ui.deeds.parts import row
from ui.i18n import tr
from ui.i18n.amounts import number
from ui.item_models.changes import KINDS
from ui.item_models.deed_words import change_label
from ui.previews.elided import ElidedLabel
from ui.theme import GAP, SMALL, IconButton


class DiffBar(QWidget):
    """`narrowed` carries kinds (() all) and a text; `treeAsked` that the other view was chosen; the others ask for git."""

    narrowed = Signal(tuple, str)
    treeAsked = Signal()
    gitAsked = Signal()
    againAsked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = ElidedLabel(Qt.TextElideMode.ElideRight)
        self.title.setProperty("role", "muted")
        self.again = IconButton("retry", tr("Look again"))
        self.again.clicked.connect(self.againAsked)
        self.again.hide()
        self.git = IconButton("branch", tr("Show a git working tree…"))
        self.git.clicked.connect(self.gitAsked)
        self.field = QLineEdit()
        self.field.setPlaceholderText(tr("Filter by name or folder"))
        self.field.setAccessibleName(tr("Filter by name or folder"))
        self.field.setClearButtonEnabled(True)
        self.field.setMaximumWidth(260)
        self.field.textChanged.connect(lambda _: self._narrow())
        top = QHBoxLayout()
        top.setSpacing(GAP)
        for widget, stretch in ((self.title, 3), (self.field, 2), (self.again, 0), (self.git, 0)):
            top.addWidget(widget, stretch)
        self.files, self.tree = self._chip(tr("Files")), self._chip(tr("Before and after"))
        self._view = QButtonGroup(self)
        self._view.addButton(self.files)
        self._view.addButton(self.tree)
        self.files.setChecked(True)
        self._view.buttonToggled.connect(lambda _button, on: self.treeAsked.emit() if on else None)
        self.all = self._chip(tr("All"))
        self.chips: dict[tuple[ChangeKind, ...], QPushButton] = {(): self.all}
        for kinds in KINDS:
            self.chips[kinds] = self._chip("")
        self._kinds = QButtonGroup(self)
        for chip in self.chips.values():
            self._kinds.addButton(chip)
        self.all.setChecked(True)
        self._kinds.buttonToggled.connect(lambda _button, on: self._narrow() if on else None)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SMALL + 2)
        column.addLayout(top)
        column.addWidget(row((self.files, self.tree, *self.chips.values()), SMALL))
        self.count({}, tree=False)

    @staticmethod
    def _chip(text: str) -> QPushButton:
        chip = QPushButton(text)
        chip.setCheckable(True)
        chip.setProperty("role", "filter")
        return chip

    def say(self, title: str, *, again: bool = False) -> None:
        """Say what the files belong to; `again` offers to look again."""
        self.title.setText(title)
        self.again.setVisible(again)

    def count(self, counts: Mapping[ChangeKind, int], *, tree: bool) -> None:
        """Show a chip for each kind there is; `tree` tells whether there is a before and after to show."""
        for kinds, chip in self.chips.items():
            found = sum(counts.get(kind, 0) for kind in kinds) if kinds else sum(counts.values())
            name = tr("All") if not kinds else tr("folders") if ChangeKind.MKDIR in kinds else change_label(kinds[0])
            chip.setText(f"{name} {number(found)}")
            chip.setVisible(found > 0)
            if not found and chip.isChecked():
                self.all.setChecked(True)
        self.files.setVisible(tree)
        self.tree.setVisible(tree)

    def _narrow(self) -> None:
        kinds = next((kinds for kinds, chip in self.chips.items() if chip.isChecked()), ())
        self.narrowed.emit(kinds, self.field.text())
