"""The health dock: says what is wrong, plots what was measured, tries again, runs and tunes on a press of a button."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from assistant.api.views import Cite, FailedFile, GoldenRun, Trouble, TuningRecord, WatchedRoot
from assistant.domain.errors import InUseError
from tests.fakes.assistant import FakeAssistant
from tests.fakes.health import NOON, healthy, times
from tests.ui.conftest import PlainDock
from ui.bridge import Bridge
from ui.docks.health import HealthDock
from ui.docks.health.plot import Line, Plot, ceiling
from ui.shell import MainWindow, Panels, ViewStore

Until = Callable[[Callable[[], Any]], Any]
BEFORE = {"weight_dense": 0.42, "weight_sparse": 0.42, "weight_recency": 0.1, "weight_quality": 0.06}
PROPOSED = TuningRecord(
    id="t",
    at=NOON,
    state="proposed",
    reason="on held-out questions the new weights do better by more than noise",
    before=BEFORE,
    after={**BEFORE, "weight_sparse": 0.6},
    configured=BEFORE,
    figures={"questions": 30.0, "ndcg@10 before": 0.7, "ndcg@10 after": 0.8},
)


@pytest.fixture
async def dock(assistant: FakeAssistant, bridge: Bridge) -> HealthDock:
    made = HealthDock()
    made.resize(420, 700)
    made.show()
    made.attach(bridge)
    return made


async def test_a_new_memory_is_well_and_says_what_is_not_there_yet(
    dock: HealthDock, assistant: FakeAssistant, until: Until
) -> None:
    await until(lambda: dock.verdict.title.text() == "All is well")
    assert dock.searches.nothing.isVisibleTo(dock)
    assert dock.golden.nothing.isVisibleTo(dock)
    assert dock.files.nothing.isVisibleTo(dock)
    assert [row.text() for row in dock.counts.rows] == ["✓ text rows for records: 120 of 120"]
    assert dock.budgets.bars["disk"][1].accessibleName() == "On disk: 1.2 GB of 20.0 GB"


async def test_what_is_wrong_stands_on_top(assistant: FakeAssistant, dock: HealthDock, until: Until) -> None:
    failed = Trouble(code="failed", text="Files that could not be read: 3.", remedy="`mneme retry` reads them again.")
    offline = Trouble(code="offline", text="Out of reach: /a.", remedy="Nothing of it is forgotten: plug it in.")
    assistant.upkeep.healthy = healthy(ok=False, troubles=(offline, failed))
    dock.refresh()
    await until(lambda: dock.verdict.title.text().startswith("2 things"))
    told = [line.text() for line in dock.verdict.lines[:4]]
    assert told[:3] == [offline.text, offline.remedy, failed.text]
    assert "mneme" not in told[3], "the window speaks of itself, not of commands"


async def test_failed_files_are_read_again_or_looked_at(assistant: FakeAssistant, dock: HealthDock, until: Until) -> None:
    files = tuple(FailedFile(path=f"/a/{n}.pdf", state="failed", reason="The file is encrypted.", at=NOON) for n in range(2))
    stick = WatchedRoot(path="/media/stick", project="stick", watched=True, online=False)
    assistant.upkeep.healthy = healthy(failed=files, failed_files=14, offline=(stick,))
    dock.refresh()
    await until(lambda: len(dock.files.rows) == 4)
    places: list[Cite] = []
    dock.openPlace.connect(lambda cite, quote: places.append(cite))
    look, again = dock.files.rows[0].findChildren(QAbstractButton)
    assert (look.accessibleName(), again.accessibleName()) == ("Show 0.pdf in the preview", "Read 0.pdf again")
    look.click()
    again.click()
    dock.files.all.click()
    await until(lambda: len(assistant.called("upkeep.retry")) == 2)
    assert assistant.called("upkeep.retry") == [("/a/0.pdf",), ("",)]
    assert places == [Cite(path="/a/0.pdf")]


async def test_times_are_plotted_and_can_be_read_by_the_keyboard(
    assistant: FakeAssistant, dock: HealthDock, until: Until
) -> None:
    measured = (times("search", [10.0, 20.0, 30.0]), *(times(name, []) for name in ("ask", "searchable", "ready")))
    assistant.upkeep.healthy = healthy(times=measured)
    dock.refresh()
    await until(lambda: not dock.searches.plot.empty)
    assert dock.searches.words.text().startswith("Half within 15 ms, 95 % within 30 ms")
    plot = dock.searches.plot
    assert "P95 30 ms" in plot.accessibleDescription()
    plot.setFocus()
    QTest.keyClick(plot, Qt.Key.Key_Home)
    assert "P95 10 ms" in plot.accessibleDescription()
    QTest.keyClick(plot, Qt.Key.Key_Right)
    assert "P95 20 ms" in plot.accessibleDescription()
    assert not plot.grab().isNull()


async def test_another_span_is_asked_for(assistant: FakeAssistant, dock: HealthDock, until: Until) -> None:
    dock.spans["days"].click()
    await until(lambda: ("days",) in assistant.called("upkeep.health"))


async def test_golden_sets_run_at_a_press(assistant: FakeAssistant, dock: HealthDock, until: Until) -> None:
    runs = tuple(
        GoldenRun(
            id=str(n),
            at=NOON + timedelta(days=n),
            kind="bundled",
            trigger="asked",
            model="m",
            weights={},
            figures={"recall@20": 0.97, "ndcg@10": 0.8 - n / 10},
            fallen=("ndcg@10 0.700 instead of 0.800 (allowed: 0.030 less)",) if n else (),
        )
        for n in range(2)
    )
    assistant.upkeep.healthy = healthy(runs=runs, confirmed=1)
    dock.golden.button.click()
    assert not dock.golden.button.isEnabled()
    await until(lambda: not dock.golden.bundled.empty and dock.golden.button.isEnabled())
    assert assistant.called("quality.run") == [()]
    assert "Worse than before: ndcg@10 0.700 instead of 0.800" in dock.golden.bundled_words.text()
    assert not dock.golden.mine.isVisibleTo(dock)


async def test_a_run_that_cannot_be_says_why(assistant: FakeAssistant, dock: HealthDock, until: Until) -> None:
    assistant.failures["quality.run"] = InUseError("A golden run is under way.", remedy="Wait until it has finished.")
    dock.golden.button.click()
    await until(lambda: dock.notice.isVisibleTo(dock))
    assert "A golden run is under way." in dock.notice.label.text()
    assert dock.golden.button.isEnabled()


async def test_weights_are_proposed_applied_and_taken_back(assistant: FakeAssistant, dock: HealthDock, until: Until) -> None:
    assistant.quality.tuned = PROPOSED
    card = dock.tuning
    card.look.click()
    await until(lambda: card.apply.isVisibleTo(dock))
    assert assistant.called("quality.tune") == [(True,)]
    assert "words 0.42 → 0.60" in card.weights.text()
    assert "0.700 → 0.800" in card.evidence.text()
    applied = PROPOSED.model_copy(update={"state": "applied"})
    assistant.upkeep.healthy = healthy(tuning=applied, tuned=applied)
    card.apply.click()
    await until(lambda: card.reset.isVisibleTo(dock))
    assert not card.apply.isVisibleTo(dock)
    card.reset.click()
    await until(lambda: assistant.called("quality.reset_tuning") == [()])


async def test_a_dock_nobody_sees_asks_nothing(assistant: FakeAssistant, bridge: Bridge) -> None:
    hidden = HealthDock()
    hidden.attach(bridge)
    assert assistant.called("upkeep.health") == []
    hidden.deleteLater()


def test_axes_end_at_round_numbers():
    assert [ceiling(value) for value in (0.0, 0.9, 1.0, 11.0, 25.0, 900.0)] == [1.0, 1.0, 1.0, 12.0, 32.0, 1000.0]


def test_a_single_point_and_none_are_painted(app: object) -> None:
    plot = Plot("t", str)
    plot.show_lines([Line("a", "accent", ())])
    assert plot.empty
    assert plot.told() == ""
    plot.show_lines([Line("a", "accent", ((NOON, 5.0),))])
    plot.choose(7)
    assert plot.told().endswith("a 5.0")
    assert not plot.grab().isNull()


async def test_the_window_shows_it_on_its_shortcut(bridge: Bridge, tmp_path: Path, until: Until) -> None:
    memory, preview, health = PlainDock("memory"), PlainDock("preview"), HealthDock()
    panels = Panels(memory, preview, PlainDock("timeline"), preview, memory.widget().setFocus, health)
    window = MainWindow(bridge, panels, ViewStore(tmp_path))
    window.show()
    window.attach()
    assert not health.isVisible()
    assert [key.toString() for key in window.commands.health.shortcuts()] == ["Ctrl+Shift+H"]
    window.commands.health.trigger()
    await until(lambda: health.verdict.title.text() == "All is well")
    assert health.isVisible()
    window.reset_view()
    assert not health.isVisible()
    window.close()
