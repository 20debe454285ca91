"""The standing permissions, each with a way to take it back. Part of the settings."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from assistant.api.deeds import Permissions
from assistant.api.views import Grant
from ui.bridge import Bridge, Failure
from ui.i18n import tr
from ui.i18n.amounts import moment
from ui.i18n.visible import plain_tip
from ui.item_models.deed_words import permission_line
from ui.previews.elided import ElidedLabel
from ui.theme import GAP, SMALL
from ui.theme.notice import Notice

HEIGHT = 180


class PermissionsList(QWidget):
    """Fetched when it is made and after each revocation."""

    def __init__(self, bridge: Bridge, permissions: Permissions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._permissions = bridge, permissions
        self.buttons: dict[str, QPushButton] = {}
        self.notice = Notice()
        self.empty = QLabel(tr("None: Mneme asks each time. “Always here” on a plan adds one."))
        self.empty.setProperty("role", "muted")
        self.empty.setWordWrap(True)
        self._rows = QWidget()
        self._rows.setProperty("role", "page")
        self._list = QVBoxLayout(self._rows)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(SMALL)
        self._list.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setFixedHeight(HEIGHT)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(self._rows)
        self.area.hide()
        title = QLabel(tr("Standing permissions"))
        title.setProperty("role", "strong")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        for widget in (title, self.notice, self.empty, self.area):
            column.addWidget(widget)
        self.refresh()

    def refresh(self) -> None:
        """Ask for the permissions that hold."""
        self._bridge.run(self._permissions.grants(), self._show, self._failed)

    def _failed(self, failure: Failure) -> None:
        self.notice.say(" ".join(filter(None, (failure.what, failure.remedy))), "error")

    def _show(self, grants: list[Grant]) -> None:
        while self._list.count():
            item = self._list.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.buttons = {}
        for grant in grants:
            self._list.addWidget(self._row(grant))
        self.area.setVisible(bool(grants))
        self.empty.setVisible(not grants)

    def _row(self, grant: Grant) -> QFrame:
        frame = QFrame()
        frame.setProperty("role", "source")
        line = permission_line(grant)
        name = ElidedLabel(Qt.TextElideMode.ElideMiddle)
        name.setText(line)
        until = tr("until {time}").format(time=moment(grant.expires)) if grant.expires else tr("without an end")
        ends = QLabel(until)
        ends.setProperty("role", "muted")
        revoke = QPushButton(tr("Take back"))
        revoke.setAutoDefault(False)
        revoke.setAccessibleName(tr("Take back: {permission}").format(permission=line))
        revoke.setToolTip(plain_tip(tr("Mneme asks again from now on")))
        revoke.clicked.connect(partial(self._revoke, grant.id))
        self.buttons[grant.id] = revoke
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(name)
        texts.addWidget(ends)
        row = QHBoxLayout(frame)
        row.setContentsMargins(GAP + 2, SMALL + 2, GAP, SMALL + 2)
        row.addLayout(texts, 1)
        row.addWidget(revoke)
        return frame

    def _revoke(self, grant_id: str) -> None:
        self._bridge.run(self._permissions.revoke(grant_id), lambda _: self.refresh(), self._failed)
