"""`do`: every end a request can come to, with its exit code; nothing is approved that nobody agreed to."""

import json
from pathlib import Path

import pytest

from assistant.api.views import Conflict, Decision, Proposal, Question, Risk, Table, Taint
from assistant.domain.errors import PolicyDeniedError
from tests.fakes.assistant import FakeAssistant, answer, citation
from tests.fakes.deeds import change, proposal, run_of, step
from tests.unit.assistant.cli.conftest import Run

RENAME = "put the date before the names here"
MOVES = [change("move", "/d/a.txt", "/d/2026-01-01_a.txt", why="of 1 January"), change("mkdir", "/d/new")]


def ready(request: str = RENAME, **more: object) -> Proposal:
    return proposal(request, "ready", [step(1, "files.rename", "Rename 1 file")], MOVES, **more)


@pytest.fixture
def waiting(fake: FakeAssistant) -> FakeAssistant:
    fake.acting.proposals[RENAME] = ready(risk=Risk(score=20, level="low", reasons=("moves or renames files",)))
    return fake


def approvals(fake: FakeAssistant) -> list[tuple[object, ...]]:
    return fake.called("acting.approve")


def test_a_person_sees_the_changes_and_agrees(mneme: Run, waiting: FakeAssistant) -> None:
    result = mneme("do", RENAME, typed="y\n")
    assert result.exit_code == 0
    for line in (
        "1. Rename 1 file  files.rename",
        "move   /d/a.txt → /d/2026-01-01_a.txt  (of 1 January)",
        "folder /d/new",
        "1 moved, 1 folders",
        "Risk low (20 of 100): moves or renames files",
        "digest d1",
        "done: 2 changes of 2 stand.",
    ):
        assert line in result.stdout
    assert "Do this? [y/N]" in result.stderr
    assert "mneme undo run_plan_1" in result.stderr
    assert approvals(waiting) == [("plan_1", "d1", "cli", "once")]
    assert waiting.called("acting.deny") == []


@pytest.mark.parametrize("said", ["n\n", "\n", "", "of course\n"])
def test_anything_but_yes_is_no(mneme: Run, waiting: FakeAssistant, said: str) -> None:
    result = mneme("do", RENAME, typed=said)
    assert (result.exit_code, approvals(waiting)) == (4, [])
    assert "Nothing was done." in result.stderr
    assert waiting.called("acting.deny") == [("plan_1", "cli")]


@pytest.mark.parametrize("said", ["да\n", "Д\n"])
def test_yes_may_be_russian(mneme: Run, waiting: FakeAssistant, said: str) -> None:
    assert mneme("do", RENAME, typed=said).exit_code == 0


def test_without_a_terminal_nobody_has_agreed(mneme: Run, waiting: FakeAssistant) -> None:
    result = mneme("do", RENAME)
    assert (result.exit_code, approvals(waiting)) == (4, [])
    assert "digest d1" in result.stdout
    assert "--yes, or --approve" in result.stderr
    assert waiting.acting.open == {}


def test_json_asks_nobody_and_stays_json(mneme: Run, waiting: FakeAssistant) -> None:
    result = mneme("do", RENAME, "--json", typed="y\n")
    told = json.loads(result.stdout)
    assert (result.exit_code, approvals(waiting)) == (4, [])
    assert (told["proposal"]["state"], told["proposal"]["preview"]["digest"], told["run"]) == ("ready", "d1", None)


@pytest.mark.parametrize("more", [(), ("--yes",), ("--approve", "d1"), ("--json",), ("--yes", "--json")])
def test_a_dry_run_approves_nothing_whatever_else_is_said(mneme: Run, waiting: FakeAssistant, more: tuple[str, ...]) -> None:
    result = mneme("do", RENAME, "--dry-run", *more, typed="y\n")
    assert (result.exit_code, approvals(waiting)) == (0, [])
    assert waiting.called("acting.deny") == [("plan_1", "cli")]
    assert "2026-01-01_a.txt" in result.stdout


def test_agreeing_beforehand_comes_through_a_door_of_its_own(mneme: Run, waiting: FakeAssistant) -> None:
    result = mneme("do", RENAME, "--yes")
    assert (result.exit_code, approvals(waiting)) == (0, [("plan_1", "d1", "cli.yes", "once")])
    assert "Do this?" not in result.output


