"""The bar at the top: add files and folders, where indexing stands, what search can do, which panels show."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QSizePolicy, QToolBar, QWidget

from ui.actions import Actions
from ui.i18n import tr
from ui.shell.index_status import IndexStatus
from ui.theme import IconButton


class Header(QToolBar):
    """Fixed; `panel` adds a switch for a dock."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(tr("Header"), parent)
        self.setObjectName("header")
        self.setMovable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        for drawing, text, action in (
            ("new", tr("New conversation"), actions.new_conversation),
            ("add-folder", tr("Add folder…"), actions.add_folder),
            ("add-file", tr("Add files…"), actions.add_files),
        ):
            button = IconButton(drawing, text, text=text)
            button.clicked.connect(action.trigger)
            self.addWidget(button)
        gap = QWidget()
        gap.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(gap)
        self.index = IndexStatus()
        self._index_action = self.addWidget(self.index)
        self.index.hide()
        self.hint = QLabel(tr("Text search only"))
        self.hint.setProperty("role", "pill")
        self.hint.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.hint.setToolTip(
            tr("No text model is installed: Mneme finds words, not meanings. Install one: mneme models install all-MiniLM-L6-v2")
        )
        self.hint.setAccessibleDescription(self.hint.toolTip())
        self._hint_action = self.addWidget(self.hint)
        self._hint_action.setVisible(False)

    def panel(self, drawing: str, switch: QAction) -> None:
        """Add a switch that shows and hides a dock."""
        button = IconButton(drawing, switch.text())
        button.setCheckable(True)
        button.setChecked(switch.isChecked())
        button.clicked.connect(lambda _checked=False: switch.trigger())
        switch.toggled.connect(button.setChecked)
        self.addWidget(button)

    def set_text_only(self, text_only: bool) -> None:
        """Say that there is no model, or stop saying it."""
        self._hint_action.setVisible(text_only)
        self.index.set_text_only(text_only)

    def set_indexing(self, visible: bool) -> None:
        """Make room for the state of indexing, or give it back."""
        self._index_action.setVisible(visible)
        self.index.setVisible(visible)
