"""The timeline: newest first, bounded, one line for the changes of one source, filters."""

from PySide6.QtWidgets import QApplication

from assistant.api.views import (
    Event,
    IngestFailed,
    MemoryRecalled,
    QuestionAsked,
    SourceChanged,
    SourceForgotten,
    SourceRemembered,
    VerdictRecorded,
    Warned,
)
from tests.fakes.assistant import NOON
from ui.item_models.timeline import Kind, LineRole, TimelineModel


def asked(n: int) -> Event:
    return QuestionAsked(id=str(n), at=NOON, question=f"question {n}")


def changed(path: str, state: str) -> Event:
    return SourceChanged(id="c", at=NOON, source_id=path, path=path, state=state)


def looked_up(query: str, sources: int) -> Event:
    return MemoryRecalled(id="m", at=NOON, origin="cli", kind="recall", query=query, sources=sources)


def texts(model: TimelineModel) -> list[str]:
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def test_the_newest_is_on_top_and_the_oldest_leaves_at_the_limit(app: QApplication) -> None:
    model = TimelineModel(limit=5)
    for n in range(12):
        model.add(asked(n))
    assert texts(model) == [f"Asked: question {n}" for n in (11, 10, 9, 8, 7)]


def test_two_thousand_lines_are_kept_by_default(app: QApplication) -> None:
    model = TimelineModel()
    for n in range(2100):
        model.add(asked(n))
    assert model.rowCount() == 2000


def test_the_changes_of_a_source_are_one_line_with_a_count(app: QApplication) -> None:
    model = TimelineModel()
    for state in ("queued", "reading", "searchable"):
        model.add(changed("/a/one.md", state))
        model.add(changed("/a/two.md", state))
    model.add(SourceRemembered(id="r", at=NOON, source_id="/a/one.md", path="/a/one.md", chunks=3))
    assert texts(model)[0].startswith("one.md is remembered")
    assert texts(model)[0].endswith("×4")
    assert texts(model)[1:] == ["two.md: searchable ×3"]


def test_filters(app: QApplication) -> None:
    model = TimelineModel()
    model.add(asked(1))
    model.add(changed("/a/one.md", "reading"))
    model.add(VerdictRecorded(id="v", at=NOON, tool="memory.recall", origin="window", decision="allow", reason="read-only"))
    model.add(IngestFailed(id="f", at=NOON, source_id="x", path="/a/x.pdf", code="encrypted", reason="a password"))
    model.add(Warned(id="w", at=NOON, level="warning", code="battery", text="slower on battery"))
    model.add(looked_up("lease", 2))
    counts = {Kind.ALL: 6, Kind.INDEXING: 1, Kind.QUESTIONS: 1, Kind.RECALLS: 1, Kind.POLICY: 1, Kind.WARNINGS: 2}
    for kind, count in counts.items():
        model.narrow(kind)
        assert model.rowCount() == count
    model.add(asked(2))
    assert model.rowCount() == 2
    model.narrow(Kind.ALL)
    assert texts(model)[0] == "Asked: question 2"


def test_a_forgotten_source_cannot_be_opened(app: QApplication) -> None:
    model = TimelineModel()
    model.add(SourceForgotten(id="f", at=NOON, path="/a/x.pdf", chunks=3, proved=True))
    line = model.index(0, 0).data(LineRole.LINE)
    assert line.path == ""
    assert "nothing is left" in line.text


def test_what_was_before_lies_below_and_never_pushes_out_what_is_new(app: QApplication) -> None:
    model = TimelineModel(limit=4)
    model.add(asked(1))
    model.narrow(Kind.RECALLS)
    model.begin_with([looked_up(f"word {n}", n) for n in range(5)])
    assert texts(model) == [f"Looked up by the command line: word {n} ({n} files)" for n in (4, 3, 2)]
    model.narrow(Kind.ALL)
    assert texts(model)[0] == "Asked: question 1"
    model.add(looked_up("", 5))
    assert texts(model)[:2] == ["Looked up by the command line: (words forgotten) (5 files)", "Asked: question 1"]
    assert model.rowCount() == 4
