"""Tables into files and out of them."""

import pytest

from assistant.domain.tool import Table
from assistant.tools.tables import csv_bytes, csv_rows, delimiter_of, harmless, markdown, markdown_rows


@pytest.mark.parametrize("cell", ["=1+1", "+cmd|x", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "-", "=HYPERLINK(1)"])
def test_what_a_spreadsheet_would_compute_gets_a_quote(cell: str):
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["-5", "+7,5", "-1 000.50", "12%", "a=b", "", "+49"])
def test_numbers_and_words_stay(cell: str):
    assert harmless(cell) == cell


def test_files():
    table = Table(columns=("=a", "b"), rows=(("x|y", "two\nlines \\"), ('"q"', "ж")))
    assert csv_bytes(table).decode("utf-8-sig") == '\'=a,b\r\nx|y,"two\nlines \\"\r\n"""q""",ж\r\n'
    assert markdown(table) == '| =a | b |\n| --- | --- |\n| x\\|y | two lines \\\\ |\n| "q" | ж |\n'


def test_rows_of_csv_have_the_lines_they_begin_on():
    rows = list(csv_rows('a,b\n1,"x\ny"\n\n2,z\n', ","))
    assert [(row.line, row.cells, row.header) for row in rows] == [(2, ("1", "x\ny"), ("a", "b")), (5, ("2", "z"), ("a", "b"))]
    assert list(csv_rows("", ",")) == []
    assert delimiter_of("a;b;c,d\n", "csv") == ";"
    assert delimiter_of("a,b", "tsv") == "\t"


def test_rows_of_markdown():
    lines = ["| a | b |", "|:--|--:|", "| 1 | x \\| y |", "2 | 3", "", "a | b", "no rule", "c|d", "---"]
    assert [(row.line, row.cells) for row in markdown_rows(lines)] == [(3, ("1", "x | y")), (4, ("2", "3"))]
