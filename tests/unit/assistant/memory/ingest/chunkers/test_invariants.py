"""What holds for every chunk of every document, whatever its text."""

import hashlib
import re
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.config.schema import Chunking
from assistant.domain.document import Chunk, Document, Modality, Part, PartKind, Symbol
from assistant.domain.language import sentences
from assistant.memory.ingest.chunkers import chunk_document

LINE = re.compile(r"\r\n?|\n")


class WordCounter:
    """Counts a token for each run of letters or digits (four at most) and for each other sign."""

    limit = 1000

    def count(self, texts: Sequence[str]) -> list[int]:
        return [len(re.findall(r"\w{1,4}|[^\w\s]", text)) for text in texts]

    def offsets(self, text: str) -> list[tuple[int, int]]:
        return [match.span() for match in re.finditer(r"\w{1,4}|[^\w\s]", text)]


class GreedyCounter(WordCounter):
    """A counter for which joined text costs more than its pieces, as some tokenizers have it."""

    def count(self, texts: Sequence[str]) -> list[int]:
        return [count + count // 5 for count in super().count(texts)]


def cut(document: Document, *, most: int = 32, overlap: int = 8, counter: WordCounter | None = None) -> list[Chunk]:
    limits = Chunking(max_tokens=most, overlap_tokens=overlap)
    return chunk_document(document, "source", counter or WordCounter(), limits)


MARKS = "Word |слово |Dr. |т. е. |The end. |Конец. |? |\n|\r\n|\r|\n\n|# Head\n|## Под\n|```\n|- item\n|1. one\n|====\n|----\n"
ODD = "---\n|    |\t|def f():\n|}|{|Section 1. Rent\n|ЗАГОЛОВОК\n|\u2028|\x0c|\x1c|。|😀|e\u0301|http://a.b/c.d |3.14 |\0|,|;"
PIECES = st.sampled_from([*MARKS.split("|"), *ODD.split("|"), "| a | b |\n", "x" * 90])
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=80).map("".join))
KIND_NAMES: list[PartKind] = ["lines", "page", "cell", "sheet"]
MODALITIES: list[Modality] = ["text", "code"]
KINDS = st.sampled_from(KIND_NAMES)
MEDIA = st.sampled_from(["text/plain", "text/markdown", "text/x-python", "text/csv", "text/asciidoc", "text/org"])


def symbol(name: str, line: int, more: int) -> Symbol:
    return Symbol(name=name, kind="function", scope=f"def {name}", line=line, line_end=line + more)


SYMBOLS = st.lists(
    st.builds(
        symbol,
        st.sampled_from(["alpha", "beta", "gamma"]),
        st.integers(0, 40),
        st.integers(-2, 30),
    ),
    max_size=8,
)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    modality = draw(st.sampled_from(MODALITIES))
    parts = [
        Part(kind=kind, number=number, text=text, modality=modality, label=draw(st.sampled_from(["", "Sheet1"])))
        for number, (kind, text) in enumerate(draw(st.lists(st.tuples(KINDS, TEXTS), max_size=3)), 1)
    ]
    return Document(
        media=draw(MEDIA), modality=modality, parts=tuple(parts), symbols=tuple(draw(SYMBOLS)), extracted=draw(st.booleans())
    )


def lines_of(text: str, start: int, end: int) -> tuple[int, int]:
    """Count line breaks the slow way; a \\r\\n cut in two never happens, as chunks end in something visible."""
    return 1 + len(LINE.findall(text[:start])), 1 + len(LINE.findall(text[: end - 1]))


@settings(max_examples=400, deadline=None)
@given(documents(), st.sampled_from([32, 40, 200]), st.sampled_from([0, 8, 60]), st.booleans())
def test_every_chunk_stands_where_it_says(document: Document, most: int, overlap: int, greedy: bool) -> None:
    counter = GreedyCounter() if greedy else WordCounter()
    chunks = cut(document, most=most, overlap=overlap, counter=counter)
    assert [chunk.ordinal for chunk in chunks] == list(range(len(chunks)))
    assert len({chunk.id for chunk in chunks}) == len(chunks)
    seen = [bytearray(len(part.text)) for part in document.parts]
    for chunk in chunks:
        part = document.parts[chunk.part]
        end = chunk.offset + len(chunk.text)
        assert chunk.text == part.text[chunk.offset : end]
        assert chunk.text.strip()
        assert chunk.text.rstrip() == chunk.text
        assert chunk.tokens == counter.count([chunk.text])[0] <= most
        assert chunk.digest == hashlib.sha256(chunk.text.encode()).hexdigest()
        assert -(2**63) <= chunk.simhash < 2**63
        assert re.fullmatch(r"mi_[0-9a-f]{32}", chunk.id)
        first = chunk.offset + len(chunk.text) - len(chunk.text.lstrip())
        line, line_end = lines_of(part.text, chunk.offset, end)
        assert line <= lines_of(part.text, first, end)[0]
        span = chunk.span
        if part.kind == "lines":
            assert (span.unit, span.start, span.end) == ("line", line, line_end)
        elif part.kind == "sheet":
            assert (span.unit, span.start, span.end, span.label) == ("cell", line, line_end, part.label)
        else:
            assert (span.unit, span.start, span.end) == (part.kind, part.number, part.number)
            assert (span.line, span.line_end) == (line, line_end)
        seen[chunk.part][chunk.offset : end] = b"\1" * len(chunk.text)
    for part, mask in zip(document.parts, seen, strict=True):
        missed = [char for char, covered in zip(part.text, mask, strict=True) if not covered and not char.isspace()]
        assert not missed
    assert chunks == cut(document, most=most, overlap=overlap, counter=counter)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(1, 12), min_size=1, max_size=60), st.sampled_from([0, 8, 20]))
def test_sentences_that_fit_are_never_divided(lengths: list[int], overlap: int) -> None:
    text = " ".join("Word" + " more" * (length - 1) + "." for length in lengths)
    document = Document(media="text/plain", modality="text", parts=(Part(kind="lines", number=1, text=text),))
    edges = {start for start, _ in sentences(text)}, {end for _, end in sentences(text)}
    for chunk in cut(document, overlap=overlap):
        assert chunk.offset in edges[0]
        assert chunk.offset + len(chunk.text) in edges[1]


def test_blank_parts_give_nothing() -> None:
    parts = tuple(Part(kind="page", number=n, text=text) for n, text in enumerate(["", " \n\t\r\n", "\x0c"], 1))
    assert cut(Document(media="application/pdf", modality="text", extracted=True, parts=parts)) == []


def test_a_giant_line_is_cut_into_bounded_chunks() -> None:
    class OneWord(WordCounter):
        def count(self, texts: Sequence[str]) -> list[int]:
            return [len(text.split()) for text in texts]

    for text in ("x" * 300_000, "word " * 60_000, "{" * 300_000, "A. " * 100_000):
        for modality in ("text", "code"):
            part = Part(kind="lines", number=1, text=text, modality=modality)
            chunks = cut(Document(media="text/plain", modality=modality, parts=(part,)), counter=OneWord())
            assert max(len(chunk.text) for chunk in chunks) <= 32 * 20


def test_ids_depend_on_source_place_and_text() -> None:
    def ids(text: str, source: str = "a") -> list[str]:
        document = Document(media="text/plain", modality="text", parts=(Part(kind="lines", number=1, text=text),))
        return [chunk.id for chunk in chunk_document(document, source, WordCounter(), Chunking())]

    assert ids("Hello there.") == ids("Hello there.")
    assert len({*ids("Hello there."), *ids("Hello there.", "b"), *ids(" Hello there."), *ids("Hello then.")}) == 4
