"""The conversation itself: turns in order, one question at a time; the shell connects its signals."""

import asyncio

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from assistant.api.views import Answer, ClaimFound, Event, QuestionAsked
from ui.bridge import Bridge, Failure
from ui.deeds import Deed, Desk, PlanCard
from ui.docks.chat.answer_card import AnswerCard
from ui.docks.chat.ask_box import AskBox
from ui.docks.chat.welcome import Welcome
from ui.i18n import tr
from ui.i18n.visible import visible
from ui.theme import GAP, LARGE, MARGIN

COLUMN = 820
SIDE = MARGIN + GAP
BUBBLE_SHARE = 0.8
BUBBLE_PADDING = 18


class ChatPane(QWidget):
    """`openCitation` carries a Citation, `revealPath` a path, `requested` something to do;
    `addFiles`/`addFolder` ask to choose what to remember.
    """

    openCitation = Signal(object)
    requested = Signal(str)
    revealPath = Signal(str)
    addFiles = Signal()
    addFolder = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Conversation"))
        self.cards: list[AnswerCard] = []
        self.plans: list[PlanCard] = []
        self._running: AnswerCard | None = None
        self._bridge: Bridge | None = None
        self._task: asyncio.Task[None] | None = None
        self._question = ""
        self._correlation = ""
        self.welcome = Welcome()
        self.welcome.files.connect(self.addFiles)
        self.welcome.folder.connect(self.addFolder)
        self.box = AskBox()
        self.box.set_ready(False)
        self.box.asked.connect(self.ask)
        self.box.requested.connect(self.requested)
        self.box.stopped.connect(self.stop)
        self.welcome.suggested.connect(self.box.suggest)
        self.welcome.requested.connect(self.suggest)
        self._page = _Column()
        self.scroller = QScrollArea()
        self.scroller.setWidgetResizable(True)
        self.scroller.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroller.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scroller.setWidget(self._page)
        self.scroller.verticalScrollBar().rangeChanged.connect(self._follow)
        self.scroller.verticalScrollBar().valueChanged.connect(self._scrolled)
        self._following = True
        self._stack = QStackedWidget()
        self._stack.addWidget(self.welcome)
        self._stack.addWidget(self.scroller)
        self.top = QVBoxLayout()  # the shell puts its messages here
        self.above_box = QVBoxLayout()  # and its sheets here
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GAP, 0, MARGIN)
        column.setSpacing(GAP)
        column.addLayout(_in_column(self.top)[0])
        column.addWidget(self._stack, 1)
        lower = QVBoxLayout()
        lower.setSpacing(GAP)
        lower.addLayout(self.above_box)
        lower.addWidget(self.box)
        column.addLayout(_in_column(lower)[0])

    def attach(self, bridge: Bridge) -> None:
        """Listen to claims of the answers asked for here."""
        self._bridge = bridge
        self.box.set_ready(True)
        bridge.claimFound.connect(self._claim)
        bridge.happened.connect(self._happened)

    @property
    def busy(self) -> bool:
        """Tell whether an answer is being made."""
        return self._task is not None

    def ask(self, question: str) -> None:
        """Show the question and ask it; while an answer is made nothing else is asked."""
        if self._bridge is None or self.busy:
            return
        self._question, self._correlation = question, ""
        self._stack.setCurrentWidget(self.scroller)
        self._following = True
        self._page.ask(Bubble(question))
        self._running = self._new_card()
        self.box.set_busy(True)
        self._task = self._bridge.run(self._bridge.assistant.ask(question, "window"), then=self._answered, fail=self._failed)

    def show_deed(self, deed: Deed, desk: Desk) -> PlanCard:
        """Show a request and, below it, its plan as a card; what it answers follows."""
        self._stack.setCurrentWidget(self.scroller)
        self._following = True
        self._page.ask(Bubble(deed.request))
        card = PlanCard(deed, desk)
        card.suggested.connect(self.suggest)
        card.answered.connect(self._show_answer)
        self.plans.append(card)
        self._page.answer(card)
        return card

    def shows(self, deed: Deed) -> bool:
        """Tell whether the card of a deed is in the conversation, in a window that is not hidden."""
        return self.isVisible() and any(card.deed is deed for card in self.plans)

    def suggest(self, request: str) -> None:
        """Put something to do into the ask box."""
        self.box.mode_do.setChecked(True)
        self.box.suggest(request)

    def _show_answer(self, answer: Answer) -> None:
        self._new_card().finish(answer)

    def stop(self) -> None:
        """End the running answer; what it found stays."""
        if self._task is None or self._running is None:
            return
        self._task.cancel()
        self._running.stop()
        self._done()

    def restart(self) -> None:
        """Begin a new conversation; nothing of memory is touched."""
        self.stop()
        self.cards.clear()
        self.plans.clear()
        self._page.clear()
        self._stack.setCurrentWidget(self.welcome)
        self.box.setFocus(Qt.FocusReason.OtherFocusReason)

    def _new_card(self) -> AnswerCard:
        card = AnswerCard()
        card.opened.connect(self.openCitation)
        card.revealed.connect(self.revealPath)
        card.confirmed.connect(lambda answer: self._confirm(card, answer))
        self.cards.append(card)
        self._page.answer(card)
        return card

    def _happened(self, event: Event) -> None:
        # Others may ask through the same core; the first matching question after ours names our turn.
        if isinstance(event, QuestionAsked) and self.busy and not self._correlation and event.question == self._question:
            self._correlation = event.correlation

    def _claim(self, event: ClaimFound) -> None:
        if self._running is not None and event.correlation == self._correlation:
            self._running.claim(event.index, event.claim)

    def _answered(self, answer: Answer) -> None:
        if self._running is not None:
            self._running.finish(answer)
        self._done()

    def _confirm(self, card: AnswerCard, answer: Answer) -> None:
        """Keep that an answer was right; a failure is shown by the shell like any other."""
        if self._bridge is not None:
            card.thank(True)
            work = self._bridge.assistant.quality.confirm(answer.question, answer.citations)
            self._bridge.run(work, fail=lambda failure: self._unconfirmed(card, failure))

    def _unconfirmed(self, card: AnswerCard, failure: Failure) -> None:
        card.thank(False)
        if self._bridge is not None:
            self._bridge.failed.emit(failure)

    def _failed(self, failure: Failure) -> None:
        if self._running is not None:
            self._running.fail(failure.what, " ".join(part for part in (failure.kept, failure.remedy) if part))
        self._done()

    def _done(self) -> None:
        self._task = self._running = None
        self.box.set_busy(False)

    def _scrolled(self, value: int) -> None:
        end = min(self.scroller.verticalScrollBar().maximum(), self._page.newest_question())
        self._following = value >= end - MARGIN

    def _follow(self, _low: int, high: int) -> None:
        self._page.leave_room(self.scroller.verticalScrollBar().sizeHint().width() if high > 0 else 0)
        if self._following:  # the end of the answer, but never past its question
            self.scroller.verticalScrollBar().setValue(min(high, self._page.newest_question()))


