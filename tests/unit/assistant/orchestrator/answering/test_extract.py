"""Answers without a language model: the right sentence, quoted letter for letter, or none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.config.schema import Answering
from assistant.domain.document import Span
from assistant.domain.memory import ContextPack, Evidence
from assistant.orchestrator.answering import extract, passages
from assistant.orchestrator.answering.features import likeness
from assistant.orchestrator.critic import review
from tests.fakes.packs import evidence, pack

LEASE = (
    "Section 3. Rent\nThe rent is 1,926 euros a month, payable in advance. Heating is paid in addition, on a meter.\n\n"
    "The landlord keeps the roof in order. He also repairs the gate within five days."
)
LIFT = "Помещение передаётся 24 августа. Грузоподъёмность лифта 630 килограммов. Ключи у охраны."
ALWAYS = Answering(min_support=0.0)


def best(question: str, *held: Evidence) -> str:
    return extract(question, pack(*held), ALWAYS).claims[0].text


def test_the_answering_sentence_comes_first() -> None:
    assert best("How high is the monthly rent?", evidence(LEASE, scope="Section 3. Rent")).startswith("The rent is 1,926 euros")
    assert best("Сколько килограммов поднимает лифт?", evidence(LIFT, language="ru")) == "Грузоподъёмность лифта 630 килограммов."


def test_a_citation_is_the_quote_with_its_lines() -> None:
    drawn = extract("How high is the monthly rent?", pack(evidence(LEASE)), Answering())
    citation = drawn.citations[drawn.claims[0].citations[0] - 1]
    assert not drawn.abstained
    assert citation.quote in LEASE
    assert (citation.line, citation.hash, citation.chunk_id, citation.path) == (11, "digest 1", "mi_1", "/notes/file1.md")


def test_a_question_foreign_to_the_evidence_is_not_answered() -> None:
    drawn = extract("Which enzyme splits Lactose in Infants?", pack(evidence(LEASE), evidence(LIFT, 2)), Answering())
    assert drawn.abstained
    assert drawn.claims == drawn.citations == ()
    assert drawn.support < 0.3
    assert [citation.n for citation in drawn.nearest] == [1, 2]


def test_nothing_to_go_by() -> None:
    empty = extract("What?", pack(), Answering())
    assert (empty.abstained, empty.support, empty.nearest) == (True, 0.0, ())
    assert extract("", pack(evidence(LEASE)), Answering()).abstained
    headings = extract("Rent?", pack(evidence("# Rent", scope="Rent")), ALWAYS)
    assert headings.abstained
    assert headings.nearest == ()


def test_similarity_finds_what_words_do_not() -> None:
    held = pack(evidence("Staff get 26 days of paid leave each year. The router is in the grey box by the door of the hall."))
    found = passages(held)
    by_meaning = extract("How much vacation is there?", held, ALWAYS, found, [0.7, 0.0])
    assert by_meaning.claims[0].text.startswith("Staff get 26 days")
    assert by_meaning.support > extract("How much vacation is there?", held, ALWAYS, found, [0.1, 0.0]).support


def test_passages_in_a_language_the_model_does_not_know_are_judged_by_words() -> None:
    held = pack(evidence(LIFT, language="ru"), evidence("The lift is painted grey and green.", 2))
    found = passages(held)
    some = extract("Какая грузоподъёмность лифта?", held, ALWAYS, found, [None, None, None, 0.1])
    none = extract("Какая грузоподъёмность лифта?", held, ALWAYS, found, [None] * 4)
    assert some.claims[0].text == none.claims[0].text == "Грузоподъёмность лифта 630 килограммов."


def test_equal_statements_become_one_claim_with_several_citations() -> None:
    held = pack(
        evidence("The rent is 1,926 euros a month, payable in advance."),
        evidence("- The rent is 1,926 euros a month, payable in advance.", 2),
        evidence("The rent is 2,100 euros a month, payable in advance.", 3),
    )
    drawn = extract("How high is the rent?", held, ALWAYS)
    assert [len(claim.citations) for claim in drawn.claims] == [2, 1]
    assert drawn.claims[0].text == "The rent is 1,926 euros a month, payable in advance."


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The zebra gateway restarts every seven minutes because the scheduler drops its lease.", "seven nine"),
        ("The north gate of the depot is open to lorries at night.", "is is_not"),
        ("The old depot in Riga sends all its goods to the new depot in Oslo by rail.", "Riga Oslo|Oslo Riga"),
        ("In the cold store of the depot the goods are held at 5 degrees.", "5 -5"),
    ],
)
def test_a_statement_that_differs_by_one_word_is_no_proof(one: str, other: str) -> None:
    told = one
    for pair in other.split("|"):
        old, new = pair.split()
        told = told.replace(old, "\0" + new.replace("_", " "), 1)
    told = told.replace("\0", "")
    drawn = extract("What is told of the gateway, the gate and the depot?", pack(evidence(one), evidence(told, 2)), ALWAYS)
    quoted = {citation.n: citation.quote for citation in drawn.citations}
    assert drawn.claims
    for claim in drawn.claims:
        assert {quoted[n] for n in claim.citations} == {claim.text}


def test_a_repetition_within_one_evidence_is_said_once() -> None:
    text = "The rent is 1,926 euros.\n\nThe rent is 1,926 euros."
    drawn = extract("How high is the rent?", pack(evidence(text)), ALWAYS)
    assert [claim.citations for claim in drawn.claims] == [(1,)]


def test_a_question_in_the_text_is_quoted_with_its_answer() -> None:
    text = "**Какие батарейки покупать?** Только литиевые, размер AA.\n\nШлюз стоит отдельно от всех остальных приборов."
    assert best("Какие батарейки покупать для датчика?", evidence(text, language="ru")) == (
        "Какие батарейки покупать? Только литиевые, размер AA."
    )


def test_a_sentence_that_leans_back_is_quoted_with_the_one_before() -> None:
    text = "Pier needs a solar panel in the field. It bridges nine dull days in December without any sun at all."
    assert best("How many dull days in December without sun?", evidence(text)) == text
    long = "Pier needs " + "a very " * 50 + "big panel. It bridges nine dull days in December without any sun at all."
    assert best("How many dull days in December without sun?", evidence(long)).startswith("It bridges")


def test_list_items_are_not_run_together() -> None:
    text = "- Drain the engine of the boat in late autumn.\n- Drain the tank of the boat in late autumn."
    drawn = extract("When to drain engine and tank of the boat?", pack(evidence(text)), ALWAYS)
    assert all(not claim.text.startswith("-") and claim.text.count("Drain") == 1 for claim in drawn.claims)


def test_neighbouring_sentences_become_one_claim() -> None:
    text = "The spare pump stands in the boat shed. The old pump of the boat stands in the barn."
    drawn = extract("Where does the pump of the boat stand?", pack(evidence(text)), ALWAYS)
    assert [claim.text for claim in drawn.claims] == [text]


def test_no_more_claims_than_asked_for_and_few_from_one_evidence() -> None:
    text = "\n\n".join(f"The pump number {n} of the boat works." for n in range(1, 9))
    held = pack(*(evidence(text.replace("boat", f"boat {n}00"), n) for n in range(1, 5)))
    drawn = extract("Which pump of the boat works?", held, Answering(min_support=0.0, max_claims=5))
    assert len(drawn.claims) == 5
    chunks = [drawn.citations[claim.citations[0] - 1].chunk_id for claim in drawn.claims]
    assert max(chunks.count(chunk) for chunk in chunks) <= 2


def test_code_is_quoted_by_signature_and_comment() -> None:
    code = '"""Invoices."""\n\ndef late_fee(gross, due):\n    """Nothing during the grace of seven days."""\n    return 0\n'
    held = evidence(code, language="python", path="/code/invoice_numbers.py")
    drawn = extract("How many days of grace before a late fee?", pack(held), ALWAYS)
    assert drawn.claims[0].text == code[17:].rstrip()
    assert (drawn.citations[0].line, drawn.citations[0].line_end) == (12, 14)


def test_a_note_of_one_line_is_quoted_though_it_is_its_own_title() -> None:
    note = "Meeting about the harbour lease, rent rises in May"
    titled = evidence(note, path="/notes/note.txt", scope=note)
    other = evidence("invoice 3", path="/notes/inv3.txt", scope="invoice 3")
    assert best("When does the rent rise?", titled, other) == note


def test_scope_and_file_name_count_as_context() -> None:
    plain = "Done not later than 10 September."
    held = pack(evidence(plain, 1, scope="Bees > Feeding"), evidence("Done not later than 5 October.", 2, scope="Boat > Lift"))
    assert extract("When must feeding be done?", held, ALWAYS).claims[0].text == plain


@pytest.mark.parametrize(
    ("span", "page", "cell", "line"),
    [
        (Span(unit="page", start=4, end=4, line=2, line_end=3), 4, None, 2),
        (Span(unit="cell", start=2, end=2, label="code", line=1, line_end=3), None, "code 2", 1),
        (Span(unit="cell", start=5, end=6, label="", line=5, line_end=6), None, "cell 5", 5),
        (Span(unit="page", start=4, end=4), 4, None, None),
    ],
)
def test_pages_and_cells_are_named(span: Span, page: int | None, cell: str | None, line: int | None) -> None:
    citation = extract("How high is the rent?", pack(evidence("The rent is 5 euros.", span=span)), ALWAYS).citations[0]
    assert (citation.page, citation.cell, citation.line) == (page, cell, line)


def test_rows_of_a_sheet_are_named_as_a_range() -> None:
    span = Span(unit="cell", start=5, end=6, label="Costs", line=5, line_end=6)
    citation = extract("How high is the rent?", pack(evidence("The rent of the shed\nis 5 euros.", span=span)), ALWAYS).citations[
        0
    ]
    assert citation.cell == "Costs 5-6"


def test_likeness_joins_words_of_one_family() -> None:
    assert likeness("pump", "pump") == 1.0
    assert likeness("calibr", "calibrat") == likeness("telephon", "telephone") == 0.8
    assert likeness("rent", "rental") == 0.8
    assert likeness("cat", "cats") == likeness("rental", "house") == likeness("interest", "internal") == 0.0


WORDS = st.sampled_from(
    ["rent", "лифт", "euros", "630", "The", "It", "is", ".", "?", "\n", "\n\n", "- ", "# ", "def f():", '"""', "|"]
)
TEXT = st.lists(WORDS, max_size=40).map(" ".join)


