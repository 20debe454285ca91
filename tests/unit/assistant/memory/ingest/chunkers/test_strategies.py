"""What a person would expect of the chunks of prose, code, pages, cells and sheets."""

import re
from collections.abc import Sequence
from itertools import pairwise

import pytest

from assistant.config.schema import Chunking
from assistant.domain.document import Chunk, Document, Part, PartKind, Symbol
from assistant.memory.ingest.chunkers import chunk_document


class WordCounter:
    """One token for each word or sign."""

    limit = 1000

    def count(self, texts: Sequence[str]) -> list[int]:
        return [len(re.findall(r"\w+|[^\w\s]", text)) for text in texts]

    def offsets(self, text: str) -> list[tuple[int, int]]:
        return [match.span() for match in re.finditer(r"\w+|[^\w\s]", text)]


def prose(text: str, media: str = "text/markdown", *, most: int = 32, overlap: int = 0) -> list[Chunk]:
    document = Document(media=media, modality="text", parts=(Part(kind="lines", number=1, text=text),))
    return chunk_document(document, "source", WordCounter(), Chunking(max_tokens=most, overlap_tokens=overlap))


def code(text: str, symbols: Sequence[Symbol], *, most: int = 40) -> list[Chunk]:
    part = Part(kind="lines", number=1, text=text, modality="code", language="python")
    document = Document(media="text/x-python", modality="code", language="python", parts=(part,), symbols=tuple(symbols))
    return chunk_document(document, "source", WordCounter(), Chunking(max_tokens=most))


def one(kind: PartKind, text: str, label: str = "", media: str = "application/x", most: int = 32) -> list[Chunk]:
    part = Part(kind=kind, number=3, text=text, label=label)
    document = Document(media=media, modality="text", extracted=True, parts=(part,))
    return chunk_document(document, "source", WordCounter(), Chunking(max_tokens=most, overlap_tokens=0))


def words(count: int, word: str = "word") -> str:
    return " ".join([word.capitalize(), *[word] * (count - 1)])


def test_the_scope_is_the_path_of_headings() -> None:
    text = "# Guide\n\n## Install\n\nCommon part.\n\n### Linux\n\nUse apt.\n\n## Run\n\nType mneme.\n"
    assert [(chunk.scope, chunk.text.split("\n")[-1]) for chunk in prose(text)] == [
        ("Guide > Install", "Common part."),
        ("Guide > Install > Linux", "Use apt."),
        ("Guide > Run", "Type mneme."),
    ]


def test_a_heading_goes_with_what_follows_or_with_the_end() -> None:
    chunks = prose("Intro.\n\n# One\n\n# Two\n\nBody.\n\n# Last\n")
    assert [chunk.text for chunk in chunks] == ["Intro.", "# One\n\n# Two\n\nBody.\n\n# Last"]
    assert chunks[1].scope == "Two"


@pytest.mark.parametrize(
    ("media", "text", "scope"),
    [
        ("text/asciidoc", "== Rent\n\nIt is due.", "Rent"),
        ("text/org", "* Rent\n\nIt is due.", "Rent"),
        ("text/x-rst", "Rent\n====\n\nIt is due.", "Rent"),
        ("text/markdown", "Rent\n----\n\nIt is due.", "Rent"),
        ("text/plain", "Section 3. Rent\nIt is due.", "Section 3. Rent"),
        ("text/plain", "Раздел 3. Плата\nОна вносится вовремя.", "Раздел 3. Плата"),
        ("text/plain", "3. Rent and deposit\nIt is due.", "3. Rent and deposit"),
        ("text/plain", "АРЕНДНАЯ ПЛАТА\nОна вносится вовремя.", "АРЕНДНАЯ ПЛАТА"),
        ("text/plain", "Rent and deposit\n\nIt is due.", "Rent and deposit"),
        ("text/plain", "It is due now.\n\nMore.", ""),
        ("text/plain", "1. Milk\n2. Eggs\n", ""),
        ("text/plain", "1. Milk\n", ""),
        ("text/plain", "rent and deposit\n\nIt is due.", ""),
        ("text/plain", "The rent of the floor\nis due now.", ""),
        ("text/plain", "Name\nRent and deposit\n\nIt is due.", ""),
        ("text/plain", "A\n\nIt is due.", ""),
        ("text/markdown", "- item\n----\n\nIt is due.", ""),
        ("text/markdown", "---\ntitle: x\n---\n\nIt is due.", ""),
        ("text/markdown", "---\n\nIt is due.", ""),
    ],
)
def test_headings_of_each_kind_of_text(media: str, text: str, scope: str) -> None:
    assert prose(text, media)[0].scope == scope


def test_fences_tables_and_lists_stay_whole_where_they_fit() -> None:
    fence = "```\n" + "\n\n".join(["run it now"] * 5) + "\n```"
    table = "| a | b |\n|---|---|\n| 1 | 2 |"
    items = "- one thing\n- two things\n\n- three things"
    for block in (fence, table, items):
        chunks = prose(f"{words(24)}.\n\n{block}\n\n{words(24)}.")
        assert [chunk.text for chunk in chunks][1] == block


