"""Definitions are found with their scope paths and exact lines, in every language that is outlined."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.adapters.readers.outline import outline
from assistant.adapters.readers.outline_rules import RULES

Found = list[tuple[str, str, int, int]]

PYTHON = '''import os


# Parses things.
@frozen
class Parser:
    """Doc."""

    limit = 3  # not a comment above

    @property
    def name(self):
        def inner():
            pass
        return inner


async def main():
    pass
'''

CASES: dict[str, tuple[str, Found]] = {
    "python": (
        PYTHON,
        [
            ("class", "class Parser", 4, 15),
            ("method", "class Parser > def name", 11, 15),
            ("function", "class Parser > def name > def inner", 13, 14),
            ("function", "def main", 18, 19),
        ],
    ),
    "javascript": (
        "/** Doc */\nexport class A {\n  m() {}\n}\nexport const f = () => {\n  return 1\n}\nlet x = 1\n",
        [("class", "class A", 1, 4), ("method", "class A > method m", 3, 3), ("function", "const f", 5, 7)],
    ),
    "typescript": (
        "interface I { a: number }\ntype T = string\nexport enum E { A }\nnamespace N {\n  function h() {}\n}\n",
        [
            ("interface", "interface I", 1, 1),
            ("type", "type T", 2, 2),
            ("enum", "enum E", 3, 3),
            ("module", "namespace N", 4, 6),
            ("function", "namespace N > function h", 5, 5),
        ],
    ),
    "tsx": ("const App = () => <b>x</b>\n", [("function", "const App", 1, 1)]),
    "rust": (
        "/// Doc\n#[derive(Debug)]\nstruct A { x: i32 }\n\nimpl Show for A {\n    fn show(&self) {}\n}\n",
        [
            ("struct", "struct A", 1, 3),
            ("class", "impl Show for A", 5, 7),
            ("method", "impl Show for A > fn show", 6, 6),
        ],
    ),
    "go": (
        "package p\n\n// Doc.\nfunc (s *Server[T]) Run() {}\n\ntype I interface {\n\tStop()\n}\n",
        [("method", "func (Server) Run", 3, 4), ("type", "type I", 6, 8), ("method", "type I > func Stop", 7, 7)],
    ),
    "java": (
        "/** Doc. */\n@Bean\nclass A {\n  A() {}\n  int m() { return 1; }\n}\n",
        [
            ("class", "class A", 1, 6),
            ("method", "class A > constructor A", 4, 4),
            ("method", "class A > method m", 5, 5),
        ],
    ),
    "c": (
        "// Doc\nint *f(int a)\n{\n  struct S s;\n  return 0;\n}\nstruct S { int a; };\nint proto(void);\n#define M(x) x\n",
        [
            ("function", "function f", 1, 6),
            ("struct", "struct S", 7, 7),
            ("function", "function proto", 8, 8),
            ("macro", "#define M", 9, 9),
        ],
    ),
    "cpp": (
        "namespace n {\ntemplate <class T>\nclass A {\n  int g();\n  int x;\n};\n}\nint n::A::g() { return 1; }\n",
        [
            ("module", "namespace n", 1, 7),
            ("class", "namespace n > class A", 2, 6),
            ("method", "namespace n > class A > method g", 4, 4),
            ("function", "function n::A::g", 8, 8),
        ],
    ),
    "csharp": (
        "namespace N {\n  /// <summary>x</summary>\n  class A {\n    int P { get; }\n    void M() {}\n  }\n}\n",
        [
            ("module", "namespace N", 1, 7),
            ("class", "namespace N > class A", 2, 6),
            ("property", "namespace N > class A > property P", 4, 4),
            ("method", "namespace N > class A > method M", 5, 5),
        ],
    ),
    "ruby": (
        "module M\n  # Doc\n  class A\n    def f; end\n    def self.g; end\n  end\nend\n",
        [
            ("module", "module M", 1, 7),
            ("class", "module M > class A", 2, 6),
            ("method", "module M > class A > def f", 4, 4),
            ("method", "module M > class A > def self.g", 5, 5),
        ],
    ),
    "php": (
        "<?php\n/** Doc */\nclass A {\n  function f() {}\n}\nfunction g() {}\n",
        [("class", "class A", 2, 5), ("method", "class A > function f", 4, 4), ("function", "function g", 6, 6)],
    ),
    "bash": ("# Doc\nf() {\n  echo 1\n}\n", [("function", "function f", 1, 4)]),
    "sql": (
        "-- Doc\nCREATE TABLE users (\n  id int\n);\nCREATE VIEW v AS SELECT 1;\n",
        [("table", "table users", 1, 4), ("view", "view v", 5, 5)],
    ),
    "css": (
        ".a, .b { color: red }\n@media print {\n  .c { top: 0 }\n}\n",
        [("rule", ".a, .b", 1, 1), ("section", "@media print", 2, 4)],
    ),
    "json": ('{"a": {"b": {"c": 1}},\n "d": 2}\n', [("key", "a", 1, 1), ("key", "a > b", 1, 1), ("key", "d", 2, 2)]),
    "yaml": ("a:\n  b:\n    c: 1\nd: 2\n", [("key", "a", 1, 3), ("key", "a > b", 2, 3), ("key", "d", 4, 4)]),
    "toml": ("x = 1\n\n[tool.a]\ny = 2\n", [("key", "x", 1, 1), ("section", "tool.a", 3, 4), ("key", "tool.a > y", 4, 4)]),
}


@pytest.mark.parametrize("language", sorted(RULES))
def test_definitions_have_scope_and_lines(language: str) -> None:
    source, expected = CASES[language]
    found = [(symbol.kind, symbol.scope, symbol.line, symbol.line_end) for symbol in outline(source, language)]
    assert found[: len(expected)] == expected


def test_the_name_of_a_symbol_is_the_plain_name() -> None:
    source, _ = CASES["go"]
    assert [symbol.name for symbol in outline(source, "go")] == ["Run", "I", "Stop"]


def test_windows_line_ends_do_not_move_lines() -> None:
    found = [(symbol.line, symbol.line_end) for symbol in outline(PYTHON.replace("\n", "\r\n"), "python")]
    assert found == [(4, 15), (11, 15), (13, 14), (18, 19)]


def test_prose_and_unknown_languages_have_no_outline() -> None:
    assert outline("text", "") == () == outline("text", "brainfuck")


@given(language=st.sampled_from(sorted(RULES)), source=st.text(max_size=200))
def test_any_text_is_outlined_without_failing_and_lines_lie_inside(language: str, source: str) -> None:
    lines = source.count("\n") + 1
    assert all(1 <= symbol.line <= symbol.line_end <= lines for symbol in outline(source, language))


def test_a_hostile_depth_is_no_trouble() -> None:
    assert outline("[" * 50_000, "json") == ()
    assert len(outline('{"a":' * 20_000 + "1" + "}" * 20_000, "json")) >= 1