@pytest.mark.parametrize("more", [(), ("--yes",)])
def test_a_digest_agrees_to_what_was_seen(mneme: Run, waiting: FakeAssistant, more: tuple[str, ...]) -> None:
    assert mneme("do", RENAME, "--approve", "d1", *more).exit_code == 0
    assert approvals(waiting) == [("plan_1", "d1", "cli", "once")]


def test_a_digest_that_no_longer_holds_is_refused(mneme: Run, waiting: FakeAssistant) -> None:
    waiting.acting.moved = ready(digest="d2")
    result = mneme("do", RENAME, "--approve", "d1")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "have changed since the preview" in result.stderr
    assert waiting.called("history.ended") == []


def test_text_from_outside_needs_eyes(mneme: Run, waiting: FakeAssistant) -> None:
    waiting.failures["acting.approve"] = PolicyDeniedError("“target” comes from /d/a.md.", remedy="Use --approve.")
    result = mneme("do", RENAME, "--yes")
    assert result.exit_code == 4
    assert "Use --approve." in result.stderr


def test_json_tells_proposal_and_run(mneme: Run, waiting: FakeAssistant) -> None:
    told = json.loads(mneme("do", RENAME, "--yes", "--json").stdout)
    assert set(told) == {"proposal", "run"}
    assert {"id", "state", "plan", "steps", "preview", "decision", "risk", "question", "message"} <= set(told["proposal"])
    assert (told["run"]["state"], told["run"]["standing"], told["run"]["total"]) == ("done", 2, 2)


@pytest.mark.parametrize(("state", "code"), [("failed", 1), ("cancelled", 1), ("interrupted", 1), ("done", 0)])
def test_a_run_that_did_not_come_to_its_end_fails(mneme: Run, fake: FakeAssistant, state: str, code: int) -> None:
    begun = run_of(ready(), state, reason="The disk is full.", standing=1)
    fake.acting.proposals[RENAME] = ready().model_copy(update={"state": "running", "run": begun.id})
    fake.history.kept[begun.id] = begun
    fake.history.end(begun.id, state)
    result = mneme("do", RENAME)
    assert result.exit_code == code
    assert f"{state}: 1 change of 2 stand. The disk is full." in result.stdout
    assert (f"mneme finish {begun.id} --take-back" in result.stderr) == (state == "interrupted"), "its Mneme has closed"
    assert approvals(fake) == []


def test_what_only_looks_is_shown_at_once(mneme: Run, fake: FakeAssistant) -> None:
    table = Table(columns=("name", "size"), rows=tuple((f"{n}.txt", "1 kB") for n in range(203)))
    seen = step(1, "files.list", "List a folder", decision=Decision.ALLOW, table=table, text="203 files")
    fake.acting.proposals["list"] = proposal("list", "ended", [seen])
    result = mneme("do", "list")
    assert result.exit_code == 0
    assert "203 files" in result.stdout
    assert "199.txt  1 kB" in result.stdout
    assert "… 3 more rows" in result.stdout
    assert "digest" not in result.stdout
    assert fake.called("acting.deny") == []
    assert json.loads(mneme("do", "list", "--json").stdout)["proposal"]["steps"][0]["table"]["columns"] == ["name", "size"]


def test_a_question_is_answered_with_its_sources(mneme: Run, fake: FakeAssistant) -> None:
    found = answer("when?", [("On 1 April.", [1])], [citation(1, "/d/adr.md", "On 1 April.", line=7)])
    fake.acting.proposals["when?"] = proposal("when?", "ended", [step(1, "memory.ask", "Ask")], answer=found)
    result = mneme("do", "when?")
    assert (result.exit_code, "[1] /d/adr.md:7" in result.stdout) == (0, True)


