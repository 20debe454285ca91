"""Taking questions apart: what is a filter, what stays a word, and what is said about it."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.memory import Scope
from assistant.memory.recall.dates import moment
from assistant.memory.recall.query import parse

NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)


def day(*numbers: int) -> float:
    return datetime(*numbers, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("text", "rest", "scope"),
    [
        ("retry path:src/** limit", "retry limit", Scope(paths=("src/**",))),
        ('path:"my notes/*.md" tax', "tax", Scope(paths=("my notes/*.md",))),
        ("tax -path:tests", "tax", Scope(not_paths=("tests",))),
        ("parse lang:py", "parse", Scope(languages=("python",))),
        ("parse lang:python,ru", "parse", Scope(languages=("python", "ru"))),
        ("x modality:code", "x", Scope(modality=("code",))),
        (
            "договор путь:kazan/* язык:русский тип:текст",
            "договор",
            Scope(paths=("kazan/*",), languages=("ru",), modality=("text",)),
        ),
        ("tax before:2026-01-01", "tax", Scope(until=day(2026, 1, 1))),
        ("tax after:2025 before:2026-02", "tax", Scope(since=day(2025, 1, 1), until=day(2026, 2, 1))),
        ("налог после:01.02.2026 до:вчера", "налог", Scope(since=day(2026, 2, 1), until=day(2026, 11, 21))),
        ("tax after:7d", "tax", Scope(since=(NOW - timedelta(days=7)).timestamp())),
        ("lease -kazan -Omsk", "lease", Scope(without=("kazan", "Omsk"))),
        ('lease -"paid leave" -pre-war -load_all', "lease", Scope(without_phrases=("paid leave", "pre-war", "load_all"))),
        ("отпуск -«за свой счёт» -«срок»", "отпуск", Scope(without=("срок",), without_phrases=("за свой счёт",))),
        ("x -lang:py,ru", "x", Scope(not_languages=("python", "ru"))),
        ("x -тип:код", "x", Scope(modality=("text", "image", "audio", "video"))),
        ("x modality:code,text -modality:code", "x", Scope(modality=("text",))),
        ('налог после:"1 марта 2026 г." до:завтра', "налог", Scope(since=day(2026, 3, 1), until=day(2026, 11, 23))),
        ("PATH:a Lang:RS fn", "fn", Scope(paths=("a",), languages=("rust",))),
    ],
)
def test_filters_leave_the_text_and_enter_the_scope(text: str, rest: str, scope: Scope) -> None:
    asked = parse(text, NOW)
    assert (asked.text, asked.scope, asked.notes) == (rest, scope, ())


@pytest.mark.parametrize(
    "text", ["tax before:soon", "tax after:2026-13-45", "tax lang:klingon", "x modality:smell", "x path:**/", "x -before:2026"]
)
def test_what_is_malformed_is_searched_as_words_and_said_so(text: str) -> None:
    asked = parse(text, NOW)
    assert (asked.text, asked.scope) == (text, Scope())
    assert len(asked.notes) == 1
    assert text.split()[1] in asked.notes[0]


@pytest.mark.parametrize(
    "text",
    [
        "What happened after: the storm?",
        "std::path::join and http://host/path",
        "It is 12:30 now",
        "git commit -m or ls -la, rm -rf and tar -x",
        "a - b and pre-war and -5 degrees",
        "a -- b",
        "he is 5\" tall and 6' wide",
        "`path:src -word` stays",
        "note:this is no filter",
        "lang: ",
        "",
    ],
)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    asked = parse(text, NOW)
    assert (asked.text, asked.scope, asked.phrases, asked.notes) == (text, Scope(), (), ())


@pytest.mark.parametrize(
    ("text", "rest", "phrases"),
    [
        ('who said "heat transfer"?', "who said heat transfer ?", ("heat transfer",)),
        ("кто написал «Войну и мир»", "кто написал Войну и мир", ("Войну и мир",)),
        ('"one" and “two three”', "one and two three", ("one", "two three")),
        ('"" and "?"', "and ?", ()),
    ],
)
def test_phrases_stay_as_words_too(text: str, rest: str, phrases: tuple[str, ...]) -> None:
    asked = parse(text, NOW)
    assert (asked.text, asked.phrases) == (rest, phrases)


def test_names_and_files_are_noticed() -> None:
    asked = parse("where does `push` call Parser.next or load_all() with maxAge in notes/todo.md and run()?", NOW)
    assert asked.exact == ("push",)
    assert asked.symbols == ("push", "Parser.next", "load_all", "maxAge", "run")
    assert asked.files == ("notes/todo.md",)


@given(st.text(max_size=200) | st.lists(st.sampled_from(["path:", "-", '"', "«", "до:", "7d", "x", " ", "`"])).map("".join))
def test_any_text_can_be_taken_apart(text: str) -> None:
    asked = parse(text, NOW)
    assert {letter for letter in asked.text if letter.isalnum()} <= set(text)
    assert all(phrase in text for phrase in asked.phrases)
    if asked.scope == Scope() and not any(quote in text for quote in '"«“„'):
        assert asked.text == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2026-02-30",
        "99999-01-01",
        "0000-01-01",
        "7",
        "d",
        "-7d",
        "2026-1-1-1",
        "32.01.2026",
        "31 июня 2026",
        "1 may 2",
        "марта мая",
    ],
)
def test_what_is_no_time_is_none(text: str) -> None:
    assert moment(text, NOW) is None


def test_a_day_begins_in_the_persons_own_time_zone() -> None:
    east = NOW.astimezone(timezone(timedelta(hours=5)))
    assert moment("2026-01-01", east) == day(2026, 1, 1) - 5 * 3600
    assert moment("today", east) == moment("сегодня", east) == day(2026, 11, 21, 19)
    assert moment("12h", NOW) == moment("12ч", NOW) == NOW.timestamp() - 12 * 3600
    assert moment("5000y", NOW) is not None


@pytest.mark.parametrize(
    ("text", "begin"),
    [
        ("март", day(2026, 3, 1)),
        ("декабрь", day(2025, 12, 1)),
        ("23 ноября", day(2025, 11, 23)),
        ("22 ноября", day(2026, 11, 22)),
        ("Jan. 2024", day(2024, 1, 1)),
        ("May 5, 2026", day(2026, 5, 5)),
        ("5 мая 2026", day(2026, 5, 5)),
        ("позавчера", day(2026, 11, 20)),
        ("2 недели", (NOW - timedelta(days=14)).timestamp()),
        ("3 дня", (NOW - timedelta(days=3)).timestamp()),
        ("10 дней", (NOW - timedelta(days=10)).timestamp()),
        ("5 лет", (NOW - timedelta(days=5 * 365)).timestamp()),
        ("6 месяцев", (NOW - timedelta(days=180)).timestamp()),
        ("2 hours", (NOW - timedelta(hours=2)).timestamp()),
    ],
)
def test_times_are_understood_as_they_are_said(text: str, begin: float) -> None:
    assert moment(text, NOW) == begin


def test_quotes_and_dashes_of_a_pasted_text_are_its_own_but_filters_count() -> None:
    asked = 'the "paid leave" of keepers -kazan path:hr'
    assert parse(asked, NOW).phrases == ("paid leave",)
    pasted = f"{asked} {'as the minutes of the meeting say ' * 6}"
    found = parse(pasted, NOW)
    assert (found.phrases, found.scope) == ((), Scope(paths=("hr",)))
    assert '"paid leave" of keepers -kazan' in found.text
