"""That something is being worked out or carried out: how far it is, what it says, and Stop. Shown in plan cards."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from ui.deeds.deed import Deed
from ui.deeds.parts import button, label
from ui.i18n import tr
from ui.i18n.amounts import number
from ui.i18n.visible import visible
from ui.item_models.deed_words import step_state
from ui.previews.elided import ElidedLabel
from ui.theme import GAP, SMALL


class Working(QWidget):
    """`stopped` asks to end it; `show_progress` follows the deed."""

    stopped = Signal()

    def __init__(self, deed: Deed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._planning = deed.phase == "planning"
        self.head = label(tr("Working out what to do…") if self._planning else tr("Carrying it out…"), "muted")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.head.text())
        self.steps = label("", "")
        self.steps.hide()
        self.says = ElidedLabel(Qt.TextElideMode.ElideMiddle)
        self.says.setProperty("role", "muted")
        tip = tr("Nothing was changed yet") if self._planning else tr("What was done so far is taken back")
        self.stop = button(tr("Stop"), self.stopped.emit, tip=tip)
        top = QHBoxLayout()
        top.addWidget(self.head, 1)
        top.addWidget(self.stop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SMALL + 2)
        column.addLayout(top)
        column.addWidget(self.bar)
        column.addWidget(self.steps)
        column.addWidget(self.says)
        column.addSpacing(GAP - SMALL)
        self.show_progress(deed)

    def show_progress(self, deed: Deed) -> None:
        """Show how far it is now."""
        done, total = deed.progress()
        self.bar.setRange(0, total if total else 0)
        self.bar.setValue(done)
        count = tr("{done} of {total}").format(done=number(done), total=number(total)) if total else ""
        said = next((live.output[-1] for live in reversed(list(deed.live.values())) if live.output), "")
        self.says.setText(" · ".join(filter(None, (count, visible(said)))))
        if not self._planning:
            lines = [f"{step_state(deed.state_of(view))} · {view.step.title or view.step.tool}" for view in deed.steps]
            self.steps.setText(visible("\n".join(lines), lines=True))
            self.steps.setVisible(bool(lines))
