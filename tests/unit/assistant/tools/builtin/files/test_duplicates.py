"""Duplicates: found by size and contents, and one of each always stays."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.change import Entry, Stamp
from assistant.tools.builtin.files.duplicates import grouped
from assistant.tools.names import name_of
from tests.fakes.seeing import Toolbox

TEXT = (
    "The committee met on Tuesday to talk about the garden behind the library. It was agreed that two benches and "
    "a small pond would be paid for by the spring festival, and that the old oak stays where it is. Volunteers are "
    "asked to bring gloves and spades on the first Saturday of April; tea and cake will be there for everybody who "
    "helps, and children may paint the new fence in whatever colours they like best this year."
)


async def test_the_oldest_stays(box: Toolbox):
    box.write("a.txt", "same", 300)
    box.write("b.txt", "same", 100)
    box.write("sub/c.txt", "same", 200)
    box.write("other.txt", "diff", 50)
    outcome = await box.call("files.duplicates", folder=box.path())
    assert {name_of(change.path) for change in outcome.changes} == {"a.txt", "c.txt"}
    assert outcome.changes[0].why == f"same contents as {box.path('b.txt')}, which stays"
    assert outcome.text.startswith("Extra files: 2 (0.0 MiB); one of each stays, 1 in all.")
    assert outcome.expects == {"trashed": 2}
    assert set(await box.do("files.duplicates", folder=box.path())) == {"b.txt", "sub", "other.txt"}


@pytest.mark.parametrize(("keep", "kept"), [("newest", "sub/long.txt"), ("shortest path", "b.txt"), ("oldest", "a1.txt")])
async def test_which_stays_can_be_said(box: Toolbox, keep: str, kept: str):
    for name, time in (("a1.txt", 100), ("b.txt", 200), ("sub/long.txt", 300)):
        box.write(name, "same", time)
    after = await box.do("files.duplicates", folder=box.path(), keep=keep)
    assert {name for name, content in after.items() if content != "/"} == {kept}


async def test_links_hard_links_empty_and_hidden_files_are_no_duplicates(box: Toolbox):
    first = box.write("a.txt", "same")
    os.link(first, box.path("hard.txt"))
    Path(box.path("soft.txt")).symlink_to(first)
    box.put(**{"e1": "", "e2": "", ".h": "same"})
    outcome = await box.call("files.duplicates", "ru", folder=box.path())
    assert outcome.empty
    for reason in ("другие имена того же файла: 1", "ссылки: 1", "пустые: 2", "скрытые или программные: 1"):
        assert reason in outcome.text


async def test_contents_are_only_read_where_sizes_meet(box: Toolbox):
    box.put(**{"a": "1", "b": "22", "c": "33"})
    await box.call("files.list_duplicates", folder=box.path())
    assert sorted(map(name_of, box.files.digested)) == ["b", "c"]


async def test_folders_may_overlap(box: Toolbox):
    box.put(**{"a.txt": "same", "sub/b.txt": "same"})
    outcome = await box.call("files.duplicates", folders=[box.path(), box.path("sub"), box.path()])
    assert len(outcome.changes) == 1


async def test_nearly_the_same_text(box: Toolbox):
    box.write("a.md", TEXT, 100)
    box.write("b.md", TEXT.replace("  ", " ") + "\n\n", 200)
    box.write("copy of b.md", TEXT + "\n\n", 250)
    box.write("c.md", TEXT.replace("library", "school"), 300)
    box.write("d.md", "short", 400)
    box.write("e.md", TEXT.upper()[::-1], 500)
    box.write("f.bin", b"\0" + TEXT.encode(), 500)
    exact = await box.call("files.duplicates", folder=box.path())
    assert len(exact.changes) == 1
    near = await box.call("files.list_duplicates", folder=box.path(), near=True)
    assert near.table is not None
    assert {(name_of(row[0]), name_of(row[1]), row[3]) for row in near.table.rows} >= {
        ("a.md", "b.md", "nearly the same"),
        ("a.md", "copy of b.md", "nearly the same"),
    }
    assert not any("e.md" in row[1] or "f.bin" in row[1] for row in near.table.rows)
    removed = await box.call("files.duplicates", folder=box.path(), near=True)
    assert "nearly the same text as" in removed.changes[0].why
    assert box.path("a.md") not in {change.path for change in removed.changes}


@given(
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from([None, 0, 1, 3, 7, 255, 1 << 40])), max_size=12),
    st.integers(0, 2),
)
def test_one_of_each_always_stays(files: list[tuple[int, int | None]], rule: int):
    entries = [Entry(path=f"/{n}", stamp=Stamp(kind="file", size=1, mode=0, mtime_ns=n * 7 % 5)) for n in range(len(files))]
    digests = {f"/{n}": str(content) for n, (content, _) in enumerate(files)}
    prints = {f"/{n}": mark for n, (_, mark) in enumerate(files) if mark is not None}
    groups = grouped(entries, digests, prints, lambda one: ((one.stamp.mtime_ns, -one.stamp.mtime_ns, 0)[rule], 0, one.path))
    kept = [group.kept.path for group in groups]
    extra = [one.path for group in groups for one, _ in group.extra]
    assert len(set(kept + extra)) == len(kept) + len(extra)
    left = {entry.path for entry in entries} - set(extra)
    for content in {content for content, _ in files}:
        same = {f"/{n}" for n, (other, _) in enumerate(files) if other == content}
        assert same & left or {group.kept.path for group in groups if {one.path for one, _ in group.extra} >= same} & left
