"""Where a result stands after all that came later."""

from assistant.domain.change import Applied, Change, ChangeKind, Stamp
from assistant.orchestrator.acting.places import Places, final_places

FILE = Stamp(kind="file", size=1, mode=0o644, mtime_ns=0)
FOLDER = Stamp(kind="folder", size=0, mode=0o755, mtime_ns=0)


def applied(*changes: Change) -> list[Applied]:
    return [Applied(n=n, change=change) for n, change in enumerate(changes)]


def move(path: str, to: str, before: Stamp = FILE) -> Change:
    return Change(kind=ChangeKind.MOVE, path=path, to=to, before=before)


def trash(path: str) -> Change:
    return Change(kind=ChangeKind.TRASH, path=path, before=FOLDER)


def test_a_swap_over_a_third_name_leaves_two_results() -> None:
    swap = applied(move("/a", "/t"), move("/b", "/a"), move("/t", "/b"))
    assert final_places(swap) == Places({1: "/a", 2: "/b"}, {0: 2})


def test_a_folder_takes_what_is_in_it_along_but_not_its_namesake() -> None:
    made = Change(kind=ChangeKind.CREATE, path="/d/x/f")
    twin = Change(kind=ChangeKind.CREATE, path="/d/x2")
    assert final_places(applied(made, twin, move("/d/x", "/e", FOLDER))) == Places({0: "/e/f", 1: "/d/x2", 2: "/e"}, {})


def test_what_goes_to_the_trash_takes_its_contents_away() -> None:
    made = Change(kind=ChangeKind.CREATE, path="/d/f")
    assert final_places(applied(made, trash("/d"))) == Places({}, {0: 1})


def test_what_went_along_with_a_folder_is_taken_where_it_went() -> None:
    along = applied(move("/d/a", "/d/b"), move("/d", "/e", FOLDER), trash("/e/b"), trash("/e"))
    assert final_places(along) == Places({}, {0: 2, 1: 3})


def test_what_is_written_again_counts_as_the_later_one() -> None:
    write = Change(kind=ChangeKind.WRITE, path="/f", before=FILE)
    assert final_places(applied(write, write)) == Places({1: "/f"}, {0: 1})
