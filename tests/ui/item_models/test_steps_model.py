"""Steps as a tree: details in the order of deciding, states that change without a reset."""

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QApplication

from assistant.api.views import Cite, Risk, Taint
from tests.fakes.deeds import step
from ui.item_models.steps import Detail, Standing, StepRole, StepsModel, details_of

SORT = step(1, "files.sort", "Sort by month", arguments={"folder": "/p"}, effects=("move",), changes=3)
EVIL = step(
    2,
    "text.replace",
    "",
    arguments={"find": "a\u202eb"},
    after=("s1",),
    risk=Risk(score=90, level="high", reasons=("Many files.",), stop="The home folder itself is never touched."),
    taints=(Taint(argument="find", origin="file", source="/p/README.md"),),
    writes=tuple(f"/p/{n}" for n in range(8)),
    reads=("/p",),
)


def test_details_say_all_there_is_to_know(app: QApplication) -> None:
    rows = details_of(EVIL.model_copy(update={"step": EVIL.step.model_copy(update={"evidence": (Cite(path="/n.md"),)})}))
    assert rows[0] == Detail("find", "a⟨U+202E⟩b")
    assert Detail("Risk", "high risk · 90", True) in rows
    assert Detail("Never done", "The home folder itself is never touched.", True) in rows
    assert Detail("", "and 3 more") in rows
    assert [row.name for row in rows if row.name] == [
        *("find", "Risk", "Never done", "Policy", "Origin", "Writes", "Reads", "Waits for", "Evidence")
    ]


def test_rows_and_their_parents(app: QApplication) -> None:
    model = StepsModel()
    model.show([SORT, EVIL], {})
    assert (model.rowCount(), model.columnCount()) == (2, 1)
    first, second = model.index(0, 0), model.index(1, 0)
    detail = model.index(0, 0, second)
    assert model.parent(detail) == second
    assert model.parent(first) == QModelIndex()
    assert model.rowCount(detail) == 0
    assert (model.step(detail), model.step(first), model.step(QModelIndex())) == (EVIL, SORT, None)
    assert second.data() == "text.replace", "a step without a title is called by its tool"
    assert detail.data() == "find: a⟨U+202E⟩b"
    assert isinstance(detail.data(StepRole.ROW), Detail)
    assert "low risk · 20" in str(first.data(Qt.ItemDataRole.AccessibleTextRole))
    assert first.data(StepRole.ROW).below == "files.sort · 3 changes"
    assert "files.sort" in str(first.data(Qt.ItemDataRole.ToolTipRole))


def test_a_new_state_leaves_the_rest_as_it_is(app: QApplication) -> None:
    model = StepsModel()
    model.show([SORT, EVIL], {})
    resets: list[bool] = []
    moved: list[int] = []
    model.modelReset.connect(lambda: resets.append(True))
    model.dataChanged.connect(lambda first, _last: moved.append(first.row()))
    model.show([SORT, EVIL], {"s1": Standing("running", 4, 9)})
    assert (resets, moved) == ([], [0])
    assert model.index(0, 0).data(StepRole.ROW).below == "files.sort · is running · 4 of 9 · 3 changes"
    model.show([SORT], {})
    assert resets == [True]