def test_an_open_fence_runs_to_the_end() -> None:
    assert prose("```\n# not a heading\n\nx")[0].scope == ""


def test_a_paragraph_ends_where_another_kind_of_block_begins() -> None:
    text = f"{words(20)}\n- item\n{words(10)}\n```\n{words(10)}\n```\n{words(20)}\n| a |\n# Head\ntext"
    assert [chunk.scope for chunk in prose(text)][-1] == "Head"


def test_long_sections_are_shared_out_evenly() -> None:
    text = " ".join(f"{words(7)}." for _ in range(5))
    assert [chunk.tokens for chunk in prose(text)] == [24, 16]
    assert len({chunk.scope for chunk in prose("# A\n\n" + text)}) == 1


def test_overlap_repeats_whole_sentences_of_the_same_section() -> None:
    text = " ".join(f"Number {n} {words(5)}." for n in range(8))
    chunks = prose(f"# A\n\n{text}\n\n# B\n\n{text}", overlap=10)
    for before, after in pairwise(chunks):
        overlap = before.offset + len(before.text) - after.offset
        if before.scope == after.scope:
            assert overlap == len(f"Number 0 {words(5)}.")
            assert after.text.startswith("Number")
        else:
            assert overlap < 0


def test_overlap_gives_way_to_a_sentence_that_needs_the_room() -> None:
    text = f"{words(3)}. {words(19)}. {words(7)}. {words(29)}."
    chunks = prose(text, overlap=16)
    assert all(chunk.tokens <= 32 for chunk in chunks)
    assert chunks[-1].text == f"{words(29)}."


def test_an_endless_sentence_is_cut_at_lines_then_at_words() -> None:
    lines = ["word" + " word" * 9] * 8
    assert {line for chunk in prose("\n".join(lines)) for line in chunk.text.split("\n")} == {lines[0]}
    assert {piece for chunk in prose("word " * 100) for piece in chunk.text.split()} == {"word"}


def test_the_language_of_prose_is_asked_for_each_chunk() -> None:
    parts = (Part(kind="lines", number=1, text="Some text.", language="de"),)
    document = Document(media="text/plain", modality="text", parts=parts)
    named = chunk_document(document, "s", WordCounter(), Chunking(), lambda _text: "fr")
    unsure = chunk_document(document, "s", WordCounter(), Chunking(), lambda _text: "")
    assert (named[0].language, unsure[0].language) == ("fr", "de")


def test_text_that_costs_more_joined_than_apart_is_still_within_the_limit() -> None:
    class Joined(WordCounter):
        def count(self, texts: Sequence[str]) -> list[int]:
            return [count if count < 8 else 2 * count for count in super().count(texts)]

    for text in (" ".join(f"{words(5)}." for _ in range(12)), "word " * 7):
        part = Part(kind="lines", number=1, text=text)
        document = Document(media="text/plain", modality="text", parts=(part,))
        chunks = chunk_document(document, "s", Joined(), Chunking(max_tokens=32, overlap_tokens=0))
        assert max(chunk.tokens for chunk in chunks) <= 32
        assert " ".join(chunk.text for chunk in chunks) == text.strip()


def test_one_character_of_many_tokens_is_let_through() -> None:
    class Heavy(WordCounter):
        def count(self, texts: Sequence[str]) -> list[int]:
            return [50 * len(text.strip()) for text in texts]

    for modality in ("text", "code"):
        part = Part(kind="lines", number=1, text="  ab c", modality=modality)
        document = Document(media="text/plain", modality=modality, parts=(part,))
        chunks = chunk_document(document, "s", Heavy(), Chunking(max_tokens=32))
        assert [chunk.text.strip() for chunk in chunks] == ["a", "b", "c"]


def test_the_models_own_limit_counts_where_it_is_lower() -> None:
    counter = WordCounter()
    counter.limit = 10
    part = Part(kind="lines", number=1, text=f"{words(8)}. {words(8)}.")
    chunks = chunk_document(Document(media="text/plain", modality="text", parts=(part,)), "s", counter, Chunking())
    assert [chunk.tokens for chunk in chunks] == [9, 9]


PARSER = """import os
import sys

# Reads things.
class Parser:
    limit = 3

    def parse(self, text):
        first = text.strip()
        second = text.lower()

        third = first + second
        if third > second:
            return first
        else:
            return third

    def close(self):
        pass

def helper():
    return 1

def other():
    return 2
"""
SYMBOLS = (
    Symbol(name="Parser", kind="class", scope="class Parser", line=4, line_end=19),
    Symbol(name="parse", kind="method", scope="class Parser > def parse", line=8, line_end=16),
    Symbol(name="close", kind="method", scope="class Parser > def close", line=18, line_end=19),
    Symbol(name="helper", kind="function", scope="def helper", line=21, line_end=22),
    Symbol(name="other", kind="function", scope="def other", line=24, line_end=25),
)


