"""What is forgotten leaves the record of runs by whole names; twins of its name stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.change import Change, ChangeKind, Preview
from assistant.domain.erasure import FORGOTTEN, Doomed, erased, is_forgotten, marked_out
from assistant.domain.plan import Decision, Plan, Run, RunLog, Step, StepView, Verdict
from tests.fakes.stores import EPOCH

names = st.text(st.sampled_from("ab.-_ "), min_size=1, max_size=6).filter(lambda name: name.strip(". ") == name)


def move(path: str, to: str) -> Change:
    return Change(kind=ChangeKind.MOVE, path=path, to=to)


@given(names, st.lists(names, max_size=3), names)
def test_a_folder_covers_what_is_below_it_and_no_twin(folder: str, below: list[str], more: str) -> None:
    doomed = Doomed([f"/x/{folder}"])
    assert doomed.covers("/".join(["/x", folder, *below]))
    assert not doomed.covers("/".join([f"/x/{folder}{more}", *below]))
    assert not doomed.covers("/x")
    assert doomed.concerns("/x")


def test_nothing_and_no_path_cover_nothing() -> None:
    assert not Doomed([]).covers("/a")
    assert not Doomed([]).named_in("anything")
    assert not Doomed(["", "/a"]).covers("")
    assert not Doomed(["/a"]).concerns("")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("/a/b", True),
        ("moves /a/b.", True),
        ("«/a/b», then on", True),
        ("/a/b/c.md", True),
        ("/a/b.md", False),
        ("/a/b-evil", False),
        ("/a/bc", False),
        ("/x/a/b", False),
        ("x/a/b", False),
    ],
)
def test_a_text_names_a_path_by_whole_names(text: str, named: bool) -> None:
    assert Doomed(["/a/b"]).named_in(text) is named


def test_former_names_are_followed_through_moves_of_files_and_folders() -> None:
    doomed = Doomed(["/now/a.md"])
    doomed.follow([move("/first", "/second"), move("/second", "/now"), Change(kind=ChangeKind.MKDIR, path="/z")])
    assert doomed.covers("/second/a.md")
    assert doomed.covers("/first/a.md")
    assert not doomed.covers("/first/b.md")
    folder = Doomed(["/out"])
    folder.follow([move("/in/a.md", "/out/a.md"), move("/in/b.md", "/elsewhere/b.md")])
    assert folder.covers("/in/a.md")
    assert not folder.covers("/in/b.md")
    assert folder.named_in("about /in/a.md")


def test_a_mark_says_nothing_of_the_path_and_is_told_apart() -> None:
    assert marked_out("/a/secret").startswith(FORGOTTEN)
    assert "secret" not in marked_out("/a/secret")
    assert marked_out("/a/secret") != marked_out("/a/other")
    assert is_forgotten(move(marked_out("/a"), marked_out("/b")))
    assert not is_forgotten(move("/a", "/b"))


def test_a_step_that_only_read_another_file_keeps_what_it_made() -> None:
    made = Change(kind=ChangeKind.CREATE, path="/out/report.md", blob="b" * 64, step="s2")
    steps = tuple(Step(id=name, tool="report.write", arguments={"folder": "/in"}) for name in ("s1", "s2"))
    verdict = Verdict(decision=Decision.ASK, rule="r", reason="writes")
    views = tuple(
        StepView(step=step, verdict=verdict, reads=(path,))
        for step, path in zip(steps, ("/in/secret.md", "/in/b.md"), strict=True)
    )
    plan = Plan(id="p", request="report", language="en", origin="cli", steps=steps)
    run = Run(id="r", plan=plan, state="done", began=EPOCH, steps=views)
    left = erased(run, RunLog(preview=Preview(digest="d", changes=(made,), at=EPOCH)), Doomed(["/in/secret.md"]))
    assert left is not None
    assert left[1].preview.changes == (made,)
    assert "secret" not in str(left)
