"""The timeline dock: shows facts as they come, opens sources, narrows."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from assistant.api.views import Cite, MemoryRecalled, RecallRecord, SourceState
from tests.fakes.assistant import NOON, FakeAssistant
from ui.bridge import Bridge
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
