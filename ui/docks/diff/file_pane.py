"""One changed file in full: its lines below each other or side by side, or what there is to say of one without lines."""

from collections.abc import Collection
from pathlib import PurePath

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollBar,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from assistant.api.views import ChangeKind, FileDiff
from ui.deeds.parts import row as flowing
from ui.i18n import tr, tr_n
from ui.i18n.amounts import size
from ui.i18n.visible import homely, visible
from ui.item_models.changes import ChangeRow
from ui.item_models.deed_words import change_label
from ui.previews.diff_rows import side_by_side, unified
from ui.previews.diff_view import DiffPage
from ui.previews.elided import ElidedLabel
from ui.theme import GAP, SMALL, IconButton

FOLDERS = (ChangeKind.MKDIR, ChangeKind.RMDIR)
"""What goes or comes with what is in it: left out alone it would leave the others without a place."""


class FilePane(QWidget):
    """`toggled` carries a hunk to take or to leave out, `skipped` asks to leave the file out."""

    toggled = Signal(int)
    skipped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row: ChangeRow | None = None
        self.diff: FileDiff | None = None
        self._out: Collection[int] = ()
        self.editable = False
        self.title = ElidedLabel(Qt.TextElideMode.ElideMiddle)
        self.title.setProperty("role", "strong")
        self.said = QLabel()
        self.said.setProperty("role", "muted")
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        self.unified = DiffPage(tr("Lines that change"), old=True, new=True)
        self.left = DiffPage(tr("Lines before"), old=True, new=False)
        self.right = DiffPage(tr("Lines after"), old=False, new=True)
        self.both = QSplitter(Qt.Orientation.Horizontal)
        self.both.setChildrenCollapsible(False)
        self.both.addWidget(self.left)
        self.both.addWidget(self.right)
        self.message = QLabel()
        self.message.setProperty("role", "muted")
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self.message.setWordWrap(True)
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.pages = QStackedWidget()
        for page in (self.message, self.unified, self.both):
            self.pages.addWidget(page)
        self.tools = self._tools()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SMALL)
        head = QHBoxLayout()
        head.setSpacing(GAP)
        head.addWidget(self.title, 1)
        head.addWidget(self.said)
        column.addLayout(head)
        column.addWidget(self.tools)
        column.addWidget(self.pages, 1)
        for page in (self.unified, self.left, self.right):
            page.toggled.connect(self.toggled)
            page.hunkChanged.connect(self._at)
        self._bind(self.left.verticalScrollBar(), self.right.verticalScrollBar())
        self._bind(self.left.horizontalScrollBar(), self.right.horizontalScrollBar())
        self.show_row(None)

    def _tools(self) -> QWidget:
        self.below = QPushButton(tr("Below each other"))
        self.beside = QPushButton(tr("Side by side"))
        self._way = QButtonGroup(self)
        for button in (self.below, self.beside):
            button.setCheckable(True)
            button.setProperty("role", "filter")
            self._way.addButton(button)
        self.below.setChecked(True)
        self._way.buttonToggled.connect(lambda _button, on: self._show_lines() if on else None)
        self.before_button = IconButton("up", tr("Previous hunk"))
        self.next_button = IconButton("down", tr("Next hunk"))
        self.before_button.clicked.connect(lambda: self._page().go(-1))
        self.next_button.clicked.connect(lambda: self._page().go(1))
        self.take = QCheckBox(tr("Take this hunk"))
        self.take.setToolTip(tr("Space, in the lines"))
        self.take.clicked.connect(lambda: self.toggled.emit(self._page().hunk()))
        self.count = QLabel()
        self.count.setProperty("role", "muted")
        self.skip = QPushButton(tr("Leave this file out"))
        self.skip.setProperty("role", "link")
        self.skip.setToolTip(tr("The plan is previewed again without it"))
        self.skip.clicked.connect(self.skipped)
        hunks = (self.before_button, self.next_button, self.take, self.count, self.skip)
        return flowing((self.below, self.beside, *hunks), SMALL + 2)

    @staticmethod
    def _bind(one: QScrollBar, other: QScrollBar) -> None:
        one.valueChanged.connect(other.setValue)
        other.valueChanged.connect(one.setValue)

    def _page(self) -> DiffPage:
        return self.right if self.beside.isChecked() else self.unified

    # what is shown

    def show_row(self, row: ChangeRow | None, *, editable: bool = False) -> None:
        """Show what is known of a file before its lines are there, or for one that has none."""
        self.row, self.diff, self.editable = row, None, editable
        self.title.setText(" · ".join(filter(None, (homely(row.to or row.path), visible(row.why)))) if row else "")
        self.said.setText(described(row) if row else "")
        self.said.setVisible(row is not None)
        self.tools.setVisible(row is not None)
        self.skip.setVisible(editable and row is not None and not row.left_out and row.kind not in FOLDERS)
        self._lines_tools(False)
        self.say(tr("Choose a file to see what changes in it.") if row is None else explained(row))

    def say(self, text: str) -> None:
        """Show a text in place of lines."""
        self.message.setText(text)
        self.pages.setCurrentWidget(self.message)

    def show_diff(self, diff: FileDiff, left_out: Collection[int]) -> None:
        """Show the lines of the file on show, or that it has none."""
        self.diff, self._out = diff, left_out
        sizes = tr("{before} before, {after} after").format(before=size(diff.old_size), after=size(diff.new_size))
        if diff.hunks:
            self._lines_tools(True)
            self._show_lines()
        elif diff.binary:
            self.say(tr("This is no text. {sizes}.").format(sizes=sizes))
        elif diff.truncated:
            self.say(tr("Too long to compare line by line. {sizes}.").format(sizes=sizes))
        elif diff.kind in (ChangeKind.CREATE, ChangeKind.WRITE):
            self.say(tr("No line changes. {sizes}.").format(sizes=sizes))

    def _lines_tools(self, on: bool) -> None:
        for widget in (self.below, self.beside, self.before_button, self.next_button, self.count):
            widget.setVisible(on)
        self.take.setVisible(on and self.editable)

    def _show_lines(self) -> None:
        diff = self.diff
        if diff is None or not diff.hunks:
            return
        choosable = self.editable
        if self.beside.isChecked():
            before, after = side_by_side(diff)
            self.left.show_rows(before, self._out, choosable=choosable)
            self.right.show_rows(after, self._out, choosable=choosable)
            self.pages.setCurrentWidget(self.both)
        else:
            self.unified.show_rows(unified(diff), self._out, choosable=choosable)
            self.pages.setCurrentWidget(self.unified)
        self._at(self._page().hunk())

    def _at(self, hunk: int) -> None:
        total = len(self.diff.hunks) if self.diff is not None else 0
        self.take.setChecked(hunk >= 0 and hunk not in self._out)
        self.take.setEnabled(hunk >= 0)
        out = tr_n("%n left out", len(self._out)) if self._out else ""
        place = tr("hunk {n} of {total}").format(n=hunk + 1, total=total) if hunk >= 0 else tr_n("%n hunks", total)
        ends = "" if self.diff is None or self.diff.new_eol else tr("the last line has no line break")
        self.count.setText(" · ".join(filter(None, (place, out, ends))))


def described(row: ChangeRow) -> str:
    """Say in a few words what happens to a file."""
    return " · ".join(filter(None, (change_label(row.kind), row.sizes)))


def explained(row: ChangeRow) -> str:
    """Say what happens to a file that has no lines to show."""
    if row.kind is ChangeKind.MOVE:
        same = PurePath(row.path).parent == PurePath(row.to).parent
        text = tr("Gets another name.\n\n{before}\n→ {after}") if same else tr("Moves.\n\n{before}\n→ {after}")
        return text.format(before=homely(row.path), after=homely(row.to))
    if row.kind is ChangeKind.TRASH:
        what = tr_n("with %n entries", row.items) if row.folder else (size(row.old_size) if row.old_size is not None else "")
        text = tr("Goes to the system’s trash ({what}); Undo brings it back.\n\n{path}")
        return text.format(what=what, path=homely(row.path))
    if row.kind in FOLDERS:
        text = (
            tr("This folder is created.\n\n{path}") if row.kind is ChangeKind.MKDIR else tr("This empty folder goes.\n\n{path}")
        )
        return text.format(path=homely(row.path))
    return tr("Opening…")
