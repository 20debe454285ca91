"""Weights of recall: a proposal with its evidence, taken or taken back. A card of the health dock."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from assistant.api.views import Health, TuningRecord
from ui.docks.health.card import Card, muted, plain
from ui.i18n import told, tr
from ui.i18n.amounts import moment
from ui.theme import GAP


class TuningCard(Card):
    """`lookAsked`, `applyAsked` and `resetAsked` say what is wanted."""

    lookAsked = Signal()
    applyAsked = Signal()
    resetAsked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Weights of recall"), parent=parent)
        self.words = muted(tr("Mneme can fit them to the answers you called right, when that helps on questions it did not see."))
        self.weights = plain(QLabel())
        self.evidence = muted()
        self.look = QPushButton(tr("Look for better weights"))
        self.apply = QPushButton(tr("Apply"))
        self.reset = QPushButton(tr("Undo"))
        row = QHBoxLayout()
        row.setSpacing(GAP)
        for button, asked in ((self.look, self.lookAsked), (self.apply, self.applyAsked), (self.reset, self.resetAsked)):
            button.setAutoDefault(True)
            button.clicked.connect(asked)
            row.addWidget(button)
        row.addStretch(1)
        for widget in (self.words, self.weights, self.evidence):
            self.body.addWidget(widget)
        self.body.addLayout(row)
        self._show(None)

    def show_health(self, found: Health) -> None:
        """Show the last proposal."""
        self._show(found.tuning)
        self.reset.setVisible(found.tuned is not None)

    def show_record(self, record: TuningRecord) -> None:
        """Show what came of looking."""
        self.busy(False)
        self._show(record)

    def busy(self, working: bool) -> None:
        """Tell that weights are looked for, or offer it."""
        self.look.setEnabled(not working)
        self.look.setText(tr("Looking…") if working else tr("Look for better weights"))

    def _show(self, record: TuningRecord | None) -> None:
        state = record.state if record else ""
        self.apply.setVisible(state == "proposed")
        self.apply.setProperty("role", "primary")
        self.reset.setVisible(state == "applied" or (state == "rejected" and not self.reset.isHidden()))
        self.weights.setVisible(state in ("proposed", "applied", "undone"))
        self.evidence.setVisible(record is not None)
        if record is None:
            return
        heads = {
            "proposed": tr("Better weights were found:"),
            "applied": tr("These weights are in force since {time}:").format(time=moment(record.at)),
            "undone": tr("Taken back; the weights of the settings are in force."),
            "rejected": tr("Nothing was changed."),
        }
        self.words.setText(heads[record.state])
        names = {
            "weight_dense": tr("meaning"),
            "weight_sparse": tr("words"),
            "weight_recency": tr("recency"),
            "weight_quality": tr("quality"),
        }
        shown = [f"{names[key]} {record.before[key]:.2f} → {record.after[key]:.2f}" for key in names if key in record.after]
        self.weights.setText(" · ".join(shown))
        self.evidence.setText(_evidence(record))


def _evidence(record: TuningRecord) -> str:
    said = f"{told(record.reason)}."
    said = said[:1].upper() + said[1:]
    before, after = record.figures.get("ndcg@10 before"), record.figures.get("ndcg@10 after")
    if before is None or after is None:
        return said
    held = tr("On questions held out: {before} → {after} (nDCG@10, {count} questions).")
    count = round(record.figures.get("questions", 0))
    return f"{said} {held.format(before=f'{before:.3f}', after=f'{after:.3f}', count=count)}"
