"""Golden runs over time, with a button to run them now. A card of the health dock."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from assistant.api.views import GoldenRun, Health
from ui.docks.health.card import Card, muted
from ui.docks.health.figures import percent
from ui.docks.health.plot import Line, Plot
from ui.i18n import told, tr, tr_n
from ui.i18n.amounts import moment
from ui.theme import restyle

FIGURES = (("recall@20", "accent", False), ("ndcg@10", "good", False), ("mrr@10", "warn", True))


class GoldenCard(Card):
    """`runAsked` asks for a run now."""

    runAsked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        nothing = tr("No golden run yet. Mneme runs one in quiet nights, and whenever you press the button.")
        super().__init__(tr("How much of what is right is found"), nothing, parent)
        self.button = QPushButton(tr("Run now"))
        self.button.setAutoDefault(True)
        self.button.clicked.connect(self.runAsked)
        self.head.addWidget(self.button)
        self.mine, self.bundled = Plot(tr("Your questions"), percent, 1.0), Plot(tr("Bundled questions"), percent, 1.0)
        self.mine_words, self.bundled_words = muted(), muted()
        for widget in (self.mine_words, self.mine, self.bundled_words, self.bundled):
            self.body.addWidget(widget)
        self.confirmed = muted()
        self.body.addWidget(self.confirmed)

    def show_health(self, found: Health) -> None:
        """Show the figures of both sets over time."""
        mine = [run for run in found.runs if run.kind == "mine"]
        bundled = [run for run in found.runs if run.kind == "bundled"]
        for runs, plot, words, title in (
            (mine, self.mine, self.mine_words, tr("Your questions")),
            (bundled, self.bundled, self.bundled_words, tr("Bundled questions")),
        ):
            plot.show_lines(_lines(runs))
            plot.setVisible(bool(runs))
            words.setVisible(bool(runs))
            if runs:
                words.setText(_words(title, runs[-1]))
                restyle(words, role="bad" if runs[-1].fallen else "muted")
        counted = tr_n("You called %n answers right.", found.confirmed)
        self.confirmed.setText(f"{counted} {tr('The more there are, the more this says of your own files.')}")
        self.busy(found.running)
        self.filled(bool(found.runs))

    def busy(self, running: bool) -> None:
        """Tell that a run is under way, or offer one."""
        self.button.setEnabled(not running)
        self.button.setText(tr("Running…") if running else tr("Run now"))


def _lines(runs: Sequence[GoldenRun]) -> list[Line]:
    return [
        Line(name, tint, tuple((run.at, run.figures[name]) for run in runs if name in run.figures), dashed)
        for name, tint, dashed in FIGURES
    ]


def _words(title: str, run: GoldenRun) -> str:
    shown = ", ".join(f"{name} {percent(run.figures[name])}" for name, _, _ in FIGURES if name in run.figures)
    fallen = " ".join(told(one) for one in run.fallen)
    said = f"{title}, {moment(run.at)}: {shown}."
    return f"{said} {tr('Worse than before: {figures}').format(figures=fallen)}" if fallen else said
