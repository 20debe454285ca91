"""What stands in the middle before the first question: where to drop files, or what could be asked."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from ui.i18n import tr
from ui.theme import GAP, LARGE, MARGIN, IconButton, colours, icon, pixmap

WIDTH = 560


class Welcome(QWidget):
    """`files` and `folder` ask to choose what to remember; `suggested` a question to complete, `requested` something to do."""

    files = Signal()
    folder = Signal()
    suggested = Signal(str)
    requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.zone = self._first_run()
        self.prompts = self._prompts()
        self._paint()
        self._stack = QStackedLayout(self)
        self._stack.addWidget(QWidget())  # nothing is known yet, and a flash of the wrong page would say otherwise
        self._stack.addWidget(_centred(self.zone))
        self._stack.addWidget(_centred(self.prompts))

    def remembers(self, something: bool) -> None:
        """Show the prompts when there is something to ask about, the drop area otherwise."""
        self._stack.setCurrentIndex(2 if something else 1)

    def _first_run(self) -> QFrame:
        zone = QFrame()
        zone.setProperty("role", "dropzone")
        zone.setAccessibleName(tr("Drop folders or files here"))
        zone.setMaximumWidth(WIDTH)
        column = QVBoxLayout(zone)
        column.setContentsMargins(LARGE + GAP, LARGE + GAP, LARGE + GAP, LARGE)
        column.setSpacing(MARGIN - 2)
        self._drawing = QLabel()
        self._drawing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self._drawing)
        column.addWidget(_line(tr("Drop folders or files here"), "title"))
        column.addWidget(_line(tr("Mneme reads them, remembers them, and answers your questions with exact sources."), "muted"))
        row = QHBoxLayout()
        row.setSpacing(GAP + 2)
        row.addStretch(1)
        self.add_folder = IconButton("add-folder", tr("Add a folder to memory"), text=tr("Add folder…"), role="primary")
        self.add_folder.clicked.connect(self.folder)
        self.add_files = IconButton("add-file", tr("Add files to memory"), text=tr("Add files…"), role="")
        self.add_files.clicked.connect(self.files)
        row.addWidget(self.add_folder)
        row.addWidget(self.add_files)
        row.addStretch(1)
        column.addSpacing(GAP)
        column.addLayout(row)
        column.addSpacing(GAP)
        promise = tr(
            "Nothing leaves this machine. You see an estimate before anything is read, and no file is changed without your yes."
        )
        column.addWidget(_line(promise, "muted"))
        return zone

    def _prompts(self) -> QWidget:
        page = QWidget()
        page.setMaximumWidth(WIDTH)
        column = QVBoxLayout(page)
        column.setSpacing(GAP + 2)
        column.addWidget(_line(tr("What would you like to know?"), "title"))
        column.addWidget(_line(tr("Every sentence of an answer shows where it comes from."), "muted"))
        column.addSpacing(GAP)
        for prompt in (tr("What did we decide about …?"), tr("Where is … defined?"), tr("How do I …?")):
            button = QPushButton(prompt)
            button.setProperty("role", "prompt")
            button.setAccessibleDescription(tr("Puts this question into the ask box"))
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            button.clicked.connect(lambda _checked=False, text=prompt: self.suggested.emit(text))
            column.addWidget(button)
        request = tr("Sort the files in … by month")
        self.request = QPushButton(request)
        self.request.setProperty("role", "prompt")
        self.request.setAccessibleDescription(tr("Puts this request into the ask box"))
        self.request.setCursor(Qt.CursorShape.PointingHandCursor)
        self.request.clicked.connect(lambda _checked=False: self.requested.emit(request))
        column.addWidget(self.request)
        return page

    def _paint(self) -> None:
        self._drawing.setPixmap(pixmap("drop", colours(self).accent, 56))
        self.request.setIcon(icon("plan", colours(self).accent, 18))

    def changeEvent(self, event: QEvent) -> None:
        """Draw again in the colours of a new theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._paint()


def _line(text: str, role: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", role)
    label.setWordWrap(True)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return label


def _centred(inner: QWidget) -> QWidget:
    """Put a page in the middle, as wide as it may be; a window too low for it scrolls."""
    page = QWidget()
    page.setProperty("role", "page")
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(inner, 1000)
    row.addStretch(1)
    column = QVBoxLayout(page)
    column.addStretch(2)
    column.addLayout(row)
    column.addStretch(3)
    scroller = QScrollArea()
    scroller.setWidgetResizable(True)
    scroller.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroller.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroller.setWidget(page)
    return scroller