def test_code_is_cut_by_symbols_with_their_scope() -> None:
    chunks = code(PARSER, SYMBOLS, most=36)
    found = [(chunk.scope, chunk.span.start, chunk.span.end, chunk.symbols) for chunk in chunks]
    assert found == [
        ("", 1, 2, ()),
        ("class Parser", 4, 6, ("Parser",)),
        ("class Parser > def parse", 8, 10, ("parse", "Parser")),
        ("class Parser > def parse", 12, 16, ("parse", "Parser")),
        ("class Parser > def close", 18, 19, ("close", "Parser")),
        ("", 21, 25, ("helper", "other")),
    ]
    assert {chunk.language for chunk in chunks} == {"python"}
    assert chunks[2].text.startswith("    def parse")


def test_a_small_file_is_one_chunk_that_names_all_its_symbols() -> None:
    (chunk,) = code(PARSER, SYMBOLS, most=200)
    assert chunk.symbols == ("Parser", "parse", "close", "helper", "other")


def test_a_closing_brace_stays_with_the_last_method() -> None:
    body = "\n".join(f"    first({n}); second({n}); third({n})" for n in range(2))
    text = f"class A {{\n  one() {{\n{body}\n  }}\n  two() {{\n{body}\n  }}\n}}\n"
    symbols = (
        Symbol(name="A", kind="class", scope="class A", line=1, line_end=10),
        Symbol(name="one", kind="method", scope="class A > one", line=2, line_end=5),
        Symbol(name="two", kind="method", scope="class A > two", line=6, line_end=9),
    )
    chunks = code(text, symbols)
    assert chunks[-1].text.endswith("}\n}")
    assert chunks[-1].scope == "class A > two"


def test_long_code_is_not_parted_before_a_continuation() -> None:
    lines = ["def run():", *(f"    if check({n}, {n}):\n        go({n})\n    else:\n        stay({n})" for n in range(4))]
    text = "\n".join(lines)
    chunks = code(text, [Symbol(name="run", kind="function", scope="def run", line=1, line_end=17)])
    assert len(chunks) > 1
    assert not any(chunk.text.lstrip().startswith("else") for chunk in chunks)


def test_symbols_on_one_line_out_of_range_or_overlapping_do_no_harm() -> None:
    text = "a(){} b(){}\nc\nd\n\n"
    symbols = (
        Symbol(name="a", kind="function", scope="a", line=1, line_end=2),
        Symbol(name="b", kind="function", scope="b", line=1, line_end=1),
        Symbol(name="b2", kind="function", scope="b", line=1, line_end=1),
        Symbol(name="c", kind="function", scope="c", line=2, line_end=3),
        Symbol(name="blank", kind="function", scope="blank", line=4, line_end=4),
        Symbol(name="ghost", kind="function", scope="ghost", line=9, line_end=9),
    )
    (chunk,) = code(text, symbols)
    assert chunk.symbols == ("a", "b", "b2", "c", "blank")


def test_pages_keep_their_number_and_lines() -> None:
    chunks = one("page", f"# Title\n\n{words(20)}.\n\n{words(20)}.", "Slide", "application/pdf")
    assert [(c.span.unit, c.span.start, c.span.end, c.span.line, c.span.line_end) for c in chunks] == [
        ("page", 3, 3, 1, 3),
        ("page", 3, 3, 5, 5),
    ]
    assert chunks[0].scope == "Slide > Title"


def test_a_sheet_is_cut_by_rows_under_its_header() -> None:
    rows = "Date\tSum\n" + "\n".join(f"2026-01-{n:02}\t{n}" for n in range(1, 13))
    chunks = one("sheet", rows, "Costs")
    assert {chunk.scope for chunk in chunks} == {"Costs: Date | Sum"}
    assert (chunks[0].span.unit, chunks[0].span.label, chunks[0].span.start) == ("cell", "Costs", 1)
    assert "".join(chunk.text for chunk in chunks).count("Date") == 1
    assert chunks[1].text.startswith("2026")


@pytest.mark.parametrize(
    ("row", "scope"),
    [("a,b;c,d", "a | b;c | d"), ("| a | b |", "a | b"), ('"x, y";z;w', "x, y | z | w"), ("alone", "alone"), (",,", "")],
)
def test_the_header_of_a_table_of_text(row: str, scope: str) -> None:
    document = Document(media="text/csv", modality="text", parts=(Part(kind="lines", number=1, text=f"{row}\n1\n"),))
    (chunk,) = chunk_document(document, "s", WordCounter(), Chunking())
    assert (chunk.scope, chunk.span.unit, chunk.span.start, chunk.span.end) == (scope, "line", 1, 2)


def test_notebook_cells_are_never_merged() -> None:
    cells = (
        Part(kind="cell", number=1, text="# Title", label="markdown"),
        Part(kind="cell", number=2, text="x = 1", label="code", modality="code", language="python"),
    )
    document = Document(media="application/x-ipynb+json", modality="code", language="python", parts=cells)
    chunks = chunk_document(document, "s", WordCounter(), Chunking())
    assert [(c.span.unit, c.span.start, c.modality, c.scope) for c in chunks] == [
        ("cell", 1, "text", "Title"),
        ("cell", 2, "code", ""),
    ]
