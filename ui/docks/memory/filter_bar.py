"""Narrows the list of sources: words of the path, chips by state, order, grouping. Part of the memory dock."""

from collections import Counter

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLineEdit, QMenu, QPushButton, QToolButton, QVBoxLayout, QWidget

from ui.i18n import tr
from ui.i18n.amounts import number
from ui.item_models.source_rows import Order, Shape
from ui.item_models.states import StateGroup, group_label
from ui.theme import SMALL, IconButton
from ui.theme.flow import FlowLayout

TYPING_MS = 120


class FilterBar(QWidget):
    """`changed` carries the Shape wanted now; typing is waited for. `forgetAsked` opens forgetting by time."""

    changed = Signal(object)
    forgetAsked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = QLineEdit()
        self.words.setPlaceholderText(tr("Filter by name or folder"))
        self.words.setAccessibleName(tr("Filter by name or folder"))
        self.words.setClearButtonEnabled(True)
        self.order = IconButton("sort", tr("Sort by"))
        self.order.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.orders = QActionGroup(self)
        menu = QMenu(self.order)
        labels = {Order.NAME: tr("Name"), Order.STATE: tr("State"), Order.UPDATED: tr("Newest"), Order.CHUNKS: tr("Passages")}
        for order, label in labels.items():
            action = menu.addAction(label)
            action.setCheckable(True)
            action.setData(order)
            action.setChecked(order is Order.NAME)
            self.orders.addAction(action)
        self.order.setMenu(menu)
        self.grouped = IconButton("group", tr("Group by project"))
        self.grouped.setCheckable(True)
        self.grouped.setChecked(True)
        self.chips: dict[StateGroup, QPushButton] = {}
        self._choice = QButtonGroup(self)
        chips = FlowLayout(spacing=SMALL)
        for group in StateGroup:
            chip = QPushButton(group_label(group))
            chip.setCheckable(True)
            chip.setProperty("role", "filter")
            self._choice.addButton(chip)
            self.chips[group] = chip
            chips.addWidget(chip)
        self.chips[StateGroup.ALL].setChecked(True)
        row = QHBoxLayout()
        row.setSpacing(SMALL)
        row.addWidget(self.words, 1)
        row.addWidget(self.order)
        row.addWidget(self.grouped)
        self.forget = IconButton("forget", tr("Forget a stretch of time…"))
        self.forget.clicked.connect(self.forgetAsked)
        row.addWidget(self.forget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SMALL + 2)
        layout.addLayout(row)
        layout.addLayout(chips)
        self._typing = QTimer(self, interval=TYPING_MS, singleShot=True)
        self._typing.timeout.connect(self._tell)
        self.words.textChanged.connect(lambda _: self._typing.start())
        self.orders.triggered.connect(lambda _: self._tell())
        self.grouped.toggled.connect(lambda _: self._tell())
        self._choice.buttonToggled.connect(lambda _, on: self._tell() if on else None)

    def shape(self) -> Shape:
        """Return what is chosen now."""
        group = next((group for group, chip in self.chips.items() if chip.isChecked()), StateGroup.ALL)
        order = Order(self.orders.checkedAction().data())
        return Shape(tuple(self.words.text().casefold().split()), group, order, self.grouped.isChecked())

    def show_counts(self, counts: Counter[StateGroup]) -> None:
        """Write on each chip how many sources it would show."""
        for group, chip in self.chips.items():
            count = counts[group]
            text = f"{group_label(group)} {number(count)}" if count else group_label(group)
            if chip.text() != text:
                chip.setText(text)
            chip.setVisible(bool(count) or chip.isChecked() or group is StateGroup.ALL)  # an empty group is no choice
            if group is StateGroup.FAILED:
                chip.setToolTip(tr("Failed or offline"))

    def _tell(self) -> None:
        self._typing.stop()
        self.changed.emit(self.shape())
