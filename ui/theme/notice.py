"""A strip inside a panel that tells something or asks before something is done; never a dialog in front of what it asks about."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget
from shiboken6 import isValid

from ui.theme.buttons import restyle
from ui.theme.escape import is_escape
from ui.theme.metrics import GAP

Choice = tuple[str, Callable[[], object] | None]


class Notice(QFrame):
    """Hidden until it says something; Esc and the last choice put it away."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "banner")
        self.label = QLabel()
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setWordWrap(True)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.buttons: list[QPushButton] = []
        self._row = QHBoxLayout()
        self._row.setSpacing(GAP)
        self._row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP + 2, GAP, GAP + 2, GAP)
        layout.addWidget(self.label)
        layout.addLayout(self._row)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._before: QWidget | None = None
        self.hide()

    def hideEvent(self, event: QHideEvent) -> None:
        """Give the keyboard back to where it was before the question."""
        before, self._before = self._before, None
        if before is not None and isValid(before) and any(button.hasFocus() for button in self.buttons):
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        super().hideEvent(event)

    def say(self, text: str, kind: str = "info", choices: Sequence[Choice] = (), *, focus: bool = False) -> None:
        """Show `text` as info, warning or error, with buttons (label, what it does; None only puts the strip away).

        With `focus` the last choice, the harmless one, gets the keyboard.
        """
        for button in self.buttons:
            self._row.removeWidget(button)
            button.deleteLater()
        self.buttons = [self._button(label, act) for label, act in choices]
        self.label.setText(text)
        self.setAccessibleName(text)
        restyle(self, kind=kind)
        self.show()
        self._keep_room()
        if focus and self.buttons:
            self._before = QApplication.focusWidget()
            self.buttons[-1].setFocus(Qt.FocusReason.OtherFocusReason)

    def _button(self, label: str, act: Callable[[], object] | None) -> QPushButton:
        button = QPushButton(label)
        button.setAutoDefault(True)  # Enter presses it, as Space does
        button.setAccessibleDescription(self.label.text())
        self._row.addWidget(button)

        def chosen() -> None:
            self.hide()
            if act is not None:
                act()

        button.clicked.connect(chosen)
        return button

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep room for the whole text: a layout that is short of height would cut a wrapped label."""
        super().resizeEvent(event)
        self._keep_room()

    def _keep_room(self) -> None:
        self.label.setMinimumHeight(0)  # or it is the least that heightForWidth returns
        self.label.setMinimumHeight(self.label.heightForWidth(max(self.label.width(), 80)))

    def event(self, arg__1: QEvent) -> bool:
        """Claim Esc before the window's shortcut gets it."""
        if is_escape(arg__1):
            arg__1.accept()
            return True
        return super().event(arg__1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc is the harmless answer."""
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)
