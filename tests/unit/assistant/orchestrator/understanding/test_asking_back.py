"""What is missing is asked for, one question at a time; what is ambiguous is shown as choices; answers go on from there."""

import pytest

from assistant.tools.guides import Near
from tests.unit.assistant.orchestrator.understanding.desk_of_anna import (
    DOCUMENTS,
    DOWNLOADS,
    HOME,
    PICTURES,
    WORK,
    analyzer,
    outcome,
    understood,
)


@pytest.mark.parametrize(
    ("request_text", "answers", "tool", "arguments"),
    [
        ("sort my screenshots", [("by", "month")], "files.sort", {"by": "month", "folder": WORK}),
        ("move all pdfs", [("target", "Documents")], "files.move", {"target": DOCUMENTS, "glob": "*.pdf"}),
        ("перенеси все pdf", [("target", "в Загрузки")], "files.move", {"target": DOWNLOADS}),
        ("перенеси все pdf", [("target", "~/papers")], "files.move", {"target": f"{HOME}/papers"}),
        ("delete the drafts", [("paths", "*draft*")], "files.trash", {"folder": WORK, "glob": "*draft*"}),
        ("удали черновики", [("paths", "a.txt, b.txt")], "files.trash", {"paths": [f"{WORK}/a.txt", f"{WORK}/b.txt"]}),
        ("delete big files in Downloads", [("larger", "500 MB")], "files.trash", {"larger_bytes": 500_000_000}),
        ("удали старые файлы в загрузках", [("older", "90 days")], "files.trash", {"folder": DOWNLOADS, "older_days": 90}),
        ("удали старые файлы в загрузках", [("older", "90 дней")], "files.trash", {"folder": DOWNLOADS, "older_days": 90}),
        ("summarise ~/jobs/notes", [("target", "s")], "report.write", {"target": f"{WORK}/s.md"}),
        ("write a report into r.md", [("subject", "heating")], "report.write", {"subject": "heating"}),
        ("commit my changes", [("message", "wip")], "git.commit", {"message": "wip"}),
        ("create a branch", [("name", "trial")], "git.branch", {"name": "trial"}),
        ("сравни a.txt", [("right", "b.txt")], "files.compare", {"left": f"{WORK}/a.txt", "right": f"{WORK}/b.txt"}),
        ("convert readme.md", [("to", "html")], "text.convert", {"path": f"{WORK}/readme.md", "to": "html"}),
        ("replace in a.txt", [("find", "x"), ("replace", "")], "text.replace", {"find": "x", "replace": ""}),
        ("append to todo.md", [("content", "milk")], "text.append", {"path": f"{WORK}/todo.md", "content": "milk"}),
        ("create a new note", [("path", "ideas")], "text.create", {"path": f"{WORK}/ideas.md", "content": ""}),
        ("распакуй архив", [("path", "x.zip")], "archive.unpack", {"path": f"{WORK}/x.zip"}),
        ("extract lines from app.log", [("matching", "ERROR")], "text.extract", {"matching": "ERROR"}),
        ("rename all photos here", [("pattern", "{n:03}_{name}{ext}")], "files.rename", {"pattern": "{n:03}_{name}{ext}"}),
    ],
)
async def test_one_question_at_a_time(
    request_text: str, answers: list[tuple[str, str]], tool: str, arguments: dict[str, object]
) -> None:
    given: dict[str, str] = {}
    for slot, value in answers:
        found = await understood(request_text, answers=given)
        assert found.question is not None
        assert found.question.slot == slot
        russian = any("а" <= letter <= "я" for letter in request_text)
        assert russian == any("а" <= letter <= "я" for letter in found.question.text.lower())
        given[slot] = value
    found = await understood(request_text, answers=given)
    assert outcome(found) == tool
    assert arguments.items() <= found.intents[0].arguments.items()


async def test_a_name_that_stands_in_two_folders_is_shown_as_choices() -> None:
    found = await understood("open lease.md")
    assert found.question is not None
    assert [value for value, _ in found.question.choices] == [f"{DOCUMENTS}/lease.md", f"{PICTURES}/lease.md"]
    found = await understood("open lease.md", answers={found.question.slot: f"{PICTURES}/lease.md"})
    assert found.intents[0].arguments == {"path": f"{PICTURES}/lease.md"}


