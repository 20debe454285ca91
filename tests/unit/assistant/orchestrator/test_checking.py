"""Citations against the files as they are now: nothing is quoted that does not stand there."""

from typing import Any

import pytest

from assistant.domain.answer import Citation, Claim
from assistant.domain.document import Document, Part, SourceState
from assistant.orchestrator.checking import SourceCheck
from tests.fakes.memory import Room

PATH = "/notes/valves.md"
TEXT = "# Valves\n\nThe red valve opens at nine.\n\nThe blue valve stays shut.\n"
QUOTE = "The blue valve stays shut."


@pytest.fixture
async def room() -> Room:
    held = Room()
    held.files.write(PATH, TEXT)
    await held.add("/notes")
    return held


@pytest.fixture
def check(room: Room) -> SourceCheck:
    return SourceCheck(room.memory, room.reader, room.walker)


def citation(n: int = 1, quote: str = QUOTE, line: int | None = 5, path: str = PATH, **more: object) -> Citation:
    return Citation.model_validate(
        {"n": n, "path": path, "quote": quote, "hash": "0" * 64, "line": line, "line_end": line, **more}
    )


async def test_an_untouched_file_is_verified_and_not_read_again(room: Room, check: SourceCheck) -> None:
    room.reader.reads.clear()
    cited = citation()
    found = await check.check([Claim(text="It stays shut.", citations=(1,))], [cited])
    assert found.citations == (cited,)
    assert found.changed == ()
    assert room.reader.reads == []


async def test_a_quote_that_moved_is_cited_where_it_stands_now(room: Room, check: SourceCheck) -> None:
    room.files.write(PATH, "New first line.\nAnother one.\n" + TEXT)
    found = (await check.check([Claim(text="It stays shut.", citations=(1,))], [citation()])).citations[0]
    assert (found.state, found.line, found.line_end) == ("source changed", 7, 7)
    assert found.quote == QUOTE
    assert found.line is not None
    assert room.files.texts[PATH].splitlines()[found.line - 1] == QUOTE


async def test_of_several_the_nearest_place_is_cited(room: Room, check: SourceCheck) -> None:
    room.files.write(PATH, "\n".join([QUOTE, *["."] * 8, QUOTE, *["."] * 30, QUOTE]))
    assert (await check.mark([citation(line=12)]))[0].line == 10


async def test_a_quote_that_is_gone_is_dropped_with_its_claim_and_numbers_close_up(room: Room, check: SourceCheck) -> None:
    room.files.write(PATH, TEXT.replace(QUOTE, "The blue valve is stuck."))
    claims = [Claim(text="Shut.", citations=(1,)), Claim(text="Opens at nine, stays shut.", citations=(1, 2))]
    found = await check.check(claims, [citation(1), citation(2, "The red valve opens at nine.", 3)])
    assert found.claims == (Claim(text="Opens at nine, stays shut.", citations=(1,)),)
    assert [(c.n, c.quote) for c in found.citations] == [(1, "The red valve opens at nine.")]
    assert found.changed == (PATH,)


async def test_a_letter_is_enough_of_a_change(room: Room, check: SourceCheck) -> None:
    room.files.write(PATH, TEXT.replace("stays shut.", "stays shut!"))
    assert (await check.mark([citation()]))[0].quote == ""


async def test_a_missing_file_proves_nothing(room: Room, check: SourceCheck) -> None:
    room.files.remove(PATH)
    found = await check.check([Claim(text="Shut.", citations=(1,))], [citation()])
    assert (found.claims, found.citations, found.changed) == ((), (), (PATH,))
    assert (await check.mark([citation()]))[0].state == "source missing"


async def test_a_forgotten_file_proves_nothing(room: Room, check: SourceCheck) -> None:
    await room.memory.forget(PATH)
    assert (await check.mark([citation()]))[0].state == "source missing"


async def test_a_changed_file_is_known_to_need_an_update(room: Room, check: SourceCheck) -> None:
    room.files.write(PATH, TEXT + "More.\n")
    await check.mark([citation()])
    source = await room.memory.source(PATH)
    assert source.state is SourceState.NEEDS_UPDATE
    assert source.reason


async def test_a_file_is_looked_at_once_for_all_its_citations(room: Room, check: SourceCheck) -> None:
    room.walker.digested.clear()
    await check.mark([citation(1), citation(2, "The red valve opens at nine.", 3)])
    assert room.walker.digested == [PATH]


@pytest.mark.parametrize(
    ("more", "state", "quote"),
    [
        ({"page": 2}, "source changed", QUOTE),
        ({"page": 1}, "source changed", ""),
        ({"cell": "cell 2"}, "source changed", QUOTE),
        ({"cell": "cell 1"}, "source changed", ""),
    ],
)
async def test_a_quote_that_went_to_another_page_or_cell_is_not_cited_here(
    room: Room, check: SourceCheck, more: dict[str, Any], state: str, quote: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = "page" if "page" in more else "cell"

    async def read(_path: str) -> Document:
        parts = [Part.model_validate({"kind": kind, "number": n, "text": text}) for n, text in ((1, "Nothing."), (2, QUOTE))]
        return Document(media="application/pdf", modality="text", extracted=True, parts=tuple(parts))

    monkeypatch.setattr(room.reader, "read", read)
    room.files.write(PATH, "changed")
    found = (await check.mark([citation(line=None, **more)]))[0]
    assert (found.state, found.quote) == (state, quote)
