"""What is typed at a terminal: answers to questions, yes and no, and a request in any locale."""

import io
import sys

import click
import pytest

from assistant.cli.output import Output
from assistant.cli.terminal import agreed, is_terminal, typed, words

HERE = click.Context(click.Command("do")), click.Argument(["request"])


@pytest.mark.parametrize(("line", "value"), [("  /d/отчёты \n", "/d/отчёты"), ("\n", ""), ("", ""), ("last", "last")])
async def test_a_line_is_an_answer_and_the_end_of_input_an_empty_one(
    line: str, value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(line))
    assert await typed(Output(), "Where [1-2] to?\u202e") == value
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err == "Where [1-2] to?⟨U+202E⟩\n> "


@pytest.mark.parametrize(("line", "value"), [("Y\n", True), ("да", True), ("no\n", False), ("", False), ("yes, but\n", False)])
async def test_only_yes_is_yes(line: str, value: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(line))
    assert await agreed(Output(), "Do this?") is value


def test_nobody_is_there_without_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    assert not is_terminal()
    monkeypatch.setattr(sys, "stdin", None)
    assert not is_terminal()


def test_words_of_a_locale_that_cannot_spell_them_are_read_as_utf_8() -> None:
    escaped = "разложи".encode().decode("ascii", "surrogateescape")
    assert words(*HERE, escaped) == "разложи"
    with pytest.raises(click.BadParameter):
        words(*HERE, " \t")
