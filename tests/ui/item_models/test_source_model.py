"""The list of sources as a person meets it: filters, order, thousands of rows, selection that stays."""

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QTreeView

from assistant.api.views import SourceState, SourceView
from tests.fakes.assistant import NOON, source
from ui.item_models.source_rows import Order, Shape, runs
from ui.item_models.sources import Change, SourceModel
from ui.item_models.states import GROUPS, StateGroup

STATES = tuple(SourceState)


def listed(model: SourceModel) -> list[str]:
    """Walk the rows as a view does."""
    found: list[str] = []
    for top in range(model.rowCount()):
        index = model.index(top, 0)
        rows = [index] if model.row_at(index) else [model.index(row, 0, index) for row in range(model.rowCount(index))]
        found += [row.path for row in map(model.row_at, rows) if row is not None]
    return found


def many(count: int, states: tuple[SourceState, ...] = (SourceState.READY,)) -> list[SourceView]:
    """Make sources spread over seven projects."""
    return [
        source(f"/home/p{n % 7}/d{n % 50}/file {n}.md", states[n % len(states)], project=f"p{n % 7}", chunks=n % 40)
        for n in range(count)
    ]


def test_every_state_has_a_chip_that_finds_it(app: QApplication) -> None:
    model = SourceModel()
    model.show([source(f"/a/{state}", state) for state in STATES])
    found: set[str] = set()
    for group in (StateGroup.READY, StateGroup.WORKING, StateGroup.FAILED, StateGroup.EXCLUDED):
        model.reshape(Shape(group=group))
        found.update(listed(model))
        assert {GROUPS[SourceState(path[3:])] for path in listed(model)} == {group}
    assert found == {f"/a/{state}" for state in STATES}


def test_words_narrow_by_any_part_of_the_path(app: QApplication) -> None:
    model = SourceModel()
    model.show([source("/home/Notes/Budget 2026.md"), source("/home/code/budget.py"), source("/home/code/main.py")])
    model.reshape(Shape(words=("budget", "code")))
    assert listed(model) == ["/home/code/budget.py"]
    assert model.counts()[StateGroup.ALL] == 3


def test_orders(app: QApplication) -> None:
    model = SourceModel()
    model.show(
        [
            source("/a/b", SourceState.READY, chunks=1),
            source("/a/a", SourceState.QUEUED, chunks=9),
            source("/a/c", SourceState.FAILED),
        ]
    )
    for order, expected in {
        Order.NAME: ["/a/a", "/a/b", "/a/c"],
        Order.STATE: ["/a/c", "/a/a", "/a/b"],
        Order.CHUNKS: ["/a/a", "/a/c", "/a/b"],
    }.items():
        model.reshape(Shape(order=order, grouped=False))
        assert listed(model) == expected


def test_five_thousand_rows_change_without_a_reset_and_keep_the_selection(app: QApplication) -> None:
    model = SourceModel()
    view = QTreeView()
    view.setUniformRowHeights(True)
    view.setModel(model)
    sources = many(5000)
    model.show(sources)
    view.expandAll()
    resets: list[int] = []
    model.modelReset.connect(lambda: resets.append(1))
    chosen = "/home/p3/d3/file 2803.md"
    view.setCurrentIndex(model.index_of(chosen))
    bar = view.verticalScrollBar()
    where = bar.value()
    shuffled = [one.model_copy(update={"state": STATES[n % len(STATES)]}) for n, one in enumerate(sources)]
    model.show(shuffled)
    model.reshape(replace(model.shape, order=Order.STATE))
    model.reshape(replace(model.shape, order=Order.NAME))
    current = model.row_at(view.currentIndex())
    assert current is not None
    assert current.path == chosen
    assert bar.value() == where
    assert not resets
    assert model.shown() == 5000
    view.close()


def test_a_patch_changes_one_row_and_names_unknown_ones(app: QApplication) -> None:
    model = SourceModel()
    model.show(many(10))
    changed: list[str] = []
    model.dataChanged.connect(lambda first, last: changed.append(model.row_at(first).path))  # type: ignore[union-attr]
    path = "/home/p2/d2/file 2.md"
    assert model.patch([Change(path, SourceState.FAILED, "encrypted", NOON)])
    assert changed == [path]
    index = model.index_of(path)
    assert "encrypted" in index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert not model.patch([Change("/nowhere", SourceState.READY, "", NOON)])


def test_a_row_that_no_longer_passes_the_filter_goes(app: QApplication) -> None:
    model = SourceModel()
    model.show(many(3, (SourceState.READING,)))
    model.reshape(Shape(group=StateGroup.WORKING))
    model.patch([Change("/home/p1/d1/file 1.md", SourceState.READY, "", NOON, 4)])
    assert listed(model) == ["/home/p0/d0/file 0.md", "/home/p2/d2/file 2.md"]


def test_names_that_hide_something_show_it(app: QApplication) -> None:
    model = SourceModel()
    model.show([source("/home/invoice\u202efdp.exe"), source("/home/two\nlines")])
    shown = sorted(str(model.index_of(path).data()) for path in ("/home/invoice\u202efdp.exe", "/home/two\nlines"))
    assert shown == ["invoice⟨U+202E⟩fdp.exe", "two␊lines"]


def test_a_name_is_no_markup_in_a_tooltip(app: QApplication) -> None:
    model = SourceModel()
    path = "/home/<img src='file:x.png'>.md"
    model.show([source(path)])
    tip = str(model.index_of(path).data(Qt.ItemDataRole.ToolTipRole))
    assert "<img" not in tip and "&lt;img" in tip


@given(st.lists(st.integers(0, 60), unique=True))
def test_runs_cover_exactly_the_numbers(numbers: list[int]) -> None:
    found = [number for first, last in runs(sorted(numbers)) for number in range(first, last + 1)]
    assert found == sorted(numbers)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000))
def test_any_row_of_changes_leaves_what_was_shown_last(seed: int) -> None:
    chance = random.Random(seed)
    model = SourceModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    held: dict[str, QPersistentModelIndex] = {}
    for _ in range(4):
        sources = [
            one.model_copy(update={"state": chance.choice(STATES), "chunks": chance.randrange(9)})
            for one in chance.sample(many(60), chance.randrange(61))
        ]
        shape = Shape((), chance.choice(list(StateGroup)), chance.choice(list(Order)), grouped=model.shape.grouped)
        model.show(sources)
        model.reshape(shape)
        expected = {one.path for one in sources if shape.group in (StateGroup.ALL, GROUPS[one.state])}
        assert set(listed(model)) == expected
        for path, index in held.items():
            row = model.row_at(index)
            assert row is None or row.path == path
        held = {path: QPersistentModelIndex(model.index_of(path)) for path in list(expected)[:5]}
