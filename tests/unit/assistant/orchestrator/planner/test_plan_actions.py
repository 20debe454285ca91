"""Plans for what was understood: steps with titles, what waits for what, what may run side by side."""

import pytest
from pydantic import JsonValue

from assistant.domain.plan import Intent, Step
from assistant.orchestrator.planner import plan_actions
from assistant.orchestrator.planner.titles import LONGEST, title_of


def wanted(tool: str, language: str = "en", **arguments: JsonValue) -> Intent:
    return Intent(kind="action", question="do it", language=language, tool=tool, arguments=arguments)


def planned(*intents: Intent) -> tuple[Step, ...]:
    return plan_actions(intents, "plan_1", "do it", "cli").steps


def test_a_question_is_a_step_that_answers_it() -> None:
    plan = plan_actions([Intent(question="When?", language="en")], "plan_1", "When?", "window")
    assert (plan.id, plan.request, plan.language, plan.origin) == ("plan_1", "When?", "en", "window")
    assert [(step.tool, step.arguments) for step in plan.steps] == [("memory.ask", {"question": "When?"})]


def test_what_touches_other_folders_runs_side_by_side() -> None:
    steps = planned(
        wanted("files.sort", folder="/d/a", by="month"),
        wanted("files.sort", folder="/d/b", by="month"),
        wanted("files.list", folder="/d/a"),
    )
    assert [(step.id, step.after, step.group) for step in steps] == [("1", (), 0), ("2", (), 0), ("3", ("1",), 1)]


@pytest.mark.parametrize(
    ("first", "second", "waits"),
    [
        (wanted("files.move", folder="/d/a", target="/d/b"), wanted("files.list", folder="/d/b"), True),
        (wanted("files.move", folder="/d/a", target="/d/b"), wanted("files.list", folder="/d/bb"), False),
        (wanted("files.list", folder="/d/a"), wanted("files.list", folder="/d/a"), False),
        (wanted("files.list", folder="/d/a"), wanted("files.trash", folder="/d/a/deep"), True),
        (wanted("files.copy", paths=["/d/a/x"], target="/d/b"), wanted("files.copy", paths=["/d/a/x"], target="/d/c"), False),
        (wanted("text.convert", path="/d/a/x.md", to="html"), wanted("files.list", folder="/d/a"), True),
        (wanted("text.convert", path="/d/a/x.md", to="html", target="/e/x.html"), wanted("files.list", folder="/d/a"), False),
        (wanted("git.stage", repository="/d/r", all=True), wanted("git.commit", repository="/d/r", message="m"), True),
        (wanted("plugin.strange", where="/d/a"), wanted("files.list", folder="/d/a"), True),
        (wanted("files.rename", paths=["/d/a/x"], pattern="y"), wanted("files.open", path="/d/a/y"), True),
    ],
)
def test_a_step_waits_for_what_changes_its_files(first: Intent, second: Intent, waits: bool) -> None:
    steps = planned(first, second)
    assert (steps[1].after, steps[1].group) == ((("1",), 1) if waits else ((), 0))


def test_a_step_waits_for_what_it_takes() -> None:
    take: JsonValue = {"from": "1", "take": "text"}
    steps = planned(wanted("files.list", folder="/d/a"), wanted("text.create", path="/e/list.md", content=take))
    assert steps[1].after == ("1",)


def test_titles_are_in_the_language_of_the_request() -> None:
    english, russian = (
        planned(wanted("files.sort", language, folder="/d/shots", by="month"))[0].title for language in ("en", "ru")
    )
    assert (english, russian) == ("Sort shots by month", "Разложить shots по месяцам")


@pytest.mark.parametrize(
    ("tool", "arguments", "title"),
    [
        ("files.trash", {"paths": ["/d/a.log", "/d/b.log"]}, "Move a.log +1 to the trash"),
        ("files.move", {"folder": "/d/a", "glob": "*.pdf", "target": "/d/b"}, "Move *.pdf in a to b"),
        ("report.write", {"subject": "heat pump", "target": "/d/r.md"}, "Write a report on heat pump into r.md"),
        ("text.create", {}, "Create …"),
        ("plugin.strange", {"x": 1}, "plugin.strange"),
    ],
)
def test_titles_name_what_is_touched(tool: str, arguments: dict[str, JsonValue], title: str) -> None:
    assert title_of(tool, arguments, "en") == title


def test_titles_stay_short_and_on_one_line() -> None:
    title = title_of("memory.ask", {"question": "why\n" * 100}, "en")
    assert "\n" not in title
    assert len(title) < LONGEST + 40
