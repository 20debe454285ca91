"""Asks for the passphrase of an encrypted memory, beside the window, while the core waits. Shown by ui.main."""

import asyncio
from typing import Literal

from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from ui.i18n import tr
from ui.theme import GAP, LARGE, MARGIN

Asked = Literal["known", "again", "new"]


class Unlock(QWidget):
    """A small window with a field; `answer` shows it and waits. Closing it, or Esc's button, is no passphrase."""

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("Mneme")
        self.setFixedWidth(480)
        self._waiting: asyncio.Future[str | None] | None = None
        self._new = False
        self.head, self.told = QLabel(), QLabel()
        self.head.setProperty("role", "heading")
        self.told.setWordWrap(True)
        self.told.setProperty("role", "muted")
        self.field, self.repeat = _secret_field(tr("Passphrase")), _secret_field(tr("The same again"))
        self.open_button, self.quit_button = QPushButton(tr("Open the memory")), QPushButton(tr("Quit"))
        self.open_button.setProperty("role", "primary")
        self.open_button.clicked.connect(self._given)
        self.quit_button.clicked.connect(self.close)
        for field in (self.field, self.repeat):
            field.textChanged.connect(self._look)
            field.returnPressed.connect(self._given)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.quit_button)
        row.addWidget(self.open_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(LARGE, LARGE, LARGE, MARGIN + GAP)
        column.setSpacing(MARGIN - 2)
        for widget in (self.head, self.told, self.field, self.repeat):
            column.addWidget(widget)
        column.addLayout(row)

    async def answer(self, asked: Asked) -> str | None:
        """Return what a person types, None when they would rather not."""
        self._new = asked == "new"
        self.head.setText(tr("Choose a passphrase") if self._new else tr("The memory is encrypted"))
        self.told.setText(
            {
                "known": tr("Its passphrase opens it."),
                "again": tr("That was not it. Try again."),
                "new": tr("This computer has no keyring for the key. Without the passphrase nobody can open the memory again."),
            }[asked]
        )
        self.repeat.setVisible(self._new)
        self._clear()
        self._waiting = asyncio.get_running_loop().create_future()
        self.show()
        self.raise_()
        self.field.setFocus()
        try:
            return await self._waiting
        finally:
            self._waiting = None
            self._clear()
            self.hide()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Give nothing."""
        super().closeEvent(event)
        self._settle(None)

    def _given(self) -> None:
        if self.open_button.isEnabled():
            self._settle(self.field.text())

    def _settle(self, text: str | None) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(text)

    def _look(self) -> None:
        typed = self.field.text()
        self.open_button.setEnabled(bool(typed) and (not self._new or typed == self.repeat.text()))

    def _clear(self) -> None:
        self.field.clear()
        self.repeat.clear()
        self._look()


def _secret_field(name: str) -> QLineEdit:
    field = QLineEdit()
    field.setEchoMode(QLineEdit.EchoMode.Password)
    field.setPlaceholderText(name)
    field.setAccessibleName(name)
    return field