@settings(deadline=None)
@given(TEXT, st.lists(st.tuples(TEXT, st.sampled_from(["en", "ru", "python", ""])), max_size=4), st.booleans())
def test_whatever_is_claimed_stands_in_the_evidence(question: str, held: list[tuple[str, str]], similar: bool) -> None:
    given_pack = pack(*(evidence(text, n, language=language) for n, (text, language) in enumerate(held, 1)))
    found = passages(given_pack)
    drawn = extract(question, given_pack, ALWAYS, found, [0.4] * len(found) if similar else None)
    assert 0.0 <= drawn.support <= 1.0
    assert drawn.abstained == (not drawn.claims)
    reviewed = review(drawn.claims, drawn.citations, given_pack)
    assert (reviewed.claims, reviewed.citations, reviewed.notes) == (drawn.claims, drawn.citations, ())
    _lines_agree(drawn.citations, given_pack)


def _lines_agree(citations: tuple[object, ...], given_pack: ContextPack) -> None:
    texts = {one.chunk_id: one.text for one in given_pack.evidence}
    for citation in citations:
        text = texts[citation.chunk_id]  # pyright: ignore
        lines = text.split("\n")[citation.line - 10 : citation.line_end - 9]  # pyright: ignore
        assert citation.quote.strip() in "\n".join(lines)  # pyright: ignore
