"""What Mneme did becomes a memory: found, shown, checked, and forgotten with the files it names."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from assistant.api.contract import Assistant
from assistant.app.bootstrap import environment, running
from assistant.domain.events import Event, SourceRemembered
from assistant.domain.memory import Cite, RecallQuery
from assistant.domain.own import DEEDS, deed_path
from assistant.domain.plan import Run
from assistant.orchestrator.acting.reflecting import Reflecting


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MNEME_EMBEDDING__MODEL", "")
    place = tmp_path.resolve() / "files"
    (place / "shots").mkdir(parents=True)
    for name in ("Screenshot 2026-03-02.png", "Screenshot 2026-05-11.png"):
        (place / "shots" / name).write_bytes(b"\x89PNG")
    (place / "notes.md").write_text("The heron waits in the reeds.\n", "utf-8")
    return place


async def remembered(facts: AsyncIterator[Event], path: str) -> None:
    """Wait until something is wholly in memory."""
    async for fact in facts:
        if isinstance(fact, SourceRemembered) and fact.path == path:
            return


async def did(assistant: Assistant, root: Path, request: str) -> Run:
    """Do what is asked, and wait until it is written about."""
    facts = assistant.events()
    proposal = await assistant.acting.plan(request, "window", [str(root)])
    assert proposal.preview is not None
    run = await assistant.acting.approve(proposal.id, proposal.preview.digest, "window")
    await remembered(facts, deed_path(run.id))
    return await assistant.history.ended(run.id)


async def deeds_found(assistant: Assistant, text: str) -> list[str]:
    """Recall, and keep what Mneme wrote itself."""
    found = await assistant.recall(RecallQuery(text=text), "window")
    assert not any(hit.source_changed for hit in found.items)
    return list(dict.fromkeys(hit.cite.path for hit in found.items if hit.cite.path.startswith(DEEDS)))


async def test_what_was_done_is_remembered_and_goes_with_the_files_it_names(root: Path) -> None:
    async with running(environment()) as assistant:
        facts = assistant.events()
        await assistant.ingest([str(root)], "cli")
        await remembered(facts, str(root / "notes.md"))
        run = await did(assistant, root, f"sort the screenshots in {root}/shots by month")
        path = deed_path(run.id)
        assert await deeds_found(assistant, "what did I sort, the screenshots?") == [path]
        assert [one.path for one in (await assistant.status(DEEDS)).sources] == [path]
        assert (await assistant.verify()).ok
        shown = await assistant.preview(Cite(path=path, line=3), "Asked for (window)", 400)
        assert (shown.kind, shown.line, shown.note) == ("markdown", 3, "")
        assert "Screenshot 2026-05-11.png" in shown.text
        answer = await assistant.ask("What was asked for on the screenshots, sorted by month?", "window")
        assert all(one.state == "verified" for one in answer.citations)

        facts = assistant.events()
        await assistant.history.undo(run.id, "window")
        await remembered(facts, path)
        assert await deeds_found(assistant, "undone afterwards screenshots") == [path]

        report = await assistant.forget(str(root / "notes.md"), "window")
        assert (report.path, report.sources, report.proved) == (str(root / "notes.md"), 1, True)
        assert await deeds_found(assistant, "screenshots") == [path]

        created = await did(assistant, root, f'append "The reeds sway." to {root}/notes.md')
        assert set(await deeds_found(assistant, "notes reeds screenshots")) == {path, deed_path(created.id)}
        facts = assistant.events()
        await assistant.ingest([str(root / "notes.md")], "cli")
        await remembered(facts, str(root / "notes.md"))
        report = await assistant.forget(str(root / "notes.md"), "window")
        assert (report.sources, report.proved) == (2, True)
        assert await deeds_found(assistant, "notes reeds sway") in ([], [path])

        assert (await assistant.forget(path, "window")).proved
        assert await deeds_found(assistant, "screenshots") == []
    async with running(environment()) as assistant:
        assert (await assistant.status(DEEDS)).sources == ()


async def test_a_deed_of_a_process_that_ended_at_once_is_written_about_at_the_next_start(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(Reflecting, "reflect", ignored)
        async with running(environment()) as assistant:
            await assistant.ingest([str(root)], "cli")
            proposal = await assistant.acting.plan(f"sort the screenshots in {root}/shots by month", "window", [str(root)])
            assert proposal.preview is not None
            run = await assistant.acting.approve(proposal.id, proposal.preview.digest, "window")
            await assistant.history.ended(run.id)
    async with running(environment()) as assistant:
        facts = assistant.events()
        if not await deeds_found(assistant, "screenshots"):
            await remembered(facts, deed_path(run.id))
        assert await deeds_found(assistant, "screenshots") == [deed_path(run.id)]


async def ignored(_self: Reflecting, _run_id: str) -> None:
    """Nobody writes."""


async def test_no_byte_of_a_forgotten_name_is_left_while_mneme_is_open(root: Path) -> None:
    env = environment()
    async with running(env) as assistant:
        facts = assistant.events()
        await assistant.ingest([str(root)], "cli")
        await remembered(facts, str(root / "notes.md"))
        await did(assistant, root, f"sort the screenshots in {root}/shots by month")

        def holding() -> list[str]:
            files = [path for path in env.places.data.rglob("*") if path.is_file()]
            return [str(path) for path in files if b"Screenshot 2026" in path.read_bytes()]

        assert holding(), "the search finds what lies open"
        report = await assistant.forgetting.files([str(root / "shots")], "window")
        assert report.proved
        assert holding() == []
