"""The timeline dock: shows facts as they come, opens sources, narrows."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFileDialog

from assistant.api.views import Cite, MemoryRecalled, RecallRecord, SourceState
from tests.fakes.assistant import NOON, FakeAssistant
from tests.fakes.deeds import change, proposal, run_of, step
from ui.bridge import Bridge
from ui.deeds import Desk
from ui.docks.timeline import TimelineDock
from ui.item_models.timeline import Kind

Until = Callable[[Callable[[], Any]], Any]


async def test_facts_appear_and_sources_open(assistant: FakeAssistant, bridge: Bridge, until: Until) -> None:
    dock = TimelineDock()
    dock.attach(bridge)
    assert dock.pages.currentWidget() is dock.empty
    places: list[Cite] = []
    dock.openPlace.connect(lambda cite, quote: places.append(cite))
    await assistant.ask("Why NATS?", "window")
    assistant.move("/a/one.md", SourceState.SEARCHABLE)
    await until(lambda: dock.model.rowCount() == 3)
    assert [str(dock.model.index(row, 0).data()) for row in range(3)] == [
        "one.md: searchable",
        "No answer: the evidence is too weak",
        "Asked: Why NATS?",
    ]
    dock.list.clicked.emit(dock.model.index(1, 0))
    assert places == []
    dock.list.clicked.emit(dock.model.index(0, 0))
    assert places == [Cite(path="/a/one.md")]
    dock.chips[Kind.QUESTIONS].click()
    assert dock.model.rowCount() == 2
    dock.chips[Kind.WARNINGS].click()
    assert dock.pages.currentWidget() is dock.empty


async def test_who_looked_what_up_is_listed_from_before_the_window_on(
    assistant: FakeAssistant, bridge: Bridge, until: Until
) -> None:
    fields = {"origin": "cli", "kind": "recall", "query": "lease", "paths": ("/a/one.md", "/a/two.md")}
    assistant.upkeep.looked_up = [
        RecallRecord.model_validate({"seq": 2, "at": NOON + timedelta(days=30_000), **fields, "query": "told by the bus"}),
        RecallRecord.model_validate({"seq": 1, "at": NOON, **fields}),
    ]
    dock = TimelineDock()
    dock.attach(bridge)
    dock.chips[Kind.RECALLS].click()
    await until(lambda: dock.model.rowCount() == 1)
    assert dock.pages.currentWidget() is dock.list
    assistant.publish(MemoryRecalled(id="m", at=NOON, origin="window", kind="ask", query="why", sources=0))
    await until(lambda: dock.model.rowCount() == 2)
    assert [str(dock.model.index(row, 0).data()) for row in range(2)] == [
        "Looked up by the window: why (0 files)",
        "Looked up by the command line: lease (2 files)",
    ]


async def test_who_reads_further_down_stays_there(assistant: FakeAssistant, bridge: Bridge, until: Until) -> None:
    dock = TimelineDock()
    dock.resize(400, 200)
    dock.show()
    dock.attach(bridge)
    for n in range(60):
        assistant.move(f"/a/{n}.md", SourceState.READY)
    await until(lambda: dock.model.rowCount() == 60)
    bar = dock.list.verticalScrollBar()
    await until(lambda: bar.maximum() > 0)
    assert bar.value() == bar.minimum()
    bar.setValue(bar.maximum() // 2)
    top = str(dock.list.indexAt(dock.list.viewport().rect().topLeft()).data())
    assistant.move("/a/new.md", SourceState.READY)
    await until(lambda: dock.model.rowCount() == 61)
    dock.list.doItemsLayout()
    assert str(dock.list.indexAt(dock.list.viewport().rect().topLeft()).data()) == top


async def test_what_was_done_is_listed_and_taken_back_from_its_line(
    assistant: FakeAssistant, bridge: Bridge, tmp_path: Path, until: Until
) -> None:
    ready = proposal("sort /p", "ready", [step(1, "files.sort", "Sort")], [change("move", "/p/a", "/p/b/a")])
    earlier = run_of(ready.model_copy(update={"request": "earlier"}), "done", id="run_0")
    assistant.history.kept["run_0"] = earlier
    desk = Desk()
    desk.attach(bridge)
    dock = TimelineDock(desk)
    dock.attach(bridge)
    dock.show()
    await until(lambda: dock.model.rowCount() == 1)
    run = assistant.history.begin(ready)
    await until(lambda: dock.model.rowCount() == 3)
    dock.chips[Kind.RECEIPTS].click()
    dock.list.setCurrentIndex(dock.model.index(0, 0))
    await until(lambda: dock.card is not None and dock.card.deed.run is not None and dock.card.deed.run.id == run.id)
    assert dock.area.isVisible()
    assert dock.card is not None
    assert dock.card.receipt is not None
    assert dock.card.receipt.undo is not None
    dock.card.receipt.undo.click()
    await until(lambda: dock.model.rowCount() == 4)
    assert str(dock.model.index(0, 0).data()) == "Taken back: sort /p · 1 changes"
    assert assistant.called("history.undo") == [(run.id, "window", "", "refuse")]
    await until(lambda: dock.card is not None and dock.card.receipt is not None and dock.card.receipt.redo is not None)
    dock.chips[Kind.INDEXING].click()
    assert not dock.area.isVisible(), "a line that tells of no run puts the card away"


async def test_words_narrow_the_list(assistant: FakeAssistant, bridge: Bridge, until: Until) -> None:
    dock = TimelineDock()
    dock.attach(bridge)
    for name in ("one", "two"):
        assistant.move(f"/a/{name}.md", SourceState.READY)
    await until(lambda: dock.model.rowCount() == 2)
    dock.field.setText("TWO ready")
    assert dock.model.rowCount() == 1
    dock.field.setText("three")
    assert dock.pages.currentWidget() is dock.empty
    assert not dock.export_button.isEnabled()


async def test_what_is_listed_is_kept_as_a_file(assistant: FakeAssistant, bridge: Bridge, tmp_path: Path, until: Until) -> None:
    dock = TimelineDock()
    dock.attach(bridge)
    assistant.move("/a/*one*.md", SourceState.READY)
    await until(lambda: dock.model.rowCount() == 1)
    dock.export_button.click()
    [dialog] = dock.findChildren(QFileDialog)
    dialog.close()
    dock.export(str(tmp_path / "t.json"))
    await until(lambda: dock.notice.label.text().endswith("t.json."))
    [line] = json.loads((tmp_path / "t.json").read_text("utf-8"))
    assert (line["event"], line["kind"], line["text"]) == ("SourceChanged", "indexing", "*one*.md: ready")
    dock.export(str(tmp_path / "t.md"))
    await until(lambda: dock.notice.label.text().endswith("t.md."))
    assert r"**Indexing** \*one\*.md: ready" in (tmp_path / "t.md").read_text("utf-8")
    dock.export(str(tmp_path / "missing" / "t.md"))
    await until(lambda: "could not be written" in dock.notice.label.text())
