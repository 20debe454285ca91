"""Before and after as trees: every kind of change, chains, folders that move with what is in them."""

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QApplication, QWidget

from tests.fakes.deeds import change
from ui.item_models.simulation import Node, SimulationModel, mark_label, simulate


def flat(top: Node) -> dict[str, str]:
    """Return the marks of all marked entries by path."""
    found = {top.path: top.mark} if top.mark else {}
    for child in top.ordered():
        found |= flat(child)
    return found


def test_each_kind_of_change_shows_on_its_side() -> None:
    changes = [
        change("mkdir", "/p/new"),
        change("create", "/p/new/a"),
        change("write", "/p/b"),
        change("move", "/p/c", "/p/new/c"),
        change("trash", "/p/d"),
        change("rmdir", "/p/e"),
    ]
    before, after = simulate(changes)
    assert flat(before) == {"/p/b": "edited", "/p/c": "moved", "/p/d": "gone", "/p/e": "gone"}
    assert flat(after) == {"/p/new": "new", "/p/new/a": "new", "/p/b": "edited", "/p/new/c": "moved"}
    assert [child.name for child in before.ordered()] == ["/p"], "folders that only lead there are one"


def test_chains_come_out_as_their_ends() -> None:
    chain = [
        change("move", "/p/a", "/p/b"),
        change("write", "/p/b"),
        change("create", "/p/x"),
        change("write", "/p/x"),
        change("move", "/p/x", "/p/y"),
        change("create", "/p/z"),
        change("trash", "/p/z"),
        change("move", "/p/f", "/p/g"),
        change("trash", "/p/g"),
    ]
    before, after = simulate(chain)
    assert flat(before) == {"/p/a": "moved", "/p/f": "gone"}
    assert flat(after) == {"/p/b": "edited", "/p/y": "new"}


def test_what_lies_in_a_moved_folder_is_known_by_its_first_place() -> None:
    before, after = simulate([change("move", "/p/a", "/p/b"), change("move", "/p/b/x", "/p/c/x")])
    assert flat(before) == {"/p/a": "moved", "/p/a/x": "moved"}
    assert flat(after) == {"/p/b": "moved", "/p/c/x": "moved"}


def test_one_file_alone_keeps_its_folder() -> None:
    before, after = simulate([change("create", "/p/q/only.txt")])
    assert flat(before) == {}
    assert [(child.name, [one.name for one in child.ordered()]) for child in after.ordered()] == [("/p/q", ["only.txt"])]


def test_the_model_is_a_tree_with_words_for_every_mark(app: QApplication) -> None:
    widget = QWidget()
    model = SimulationModel(widget, widget)
    _, after = simulate([change("create", "/p/new/\u202ex"), change("move", "/p/a", "/p/b"), change("write", "/p/c")])
    model.show(after)
    root = model.index(0, 0)
    assert root.data() == "/p"
    assert [str(model.index(row, 0, root).data()) for row in range(model.rowCount(root))] == ["b · moved", "c · edited", "new"]
    folder = model.index(2, 0, root)
    leaf = model.index(0, 0, folder)
    assert leaf.data() == "⟨U+202E⟩x · new"
    assert model.parent(leaf) == folder
    assert model.parent(root) == QModelIndex()
    assert "moved: /p/a" in str(model.index(0, 0, root).data(Qt.ItemDataRole.ToolTipRole))
    assert mark_label(Node("x", "/x", mark="gone")) == "goes to the trash or is removed"
    assert not model.index(5, 0, root).isValid()
