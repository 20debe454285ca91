"""Read-only text as high as it needs to be, which breaks long paths too. Used by the conversation and by cards."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent, QTextOption
from PySide6.QtWidgets import QSizePolicy, QTextEdit, QWidget


class FitText(QTextEdit):
    """Read-only plain text that is always as high as its text needs, with room for more at its end."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setAcceptRichText(False)
        self.setAcceptDrops(False)
        self.setProperty("role", "claim")
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.document().setDocumentMargin(0)
        self.setPlainText(text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the width with the height."""
        super().resizeEvent(event)
        self.fit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow a new font or style."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.fit()

    def fit(self) -> None:
        """Take the height of the text."""
        self.document().setTextWidth(max(1, self.viewport().width()))
        frame = self.height() - self.viewport().height()
        self.setFixedHeight(round(self.document().size().height()) + 2 + self.tail() + max(0, frame))

    def tail(self) -> int:
        """Return the height needed below the text, in pixels."""
        return 0

    def minimumSizeHint(self) -> QSize:
        """Let a narrow window have it narrow."""
        return QSize(80, self.height())
