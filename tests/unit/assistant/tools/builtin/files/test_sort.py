"""Sorting into folders: by date in the name or on disk, by kind, ending, size, and by topic."""

import os
from pathlib import Path

import pytest

from assistant.domain.document import Span
from assistant.domain.errors import ModelError
from assistant.domain.memory import ContextPack, Evidence, RecallQuery
from assistant.tools.names import folder_of, name_of
from tests.fakes.seeing import FakeRecalling, Toolbox

MAY = 1_715_900_000.0  # 2024-05-16


async def test_screenshots_go_into_months(box: Toolbox):
    box.write("Screenshot 2024-05-17 at 10.30.00.png", "1", 0)
    box.write("Снимок экрана 2024-04-01.png", "2")
    box.write("IMG_20240502_1.jpg", "3")
    box.write("plain.png", "4", MAY)
    box.write("notes.txt", "5")
    after = await box.do("files.sort", "ru", folder=box.path(), by="month", glob="*.{png,jpg}")
    assert {name for name, content in after.items() if content != "/"} == {
        "2024-05/Screenshot 2024-05-17 at 10.30.00.png",
        "2024-04/Снимок экрана 2024-04-01.png",
        "2024-05/IMG_20240502_1.jpg",
        "2024-05/plain.png",
        "notes.txt",
    }


async def test_it_says_why_and_how_many(box: Toolbox):
    box.write("a 2024-05-17.png", "1")
    box.write("b.png", "2", MAY)
    Path(box.path("link.png")).symlink_to(box.path("b.png"))
    outcome = await box.call("files.sort", folder=box.path(), by="day")
    whys = [change.why for change in outcome.changes if change.to]
    assert whys == ["date in its name: 2024-05-17", "time of last change: 2024-05-16"]
    assert outcome.text == "Files to sort: 2. 2024-05-16: 1, 2024-05-17: 1. Left alone: links: 1."
    assert outcome.expects == {"moved": 2}


@pytest.mark.parametrize(
    ("by", "language", "folders"),
    [
        ("year", "en", {"2024"}),
        ("type", "en", {"Images", "Documents", "Other"}),
        ("type", "ru", {"Изображения", "Документы", "Другое"}),
        ("extension", "en", {"png", "txt", "no ending"}),
        ("size", "ru", {"до 1 МБ"}),
    ],
)
async def test_other_ways(box: Toolbox, by: str, language: str, folders: set[str]):
    for name in ("a.PNG", "b.txt", "c"):
        box.write(name, "x", MAY)
    after = await box.do("files.sort", language, folder=box.path(), by=by)
    assert {name for name, content in after.items() if content == "/"} == folders


async def test_large_sizes_have_folders_of_their_own(box: Toolbox):
    with Path(box.write("big")).open("r+b") as file:
        file.truncate(3 * 1024**3)
    assert "over 1 GB" in {name_of(one.path) for one in (await box.call("files.sort", folder=box.path(), by="size")).changes}


async def test_what_is_in_its_place_stays_and_taken_names_get_numbers(box: Toolbox):
    box.put(**{"PNG/a.png": "old", "a.png": "new", "b.png": "b"})
    after = await box.do("files.sort", folder=box.path(), by="extension", deep=True)
    assert after == {"PNG": "/", "PNG/a.png": b"old", "PNG/a (2).png": b"new", "PNG/b.png": b"b"}


async def test_a_file_in_the_folders_way_stops_the_plan(box: Toolbox):
    box.put(**{"png": "a file", "a.png": "1"})
    outcome = await box.call("files.sort", folder=box.path(), by="extension", glob="*.png")
    assert outcome.changes == ()
    assert "something stands there" in outcome.conflicts[0].reason


async def test_sorting_elsewhere(box: Toolbox):
    box.put(**{"in/a.txt": "1", "in/b.txt": "2"})
    after = await box.do("files.sort", folder=box.path("in"), by="type", target=box.path("out"))
    assert set(after) == {"in", "out", "out/Documents", "out/Documents/a.txt", "out/Documents/b.txt"}


async def test_named_topics_by_words_in_names_and_texts(box: Toolbox):
    box.put(
        **{
            "счёт за май.txt": "оплатить",
            "бумага.txt": "Договор аренды. По договору платит арендатор.",
            "скан.pdf": b"%PDF\0",
            "прочее.txt": "ничего",
        }
    )
    outcome = await box.call("files.sort", "ru", folder=box.path(), by="content", topics=["счета", "договоры"])
    assert {os.path.relpath(change.to, box.root): change.why for change in outcome.changes if change.to} == {
        "счета/счёт за май.txt": "«счета» в имени или тексте: 5",
        "договоры/бумага.txt": "«договоры» в имени или тексте: 2",
    }
    assert "никуда не подошли: 2" in outcome.text
    assert outcome.taints == ()


async def test_memory_knows_topics_of_what_is_no_text(box: Toolbox):
    path = box.write("scan.pdf", b"%PDF\0")
    evidence = Evidence(
        n=1, chunk_id="c", source_id="s", path=path, span=Span(unit="page", start=1, end=1), part=0, offset=0, text="rent",
        scope="", language="en", digest="", score=0.8,
    )  # fmt: skip
    memory = FakeRecalling({"contracts": ContextPack(query="contracts", evidence=(evidence,), tokens=1, budget=10)})
    outcome = await box.call(
        "files.sort", more={"memory": memory}, folder=box.path(), by="content", topics=["invoices", "contracts", "?"]
    )
    assert [change.to for change in outcome.changes if change.to] == [box.path("contracts/scan.pdf")]
    assert outcome.changes[-1].why == "memory finds it under “contracts”"
    assert memory.asked[0].signals.file_hints == (box.path("**"),)


async def test_without_memory_topics_go_by_words_alone(box: Toolbox):
    class Silent(FakeRecalling):
        async def gather(self, query: RecallQuery, budget: int) -> ContextPack:
            raise ModelError("no model")

    box.put(**{"invoice 5.txt": "x"})
    outcome = await box.call("files.sort", more={"memory": Silent()}, folder=box.path(), by="content", topics=["invoices"])
    assert len(outcome.changes) == 2


async def test_without_topics_shared_words_make_some(box: Toolbox):
    box.put(
        **{
            "1.txt": "The budget for spring. Budget again.",
            "2.txt": "Another budget, for the summer holidays",
            "3.txt": "Recipe of soup with carrots",
            "4.txt": "Carrots carrots: soup for winter",
            "5.txt": "Nothing alike here",
        }
    )
    outcome = await box.call("files.sort", folder=box.path(), by="content")
    places = {name_of(change.path): name_of(folder_of(change.to)) for change in outcome.changes if change.to}
    assert places["1.txt"] == places["2.txt"] == "Budget"
    assert places["3.txt"] == places["4.txt"] != "Budget"
    assert "5.txt" not in places
    assert {taint.origin for taint in outcome.taints} == {"file"}


async def test_nothing_to_sort(box: Toolbox):
    assert (await box.call("files.sort", folder=box.path(), by="content")).empty
