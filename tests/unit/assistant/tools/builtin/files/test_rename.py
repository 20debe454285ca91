"""Renaming: patterns, texts, dates, numbers, contents; nothing is lost, whatever changes places."""

import itertools
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.domain.errors import ArgumentError
from assistant.tools.ordering import ordered
from tests.fakes.seeing import Toolbox

FRESH = itertools.count()
MAY = 1_715_900_000.0  # 2024-05-16


async def names(box: Toolbox, language: str = "en", **arguments: Any) -> list[str]:
    return sorted(await box.do("files.rename", language, folder=box.path(), **arguments))


async def test_a_pattern_makes_names_and_the_ending_stays(box: Toolbox):
    box.write("IMG_20240517_101500.jpg", "1")
    box.write("b.PNG", "2", MAY)
    assert await names(box, pattern="{date:%Y-%m-%d}_{name}") == ["2024-05-16_b.PNG", "2024-05-17_IMG_20240517_101500.jpg"]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("{n:03}", ["001.txt", "002.txt"]),
        ("scan_{n:03}{ext}", ["scan_001.txt", "scan_002.txt"]),
        ("scan.txt", ["scan_1.txt", "scan_2.txt"]),
        ("{parent} {n}.txt", ["home 1.txt", "home 2.txt"]),
        ("{type}_{n}", ["document_1.txt", "document_2.txt"]),
        ("{date:%H:%M} {n}", ["00 00 1.txt", "00 00 2.txt"]),
        ("{{{stem}}}", ["{page 10}.txt", "{page 2}.txt"]),
        ("same{ext}", ["same (2).txt", "same.txt"]),
    ],
)
async def test_fields(box: Toolbox, pattern: str, expected: list[str], monkeypatch: pytest.MonkeyPatch):
    box.write("page 2.txt", "a")
    box.write("page 10.txt", "b")
    if "date" in pattern:
        (box.root / "page 2.txt").rename(box.root / "2024-05-17 a.txt")
        (box.root / "page 10.txt").rename(box.root / "2024-05-17 b.txt")
    assert await names(box, pattern=pattern) == expected


async def test_people_count_two_before_ten(box: Toolbox):
    box.write("page 2.txt", "two")
    box.write("page 10.txt", "ten")
    after = await box.do("files.rename", folder=box.path(), pattern="{n}", start=7)
    assert after == {"7.txt": b"two", "8.txt": b"ten"}


async def test_one_file_gets_the_name_as_it_is_said(box: Toolbox):
    one = box.write("a.txt", "1")
    assert list(await box.do("files.rename", paths=[one], pattern="b.md")) == ["b.md"]
    assert list(await box.do("files.rename", paths=[box.path("b.md")], pattern="план")) == ["план.md"]


async def test_a_text_in_names_is_replaced_but_not_in_the_ending(box: Toolbox):
    box.put(**{"draft one.txt": "1", "two draft.draft1": "2", "other": "3", "x.jpeg": "4"})
    assert await names(box, find="draft", replace="final") == ["final one.txt", "other", "two final.draft1", "x.jpeg"]
    assert "x.jpg" in await names(box, find=".jpeg", replace=".jpg")


async def test_by_date_number_and_type_in_russian(box: Toolbox):
    box.write("Снимок экрана 2024-05-17 в 10.30.00.png", "1")
    box.write("2023-01-02 отчёт.txt", "2")
    assert await names(box, "ru", by="date") == [
        "2023-01-02 отчёт.txt",
        "2024-05-17_Снимок экрана 2024-05-17 в 10.30.00.png",
    ]
    assert (await names(box, "ru", by="number"))[0] == "01_2023-01-02 отчёт.txt"
    assert await names(box, "ru", by="type") == ["документ_01.txt", "изображение_02.png"]


async def test_by_contents_says_where_the_name_comes_from(box: Toolbox):
    box.put(**{"1.md": "\n# Plan: summer/2024\n", "2.txt": "---\n", "3.bin": b"\0\1"})
    outcome = await box.call("files.rename", folder=box.path(), by="content")
    assert [Path(change.to).name for change in outcome.changes] == ["Plan summer 2024.md"]
    assert outcome.taints[0].origin == "file"
    assert outcome.changes[0].why == "its first line"
    assert "no text to name it by: 2" in outcome.text


async def test_names_that_flow_into_names_are_told(box: Toolbox):
    box.put(**{"a.txt": "1"})
    assert (await box.call("files.rename", folder=box.path(), pattern="{name}_x")).taints[0].origin == "file name"
    assert (await box.call("files.rename", folder=box.path(), pattern="x_{n}")).taints == ()
    assert (await box.call("files.rename", folder=box.path(), find="a", replace="b")).taints[0].origin == "file name"
    assert (await box.call("files.rename", folder=box.path(), find="z", replace="b")).empty


