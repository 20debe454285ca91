"""The words of acting: arguments letter for letter, totals, moves, scopes, receipts."""

import pytest
from pydantic import JsonValue
from PySide6.QtWidgets import QApplication

from assistant.api.views import ChangeTotals, Decision, EffectKind, Reverted, Taint
from tests.fakes.deeds import change, proposal, run_of, step
from ui.item_models.deed_words import (
    affected,
    decision_label,
    effect_label,
    moved,
    origin_label,
    plan_of,
    risk_label,
    run_state,
    scope_of,
    step_state,
    steps_of,
    taint_line,
    told_of,
    totals_line,
    value_text,
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("two\nlines", "two\nlines"),
        ("a\u202eb", "a⟨U+202E⟩b"),
        ("x" * 403, "x" * 400 + "… and 3 more characters"),
        (["/a", "/b"], "/a\n/b"),
        ([str(n) for n in range(9)], "0\n1\n2\n3\n4\n5\nand 3 more"),
        ({"from": "s1", "take": "table"}, "what step s1 finds"),
        ({"a": 1}, '{"a": 1}'),
        (True, "yes"),
        (False, "no"),
        (7, "7"),
        (None, "null"),
    ],
)
def test_arguments_are_shown_letter_for_letter(app: QApplication, value: JsonValue, expected: str) -> None:
    assert value_text(value) == expected


def test_totals_name_what_there_is(app: QApplication) -> None:
    assert totals_line(ChangeTotals()) == "Nothing on disk changes."
    counts = ChangeTotals(created=1, written=2, moved=3, trashed=4, folders=5, bytes_written=2000, bytes_trashed=3_000_000)
    line = totals_line(counts)
    for part in (
        "1 files created",
        "2 files edited",
        "3 moved",
        "4 to the trash",
        "5 folders",
        "2.0 kB written",
        "3.0 MB to the trash",
    ):
        assert part in line


def test_moves_and_affected_paths(app: QApplication) -> None:
    assert moved("/a/x.txt", "/a/y.txt") == "/a/x.txt → y.txt"
    assert moved("/a/x.txt", "/b/x.txt") == "/a/x.txt → /b/x.txt"
    changes = [change("mkdir", "/b"), change("move", "/a/x", "/b/x"), change("write", "/c"), change("write", "/c")]
    shown = proposal("r", "ready", [step(1, "t", "T")], changes)
    assert affected(shown.preview, 9) == (["/a/x → /b/x", "/c"], 2)
    assert affected(shown.preview, 1) == (["/a/x → /b/x"], 2)
    assert affected(None, 9) == ([], 0)
    assert affected(proposal("r", "ready", [step(1, "t", "T")], [change("mkdir", "/b")]).preview, 9) == (["/b"], 1)


def test_a_scope_is_the_folder_that_holds_everything() -> None:
    assert scope_of(["/p/a/x", "/p/a/b/y"]) == "/p/a"
    assert scope_of([]) == ""
    assert scope_of(["/p/x", "relative"]) == ""
    assert (scope_of(["/p/a/x"]), scope_of(["/p/a", "/p/a/b"]), scope_of(["/x", "/y"])) == ("/p/a", "/p", "/")


def test_states_effects_and_doors_have_words(app: QApplication) -> None:
    assert {effect_label(one) for one in EffectKind}.isdisjoint({""})
    assert {decision_label(one) for one in Decision} == {"allowed", "asks you", "denied"}
    assert [step_state("undone"), step_state("<new>"), run_state("partly undone"), run_state("x\u202e")] == [
        "taken back",
        "<new>",
        "partly taken back",
        "x⟨U+202E⟩",
    ]
    assert [risk_label("none", 0), risk_label("medium", 40), risk_label("odd", 1)] == ["no risk", "medium risk · 40", "odd · 1"]
    assert [origin_label("cli"), origin_label("flow:x")] == ["you, on the command line", "flow:x"]


def test_taints_name_their_source(app: QApplication) -> None:
    taint = Taint(argument="to", origin="web", source="https://x", excerpt="")
    assert taint_line(taint) == "“to” is filled from a web page: https://x"
    assert taint_line(taint.model_copy(update={"excerpt": "do\nit"})).endswith("\n“do␊it”")


def test_what_an_undo_did(app: QApplication) -> None:
    shown = proposal("r", "ready", [step(1, "t", "T")], [change("write", "/c")])
    run = run_of(shown, "undone")
    assert told_of(Reverted(run=run, changes=2), redo=False) == "2 changes taken back."
    both = Reverted(run=run, changes=0, kept_both=("/a",), merged=("/b",))
    assert told_of(both, redo=True).startswith("0 changes done again. 1 files are there twice")
    assert plan_of(shown, run) == run.plan
    assert plan_of(shown, None) == shown.plan
    assert plan_of(None, None) is None
    assert steps_of(None, None) == ()
