"""Spans of time, sizes, kinds of files, and pieces of a request, each read on its own."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.orchestrator.understanding.kinds import glob_of, joined, translated
from assistant.orchestrator.understanding.pieces import MASK, pieces, plain
from assistant.orchestrator.understanding.sizes import Sizes, sizes_of
from assistant.orchestrator.understanding.times import Span, span_of

NOW = datetime(2026, 11, 27, 12)
DAY = timedelta(days=1)


def day(month: int, number: int, year: int = 2026) -> datetime:
    return datetime(year, month, number)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("files older than 30 days", Span(until=NOW - 30 * DAY)),
        ("older than a month", Span(until=NOW - 30 * DAY)),
        ("older than two weeks", Span(until=NOW - 14 * DAY)),
        ("older than half a year", Span(until=NOW - 182.5 * DAY)),
        ("more than 3 months old", Span(until=NOW - 90 * DAY)),
        ("not opened for a year", Span(until=NOW - 365 * DAY)),
        ("untouched for 6 months", Span(until=NOW - 180 * DAY)),
        ("not older than 7 days", Span(since=NOW - 7 * DAY)),
        ("newer than 2 weeks", Span(since=NOW - 14 * DAY)),
        ("from the last 7 days", Span(since=NOW - 7 * DAY)),
        ("changed in the past week", Span(since=NOW - 7 * DAY)),
        ("since monday", Span(since=day(11, 23))),
        ("since yesterday", Span(since=day(11, 26))),
        ("since 2026-01-15", Span(since=day(1, 15))),
        ("since march", Span(since=day(3, 1))),
        ("since the beginning of the year", Span(since=day(1, 1))),
        ("before 2025", Span(until=day(1, 1, 2025))),
        ("before 5 march 2024", Span(until=day(3, 5, 2024))),
        ("from last month", Span(day(10, 1), day(11, 1))),
        ("from october 2025", Span(day(10, 1, 2025), day(11, 1, 2025))),
        ("made in 2024", Span(day(1, 1, 2024), day(1, 1, 2025))),
        ("this week", Span(since=day(11, 23))),
        ("from today", Span(since=day(11, 27))),
        ("from 2026-01-01 to 2026-03-31", Span(day(1, 1), day(4, 1))),
        ("between january and march", Span(day(1, 1), day(4, 1))),
        ("старше 30 дней", Span(until=NOW - 30 * DAY)),
        ("старше двух недель", Span(until=NOW - 14 * DAY)),
        ("старше месяца", Span(until=NOW - 30 * DAY)),
        ("старше полугода", Span(until=NOW - 182 * DAY)),
        ("старше года", Span(until=NOW - 365 * DAY)),
        ("не старше недели", Span(since=NOW - 7 * DAY)),
        ("которые я не открывал полгода", Span(until=NOW - 182 * DAY)),
        ("новее трех дней", Span(since=NOW - 3 * DAY)),
        ("за последние 7 дней", Span(since=NOW - 7 * DAY)),
        ("за последнюю неделю", Span(since=NOW - 7 * DAY)),
        ("за прошлый месяц", Span(day(10, 1), day(11, 1))),
        ("за прошлую неделю", Span(day(11, 16), day(11, 23))),
        ("за октябрь 2025", Span(day(10, 1, 2025), day(11, 1, 2025))),
        ("за 2024 год", Span(day(1, 1, 2024), day(1, 1, 2025))),
        ("за сегодня", Span(since=day(11, 27))),
        ("с понедельника", Span(since=day(11, 23))),
        ("со вчерашнего дня", Span(since=day(11, 26))),
        ("с начала месяца", Span(since=day(11, 1))),
        ("с 1 января", Span(since=day(1, 1))),
        ("с 15.03.2026", Span(since=day(3, 15))),
        ("до 1 марта 2025", Span(until=day(3, 1, 2025))),
        ("с января по март", Span(day(1, 1), day(4, 1))),
        ("переименуй a в b", Span()),
        ("sort by month", Span()),
        ("this may be a problem", Span()),
    ],
)
def test_spans_of_time(text: str, span: Span) -> None:
    assert span_of(text, NOW) == span


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("larger than 100 mb", Sizes(100_000_000)),
        ("over 2 gb", Sizes(2_000_000_000)),
        ("bigger than 1.5 gb", Sizes(1_500_000_000)),
        ("at least 10 kb", Sizes(10_000)),
        ("> 5 mib", Sizes(5 * 1024**2)),
        ("smaller than 10 kb", Sizes(None, 10_000)),
        ("between, over 1 mb and under 5 mb", Sizes(1_000_000, 5_000_000)),
        ("not larger than 1 mb", Sizes(None, 1_000_000)),
        ("larger than a gigabyte", Sizes(1_000_000_000)),
        ("больше 100 мб", Sizes(100_000_000)),
        ("свыше 2 гб", Sizes(2_000_000_000)),
        ("тяжелее 1,5 гигабайта", Sizes(1_500_000_000)),
        ("меньше 10 килобайт", Sizes(None, 10_000)),
        ("не больше 1 мб", Sizes(None, 1_000_000)),
        ("больше гигабайта", Sizes(1_000_000_000)),
        ("старше 30 дней", Sizes()),
    ],
)
def test_sizes(text: str, sizes: Sizes) -> None:
    assert sizes_of(text) == sizes


@pytest.mark.parametrize(
    ("text", "glob"),
    [
        ("all pdf files", "*.pdf"),
        ("the pdfs and docx files", "*.{pdf,docx}"),
        ("все jpg и png", "*.{jpg,png}"),
        ("md-файлы", "*.md"),
        ("xyz-files", "*.xyz"),
        ("files with extension abc", "*.abc"),
        ("скриншоты", "{Screenshot,Screen Shot,screenshot,Скриншот,скриншот,Снимок экрана}*"),
        ("фотографии", "*.{jpg,jpeg,png,gif,webp,heic,bmp,tif,tiff}"),
        ("log files", "*.log"),
        ("my things", ""),
    ],
)
def test_kinds_of_files(text: str, glob: str) -> None:
    assert glob_of(text) == glob


def test_globs_are_joined_and_tried_on_names() -> None:
    assert joined(["*.pdf", "*.{doc,docx}"]) == "*.{pdf,doc,docx}"
    assert joined(["IMG_*", "*.png"]) == "{IMG_*,*.png}"
    assert translated("*.{a,b}") == r".*\.a|.*\.b"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('open "my file.txt"', [("quote", "my file.txt")]),
        ("открой «мой файл.txt», „второй“ и “third”", [("quote", "мой файл.txt"), ("quote", "второй"), ("quote", "third")]),
        ("add 'it' and don't", [("quote", "it")]),
        ("sort ~/Pictures, /d/x/ and ./here.", [("path", "~/Pictures"), ("path", "/d/x/"), ("path", "./here")]),
        ("report.md, notes/a.md and *.pdf", [("path", "report.md"), ("path", "notes/a.md"), ("glob", "*.pdf")]),
        ("all .bak and .gitignore", [("glob", "*.bak"), ("path", ".gitignore")]),
        ("to {date:%Y}_{name}{ext}", [("pattern", "{date:%Y}_{name}{ext}")]),
        ("get https://example.org/a.zip or mail a@b.example", [("link", "https://example.org/a.zip"), ("link", "a@b.example")]),
        ("and/or, e.g. this, 3.14 v1.2 и/или", []),
        ("mask IMG_0001 and node_modules", [("path", "IMG_0001"), ("path", "node_modules")]),
    ],
)
def test_pieces(text: str, found: list[tuple[str, str]]) -> None:
    assert [(piece.kind, piece.value) for piece in pieces(text)] == found


@given(st.text(max_size=200))
def test_the_plain_text_is_as_long_as_the_text_and_hides_all_pieces(text: str) -> None:
    found = pieces(text)
    masked = plain(text, found)
    assert len(masked) == len(text)
    assert all(set(masked[piece.start : piece.end]) == {MASK} for piece in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


@given(st.integers(1, 900), st.sampled_from(["days", "weeks", "months", "years", "дней", "недель", "месяцев", "лет"]))
def test_ages_come_back(number: int, unit: str) -> None:
    lead = "older than" if unit.isascii() else "старше"
    until = span_of(f"{lead} {number} {unit}", NOW).until
    days = {"d": 1, "w": 7, "m": 30, "y": 365, "д": 1, "н": 7, "м": 30, "л": 365}[unit[0]]
    assert until == NOW - number * days * DAY
