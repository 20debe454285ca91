"""The list of changed files: rows from previews and git, narrowing, finding, ten thousand of them."""

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QApplication

from assistant.api.views import ChangeKind, FileDiff, Stamp
from tests.fakes.deeds import change
from ui.item_models.changes import ChangeRole, ChangesModel, rows_of, rows_of_diffs

FILE = Stamp(kind="file", size=2000, mode=0o644, mtime_ns=1)
FOLDER = Stamp(kind="folder", size=0, mode=0o755, mtime_ns=1)
CHANGES = [
    change("mkdir", "/p/new"),
    change("create", "/p/new/list.csv", size=42),
    change("write", "/p/notes.md", before=FILE, size=3000, why="because"),
    change("move", "/p/a.png", "/p/new/b.png", before=FILE),
    change("move", "/p/c.png", "/p/d.png", before=FILE),
    change("trash", "/p/old", before=FOLDER, items=12),
]


def shown(model: ChangesModel) -> list[str]:
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def test_rows_say_what_happens_where(app: QApplication) -> None:
    rows = rows_of(CHANGES, {"/p/notes.md": (1,), "/p/wholly.md": (0,), "/p/none.md": ()})
    assert [(row.name, row.sizes) for row in rows] == [
        ("new", ""),
        ("list.csv", "42 B"),
        ("notes.md", "2.0 kB → 3.0 kB"),
        ("b.png", "2.0 kB"),
        ("d.png", "2.0 kB"),
        ("old", "12 entries"),
        ("wholly.md", ""),
    ]
    assert [row.place for row in rows[3:5]] == ["/p → /p/new", "was c.png"]
    assert [row.left_out for row in rows] == ["", "", "some", "", "", "", "all"]


def test_hostile_names_are_shown_with_what_hides_in_them(app: QApplication) -> None:
    model = ChangesModel()
    model.show(rows_of([change("trash", "/p/\u202egnp.<b>exe", before=FILE)], {}))
    place = model.index(0, 0)
    assert place.data() == "⟨U+202E⟩gnp.<b>exe"
    assert "⟨U+202E⟩gnp.&lt;b&gt;exe" in str(place.data(Qt.ItemDataRole.ToolTipRole))
    assert "to the trash" in str(place.data(Qt.ItemDataRole.AccessibleTextRole))


def test_narrowing_by_kind_and_words(app: QApplication) -> None:
    model = ChangesModel()
    model.show(rows_of(CHANGES, {}))
    assert model.counts()[ChangeKind.MOVE] == 2
    model.narrow((ChangeKind.MOVE,), "")
    assert shown(model) == ["b.png", "d.png"]
    model.narrow((), "NEW png")
    assert shown(model) == ["b.png"]
    assert model.find("/p/a.png").row() == model.find("/p/new/b.png").row() == 0
    assert not model.find("/p/notes.md").isValid()
    model.narrow((), "")
    assert model.row(QModelIndex()) is None
    assert model.index(2, 0).data(ChangeRole.ROW).why == "because"


def test_a_git_working_tree_has_the_same_rows(app: QApplication) -> None:
    [row] = rows_of_diffs([FileDiff(path="/r/a.py", kind=ChangeKind.WRITE, old_size=10, new_size=20)])
    assert (row.name, row.sizes) == ("a.py", "10 B → 20 B")


def test_ten_thousand_changes_are_filtered_in_one_go(app: QApplication) -> None:
    model = ChangesModel()
    model.show(rows_of([change("move", f"/p/{n}.png", f"/q/{n % 12}/{n}.png") for n in range(10_000)], {}))
    assert model.rowCount() == 10_000
    model.narrow((), "/q/11/ 9")
    assert 0 < model.rowCount() < 1000
