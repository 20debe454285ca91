"""What the preview pane gets: the place in the text as it is now, or why there is nothing to show."""

import pytest

from assistant.domain.errors import NotRememberedError
from assistant.domain.memory import Cite
from assistant.orchestrator.previews import MOST_CHARACTERS, Previews
from tests.fakes.memory import Room

PATH = "/notes/valves.txt"
QUOTE = "The blue valve stays shut."
TEXT = f"Valves\n\nThe red valve opens.\n\n{QUOTE}\n"


@pytest.fixture
async def room() -> Room:
    held = Room(model=False)
    held.files.write(PATH, TEXT)
    held.files.write("/notes/tool.py", "def open_valve():\n    return True\n")
    await held.add("/notes")
    return held


@pytest.fixture
def previews(room: Room) -> Previews:
    return Previews(room.memory, room.reader, room.walker)


async def test_the_quote_is_marked_where_it_stands(previews: Previews) -> None:
    view = await previews.show(Cite(path=PATH, line=5, line_end=5), QUOTE, 800)
    assert (view.kind, view.line, view.line_end, view.quote, view.note) == ("text", 5, 5, QUOTE, "")
    assert view.text == TEXT


async def test_without_a_quote_the_line_is_shown(previews: Previews) -> None:
    view = await previews.show(Cite(path=PATH, line=3), "", 800)
    assert (view.line, view.quote, view.note) == (3, "", "")


async def test_of_equal_quotes_the_one_at_the_cited_line_is_marked(room: Room, previews: Previews) -> None:
    room.files.write(PATH, "\n".join([QUOTE, *["."] * 9, QUOTE, *["."] * 9, QUOTE]))
    await room.add(PATH)
    assert (await previews.show(Cite(path=PATH, line=11), QUOTE, 800)).line == 11


async def test_a_changed_source_says_so(room: Room, previews: Previews) -> None:
    room.files.write(PATH, "One line more.\n" + TEXT)
    moved = await previews.show(Cite(path=PATH, line=5), QUOTE, 800)
    assert (moved.note, moved.line, moved.quote) == ("source changed", 6, QUOTE)
    room.files.write(PATH, "All is new.\n")
    gone = await previews.show(Cite(path=PATH, line=5), QUOTE, 800)
    assert (gone.note, gone.quote) == ("source changed", "")


async def test_a_missing_source_shows_the_quote_and_the_reason(room: Room, previews: Previews) -> None:
    room.files.remove(PATH)
    view = await previews.show(Cite(path=PATH, line=5), QUOTE, 800)
    assert (view.kind, view.quote) == ("none", QUOTE)
    assert "cannot be read" in view.note


async def test_what_is_not_remembered_is_not_shown(room: Room, previews: Previews) -> None:
    room.files.write("/etc/secret.txt", "no")
    with pytest.raises(NotRememberedError):
        await previews.show(Cite(path="/etc/secret.txt"), "", 800)
    assert "/etc/secret.txt" not in room.reader.reads


async def test_code_is_shown_as_code(previews: Previews) -> None:
    view = await previews.show(Cite(path="/notes/tool.py", line=1), "def open_valve():", 800)
    assert (view.kind, view.language, view.line) == ("code", "python", 1)


async def test_of_a_very_long_text_the_part_around_the_place_is_shown(room: Room, previews: Previews) -> None:
    lines = [f"line number {n}" for n in range(60_000)]
    lines[50_000] = QUOTE
    room.files.write(PATH, "\n".join(lines))
    await room.add(PATH)
    view = await previews.show(Cite(path=PATH, line=50_001), QUOTE, 800)
    assert len(view.text) <= MOST_CHARACTERS
    assert view.first_line > 1
    assert view.line == 50_001
    assert view.text.splitlines()[view.line - view.first_line] == QUOTE