async def test_files_that_stay_are_not_overwritten(box: Toolbox):
    box.put(**{"a.txt": "a", "B.TXT": "stays", ".hidden": "h"})
    after = await box.do("files.rename", paths=[box.path("a.txt")], pattern="b.txt")
    assert after == {"b (2).txt": b"a", "B.TXT": b"stays", ".hidden": b"h"}


async def test_case_alone_may_change(box: Toolbox):
    box.put(**{"photo.JPG": "1"})
    assert await names(box, find=".JPG", replace=".jpg") == ["photo.jpg"]


async def test_a_chain_is_walked_from_its_end(box: Toolbox):
    box.put(**{f"{n}.txt": str(n) for n in range(1, 6)})
    after = await box.do("files.rename", folder=box.path(), pattern="{n}", start=2)
    assert after == {f"{n + 1}.txt": str(n).encode() for n in range(1, 6)}


async def test_files_change_places(box: Toolbox):
    box.put(**{"A.md": "# B", "B.md": "# C", "C.md": "# A", "X.md": "# Y", "Y.md": "# X", "~A (2).md": "-"})
    after = await box.do("files.rename", folder=box.path(), by="content")
    assert after == {"A.md": b"# A", "B.md": b"# B", "C.md": b"# C", "X.md": b"# X", "Y.md": b"# Y", "~A (2).md": b"-"}


async def test_a_named_folder_gets_the_name_itself(box: Toolbox):
    box.put(**{"Old/a.txt": "a", "Old/sub/b.txt": "b"})
    outcome = await box.call("files.rename", paths=[box.path("Old")], pattern="New")
    assert outcome.expects == {"moved": 4}
    after = await box.do("files.rename", paths=[box.path("Old"), box.path("Old/a.txt")], find="l", replace="w")
    assert set(after) == {"Owd", "Owd/a.txt", "Owd/sub", "Owd/sub/b.txt"}
    after = await box.do("files.rename", paths=[box.path("Owd/a.txt"), box.path("Owd")], pattern="x_{n}")
    assert set(after) == {"x_2", "x_2/x_1.txt", "x_2/sub", "x_2/sub/b.txt"}


async def test_a_twin_in_other_case_is_not_overwritten(box: Toolbox):
    box.put(**{"a.md": "# Z", "A.md": "# Z", "z.md": "-"})
    after = await box.do("files.rename", paths=[box.path("a.md"), box.path("A.md")], by="content")
    assert after == {"Z (2).md": b"# Z", "Z (3).md": b"# Z", "z.md": b"-"}


async def test_unfit_names_are_left(box: Toolbox):
    box.put(**{"a.txt": "a"})
    outcome = await box.call("files.rename", folder=box.path(), find="a", replace="я" * 200)
    assert outcome.empty
    assert "no fit name (it is longer than a disk can hold): 1" in outcome.text


@pytest.mark.parametrize("pattern", ["a/b", "..\\b", "{nme}", "{n:x}", "{name:5}", "{date:%Y/%m}", "{name", "{n!r}{0}"])
async def test_patterns_that_are_refused(box: Toolbox, pattern: str):
    box.put(**{"a.txt": "a"})
    with pytest.raises(ArgumentError):
        await box.call("files.rename", folder=box.path(), pattern=pattern)


async def test_something_has_to_be_said(box: Toolbox):
    nothing: list[dict[str, Any]] = [{}, {"find": ""}]
    for arguments in nothing:
        with pytest.raises(ArgumentError):
            await box.call("files.rename", folder=box.path(), **arguments)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sampled_from("abcdefgh"), unique=True), st.permutations("abcdefghij"))
def test_every_rename_is_possible_and_loses_nothing(wanted: list[str], targets: list[str]):
    moves = {source: to for source, to in zip(wanted, targets, strict=False) if source != to}
    disk = {name: name for name in (*wanted, *moves)}
    asides = itertools.count()
    for source, to in ordered(moves, lambda path: f"~{path}{next(asides)}"):
        assert to not in disk
        disk[to] = disk.pop(source)
    assert disk == {moves.get(name, name): name for name in (*wanted, *moves)}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sets(
        st.sampled_from(["1.txt", "2.txt", "3.txt", "01.txt", "a.txt", "A (2).txt", "b.md", "2024-05-17.md", "n_1.txt"]),
        min_size=1,
    ),
    st.sampled_from(["{n}", "{n:02}", "a", "{date}", "{name} (2)", "b{ext}", "n_{n}", "{type}"]),
    st.integers(0, 3),
)
async def test_a_rename_of_real_files_is_a_permutation(tmp_path: Path, there: set[str], pattern: str, start: int):
    root = tmp_path / str(next(FRESH))
    root.mkdir()
    box = Toolbox(root)
    for name in there:
        box.write(name, name, MAY)
    after = await box.do("files.rename", folder=str(root), pattern=pattern, start=start)
    assert sorted(str(content, "utf-8") for content in after.values() if isinstance(content, bytes)) == sorted(there)
