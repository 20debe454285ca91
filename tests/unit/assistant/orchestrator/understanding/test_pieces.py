"""Names of what is at hand are set apart before any rule reads a request."""

from assistant.orchestrator.understanding.pieces import pieces


def test_a_folder_at_hand_is_told_by_the_word_before_it() -> None:
    at_hand = ("shots/", "a b/", "in/")
    found = [(piece.kind, piece.value) for piece in pieces("sort the photos in shots by month", at_hand)]
    assert found == [("path", "shots")]
    assert [piece.value for piece in pieces("разложи фото из shots/ и из a b", at_hand)] == ["shots", "a b"]
    assert pieces("shots are nice", at_hand) == []
    assert [piece.value for piece in pieces("list in shots.txt", at_hand)] == ["shots.txt"]
