"""Expressions come to an end: those that might not are refused."""

import pytest

from assistant.domain.errors import ArgumentError
from assistant.tools.patterns import pattern


@pytest.mark.parametrize(
    "wanted",
    [
        "(a+)+", "(a*)*", "(a|b)*", "(a|aa)+", r"(\w+\s?)*", "(a{2,})+", "((ab)+)?x*(c+)+", "(a?a?)*", "(?=a)b", "(?P<n>a)",
        r"(a)\1",        "a*a*a*a*", "a?" * 30, "(a|a)" * 20, "a{0,20}" * 4, "x" * 301, "(", "a**", "[a", "a{5}{6}{2}+",
    ],
)  # fmt: skip
def test_refused(wanted: str):
    with pytest.raises(ArgumentError):
        pattern(wanted, regex=True)


@pytest.mark.parametrize(
    ("wanted", "line", "found"),
    [
        (r"\d{4}-\d\d", "am 2024-05", "2024-05"),
        (r"(?:foo|bar)\s*=\s*\d+", "bar = 12", "bar = 12"),
        (r"[^\]|]+\|", "a|b", "a|"),
        (r"(ab)?c{2,}", "abcc", "abcc"),
        (r"(ab){2}", "abab", "abab"),
        (r"colou?r\.", "color.", "color."),
        (r"a{,3}b", "aab", "aab"),
        ("a|b)", None, None),
        ("x{", "x{", "x{"),
        ("a+?b", "aab", "aab"),
    ],
)
def test_allowed(wanted: str, line: str | None, found: str | None):
    if line is None:
        with pytest.raises(ArgumentError, match="malformed"):
            pattern(wanted, regex=True)
        return
    match = pattern(wanted, regex=True).compiled.search(line)
    assert match is not None
    assert match.group() == found


def test_a_text_is_taken_letter_for_letter():
    assert pattern("a.b*").compiled.search("xA.B*") is not None
    assert pattern("a", case=True).compiled.search("A") is None
    assert pattern("кот", whole_word=True).compiled.search("который") is None
    assert pattern("x").longest > 10_000


@pytest.mark.parametrize("wanted", ["x*x*x*!", "(?:x|a)a*x*!", "a{0,9}a{0,9}a{0,9}!", "a?a?a?a?a?a?a?a?a?a?!", ".*a.*b"])
def test_the_longest_line_comes_to_an_end(wanted: str):
    known = pattern(wanted, regex=True)
    for letter in "xa":
        assert known.compiled.search(letter * known.longest + "?") is None