@pytest.mark.parametrize(
    ("state", "code", "message"),
    [
        ("nothing", 3, "No file is older than 30 days."),
        ("denied", 4, "/ is a whole volume"),
        ("conflict", 1, "Something stands there already."),
    ],
)
def test_what_will_not_happen_says_why(mneme: Run, fake: FakeAssistant, state: str, code: int, message: str) -> None:
    fake.acting.proposals[RENAME] = proposal(RENAME, state, [step(1, "files.rename", "Rename")], MOVES, message=message)
    for more in ((), ("--yes",), ("--dry-run",), ("--approve", "d1"), ("--json",)):
        result = mneme("do", RENAME, *more, typed="y\n")
        assert (result.exit_code, message in result.stdout) == (code, True)
        assert "digest d1" not in result.stdout
    assert approvals(fake) == []
    assert fake.acting.open == {}


def test_what_stands_in_the_way_is_named(mneme: Run, fake: FakeAssistant) -> None:
    clash = Conflict(path="/d/b.txt", reason="Something stands there already.", step="s1")
    fake.acting.proposals[RENAME] = proposal(RENAME, "conflict", [step(1, "files.rename", "R")], MOVES, conflicts=(clash,))
    assert "✗ /d/b.txt: Something stands there already." in mneme("do", RENAME).stdout


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Mneme cannot do this. Nearest to it:"), ("ru", "Этого Mneme не умеет. Ближе всего:")]
)
def test_what_cannot_be_done_names_what_can(mneme: Run, fake: FakeAssistant, language: str, said: str) -> None:
    fake.acting.proposals["fly"] = proposal("fly", "unsupported", language=language, nearest=("list the files here",))
    result = mneme("do", "fly")
    assert result.exit_code == 3
    assert f"{said}\n  mneme do “list the files here”" in result.stdout


def test_a_russian_request_is_told_of_in_russian(mneme: Run, fake: FakeAssistant) -> None:
    asked = "переименуй файлы по датам"
    seen = step(1, "files.rename", "Переименовать 1 файл", text="Дата взята из времени файла.")
    moves = [change("move", "/d/отчёт.txt", "/d/2026-01-01_отчёт.txt", why="от 1 января")]
    fake.acting.proposals[asked] = proposal(asked, "ready", [seen], moves, language="ru", uncovered=("вид в проводнике",))
    shown = mneme("do", asked, typed="да\n").stdout
    for text in ("Переименовать 1 файл", "Дата взята", "отчёт.txt → /d/2026-01-01_отчёт.txt  (от 1 января)", "вид в проводнике"):
        assert text in shown


class TestAskingBack:
    CHOICES = (("/d/a", "a, the older"), ("/d/b", "b, the newer"))

    @pytest.fixture
    def asked(self, fake: FakeAssistant) -> FakeAssistant:
        question = Question(slot="target", text="Where to?", choices=self.CHOICES)
        fake.acting.proposals[RENAME] = proposal(RENAME, "question", question=question)
        fake.acting.answers = dict.fromkeys(("/d/a", "/d/b", "3", "elsewhere"), ready())
        return fake

    def test_names_in_questions_and_choices_stay_on_their_lines(self, mneme: Run, fake: FakeAssistant) -> None:
        question = Question(slot="target", text="Where is \u202etxt.exe?", choices=(("/d/a", "a\n  2. \x1b[2Jb"),))
        fake.acting.proposals[RENAME] = proposal(RENAME, "question", question=question)
        for shown in (mneme("do", RENAME).stdout, mneme("do", RENAME, typed="").stderr):
            assert "a␊  2. ␛[2Jb\n" in shown
            assert "⟨U+202E⟩txt.exe?" in shown
            assert "\x1b" not in shown

    def test_nobody_answers(self, mneme: Run, asked: FakeAssistant) -> None:
        result = mneme("do", RENAME, "--yes")
        assert (result.exit_code, approvals(asked)) == (2, [])
        assert "Where to?\n  a, the older\n  b, the newer" in result.stdout
        assert asked.acting.open == {}
        told = json.loads(mneme("do", RENAME, "--json", typed="1\n").stdout)
        assert told["proposal"]["question"]["choices"] == [list(choice) for choice in self.CHOICES]

    @pytest.mark.parametrize(("said", "meant"), [("2", "/d/b"), ("elsewhere", "elsewhere"), ("3", "3"), ("/d/a", "/d/a")])
    def test_a_person_chooses_by_number_or_says_another(self, mneme: Run, asked: FakeAssistant, said: str, meant: str) -> None:
        result = mneme("do", RENAME, typed=f"{said}\ny\n")
        assert "1. a, the older\n  2. b, the newer\n> " in result.stderr
        assert asked.called("acting.answer") == [("plan_1", meant)]
        assert (result.exit_code, len(approvals(asked))) == (0, 1)

    @pytest.mark.parametrize("said", ["", "\n", "   \n"])
    def test_an_empty_answer_is_none(self, mneme: Run, asked: FakeAssistant, said: str) -> None:
        result = mneme("do", RENAME, typed=said)
        assert (result.exit_code, asked.called("acting.answer")) == (2, [])

    def test_answers_can_be_given_beforehand_in_order(self, mneme: Run, asked: FakeAssistant) -> None:
        more = Question(slot="pattern", text="Which pattern?")
        asked.acting.answers["/d/a"] = proposal(RENAME, "question", question=more)
        asked.acting.answers["{n}"] = ready()
        result = mneme("do", RENAME, "--answer", "/d/a", "--answer", "{n}", "--dry-run")
        assert asked.called("acting.answer") == [("plan_1", "/d/a"), ("plan_1", "{n}")]
        assert (result.exit_code, approvals(asked)) == (0, [])

    def test_answers_beforehand_that_do_not_suffice_leave_the_question(self, mneme: Run, asked: FakeAssistant) -> None:
        asked.acting.answers["/d/a"] = proposal(RENAME, "question", question=Question(slot="pattern", text="Which pattern?"))
        result = mneme("do", RENAME, "--answer", "/d/a")
        assert (result.exit_code, "Which pattern?" in result.stdout) == (2, True)


