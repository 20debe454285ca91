"""The head of the preview: which file, which place, and what can be done with it. Made by the preview dock."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from assistant.api.views import PreviewView
from ui.i18n import tr
from ui.i18n.visible import homely, visible
from ui.previews.elided import ElidedLabel
from ui.theme import GAP, SMALL, IconButton


class Header(QWidget):
    """`turned` carries -1 or +1, `zoomed` a factor (0 fits the width), `sourceToggled` whether Markdown is shown as written."""

    turned = Signal(int)
    zoomed = Signal(float)
    sourceToggled = Signal(bool)
    revealAsked = Signal()
    openAsked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = ElidedLabel(Qt.TextElideMode.ElideMiddle)
        self.title.setProperty("role", "strong")
        self.place = ElidedLabel(Qt.TextElideMode.ElideMiddle)
        self.place.setProperty("role", "muted")
        self.as_source = IconButton("source", tr("Show as written"), tr("Source"))
        self.as_source.setCheckable(True)
        self.previous = IconButton("previous", tr("Previous page"))
        self.next = IconButton("next", tr("Next page"))
        self.page = QLabel()
        self.page.setProperty("role", "muted")
        self.smaller = IconButton("zoom-out", tr("Zoom out"))
        self.larger = IconButton("zoom-in", tr("Zoom in"))
        self.percent = QLabel()
        self.percent.setProperty("role", "muted")
        self.fit = IconButton("fit-width", tr("Fit width"))
        self.reveal = IconButton("folder", tr("Show in folder"))
        self.outside = IconButton("open-outside", tr("Open in default app"))
        self._lay_out()
        self.previous.clicked.connect(lambda: self.turned.emit(-1))
        self.next.clicked.connect(lambda: self.turned.emit(1))
        self.smaller.clicked.connect(lambda: self.zoomed.emit(0.8))
        self.larger.clicked.connect(lambda: self.zoomed.emit(1.25))
        self.fit.clicked.connect(lambda: self.zoomed.emit(0.0))
        self.as_source.toggled.connect(self.sourceToggled)
        self.reveal.clicked.connect(self.revealAsked)
        self.outside.clicked.connect(self.openAsked)
        self.clear()

    def _lay_out(self) -> None:
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self.title)
        names.addWidget(self.place)
        top = QHBoxLayout()
        top.setSpacing(SMALL)
        top.addLayout(names, 1)
        top.addWidget(self.reveal)
        top.addWidget(self.outside)
        self._tools = QWidget()
        self._tools.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self._tools)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SMALL)
        for widget in (self.as_source, self.previous, self.page, self.next):
            row.addWidget(widget)
        row.addStretch(1)
        for widget in (self.smaller, self.percent, self.larger, self.fit):
            row.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP, SMALL, GAP, SMALL)
        layout.setSpacing(SMALL)
        layout.addLayout(top)
        layout.addWidget(self._tools)

    def clear(self) -> None:
        """Show no file."""
        self.title.setText("")
        self.place.setText("")
        self._show_tools(markdown=False, pages=0, picture=False)
        for button in (self.reveal, self.outside):
            button.setVisible(False)

    def opening(self, name: str) -> None:
        """Name the file that is being opened."""
        self.clear()
        self.title.setText(visible(name))

    def show_view(self, view: PreviewView, place: str) -> None:
        """Name the file and the place, and offer what its kind allows."""
        self.title.setText(visible(view.title or view.path))
        self.place.setText(" · ".join(part for part in (place, homely(view.path)) if part))
        picture = view.kind in ("page", "image")
        self._show_tools(markdown=view.kind == "markdown", pages=view.pages, picture=picture)
        self.page.setText(tr("{n} of {count}").format(n=view.page, count=view.pages))
        self.page.setAccessibleName(tr("Page {n} of {count}").format(n=view.page, count=view.pages))
        self.previous.setEnabled(view.page > 1)
        self.next.setEnabled(view.page < view.pages)
        for button in (self.reveal, self.outside):
            button.setVisible(True)

    def _show_tools(self, *, markdown: bool, pages: int, picture: bool) -> None:
        self.as_source.setVisible(markdown)
        for widget in (self.previous, self.page, self.next):
            widget.setVisible(pages > 1)
        for widget in (self.smaller, self.percent, self.larger, self.fit):
            widget.setVisible(picture)
        self._tools.setVisible(markdown or pages > 1 or picture)