class _Column(QWidget):
    """Turns below each other in a column of readable width."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self._newest: Bubble | None = None
        self._rows = QVBoxLayout()
        self._rows.setContentsMargins(0, LARGE, 0, MARGIN)
        self._rows.setSpacing(MARGIN)
        self._rows.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self._row, self._holder = _in_column(self._rows)
        outer.addLayout(self._row)

    def ask(self, bubble: "Bubble") -> None:
        """Put a question at the end, to the right."""
        self._newest = bubble
        bubble.fit(self._holder.width())
        self._rows.insertWidget(self._rows.count() - 1, bubble, 0, Qt.AlignmentFlag.AlignRight)

    def newest_question(self) -> int:
        """Return where the newest question begins, in pixels from the top."""
        return self._newest.mapTo(self, QPoint(0, -MARGIN)).y() if self._newest else 0

    def answer(self, card: QWidget) -> None:
        """Put an answer at the end, in full width."""
        self._rows.insertWidget(self._rows.count() - 1, card)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let questions keep to the new width."""
        super().resizeEvent(event)
        for bubble in self.findChildren(Bubble):
            bubble.fit(self._holder.width())

    def leave_room(self, width: int) -> None:
        """Keep the column where the ask box is while a scroll bar of this width stands beside it."""
        self._row.setContentsMargins(SIDE, 0, SIDE - width, 0)

    def clear(self) -> None:
        """Remove all turns."""
        self._newest = None
        while self._rows.count() > 1:
            item = self._rows.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()


def _in_column(inner: QVBoxLayout) -> tuple[QHBoxLayout, QWidget]:
    holder = QWidget()
    holder.setMaximumWidth(COLUMN)
    holder.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    inner_margins = inner.contentsMargins()
    inner.setContentsMargins(0, inner_margins.top(), 0, inner_margins.bottom())
    holder.setLayout(inner)
    row = QHBoxLayout()
    row.setContentsMargins(SIDE, 0, SIDE, 0)
    row.addStretch(1)
    row.addWidget(holder, 1000)
    row.addStretch(1)
    return row, holder


class Bubble(QLabel):
    """A question as asked: plain text, as wide as it needs up to most of the column."""

    def __init__(self, question: str) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)  # before the text: Qt would guess otherwise
        self.setText(visible(question, lines=True))
        self.setWordWrap(True)
        self.setProperty("role", "bubble")
        self.setAccessibleName(tr("Your question"))
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def fit(self, available: int) -> None:
        """Take the width the text needs, at most a share of the `available` pixels."""
        self.ensurePolished()
        natural = self.fontMetrics().size(0, self.text()).width() + 2 * BUBBLE_PADDING
        self.setFixedWidth(min(natural, round(available * BUBBLE_SHARE)))
        self.setFixedHeight(self.heightForWidth(self.width()))
