"""Colours of code by line."""

from ui.previews.tokens import HIGHLIGHT_LIMIT, Run, runs_by_line


def by_line(text: str, language: str, filename: str) -> dict[int, tuple[Run, ...]]:
    return dict(runs_by_line(text, language, filename))


def test_a_string_over_two_lines_is_coloured_on_both() -> None:
    runs = by_line('x = """one\ntwo"""\ny = 1\n', "python", "a.py")
    assert [run.role for run in runs[1]] == ["string"]
    assert (runs[1][0].start, runs[1][0].length) == (0, 6)
    assert any(run.role == "number" and run.start == 4 for run in runs[2])


def test_columns_are_utf16_units() -> None:
    runs = by_line('"😀" + 1\n', "python", "a.py")
    assert any(run.role == "number" and run.start == 7 for run in runs[0])


def test_the_name_of_the_file_serves_where_the_language_is_unknown() -> None:
    assert by_line("fn main() {}", "", "main.rs")
    assert by_line("fn main() {}", "klingon", "main.rs")
    assert by_line("words", "", "notes.unknown") == {}


def test_long_texts_stay_plain() -> None:
    assert by_line("x = 1\n" * (HIGHLIGHT_LIMIT // 6 + 1), "python", "a.py") == {}
