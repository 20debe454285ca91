"""Searching: both indexes, hints, odd questions, and sources that changed or went."""

import pytest

from assistant.config import Settings
from assistant.domain.errors import StorageError
from assistant.domain.memory import RecallQuery, Signals, cite_at
from assistant.memory.recall.searching import query_language
from assistant.ports.stores import Scored
from tests.fakes.memory import Room
from tests.unit.assistant.memory.recall.candidates import source


@pytest.fixture
async def room() -> Room:
    made = Room()
    made.files.write("/r/notes/day.txt", "the lamp burns in the harbour")
    made.files.write("/r/src/lamp.py", "lamp = harbour")
    made.files.write("/r/src/other.txt", "the lamp burns brightly")
    await made.add("/r")
    return made


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "?!… — *"])
async def test_a_question_without_words_finds_nothing_and_asks_no_model(room: Room, text: str) -> None:
    assert (await room.memory.recall(RecallQuery(text=text))).items == ()
    hinted = await room.found(text, signals=Signals(file_hints=("lamp.py",)))
    assert hinted[0] == "/r/src/lamp.py"


@pytest.mark.parametrize("hint", ["src/**", "*.py", "lamp.py", "/r/src"])
async def test_a_hint_lifts_what_it_names_and_hides_nothing(room: Room, hint: str) -> None:
    plain = {h.cite.path: h.score for h in (await room.memory.recall(RecallQuery(text="lamp harbour burns"))).items}
    query = RecallQuery(text="lamp harbour burns", signals=Signals(file_hints=(hint,)))
    lifted = {h.cite.path: h.score for h in (await room.memory.recall(query)).items}
    assert plain.keys() == lifted.keys()
    assert lifted["/r/src/lamp.py"] > plain["/r/src/lamp.py"] + 0.02
    assert lifted["/r/notes/day.txt"] <= plain["/r/notes/day.txt"]


async def test_modality_restricts_both_indexes(room: Room) -> None:
    assert await room.found("lamp harbour", modality=("code",)) == ["/r/src/lamp.py"]


async def test_one_index_alone_can_be_asked(room: Room) -> None:
    dense = await room.memory.recall(RecallQuery(text="lamp"), "dense")
    sparse = await room.memory.recall(RecallQuery(text="harbour"), "sparse")
    assert {hit.parts.sparse for hit in dense.items} == {0.0}
    assert {hit.parts.dense for hit in sparse.items} == {None}
    assert len(dense.items) == 3
    assert len(sparse.items) == 2


async def test_duplicates_fold_and_name_their_places(room: Room) -> None:
    room.files.write("/r/copy.txt", "the lamp burns in the harbour")
    await room.add("/r")
    hits = (await room.memory.recall(RecallQuery(text="lamp burns harbour"))).items
    best = next(hit for hit in hits if "in the harbour" in hit.snippet)
    assert {best.cite.path, *(also.path for also in best.also)} == {"/r/copy.txt", "/r/notes/day.txt"}


async def test_k_bounds_the_hits(room: Room) -> None:
    assert len(await room.found("lamp", k=2)) == 2


async def test_a_file_changed_since_is_marked(room: Room) -> None:
    room.files.write("/r/src/other.txt", "something else entirely")
    changed = {h.cite.path: h.source_changed for h in (await room.memory.recall(RecallQuery(text="lamp"))).items}
    assert changed == {"/r/src/other.txt": True, "/r/src/lamp.py": False, "/r/notes/day.txt": False}
    await room.memory.enqueue(["/r"])
    changed = {h.cite.path: h.source_changed for h in (await room.memory.recall(RecallQuery(text="lamp"))).items}
    assert changed["/r/src/other.txt"], "it waits to be read: what is shown is still the old text"


async def test_what_vanishes_from_the_records_meanwhile_is_left_out(room: Room) -> None:
    gone = (await room.memory.source("/r/src/lamp.py")).id
    del room.records.sources[gone]
    assert "/r/src/lamp.py" not in await room.found("lamp harbour")
    room.records.chunks.clear()
    assert await room.found("lamp harbour") == []


async def test_a_model_that_fails_leaves_text_search_and_says_so(room: Room) -> None:
    assert room.embedder is not None
    room.embedder.failing = True
    result = await room.memory.recall(RecallQuery(text="harbour"))
    assert len(result.items) == 2
    assert result.notes == ("text search only: The fake model refuses.",)


async def test_newer_sources_come_first_where_all_else_is_equal() -> None:
    room = Room(settings=Settings.model_validate({"recall": {"recency_days": 1}}))
    now = room.clock.now().timestamp()
    for name, age in [("old", 9), ("new", 0), ("mid", 3)]:
        room.files.now = now - age * 86_400
        room.files.write(f"/r/{name}.txt", f"harbour {name}")
    await room.add("/r")
    assert await room.found("harbour") == ["/r/new.txt", "/r/mid.txt", "/r/old.txt"]


@pytest.mark.parametrize(
    ("text", "language"),
    [("где ключ", "ru"), ("где лежит файл config.py", "ru"), ("retry limit", ""), ("", ""), ("ошибка ConnectionResetError", "")],
)
def test_the_language_of_a_question(text: str, language: str) -> None:
    assert query_language(text) == language


@pytest.mark.parametrize(
    ("span", "place"),
    [
        ({"unit": "line", "start": 3, "end": 5}, {"line": 3, "line_end": 5}),
        ({"unit": "page", "start": 2, "end": 2, "line": 7, "line_end": 9}, {"page": 2, "line": 7, "line_end": 9}),
        ({"unit": "page", "start": 2, "end": 2}, {"page": 2}),
        ({"unit": "cell", "start": 4, "end": 4}, {"cell": "cell 4"}),
        ({"unit": "cell", "start": 4, "end": 9, "label": "Лист1"}, {"cell": "Лист1 4-9"}),
    ],
)
def test_places_are_named_as_a_person_reads_them(span: dict[str, object], place: dict[str, object]) -> None:
    from assistant.domain.document import Span

    assert cite_at(source().path, Span.model_validate(span)).model_dump(exclude_none=True) == {"path": "/r/s.txt", **place}


async def test_secrets_are_marked_and_hidden_unless_asked_for() -> None:
    room = Room()
    room.files.write("/n/safe.txt", "The password of the archive is Zebra-41-lamp. Ask greta@orchard.example.")
    await room.add("/n")
    (hit,) = (await room.memory.recall(RecallQuery(text="archive password"))).items
    assert hit.sensitive == ("password", "e-mail")
    assert hit.snippet == "The password of the archive is [password]. Ask greta@orchard.example."
    (hit,) = (await room.memory.recall(RecallQuery(text="archive password", secrets=True))).items
    assert "Zebra-41-lamp" in hit.snippet


async def test_vectors_that_cannot_be_asked_leave_text_search(monkeypatch: pytest.MonkeyPatch) -> None:
    room = Room()
    room.files.write("/n/tea.txt", "Green tea is brewed at eighty degrees.")
    await room.add("/n")

    async def unreachable(*_: object) -> list[Scored]:
        raise StorageError("The vector server does not answer.")

    monkeypatch.setattr(room.dense, "search", unreachable)
    found = await room.memory.recall(RecallQuery(text="green tea"))
    assert len(found.items) == 1
    assert "text search only: The vector server does not answer." in found.notes
