"""Where a result stands after all that came later."""

from assistant.domain.change import Applied, Change, ChangeKind, Stamp
from assistant.orchestrator.acting.places import final_places

FILE = Stamp(kind="file", size=1, mode=0o644, mtime_ns=0)
FOLDER = Stamp(kind="folder", size=0, mode=0o755, mtime_ns=0)


def applied(*changes: Change) -> list[Applied]:
    return [Applied(n=n, change=change) for n, change in enumerate(changes)]


def move(path: str, to: str, before: Stamp = FILE) -> Change:
    return Change(kind=ChangeKind.MOVE, path=path, to=to, before=before)


def test_a_swap_over_a_third_name_leaves_two_results() -> None:
    assert final_places(applied(move("/a", "/t"), move("/b", "/a"), move("/t", "/b"))) == {1: "/a", 2: "/b"}


def test_a_folder_takes_what_is_in_it_along_but_not_its_namesake() -> None:
    made = Change(kind=ChangeKind.CREATE, path="/d/x/f")
    twin = Change(kind=ChangeKind.CREATE, path="/d/x2")
    assert final_places(applied(made, twin, move("/d/x", "/e", FOLDER))) == {0: "/e/f", 1: "/d/x2", 2: "/e"}


def test_what_goes_to_the_trash_takes_its_contents_away() -> None:
    made = Change(kind=ChangeKind.CREATE, path="/d/f")
    trash = Change(kind=ChangeKind.TRASH, path="/d", before=FOLDER)
    assert final_places(applied(made, trash)) == {}


def test_what_is_written_again_counts_as_the_later_one() -> None:
    write = Change(kind=ChangeKind.WRITE, path="/f", before=FILE)
    assert final_places(applied(write, write)) == {1: "/f"}
