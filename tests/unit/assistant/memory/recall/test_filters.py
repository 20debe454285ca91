"""Filters in questions really filter, phrases come first, slips are put right: through the memory room over fakes."""

import pytest

from assistant.domain.memory import RecallQuery
from assistant.memory.recall.exact import held
from tests.fakes.memory import Room
from tests.unit.assistant.memory.recall.candidates import chunk


@pytest.fixture
async def room() -> Room:
    made = Room()
    made.files.write("/r/notes/day.txt", "the lamp burns in the harbour\n\nharbour lamp in the fog")
    made.files.write("/r/src/lamp.py", "lamp = harbour")
    made.files.write("/r/src/other.txt", "the lamp burns brightly over the bridge")
    made.files.write("/r/дом.txt", "лампа горит в порту каждый вечер")
    await made.add("/r")
    return made


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("lamp path:src", {"/r/src/lamp.py", "/r/src/other.txt"}),
        ("lamp путь:*.py", {"/r/src/lamp.py"}),
        ("lamp -path:src/** -path:дом.txt", {"/r/notes/day.txt"}),
        ("lamp modality:code", {"/r/src/lamp.py"}),
        ("lamp lang:en", {"/r/notes/day.txt", "/r/src/other.txt"}),
        ("лампа lang:ru", {"/r/дом.txt"}),
        ("lamp lang:ru path:src", set[str]()),
        ("lamp -bridge -порт", {"/r/notes/day.txt", "/r/src/lamp.py"}),
        ('lamp -"in the  Fog" -"the harbour"', {"/r/src/lamp.py", "/r/src/other.txt", "/r/дом.txt"}),
        ('lamp -"The  Bridge"', {"/r/src/lamp.py", "/r/notes/day.txt", "/r/дом.txt"}),
        ("lamp -lang:python -lang:ru", {"/r/notes/day.txt", "/r/src/other.txt"}),
        ("lamp -modality:code -bridge -порт", {"/r/notes/day.txt"}),
        ("-lang:en", {"/r/src/lamp.py", "/r/дом.txt"}),
        ("lamp before:2100", {"/r/notes/day.txt", "/r/src/lamp.py", "/r/src/other.txt", "/r/дом.txt"}),
        ("lamp after:2100", set[str]()),
        ("path:src", {"/r/src/lamp.py", "/r/src/other.txt"}),
        ("lang:ru", {"/r/дом.txt"}),
    ],
)
async def test_filters_let_through_what_they_name_and_all_of_it(room: Room, text: str, paths: set[str]) -> None:
    found = await room.memory.recall(RecallQuery(text=text))
    places = {cite.path for hit in found.items for cite in (hit.cite, *hit.also)}
    assert places == paths


async def test_the_filter_of_the_text_and_the_one_beside_it_join(room: Room) -> None:
    assert (await room.memory.recall(RecallQuery(text="lamp modality:code", modality=("text",)))).items == ()
    joined = await room.memory.recall(RecallQuery(text="lamp modality:code,text", modality=("code",)))
    assert {hit.modality for hit in joined.items} == {"code"}


async def test_the_evidence_of_an_answer_is_filtered_as_well(room: Room) -> None:
    pack = await room.memory.gather(RecallQuery(text="where is the lamp path:notes"), 1000)
    assert {one.path for one in pack.evidence} == {"/r/notes/day.txt"}
    assert pack.query == "where is the lamp"


async def test_what_holds_the_phrase_comes_first_and_scores_fall(room: Room) -> None:
    for phrase in ('"harbour lamp"', "«Harbour  Lamp» harbour"):
        items = (await room.memory.recall(RecallQuery(text=phrase))).items
        assert items[0].snippet == "harbour lamp in the fog"
        assert len(items) > 1
        assert [hit.score for hit in items] == sorted((hit.score for hit in items), reverse=True)


async def test_a_name_between_backticks_is_meant_letter_for_letter(room: Room) -> None:
    room.files.write("/r/a.py", "load_all = lamp load all\n\nload all lamp load all load all")
    await room.add("/r")
    items = (await room.memory.recall(RecallQuery(text="lamp `load_all`"))).items
    assert items[0].snippet.startswith("load_all")


@pytest.mark.parametrize(
    ("text", "best", "meant"),
    [
        ("brighlty bridge", "/r/src/other.txt", "brightly"),
        ("harbuor fog", "/r/notes/day.txt", "harbour"),
        ("kfvgf", "/r/дом.txt", "лампа"),
        ("vecher", "/r/дом.txt", "вечер"),
        ("lampa", "", "lamp"),
    ],
)
async def test_slips_are_put_right_and_said(room: Room, text: str, best: str, meant: str) -> None:
    found = await room.memory.recall(RecallQuery(text=text), "sparse")
    if best:
        assert found.items[0].cite.path == best
    if meant:
        assert f"also searched for: {meant}" in found.notes


async def test_short_words_beside_one_in_the_other_layout_are_retyped_too(room: Room) -> None:
    room.files.write("/r/мир.txt", "мир и дом, где горит лампа")
    await room.add("/r")
    found = await room.memory.recall(RecallQuery(text="kfvgf vbh"), "sparse")
    assert "also searched for: лампа, мир" in found.notes
    assert found.items[0].cite.path == "/r/мир.txt"
    assert not (await room.memory.recall(RecallQuery(text="vbh"), "sparse")).items


@pytest.mark.parametrize("text", ["lamp burns", "the of and", "зебра", "grpc", "xy", "lamp_post lampPost"])
async def test_what_is_right_or_unlike_anything_is_left_alone(room: Room, text: str) -> None:
    assert not [note for note in (await room.memory.recall(RecallQuery(text=text))).notes if "also" in note]


async def test_a_long_run_of_letters_is_data_and_costs_nothing(room: Room) -> None:
    for typed in ("x" * 50_000, "[" * 50_000, "ж" * 50_000):
        assert not [note for note in (await room.memory.recall(RecallQuery(text=typed), "sparse")).notes if "also" in note]


async def test_a_phrase_that_stands_nowhere_is_said_and_composed_letters_are_the_same(room: Room) -> None:
    found = await room.memory.recall(RecallQuery(text='"lamp harbour bridge"'))
    assert any("“lamp harbour bridge” stands nowhere" in note for note in found.notes)


def test_a_phrase_is_held_however_its_letters_are_composed() -> None:
    composed, apart = chunk("a", "йога и чайник"), chunk("b", "и\u0306ога  и\nчаи\u0306ник")
    for phrase in ("йога и чайник", "и\u0306ога и чаи\u0306ник"):
        assert held([phrase], [], {"a": composed, "b": apart}) == {"a": 1, "b": 1}


async def test_a_malformed_filter_is_said(room: Room) -> None:
    found = await room.memory.recall(RecallQuery(text="lamp before:soon"))
    assert any("before:soon" in note for note in found.notes)
    assert found.items
