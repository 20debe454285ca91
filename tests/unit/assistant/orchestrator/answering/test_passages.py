"""Evidence falls apart into passages that stand where they say."""

from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.document import Span
from assistant.domain.quoting import place
from assistant.orchestrator.answering import passages
from assistant.orchestrator.answering.passages import MOST_CODE_LINES
from tests.fakes.packs import evidence, pack

GO = """// Package spool keeps readings.

// Confirm removes everything up to the sequence.
// A lost answer repeats a batch.
func (s *Spool) Confirm(sequence int) error {
	s.first = sequence
	return nil
}
"""
PYTHON = '''class Window:
    """Remembers the highest sequence.

    Filters a batch.
    """

    size = 3

    def admit(self, batch):
        """Return what is new."""
        one = 1
        two = 2
        three = 3
        four = 4
        five = 5
        six = 6
        seven = 7
'''


def texts(text: str, language: str) -> list[str]:
    return [passage.text for passage in passages(pack(evidence(text, language=language)))]


def test_prose_falls_into_sentences_and_headings_are_marked() -> None:
    found = passages(pack(evidence("Rent\nThe rent is 5. It is due.\n# More", scope="Lease > Rent")))
    assert [(one.text, one.heading) for one in found] == [
        ("Rent", True),
        ("The rent is 5.", False),
        ("It is due.", False),
        ("# More", True),
    ]


def test_comments_stay_with_the_signature_they_explain() -> None:
    assert texts(GO, "go") == [
        "// Package spool keeps readings.",
        "// Confirm removes everything up to the sequence.\n// A lost answer repeats a batch.\n"
        "func (s *Spool) Confirm(sequence int) error {",
        "\ts.first = sequence\n\treturn nil\n}",
    ]


def test_docstrings_stay_with_their_signature_and_bodies_are_bounded() -> None:
    found = texts(PYTHON, "python")
    assert found[0] == 'class Window:\n    """Remembers the highest sequence.\n\n    Filters a batch.\n    """'
    assert found[1] == "    size = 3"
    assert found[2].startswith('    def admit(self, batch):\n        """Return what is new."""\n        one = 1')
    assert all(len(text.split("\n")) <= MOST_CODE_LINES for text in found)
    assert len(found) == 4


def test_places_of_lines_pages_cells_and_rows() -> None:
    text = "one.\n\ntwo.\nthree."
    assert place(evidence(text), 6, 17) == Span(unit="line", start=12, end=13)
    page = Span(unit="page", start=7, end=7, line=3, line_end=6)
    assert place(evidence(text, span=page), 6, 10) == Span(unit="page", start=7, end=7, line=5, line_end=5)
    unknown = Span(unit="page", start=7, end=7)
    assert place(evidence(text, span=unknown), 6, 10) == unknown
    rows = Span(unit="cell", start=4, end=7, label="Costs", line=4, line_end=7)
    assert place(evidence(text, span=rows), 6, 17) == Span(unit="cell", start=6, end=7, label="Costs", line=6, line_end=7)
    cell = Span(unit="cell", start=9, end=9, label="code", line=1, line_end=4)
    assert place(evidence(text, span=cell), 6, 10) == Span(unit="cell", start=9, end=9, label="code", line=3, line_end=3)


PIECES = st.sampled_from(["Word ", "x = 1\n", '"""', "# note\n", "def f():\n", "\n", "\r\n", ". ", "}", "// c\n", "слово. "])


@given(st.lists(PIECES, max_size=40).map("".join), st.sampled_from(["python", "en", ""]))
def test_every_passage_is_a_visible_stretch_on_its_lines(text: str, language: str) -> None:
    found = passages(pack(evidence(text, language=language)))
    for one in found:
        assert one.text.strip()
        first = one.start + len(one.text) - len(one.text.lstrip())
        assert one.span.start == 10 + text[:first].replace("\r\n", "\n").count("\n")
        assert one.span.start <= one.span.end
    assert [one.start for one in found] == sorted({one.start for one in found})
