"""Joins the list of plans, the tree of steps, the step in full and the card that asks. The shell docks it."""

from functools import partial

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from assistant.api.views import PlanEdit
from ui.bridge import Bridge
from ui.deeds import Deed, Desk, PlanCard
from ui.deeds.parts import label
from ui.deeds.plan_card import heading
from ui.docks.base import DockBase
from ui.docks.plan.inspector import Inspector
from ui.i18n import tr
from ui.i18n.visible import visible
from ui.item_models.draw_step import StepDelegate
from ui.item_models.steps import Standing, StepsModel
from ui.theme import GAP, SMALL, IconButton

CARD_SHARE = 0.55
STEPS_SHARE = 0.6
LEAST_CARD = 200
LEAST_STEPS = 230
TITLE_CHARS = 60


class PlanDock(DockBase):
    """Shows one deed at a time: the newest, or the one that was asked for."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__("plan", tr("Plan"), parent)
        self.desk = desk
        self.deed: Deed | None = None
        self.card: PlanCard | None = None
        self.chooser = QComboBox()
        self.chooser.setAccessibleName(tr("Which plan is shown"))
        self.chooser.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.chooser.activated.connect(self._chosen)
        self.request = label("", "strong")
        self.model = StepsModel(self)
        self.tree = QTreeView()
        self.tree.setModel(self.model)
        self.tree.setItemDelegate(StepDelegate(self.tree))
        self.tree.setProperty("role", "drawn")
        self.tree.setHeaderHidden(True)
        self.tree.setMouseTracking(True)
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.tree.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.tree.setAccessibleName(tr("Steps of the plan"))
        self.tree.selectionModel().currentChanged.connect(self._show_step)
        self.inspector = Inspector()
        self.inspector.edited.connect(self._edited)
        self.holder = QVBoxLayout()
        self.pages = QStackedWidget()
        self.empty = QLabel(tr("No plan yet.\n\nWrite what should be done into the ask box and press Ctrl+Enter."))
        self.empty.setProperty("role", "muted")
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.pages.addWidget(self.empty)
        self.scroller = QScrollArea()  # a window may be too low for all of it
        self.scroller.setWidgetResizable(True)
        self.scroller.setFrameShape(QFrame.Shape.NoFrame)
        self.scroller.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scroller.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroller.setWidget(self._page())
        self.pages.addWidget(self.scroller)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(GAP, SMALL, GAP, GAP)
        column.addWidget(self.pages)
        body.setFocusProxy(self.tree)
        self.setWidget(body)
        for keys, act in (
            ("Del", self._drop),
            ("F2", self._edit),
            ("Alt+Up", partial(self._move, -1)),
            ("Alt+Down", partial(self._move, 1)),
        ):
            short = QShortcut(QKeySequence(keys), self.tree)
            short.setContext(Qt.ShortcutContext.WidgetShortcut)
            short.activated.connect(act)
        desk.begun.connect(self._begun)
        desk.changed.connect(self._changed)

    def _page(self) -> QWidget:
        self.edit_button = IconButton("edit", tr("Change the arguments of this step (F2)"))
        self.up_button = IconButton("up", tr("Move this step up (Alt+Up)"))
        self.down_button = IconButton("down", tr("Move this step down (Alt+Down)"))
        self.drop_button = IconButton("forget", tr("Drop this step (Del)"))
        self.undo_button = IconButton("undo", tr("Undo this step"))
        self.diff_button = IconButton("diff", tr("Show the changes"))
        acts = (self._edit, partial(self._move, -1), partial(self._move, 1), self._drop, self._undo, self._diff)
        changes = (self.edit_button, self.up_button, self.down_button, self.drop_button)
        buttons = (*changes, self.undo_button, self.diff_button)
        tools = QHBoxLayout()
        tools.setSpacing(SMALL)
        for button, act in zip(buttons, acts, strict=True):
            button.clicked.connect(lambda _checked=False, act=act: act())
            tools.addWidget(button)
        tools.addStretch(1)
        lower = QWidget()
        below = QVBoxLayout(lower)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(SMALL)
        below.addLayout(tools)
        below.addWidget(self.inspector, 1)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.tree)
        self.splitter.addWidget(lower)
        self.splitter.setStretchFactor(0, 0)  # room that comes is for the step in full
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setMinimumHeight(LEAST_STEPS)
        self.splitter.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        page = QWidget()
        page.setProperty("role", "page")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        column.addWidget(self.chooser)
        column.addWidget(self.request)
        column.addWidget(self.splitter, 1)
        column.addLayout(self.holder)
        return page

    def attach(self, bridge: Bridge) -> None:
        """Nothing to load: the desk tells what there is."""

    # which plan

    def show_deed(self, deed: Deed) -> None:
        """Show a deed."""
        if self.deed is not deed:
            self.deed = deed
            self.card = PlanCard(deed, self.desk, brief=True)
            self.card.suggested.connect(self.desk.suggested)
            self._put(self.card)
        self.pages.setCurrentIndex(1)
        self._refresh()
        self._list()

    def answer(self) -> None:
        """Put the keyboard where this plan is answered."""
        card = self.card
        if card is not None and card.approval is not None:
            card.fold.setChecked(True)
            card.approval.buttons["deny"].setFocus(Qt.FocusReason.ShortcutFocusReason)  # the harmless answer
            self.scroller.ensureWidgetVisible(card.approval.buttons["deny"])
        else:
            self.tree.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _begun(self, deed: Deed) -> None:
        """Show what is new, unless a person may be reading or changing a plan that waits: then it is listed only."""
        if self.deed is None or not self.deed.waits:
            self.show_deed(deed)
        else:
            self._list()

    def _changed(self, deed: Deed) -> None:
        if deed is self.deed:
            self._refresh()

    def _list(self) -> None:
        deeds = list(reversed(self.desk.ledger.deeds))
        self.chooser.clear()
        for deed in deeds:
            words = visible(" ".join(deed.request.split()))
            short = words if len(words) <= TITLE_CHARS else words[: TITLE_CHARS - 1] + "…"
            self.chooser.addItem(f"{short} · {heading(deed)}", deed)
        self.chooser.setCurrentIndex(next((row for row, deed in enumerate(deeds) if deed is self.deed), -1))
        self.chooser.setVisible(len(deeds) > 1)
        self.request.setVisible(len(deeds) <= 1)

    def _chosen(self, row: int) -> None:
        deed = self.chooser.itemData(row)
        if isinstance(deed, Deed):
            self.show_deed(deed)

    # its steps

    def _refresh(self) -> None:
        deed = self.deed
        if deed is None:
            return
        self.request.setText(visible(deed.request))
        row = self.chooser.currentIndex()
        if row >= 0 and self.chooser.itemData(row) is deed:
            self.chooser.setItemText(row, f"{self.chooser.itemText(row).rsplit(' · ', 1)[0]} · {heading(deed)}")
        standing = {
            view.step.id: Standing(deed.state_of(view), live.done if live else 0, live.total if live else 0)
            for view in deed.steps
            for live in [deed.live.get(view.step.id)]
        }
        before = self.model.rowCount()
        kept = self._place()
        self.model.show(deed.steps, standing)
        if not self.tree.currentIndex().isValid() and self.model.rowCount():
            self.tree.setCurrentIndex(self.model.index(min(max(kept, 0), self.model.rowCount() - 1), 0))
        if before == 0 and self.model.rowCount() == 1:
            self.tree.expand(self.model.index(0, 0))
        if before != self.model.rowCount():
            self._fit_steps()
        self._show_step(self.tree.currentIndex())
        self._fit_card()

    def _place(self) -> int:
        """Return the row of the chosen step, -1 for none."""
        view = self.model.step(self.tree.currentIndex())
        return next((number for number, row in enumerate(self.model.rows) if row.view is view), -1) if view is not None else -1

    def _show_step(self, index: QModelIndex, _before: QModelIndex | None = None) -> None:
        view, deed = self.model.step(index), self.deed
        self.inspector.show_step(view, deed.live.get(view.step.id) if deed is not None and view is not None else None)
        editable = deed is not None and deed.phase == "proposed" and view is not None and not deed.busy
        place = self._place()
        self.edit_button.setEnabled(editable and bool(view and view.step.arguments))
        self.drop_button.setEnabled(editable and self.model.rowCount() > 1)
        self.up_button.setEnabled(editable and place > 0)
        self.down_button.setEnabled(editable and place < self.model.rowCount() - 1)
        done = deed is not None and deed.phase == "ended" and deed.run is not None and deed.run.standing > 0 and not deed.busy
        self.undo_button.setEnabled(done and view is not None and view.changes > 0 and view.state == "done")
        self.diff_button.setEnabled(deed is not None and bool(deed.id))

    def _edit(self) -> None:
        if self.edit_button.isEnabled():
            self.inspector.edit()

    def _edited(self, changed: dict[str, object]) -> None:
        view = self.model.step(self.tree.currentIndex())
        if self.deed is not None and view is not None:
            self.inspector.close_form()
            self.desk.edit(self.deed, PlanEdit.model_validate({"arguments": {view.step.id: changed}}))

    def _drop(self) -> None:
        view = self.model.step(self.tree.currentIndex())
        if self.drop_button.isEnabled() and self.deed is not None and view is not None:
            self.desk.edit(self.deed, PlanEdit(drop=(view.step.id,)))

    def _move(self, by: int) -> None:
        place = self._place()
        if self.deed is None or not (self.up_button if by < 0 else self.down_button).isEnabled():
            return
        order = [row.view.step.id for row in self.model.rows]
        order.insert(place + by, order.pop(place))
        self.tree.setCurrentIndex(self.model.index(place + by, 0))
        self.desk.edit(self.deed, PlanEdit(order=tuple(order)))

    def _undo(self) -> None:
        view = self.model.step(self.tree.currentIndex())
        if self.deed is not None and view is not None:
            self.desk.revert(self.deed, step=view.step.id)

    def _diff(self) -> None:
        if self.deed is not None:
            self.desk.diffWanted.emit(self.deed.run.id if self.deed.run else self.deed.id, "")

    # room

    def _put(self, card: PlanCard) -> None:
        """Put a card at the bottom, in place of the one before."""
        item = self.holder.takeAt(0)
        old = item.widget() if item is not None else None
        if old is not None:
            old.hide()
            old.deleteLater()
        self.holder.addWidget(card)
        card.installEventFilter(self)
        self._fit_card()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the steps their part of the height."""
        super().resizeEvent(event)
        self._fit_card()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow what the card needs."""
        if watched is self.card and event.type() == QEvent.Type.LayoutRequest:
            self._fit_card()
        return super().eventFilter(watched, event)

    def _fit_steps(self) -> None:
        """Give the tree what its steps need, at most its share; the step in full has the rest."""
        needed = sum(self.tree.sizeHintForRow(row) for row in range(self.model.rowCount())) + 2 * self.tree.frameWidth()
        height = self.splitter.height()
        upper = min(needed, round(height * STEPS_SHARE))
        self.splitter.setSizes([upper, height - upper])

    def _fit_card(self) -> None:
        if self.card is not None:
            least = max(LEAST_CARD, self.card.minimumSizeHint().height())
            self.card.setMaximumHeight(max(least, round(self.height() * CARD_SHARE)))
