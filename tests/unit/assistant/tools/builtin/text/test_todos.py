"""Marks of what is still to do, with their places."""

import sys

import pytest

from assistant.domain.errors import ArgumentError
from assistant.tools.builtin.text.todos import marks
from tests.fakes.seeing import Toolbox


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("-- TODO: write it", ("TODO", "write it")),
        ("// FIXME(anna): broken", ("FIXME", "broken")),
        ("/* HACK - for now */", ("HACK", "for now")),
        ("<!-- XXX why? -->", ("XXX", "why?")),
        ("; ДОДЕЛАТЬ отчёт", ("ДОДЕЛАТЬ", "отчёт")),
        ("СДЕЛАТЬ: позвонить", ("СДЕЛАТЬ", "позвонить")),
        ("todo: in small", ("TODO", "in small")),
        ("TODO", ("TODO", "")),
        ("надо СДЕЛАТЬ", ("СДЕЛАТЬ", "")),
        ("mytodo_list TODOS XXXL to do", None),
        ("the todo list", None),
    ],
)
def test_marks(line: str, expected: tuple[str, str] | None):
    assert marks(f"\r\n{line}\r") == ([(2, *expected)] if expected else [])


@pytest.fixture
def code(box: Toolbox) -> Toolbox:
    box.put(
        **{
            "src/a.py": "x = 1  // TODO: one | two\n\n// FIXME: =cmd()\n",
            "b.md": "ДОДЕЛАТЬ главу\n".encode("cp1251") + "Это текст в старой кодировке, довольно длинный.\n".encode("cp1251"),
            "c.bin": b"\0TODO",
            ".git/TODO": "TODO: hidden",
        }
    )
    return box


async def test_without_a_target_there_is_only_a_table(code: Toolbox):
    outcome = await code.call("text.todos", folder=code.path())
    assert outcome.table is not None
    assert outcome.table.rows == (
        (code.path("b.md:1"), "ДОДЕЛАТЬ", "главу"),
        (code.path("src/a.py:1"), "TODO", "one | two"),
        (code.path("src/a.py:3"), "FIXME", "=cmd()"),
    )
    assert (outcome.changes, outcome.taints) == ((), ())
    assert outcome.text == "Marks: 3 in 2 files. Left alone: hidden or of programs: 1, no text: 1."


async def test_very_large_files_are_left(code: Toolbox):
    with (code.root / "large.log").open("wb") as file:
        file.write(b"TODO: never\n")
        file.truncate(9 * 1024 * 1024)
    assert "no text: 2" in (await code.call("text.todos", folder=code.path())).text


async def test_into_markdown(code: Toolbox):
    outcome = await code.call("text.todos", "ru", folder=code.path(), target=code.path("todo.md"))
    assert [(taint.origin, taint.source) for taint in outcome.taints] == [
        ("file", code.path("b.md")),
        ("file", code.path("src/a.py")),
    ]
    after = await code.do("text.todos", "ru", folder=code.path(), target=code.path("todo.md"))
    assert str(after["todo.md"], "utf-8") == (  # type: ignore[call-overload]
        "# Сделать\n\n| место | пометка | текст |\n| --- | --- | --- |\n| b.md:1 | ДОДЕЛАТЬ | главу |\n"
        "| src/a.py:1 | TODO | one \\| two |\n| src/a.py:3 | FIXME | =cmd() |\n"
    )
    again = await code.do("text.todos", "ru", folder=code.path(), target=code.path("todo.md"))
    assert again == after


async def test_into_csv_outside_where_formulas_are_harmless(code: Toolbox):
    after = await code.do("text.todos", folder=code.path("src"), target=code.path("out/todo.csv"))
    assert after["out/todo.csv"] == (
        f"place,kind,text\r\n{code.path('src/a.py:1')},TODO,one | two\r\n{code.path('src/a.py:3')},FIXME,'=cmd()\r\n"
    ).encode("utf-8-sig")


async def test_other_targets(code: Toolbox):
    with pytest.raises(ArgumentError, match=r"\.md or \.csv"):
        await code.call("text.todos", folder=code.path(), target=code.path("todo.docx"))
    code.put(**{"taken.md/x": ""})
    outcome = await code.call("text.todos", folder=code.path(), target=code.path("taken.md"))
    assert outcome.conflicts[0].reason == "Something that is no file stands there."
    assert (await code.call("text.todos", folder=code.path(), glob="*.none", target=code.path("todo.docx"))).empty


async def test_there_is_an_end_to_what_is_collected(code: Toolbox, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys.modules["assistant.tools.builtin.text.todos"], "_MOST_ROWS", 0)
    outcome = await code.call("text.todos", folder=code.path())
    assert len(outcome.table.rows if outcome.table else ()) == 1
