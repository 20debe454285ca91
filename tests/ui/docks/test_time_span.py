"""Forgetting a stretch of time in the memory dock: listed first, forgotten with proof, by keyboard alone."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from PySide6.QtCore import QDate, Qt
from PySide6.QtTest import QTest

from assistant.api.views import Dated
from assistant.domain.errors import StorageError
from tests.fakes.assistant import FakeAssistant, source
from ui.bridge import Bridge
from ui.docks.memory import MemoryDock

Until = Callable[[Callable[[], Any]], Any]
AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
TWO = [Dated(path="/a/one.md", chunks=4, remembered=AT), Dated(path="/b/two.md", chunks=3, changed=AT - timedelta(days=2))]


async def opened(assistant: FakeAssistant, bridge: Bridge, until: Until) -> MemoryDock:
    assistant.sources = [source("/a/one.md", chunks=4), source("/b/two.md"), source("/c/three.md")]
    dock = MemoryDock()
    dock.resize(420, 700)
    dock.show()
    dock.attach(bridge)
    await until(lambda: dock.sources.model.shown() == 3)
    dock.sources.filter.forget.click()
    assert dock.pages.currentWidget() is dock.span
    return dock


def between(dock: MemoryDock, since: QDate, until: QDate) -> None:
    dock.span.until.setDate(until)
    dock.span.since.setDate(since)


def listed(dock: MemoryDock) -> list[str]:
    model = dock.span.list.model()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


async def test_what_would_be_forgotten_is_listed_before_anything_happens(
    assistant: FakeAssistant, bridge: Bridge, until: Until
) -> None:
    assistant.forgetting.dated = TWO
    dock = await opened(assistant, bridge, until)
    between(dock, QDate(2026, 11, 18), QDate(2026, 11, 20))
    assert not dock.span.forget.isEnabled()
    await until(lambda: listed(dock))
    since, end = assistant.called("forgetting.within")[-1]
    assert (since.replace(tzinfo=None), end.replace(tzinfo=None)) == (datetime(2026, 11, 18), datetime(2026, 11, 21))
    assert since.tzinfo is not None
    first, second = listed(dock)
    assert "one.md" in first and "remembered" in first and "changed" not in first
    assert "two.md" in second and "changed" in second
    assert dock.span.count.text() == "Forget 2 files with 7 passages?"
    assert assistant.called("forgetting.files") == []
    dock.span.forget.click()
    await until(lambda: "nothing is left" in dock.notice.label.text())
    assert assistant.called("forgetting.files") == [(("/a/one.md", "/b/two.md"), "window")]
    assert dock.pages.currentWidget() is dock.sources


async def test_it_is_done_by_keyboard_and_esc_changes_nothing(assistant: FakeAssistant, bridge: Bridge, until: Until) -> None:
    assistant.forgetting.dated = TWO
    dock = await opened(assistant, bridge, until)
    span = dock.span
    await until(lambda: listed(dock))
    order = []
    widget = span.since.nextInFocusChain()
    while widget is not span.since:
        if widget in (span.until, span.list, span.forget, span.keep):
            order.append(widget)
        widget = widget.nextInFocusChain()
    assert order == [span.until, span.list, span.forget, span.keep]
    for named in (span.since, span.until, span.list, dock.sources.filter.forget):
        assert named.accessibleName()
    QTest.keyClick(span.since, Qt.Key.Key_Escape)
    assert dock.pages.currentWidget() is dock.sources
    assert assistant.called("forgetting.files") == []
    dock.sources.filter.forget.click()
    await until(lambda: listed(dock))
    QTest.keyClick(span.forget, Qt.Key.Key_Return)
    await until(lambda: assistant.called("forgetting.files"))


async def test_a_list_never_belongs_to_other_dates(assistant: FakeAssistant, bridge: Bridge, until: Until) -> None:
    assistant.forgetting.dated = TWO
    dock = await opened(assistant, bridge, until)
    await until(lambda: listed(dock))
    between(dock, QDate(2026, 11, 18), QDate(2026, 11, 17))
    assert dock.span.count.text() == "The first day is after the last one."
    dock.span.show_found(TWO)  # the answer to what was asked before
    assert listed(dock) == []
    assert not dock.span.forget.isEnabled()
    assistant.forgetting.dated = []
    between(dock, QDate(2026, 11, 16), QDate(2026, 11, 17))
    await until(lambda: dock.span.count.text().startswith("Nothing was remembered"))
    assert not dock.span.forget.isEnabled()


async def test_a_failure_is_told(assistant: FakeAssistant, bridge: Bridge, until: Until, monkeypatch: Any) -> None:
    async def fail(*_: object) -> None:
        raise StorageError("The disk is failing.")

    monkeypatch.setattr(assistant.forgetting, "within", fail)
    dock = await opened(assistant, bridge, until)
    await until(lambda: dock.span.count.text() == "The disk is failing.")
    assert listed(dock) == []
    dock.span.keep.click()
    assert dock.pages.currentWidget() is dock.sources
