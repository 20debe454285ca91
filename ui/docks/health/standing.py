"""Is anything wrong, do the counts agree, are the budgets kept: the first cards of the health dock."""

from PySide6.QtWidgets import QLabel, QWidget

from assistant.api.views import Health, Trouble
from ui.docks.health.card import Bar, Card, muted, plain
from ui.i18n import told, tr, tr_n
from ui.i18n.amounts import moment, number, size
from ui.i18n.visible import visible
from ui.theme import restyle


class VerdictCard(Card):
    """All is well, or what is not and what to do."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Looking…"), parent=parent)
        self.lines: list[QLabel] = []

    def show_health(self, found: Health) -> None:
        """Show what is wrong."""
        self.title.setText(tr("All is well") if found.ok else tr_n("%n things to look at", len(found.troubles)))
        self.setAccessibleName(self.title.text())
        restyle(self.title, role="good" if found.ok else "alarm")
        for line in self.lines:
            line.deleteLater()
        self.lines = []
        for one in found.troubles:
            self.lines += [plain(QLabel(visible(told(one.text)))), muted(_remedy(one))]
        for line in self.lines:
            self.body.addWidget(line)
        backup = moment(found.last_backup) if found.last_backup else tr("none yet")
        model = found.model.partition("@")[0] or tr("none, text search only")
        facts = muted(tr("Model: {model} · last backup: {backup}").format(model=model, backup=backup))
        self.lines.append(facts)
        self.body.addWidget(facts)


def _remedy(trouble: Trouble) -> str:
    """Return what can be done about it here: the core names commands for failed files, the window has a card for them."""
    return tr("See below why, and read them again there.") if trouble.code == "failed" else told(trouble.remedy)


class CountsCard(Card):
    """Counts that must agree."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Counts that must agree"), parent=parent)
        self.rows: list[QLabel] = []

    def show_health(self, found: Health) -> None:
        """Show each count with its mark."""
        for row in self.rows:
            row.deleteLater()
        self.rows = []
        for one in found.counts:
            mark = tr("agrees") if one.agrees else tr("disagrees")
            if one.expected or one.found:
                counted = tr("{found} of {expected}").format(found=number(one.found), expected=number(one.expected))
            else:
                counted = tr("none")
            row = plain(QLabel(f"{'✓' if one.agrees else '✗'} {told(one.name)}: {counted}"))
            row.setAccessibleName(f"{told(one.name)}: {counted}, {mark}")
            if not one.agrees:
                row.setProperty("role", "bad")
            self.rows.append(row)
            self.body.addWidget(row)


class BudgetsCard(Card):
    """What is used of what is meant to be used at most."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Disk and memory"), parent=parent)
        self.bars: dict[str, tuple[QLabel, Bar]] = {}

    def show_health(self, found: Health) -> None:
        """Show each budget as a bar."""
        names = {"disk": tr("On disk"), "memory": tr("In main memory"), "undo": tr("Kept for undo")}
        for budget in found.budgets:
            if budget.name not in self.bars:
                self.bars[budget.name] = (plain(QLabel()), Bar())
                for widget in self.bars[budget.name]:
                    self.body.addWidget(widget)
            label, bar = self.bars[budget.name]
            used = tr("{used} of {limit}").format(used=size(budget.used), limit=size(budget.limit))
            label.setText(f"{names[budget.name]}: {used}")
            bar.show_share(budget.used / budget.limit if budget.limit else 0.0, label.text())


class PoolsCard(Card):
    """What works at this moment, and how much waits for it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("At work now"), tr("Nothing is being read or embedded."), parent)
        self.words = plain(QLabel())
        self.body.addWidget(self.words)

    def show_health(self, found: Health) -> None:
        """Name the pools that do something."""
        busy = [one for one in found.pools if one.running or one.waiting]
        told_of = tr("{name}: {running} of {quota} at work, {waiting} waiting")
        lines = [
            told_of.format(name=told(one.name), running=number(one.running), quota=number(one.quota), waiting=number(one.waiting))
            for one in busy
        ]
        lagging = tr("{name}: started again {restarts} times, {waiting} waiting, {lost} lost")
        lines += [
            lagging.format(
                name=told(one.name), restarts=number(one.restarts), waiting=number(one.depth), lost=number(one.dropped)
            )
            for one in found.actors
            if one.restarts or one.depth or one.dropped
        ]
        self.words.setText("\n".join(lines))
        self.filled(bool(lines))
