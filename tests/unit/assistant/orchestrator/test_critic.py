"""Nothing unproven passes the critic."""

import pytest

from assistant.domain.answer import Citation, Claim
from assistant.domain.document import Span
from assistant.orchestrator.critic import review
from tests.fakes.packs import evidence, pack

PAGE = Span(unit="page", start=4, end=4, line=2, line_end=3)
HELD = pack(evidence("The rent is 5 euros.\nIt is due."), evidence("The rent is paid.", 2, span=PAGE))
SOUND = Citation(
    n=1, path="/notes/file1.md", line=10, line_end=10, quote="The rent is 5 euros.", hash="digest 1", chunk_id="mi_1"
)
PAGED = Citation(n=2, path="/notes/file2.md", line=2, page=4, quote="rent is paid", hash="digest 2", chunk_id="mi_2")


def test_what_is_proven_stays_as_it_is() -> None:
    claims = (Claim(text="a", citations=(1,)), Claim(text="b", citations=(2, 1)))
    passed = review(claims, (SOUND, PAGED), HELD)
    assert (passed.claims, passed.citations, passed.notes) == (claims, (SOUND, PAGED), ())


def test_an_uncited_claim_is_dropped_and_the_rest_renumbered() -> None:
    claims = (Claim(text="a", citations=()), Claim(text="b", citations=(2, 2)), Claim(text="c", citations=(7,)))
    passed = review(claims, (SOUND, PAGED), HELD)
    assert passed.claims == (Claim(text="b", citations=(1,)),)
    assert passed.citations == (PAGED.model_copy(update={"n": 1}),)
    assert len(passed.notes) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"chunk_id": "mi_9"},
        {"path": "/notes/other.md"},
        {"hash": "other"},
        {"quote": "The rent is 6 euros."},
        {"quote": " "},
        {"line": 9},
        {"line_end": 12},
        {"page": 4},
    ],
)
def test_a_citation_that_does_not_hold_is_refused_with_its_claim(change: dict[str, object]) -> None:
    passed = review((Claim(text="a", citations=(1,)),), (SOUND.model_copy(update=change),), HELD)
    assert (passed.claims, passed.citations) == ((), ())
    assert len(passed.notes) == 2


def test_a_page_outside_the_evidence_is_refused() -> None:
    wrong = PAGED.model_copy(update={"page": 5})
    assert review((Claim(text="a", citations=(2,)),), (wrong,), HELD).citations == ()


def test_a_citation_without_lines_holds_by_its_quote() -> None:
    bare = PAGED.model_copy(update={"line": None})
    assert review((Claim(text="a", citations=(2,)),), (bare,), HELD).claims
