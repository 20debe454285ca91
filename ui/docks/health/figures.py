"""Times, throughput and questions over time as plots: cards of the health dock."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QLabel, QWidget

from assistant.api.views import DriftPoint, Health, TimeSeries
from ui.docks.health.card import Card, muted
from ui.docks.health.plot import Line, Plot
from ui.i18n import tr
from ui.i18n.amounts import milliseconds, number


def percent(share: float) -> str:
    """Return a share of 0..1 in percent."""
    return f"{share * 100:.0f} %"


def rate(value: float) -> str:
    """Return passages a second."""
    return number(round(value)) if value >= 10 or value == int(value) else f"{value:.1f}"


class PlotCard(Card):
    """A plot with a line of words below it."""

    def __init__(
        self, title: str, nothing: str, unit: Callable[[float], str], top: float = 0.0, parent: QWidget | None = None
    ) -> None:
        super().__init__(title, nothing, parent)
        self.plot = Plot(title, unit, top)
        self.words = muted()
        self.body.addWidget(self.plot)
        self.body.addWidget(self.words)

    def show_lines(self, lines: Sequence[Line], words: str = "") -> None:
        """Show lines and what they come to."""
        self.plot.show_lines(lines)
        self.words.setText(words)
        self.words.setVisible(bool(words))
        self.filled(not self.plot.empty)


class SearchTimes(PlotCard):
    """How long searches took."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("How long a search takes"), tr("Nothing was searched for in this time."), milliseconds, parent=parent)

    def show_health(self, found: Health) -> None:
        """Show percentiles over time."""
        series = _named(found.times, "search")
        lines = [
            Line("P99", "warn", tuple((one.at, one.p99) for one in series.points), dashed=True),
            Line("P95", "accent", tuple((one.at, one.p95) for one in series.points)),
            Line("P50", "good", tuple((one.at, one.p50) for one in series.points)),
        ]
        asked = _named(found.times, "ask").whole
        words = _words(series)
        if asked.count:
            told = tr("Answers: half within {half}, 95 % within {most}.")
            words += " " + told.format(half=milliseconds(asked.p50), most=milliseconds(asked.p95))
        self.show_lines(lines, words)


class IndexTimes(PlotCard):
    """How long files took from the queue to being found."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            tr("From dropped to found (P95)"), tr("No file was taken into memory in this time."), milliseconds, parent=parent
        )

    def show_health(self, found: Health) -> None:
        """Show the 95th percentiles over time."""
        searchable, ready = _named(found.times, "searchable"), _named(found.times, "ready")
        lines = [
            Line(tr("by words"), "accent", tuple((one.at, one.p95) for one in searchable.points)),
            Line(tr("by meaning"), "good", tuple((one.at, one.p95) for one in ready.points), dashed=True),
        ]
        self.show_lines(lines, _words(searchable))


class Throughput(PlotCard):
    """How many passages a second were taken in while indexing ran."""

    def __init__(self, parent: QWidget | None = None) -> None:
        nothing = tr("No passage was taken into memory in this time.")
        super().__init__(tr("Passages a second while indexing"), nothing, rate, parent=parent)

    def show_health(self, found: Health) -> None:
        """Show the rate over time."""
        points = tuple((one.at, one.chunks_per_s) for one in found.throughput)
        whole = number(sum(one.chunks for one in found.throughput))
        self.show_lines([Line(tr("passages/s"), "accent", points)], tr("{count} passages in all.").format(count=whole))


class Drift(PlotCard):
    """How the questions change from week to week."""

    def __init__(self, parent: QWidget | None = None) -> None:
        nothing = tr("Nothing was asked yet. Only shares are kept here, never a question.")
        super().__init__(tr("Your questions, week by week"), nothing, percent, 1.0, parent)
        self.languages: QLabel = muted()
        self.body.addWidget(self.languages)

    def show_health(self, found: Health) -> None:
        """Show shares over the weeks, and how far the newest one is from the one before."""
        weeks = found.drift
        parts: tuple[tuple[str, str, bool, Callable[[DriftPoint], float | None]], ...] = (
            (tr("likeness of the best hit"), "good", False, lambda one: one.similarity),
            (tr("no answer"), "bad", False, lambda one: one.abstained),
            (tr("unknown words"), "warn", True, lambda one: one.unknown),
        )
        lines = [
            Line(name, tint, tuple((one.at, value) for one in weeks if (value := of(one)) is not None), dashed)
            for name, tint, dashed, of in parts
        ]
        words = ""
        if weeks:
            words = tr("This week: {count} questions.").format(count=number(weeks[-1].asked))
            shift = weeks[-1].shift
            if shift is not None:
                words += " " + tr("They moved by {shift} from those of the week before.").format(shift=percent(shift))
            mix = sorted(weeks[-1].languages.items(), key=lambda one: -one[1])
            self.languages.setText(tr("Languages: {mix}").format(mix=", ".join(f"{name} {percent(part)}" for name, part in mix)))
        self.show_lines(lines, words)


def _named(times: Sequence[TimeSeries], name: str) -> TimeSeries:
    return next(series for series in times if series.name == name)


def _words(series: TimeSeries) -> str:
    whole = series.whole
    if not whole.count:
        return ""
    told = tr("Half within {half}, 95 % within {most}, 99 % within {almost}; {count} measured.")
    values = {"half": whole.p50, "most": whole.p95, "almost": whole.p99}
    shown = {name: milliseconds(value) for name, value in values.items()}
    return told.format(**shown, count=number(whole.count))