async def test_a_folder_is_found_by_its_name_whatever_its_ending() -> None:
    found = await understood("покажи файлы в папке проекты")
    assert found.intents[0].arguments == {"folder": f"{DOCUMENTS}/Проекты"}


async def test_an_ambiguous_folder_is_shown_as_choices() -> None:
    found = await understood("list the files in the invoices folder", [DOWNLOADS])
    assert found.question is not None
    assert {value for value, _ in found.question.choices} == {f"{WORK}/invoices", f"{DOCUMENTS}/invoices"}


async def test_without_a_folder_at_hand_one_is_asked_for() -> None:
    analyse = analyzer(roots=[WORK, DOWNLOADS]).analyse
    found = await analyse("sort all files by month")
    assert found.question is not None
    assert found.question.slot == "folder"
    assert found.question.choices == ((WORK, "jobs"), (DOWNLOADS, "Downloads"))
    found = await analyse("sort all files by month", (), {"folder": DOWNLOADS})
    assert found.intents[0].arguments == {"by": "month", "folder": DOWNLOADS}


@pytest.mark.parametrize("request_text", ["sort all files by month", "delete the files", "удали файлы"])
async def test_the_only_root_is_offered_but_not_taken_where_nothing_is_at_hand(request_text: str) -> None:
    found = await analyzer(roots=[WORK]).analyse(request_text)
    assert not found.intents
    assert found.question is not None
    assert WORK in dict(found.question.choices)


@pytest.mark.parametrize("request_text", ["rename a.txt to ../b.txt", "переименуй a.txt в /tmp/b.txt"])
async def test_a_new_name_in_another_folder_is_asked_about(request_text: str) -> None:
    found = await analyzer(roots=[WORK]).analyse(request_text, [WORK])
    assert not found.intents
    assert found.question is not None


@pytest.mark.parametrize(
    ("request_text", "arguments"),
    [
        ("delete these files", {"paths": [f"{WORK}/a.txt", f"{WORK}/b.txt"]}),
        ("удали эти файлы", {"paths": [f"{WORK}/a.txt", f"{WORK}/b.txt"]}),
        ("move them to Documents", {"paths": [f"{WORK}/a.txt", f"{WORK}/b.txt"], "target": DOCUMENTS}),
        ("удали", {"paths": [f"{WORK}/a.txt", f"{WORK}/b.txt"]}),
        ("list this folder", {"folder": WORK}),
        ("compare them", {"left": f"{WORK}/a.txt", "right": f"{WORK}/b.txt"}),
    ],
)
async def test_these_files_are_the_selected_ones(request_text: str, arguments: dict[str, object]) -> None:
    found = await understood(request_text, [f"{WORK}/a.txt", f"{WORK}/b.txt"])
    assert found.intents[0].arguments == arguments


async def test_questions_of_a_later_clause_carry_its_number() -> None:
    request = "stage everything and then commit"
    found = await understood(request)
    assert found.question is not None
    assert found.question.slot == "2.message"
    found = await understood(request, answers={"2.message": "wip"})
    assert outcome(found) == "git.stage git.commit"
    assert found.intents[1].arguments["message"] == "wip"


async def test_guides_are_offered_where_the_rules_are_unsure() -> None:
    async def guides(text: str, language: str, n: int) -> list[Near]:
        return [Near("files.sort", 0.9, "Sort files", ""), Near("files.list", 0.2, "List files", "")]

    analyse = analyzer(guides=guides).analyse
    found = await analyse("bring some order into my screenshots", [WORK])
    assert found.question is not None
    assert (found.question.slot, found.question.choices) == ("command", (("files.sort", "Sort files"),))
    found = await analyse("bring some order into my screenshots", [WORK], {"command": "files.sort"})
    assert found.question is not None
    assert found.question.slot == "by"
    assert outcome(await analyse("send my screenshots to Peter", [WORK])) == "nearest"


async def test_what_does_not_fit_the_schema_is_asked_for() -> None:
    def check(command: str, arguments: dict[str, object]) -> str:
        return "target" if arguments.get("target") == f"{WORK}/bad" else ""

    found = await analyzer(check=check).analyse("move a.txt to ~/jobs/bad", [WORK])
    assert found.question is not None
    assert found.question.slot == "target"
