"""Passages of remembered files without a question: spread over each file, in its order."""

from itertools import pairwise

from tests.fakes.memory import Room

LONG = "\n\n".join(f"Paragraph {n}: {'the lamp burns in the harbour and nobody sees it. ' * 12}" for n in range(60))


async def test_a_long_file_is_looked_at_from_its_beginning_to_its_end() -> None:
    room = Room()
    room.files.write("/r/long.txt", LONG)
    room.files.write("/r/short.txt", "The password: hunter2-Blue-Horse-77 is for the door.")
    await room.add("/r")
    found = await room.memory.excerpts(["/r/short.txt", "/r/gone.txt", "/r/long.txt", "/r/short.txt"], 4)
    assert [one.path for one in found.evidence] == ["/r/short.txt", *["/r/long.txt"] * 4]
    assert [one.n for one in found.evidence] == [1, 2, 3, 4, 5]
    long = found.evidence[1:]
    assert long[0].text.startswith("Paragraph 0")
    assert all(one.offset < other.offset for one, other in pairwise(long))
    assert long[-1].offset > len(LONG) / 2
    assert found.evidence[0].withheld
    assert found.tokens > 0
