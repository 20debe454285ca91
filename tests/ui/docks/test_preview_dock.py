"""The preview pane: opens at the place, says what is wrong, asks before anything leaves it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QDesktopServices

from assistant.api.views import Cite, PreviewView
from tests.fakes.assistant import FakeAssistant
from ui.bridge import Bridge
from ui.docks.preview import PreviewDock

Until = Callable[[Callable[[], Any]], Any]


def shown(bridge: Bridge) -> PreviewDock:
    dock = PreviewDock()
    dock.resize(500, 600)
    dock.show()
    dock.attach(bridge)
    return dock


async def test_code_opens_at_the_cited_line(assistant: FakeAssistant, bridge: Bridge, until: Until) -> None:
    text = "\n".join(f"row {n}" for n in range(1, 99))
    assistant.previews["/a.py"] = PreviewView(
        path="/a.py", kind="code", title="a.py", text=text, line=50, line_end=51, quote="row 50"
    )
    dock = shown(bridge)
    dock.show_place(Cite(path="/a.py", line=50), "row 50")
    await until(lambda: dock.shown() is not None)
    assert dock.pages.currentWidget() is dock.text
    assert dock.text.marked() == (50, 51, "row 50")
    assert dock.header.title.text() == "a.py"
    assert dock.header.place.text().startswith("lines 50–51")


async def test_the_last_request_wins(assistant: FakeAssistant, bridge: Bridge, until: Until) -> None:
    dock = shown(bridge)
    dock.show_place(Cite(path="/first"), "one")
    dock.show_place(Cite(path="/second"), "two")
    await until(lambda: dock.shown() is not None)
    view = dock.shown()
    assert view is not None and view.path == "/second"


async def test_markdown_as_written_at_a_citation_and_rendered_on_wish(
    assistant: FakeAssistant, bridge: Bridge, until: Until
) -> None:
    text = "# Head\n\nThe *broker* is NATS.\n"
    cited = PreviewView(path="/a.md", kind="markdown", title="a.md", text=text, line=3, line_end=3, quote="The *broker* is NATS.")
    assistant.previews["/a.md"] = cited
    dock = shown(bridge)
    dock.show_place(Cite(path="/a.md", line=3), cited.quote)
    await until(lambda: dock.shown() is not None)
    assert dock.pages.currentWidget() is dock.text
    dock.header.as_source.click()
    assert dock.pages.currentWidget() is dock.markdown
    assert dock.markdown.marked() == "The broker is NATS."


async def test_pages_turn(assistant: FakeAssistant, bridge: Bridge, until: Until) -> None:
    assistant.previews["/a.pdf"] = PreviewView(path="/a.pdf", kind="page", title="a.pdf", page=2, pages=3, png=b"broken")
    dock = shown(bridge)
    dock.show_place(Cite(path="/a.pdf", page=2), "quote")
    await until(lambda: dock.shown() is not None)
    assert "cannot be shown" in dock.message.text()
    dock.header.next.click()
    await until(lambda: len(assistant.called("preview")) == 2)
    cite, quote, _ = assistant.called("preview")[1]
    assert (cite, quote) == (Cite(path="/a.pdf", page=3), "quote")


async def test_a_changed_source_is_said(assistant: FakeAssistant, bridge: Bridge, until: Until) -> None:
    assistant.previews["/a"] = PreviewView(path="/a", kind="text", title="a", text="x", note="source changed")
    dock = shown(bridge)
    dock.show_place(Cite(path="/a"))
    await until(lambda: not dock.notice.isHidden())
    assert "changed since it was read" in dock.notice.label.text()


async def test_a_failure_is_told_in_the_pane(assistant: FakeAssistant, bridge: Bridge, until: Until) -> None:
    assistant.failures["preview"] = RuntimeError("secret detail")
    dock = shown(bridge)
    dock.show_place(Cite(path="/x/evil\u202e.md"))
    await until(lambda: "RuntimeError" in dock.message.text())
    assert "secret detail" not in dock.message.text()
    assert "U+202E" in dock.header.title.text()


async def test_what_may_run_and_links_are_asked_about_first(
    assistant: FakeAssistant, bridge: Bridge, until: Until, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    went: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: went.append(url.toString()) or True)
    script = tmp_path / "run.sh"
    script.write_text("echo", "utf-8")
    assistant.previews[str(script)] = PreviewView(
        path=str(script), kind="markdown", title="run.sh", text="[x](https://example.org/)"
    )
    dock = shown(bridge)
    dock.show_place(Cite(path=str(script)))
    await until(lambda: dock.shown() is not None)
    dock.header.outside.click()
    assert went == []
    dock.notice.buttons[-1].click()
    assert went == []
    dock.markdown.linkClicked.emit("https://example.org/")
    assert went == []
    dock.notice.buttons[0].click()
    assert went == ["https://example.org/"]
    dock.markdown.linkClicked.emit("file:///etc/passwd")
    assert not dock.notice.buttons