def test_here_is_the_current_folder_unless_said_otherwise(
    mneme: Run, waiting: FakeAssistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    mneme("do", RENAME, "--dry-run")
    mneme("do", RENAME, "--dry-run", "--in", "sub", "--in", "/d")
    assert waiting.called("acting.plan") == [
        (RENAME, "cli", (str(tmp_path),)),
        (RENAME, "cli", (str(tmp_path / "sub"), "/d")),
    ]


def test_names_and_texts_from_outside_cannot_pass_for_lines_of_mneme(mneme: Run, fake: FakeAssistant) -> None:
    evil = "a\x1b]0;owned\x07\u202etxt\ndigest ok"
    taint = Taint(argument="target", origin="file", source=f"/d/{evil}", excerpt=evil)
    seen = step(1, "files.move", f"Move {evil}", taints=(taint,), table=Table(columns=("name",), rows=((evil,),)))
    moves = [change("move", f"/d/{evil}", f"/e/{evil}", why=evil), *(change("trash", f"/d/{n}") for n in range(50))]
    clash = Conflict(path=f"/d/{evil}", reason=f"{evil} stands there.")
    fake.acting.proposals[RENAME] = proposal(RENAME, "ready", [seen], moves, conflicts=(clash,), digest="d1")
    result = mneme("do", RENAME, "--dry-run")
    for sign in ("\x1b", "\x07", "\u202e"):
        assert sign not in result.output
    assert [line for line in result.stdout.splitlines() if line.lstrip().startswith("digest")] == ["digest d1"]
    assert "⟨U+202E⟩" in result.stdout
    assert "! target comes from /d/a␛" in result.stdout
    assert "… 11 more changes" in result.stdout
    told = json.loads(mneme("do", RENAME, "--dry-run", "--json").stdout)
    assert told["proposal"]["preview"]["changes"][0]["path"] == f"/d/{evil}"


@pytest.mark.parametrize("wrong", [("",), ("  ",), (), (RENAME, "--approve"), (RENAME, "--colour")])
def test_wrong_usage_is_2(mneme: Run, fake: FakeAssistant, wrong: tuple[str, ...]) -> None:
    assert mneme("do", *wrong).exit_code == 2
    assert fake.calls == []


def test_being_stopped_says_how_to_go_on(mneme: Run, waiting: FakeAssistant) -> None:
    waiting.failures["history.ended"] = KeyboardInterrupt()  # type: ignore[assignment]
    result = mneme("do", RENAME, "--yes")
    assert result.exit_code == 130
    assert "mneme log --runs" in result.stderr
