"""Requests of several clauses: intents in order, what "them" means, searches that only lead to a deed, findings written down."""

import pytest

from assistant.orchestrator.planner import plan_actions
from tests.unit.assistant.orchestrator.understanding.desk_of_anna import DOWNLOADS, HOME, PICTURES, WORK, outcome, understood

PAPERS = f"{HOME}/papers"


@pytest.mark.parametrize(
    ("request_text", "tools", "last"),
    [
        ("move all pdfs to ~/papers and then list them", "files.move files.list", {"folder": PAPERS, "glob": "*.pdf"}),
        ("перенеси все pdf в ~/papers, а затем покажи их", "files.move files.list", {"folder": PAPERS, "glob": "*.pdf"}),
        ("copy a.txt to ~/papers; open it", "files.copy files.open", {"path": f"{PAPERS}/a.txt"}),
        ("create plan.md and open it", "text.create files.open", {"path": f"{WORK}/plan.md"}),
        ("создай plan.md; допиши в него «да»", "text.create text.append", {"path": f"{WORK}/plan.md", "content": "да"}),
        (
            "zip ~/jobs/site and then move it to ~/b",
            "archive.pack files.move",
            {"paths": [f"{WORK}/site.zip"], "target": f"{HOME}/b"},
        ),
        (
            "unpack p.zip and then sort the photos there by month",
            "archive.unpack files.sort",
            {"folder": f"{WORK}/p", "by": "month"},
        ),
        ("summarise ~/jobs/notes into s.md and open it", "report.write files.open", {"path": f"{WORK}/s.md"}),
        ("stage all changes. Commit them as 'wip'", "git.stage git.commit", {"message": "wip"}),
        ("сначала проиндексируй всё, потом закоммить как «wip»", "git.stage git.commit", {"message": "wip"}),
        ("find all tmp files here and delete them", "files.trash", {"folder": WORK, "glob": "*.tmp"}),
        ("найди все tmp здесь и удали их", "files.trash", {"folder": WORK, "glob": "*.tmp"}),
        ("find duplicates in Pictures and trash the extras", "files.duplicates", {"folders": [PICTURES]}),
        ("create a branch trial and switch to it", "git.branch", {"name": "trial", "switch": True}),
        ("создай ветку trial и переключись на неё", "git.branch", {"name": "trial", "switch": True}),
        ("write a report on heating and save it as h.md", "report.write", {"subject": "heating", "target": f"{WORK}/h.md"}),
        ("in Downloads, delete all pdfs", "files.trash", {"folder": DOWNLOADS, "glob": "*.pdf"}),
        ("delete a.txt and b.txt", "files.trash", {"paths": [f"{WORK}/a.txt", f"{WORK}/b.txt"]}),
        ("move drafts.md and list.md to ~/b", "files.move", {"paths": [f"{WORK}/drafts.md", f"{WORK}/list.md"]}),
    ],
)
async def test_clauses_become_intents_in_order(request_text: str, tools: str, last: dict[str, object]) -> None:
    found = await understood(request_text)
    assert outcome(found) == tools
    assert last.items() <= found.intents[-1].arguments.items()


@pytest.mark.parametrize(
    ("request_text", "tools", "take"),
    [
        ("list all pdfs in Downloads and save the list to l.md", "files.list text.create", "table"),
        ("сделай список всех pdf в загрузках и сохрани его в l.csv", "files.list text.create", "table"),
        ("find what my notes say about rent and write it into r.md", "question text.append", "text"),
        ("покажи дубликаты в Изображениях и запиши их в d.md", "files.list_duplicates text.append", "table"),
        ("сравни a.txt и b.txt и сохрани результат в d.md", "files.compare text.create", "text"),
    ],
)
async def test_findings_are_written_down_by_reference(request_text: str, tools: str, take: str) -> None:
    found = await understood(request_text)
    assert outcome(found) == tools
    assert found.intents[1].arguments["content"] == {"from": "1", "take": take}
    assert plan_actions(found.intents, "plan_1", request_text, "cli").steps[1].after == ("1",)


async def test_one_clause_that_is_ruled_out_stops_them_all() -> None:
    assert outcome(await understood("move all pdfs to ~/papers and then don't delete anything")) == "nearest"
    assert outcome(await understood("sort the photos by month and then send them to Peter")) == "nearest"


async def test_a_question_to_answer_is_what_stands_behind_the_colon() -> None:
    found = await understood("найди и ответь: когда кончается аренда?")
    assert found.intents[0].question == "когда кончается аренда?"


async def test_a_report_on_named_files_is_on_them() -> None:
    found = await understood("summarise ~/jobs/a.txt into a.md")
    assert found.intents[0].arguments == {"paths": [f"{WORK}/a.txt"], "target": f"{WORK}/a.md"}
