"""The memory dock: states, filters, progress, search, and forgetting that asks first."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from assistant.api.views import Cite, Hit, RecallQuery, RecallResult, RootChanged, ScoreParts, SourceState
from tests.fakes.assistant import IDLE, FakeAssistant, source
from ui.bridge import Bridge
from ui.docks.memory import MemoryDock
from ui.item_models.states import StateGroup

Until = Callable[[Callable[[], Any]], Any]


def hit(path: str, snippet: str) -> Hit:
    parts = ScoreParts(dense=0.5, sparse=0.5, recency=0.5, source_quality=1.0)
    return Hit(id=path, score=0.5, snippet=snippet, cite=Cite(path=path, line=2), parts=parts, modality="text", group=path)


async def opened(assistant: FakeAssistant, bridge: Bridge, until: Until) -> MemoryDock:
    dock = MemoryDock()
    dock.resize(360, 640)
    dock.show()
    dock.attach(bridge)
    await until(lambda: dock.sources.model.shown() == len(assistant.sources))
    return dock


async def test_states_and_counts_follow_the_events(assistant: FakeAssistant, bridge: Bridge, until: Until) -> None:
    assistant.sources = [source("/a/one.md", SourceState.READING), source("/a/two.md")]
    dock = await opened(assistant, bridge, until)
    assert dock.sources.filter.chips[StateGroup.WORKING].text() == "Working 1"
    assistant.move("/a/one.md", SourceState.FAILED, "a password is needed")
    await until(lambda: dock.sources.filter.chips[StateGroup.FAILED].text() == "Failed 1")
    spoken = dock.sources.model.index_of("/a/one.md").data(Qt.ItemDataRole.AccessibleTextRole)
    assert "failed" in spoken and "a password is needed" in spoken
    dock.sources.filter.chips[StateGroup.FAILED].click()
    assert dock.sources.model.shown() == 1


async def test_a_source_that_was_unknown_appears(assistant: FakeAssistant, bridge: Bridge, until: Until) -> None:
    dock = await opened(assistant, bridge, until)
    assert "Drop files" in dock.sources.empty.text()
    assistant.move("/a/new.md", SourceState.QUEUED)
    await until(lambda: dock.sources.model.index_of("/a/new.md").isValid())
    assert dock.sources.pages.currentWidget() is dock.sources.tree


async def test_progress_shows_counts_and_pauses(assistant: FakeAssistant, bridge: Bridge, until: Until) -> None:
    dock = await opened(assistant, bridge, until)
    assert dock.progress.isHidden()
    facts = {"active": True, "files_total": 10, "files_searchable": 8, "files_done": 5, "eta_s": 90.0}
    assistant.progressed(IDLE.model_copy(update=facts))
    await until(lambda: not dock.progress.isHidden())
    assert dock.progress.percent.text() == "50 %"
    assert dock.progress.counts.text() == "8 of 10 searchable, 5 ready"
    assert "1 min 30 s" in dock.progress.left.text()
    dock.progress.button.click()
    await until(lambda: dock.progress.left.text() == "Paused")
    assert assistant.called("pause") == [(True,)]
    assistant.progressed(IDLE.model_copy(update={"files_total": 10, "files_done": 10}))
    await until(dock.progress.isHidden)


async def test_a_search_shows_hits_and_opens_them_at_their_place(assistant: FakeAssistant, bridge: Bridge, until: Until) -> None:
    assistant.sources = [source("/a/one.md")]
    assistant.recalled = RecallResult(items=(hit("/a/one.md", "the broker is NATS"),), took_ms=12, notes=("words only",))
    dock = await opened(assistant, bridge, until)
    places: list[tuple[Cite, str]] = []
    dock.openPlace.connect(lambda cite, quote: places.append((cite, quote)))
    dock.focus_search()
    QTest.keyClicks(dock.search, "broker")
    QTest.keyClick(dock.search, Qt.Key.Key_Return)
    await until(lambda: dock.pages.currentWidget() is dock.hits)
    assert assistant.called("recall") == [(RecallQuery(text="broker"), "window")]
    assert dock.hits.heading.text() == "1 hits in 12 ms"
    assert dock.hits.notes.text() == "words only"
    dock.hits.list.activated.emit(dock.hits.model.index(0, 0))
    assert places == [(Cite(path="/a/one.md", line=2), "the broker is NATS")]
    dock.search.clear()
    await until(lambda: dock.pages.currentWidget() is dock.sources)


async def test_a_search_without_hits_says_so(assistant: FakeAssistant, bridge: Bridge, until: Until) -> None:
    dock = await opened(assistant, bridge, until)
    dock.search.setText("nothing")
    await until(lambda: dock.hits.heading.text() == "Nothing found")


async def test_forgetting_asks_first_and_tells_the_proof(assistant: FakeAssistant, bridge: Bridge, until: Until) -> None:
    assistant.sources = [source("/a/one.md", chunks=4), source("/a/two.md"), source("/ab/three.md")]
    dock = await opened(assistant, bridge, until)
    dock.sources.tree.setCurrentIndex(dock.sources.model.index_of("/a/one.md"))
    QTest.keyClick(dock.sources.tree, Qt.Key.Key_Delete)
    assert not dock.notice.isHidden()
    assert "/a/one.md" in dock.notice.label.text()
    keep = dock.notice.buttons[-1]
    keep.click()
    assert dock.notice.isHidden()
    assert not assistant.called("forget")
    dock.ask_to_forget(["/a"])
    assert "2 files" in dock.notice.label.text() or "2 file" in dock.notice.label.text()
    dock.notice.buttons[0].click()
    await until(lambda: "nothing is left" in dock.notice.label.text())
    assert assistant.called("forget") == [("/a", "window")]
    await until(lambda: dock.sources.model.shown() == 1)


async def test_retry_reads_the_same_file_again(assistant: FakeAssistant, bridge: Bridge, until: Until) -> None:
    assistant.sources = [source("/a/one.md", SourceState.FAILED)]
    dock = await opened(assistant, bridge, until)
    dock.sources.tree.setCurrentIndex(dock.sources.model.index_of("/a/one.md"))
    menu = dock.sources.menu(dock.sources.selected())
    labels = {action.text(): action for action in menu.actions()}
    assert {"Open preview", "Show in folder", "Retry", "Forget…"} <= set(labels)
    labels["Retry"].trigger()
    await until(lambda: assistant.called("ingest") == [(("/a/one.md",), "window")])


async def test_a_heading_tells_what_is_not_watched_or_offline_and_its_menu_changes_it(
    assistant: FakeAssistant, bridge: Bridge, until: Until
) -> None:
    assistant.sources = [source("/a/one.md", project="a"), source("/b/two.md", project="b")]
    assistant.watching.put("/a")
    assistant.watching.put("/b", online=False)
    dock = await opened(assistant, bridge, until)
    model = dock.sources.model

    def headings() -> list[str]:
        return [model.data(model.index(row, 0)) for row in range(model.rowCount())]

    await until(lambda: headings() == ["a · 1 files", "b · 1 files, offline"])
    (stop,) = dock.sources.heading_menu("a").actions()
    assert stop.text() == "Stop watching “a”"
    stop.trigger()
    await until(lambda: headings()[0] == "a · 1 files, not watched")
    assert assistant.called("watching.unwatch") == [("/a",)]
    dock.sources.tree.setCurrentIndex(model.index_of("/a/one.md"))
    labels = {action.text(): action for action in dock.sources.menu(dock.sources.selected()).actions()}
    labels["Watch “a”"].trigger()
    await until(lambda: headings()[0] == "a · 1 files")
    assert assistant.called("watching.watch") == [("/a",)]
    assert model.heading_at(model.index_of("/a/one.md")) is None
    assert dock.sources.heading_menu("elsewhere").actions() == []


async def test_a_drive_that_goes_is_shown_at_once(assistant: FakeAssistant, bridge: Bridge, until: Until) -> None:
    assistant.sources = [source("/a/one.md", project="a")]
    assistant.watching.put("/a")
    dock = await opened(assistant, bridge, until)
    assistant.watching.put("/a", online=False)
    assistant.publish(RootChanged.model_validate({**assistant.stamp(), "path": "/a", "online": False}))
    model = dock.sources.model
    await until(lambda: str(model.data(model.index(0, 0))).endswith("offline"))


def test_everything_has_a_name_for_screen_readers(app: QApplication) -> None:
    dock = MemoryDock()
    for widget in (
        dock.search,
        dock.sources.tree,
        dock.sources.filter.words,
        dock.sources.filter.order,
        dock.hits.list,
        dock.progress.button,
    ):
        assert widget.accessibleName()


async def test_a_hit_with_secrets_says_so_and_shows_them_when_asked(
    assistant: FakeAssistant, bridge: Bridge, until: Until
) -> None:
    secret = hit("/a/keys.md", "password [password]").model_copy(update={"sensitive": ("password",)})
    assistant.recalled = RecallResult(items=(secret,), took_ms=1.0)
    dock = await opened(assistant, bridge, until)
    dock.search.setText("password")
    await until(lambda: dock.hits.model.rowCount() == 1)
    assert "holds secrets" in dock.hits.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert dock.hits.secrets.isVisible()
    dock.hits.secrets.click()
    await until(lambda: not dock.hits.secrets.isVisible())
    assert assistant.called("recall")[-1] == (RecallQuery(text="password", secrets=True), "window")


async def test_a_passage_is_forgotten_from_the_hits_after_a_question(
    assistant: FakeAssistant, bridge: Bridge, until: Until
) -> None:
    assistant.recalled = RecallResult(items=(hit("/a/one.md", "the lamp"), hit("/a/two.md", "the oak")), took_ms=1.0)
    dock = await opened(assistant, bridge, until)
    dock.search.setText("lamp")
    await until(lambda: dock.hits.model.rowCount() == 2)
    dock.hits.list.setCurrentIndex(dock.hits.model.index(0))
    dock.hits.list.actions()[0].trigger()
    assert assistant.called("forgetting.passages") == []
    assert "one.md" in dock.notice.label.text()
    dock.notice.buttons[0].click()
    await until(lambda: len(assistant.called("recall")) == 2)
    assert assistant.called("forgetting.passages") == [(("/a/one.md",), "window")]
    assert "Checked, nothing is left" in dock.notice.label.text()
