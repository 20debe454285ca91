"""A day with one open memory: asked, watched, backed up, rebuilt, measured, moved to another model; no readable byte is left.

The same day with a plain memory leaves each of these words: the search would see them.
"""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.adapters.system import passphrase_vault
from assistant.api.contract import Assistant
from assistant.api.views import RecallQuery
from assistant.app import sealing
from assistant.app.bootstrap import running
from assistant.app.environment import Environment, environment
from assistant.domain.document import SourceState
from tests.flows.cli import LIMIT_S
from tests.flows.test_canary import PASSPHRASE, Trace, met, traces_of
from tests.flows.two_models import DIMENSIONS, NEW, OLD, resources

KEPT, ASKED, WATCHED, CONFIRMED = "Gromblequist", "tarvendrickle", "Plosterwick", "Vundelbrask"
WORDS = [trace for word in (KEPT, ASKED, WATCHED, CONFIRMED) for trace in traces_of(word)]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Spend no time on the passphrase, let the test process be looked into, and know where temporary files go."""
    monkeypatch.setattr(passphrase_vault, "COST", {"memory_kib": 8, "passes": 1, "lanes": 1})
    monkeypatch.setattr(sealing, "forbid_dumps", lambda: None)
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "nowhere"))


async def ready(assistant: Assistant, name: str) -> bool:
    sources = (await assistant.status()).sources
    states = {Path(one.path).name: one.state for one in sources}
    return states.get(name) is SourceState.READY and not (await assistant.progress()).active


async def reached(assistant: Assistant, name: str) -> None:
    async with asyncio.timeout(LIMIT_S):
        while not await ready(assistant, name):
            await asyncio.sleep(0.05)


async def spent(env: Environment, place: Path, papers: Path, copy: Path) -> None:
    """Do in one process what a person does in a day."""
    async with running(env) as assistant:
        for model_id in DIMENSIONS:
            await assistant.install_model(model_id, False, str(place / "weights" / model_id))
    async with running(env) as assistant:
        assert (await assistant.status()).model == f"{OLD}@r1"
        await assistant.ingest([str(papers)], "cli")
        await reached(assistant, "kept.md")
        assert (await assistant.recall(RecallQuery(text=f"{KEPT} pump {ASKED}", k=3), "person")).items
        answer = await assistant.ask(f"Where does the {CONFIRMED} pump stand?", "cli")
        if answer.citations:
            await assistant.quality.confirm(f"Where does the {CONFIRMED} pump stand?", answer.citations)
        (papers / f"{WATCHED}.md").write_text(f"# Well\n\nThe {WATCHED} valve was opened today.\n", "utf-8")
        await reached(assistant, f"{WATCHED}.md")
        records = await assistant.upkeep.recalls()
        assert any(ASKED in record.query for record in records)
        await assistant.upkeep.health()
        await assistant.upkeep.rebuild(True, True)
        await assistant.upkeep.backup()
        await assistant.upkeep.backup(str(copy))
        await assistant.spaces.start(NEW)
        async with asyncio.timeout(LIMIT_S):
            while (await assistant.status()).model != f"{NEW}@r1":
                await asyncio.sleep(0.05)
        await reached(assistant, "kept.md")
        assert (await assistant.upkeep.health()) is not None
        await assistant.doctor()


def day(tmp_path: Path, encrypt: bool) -> tuple[Environment, Path, Path, Path]:
    place, papers = resources(tmp_path / "resources"), tmp_path.resolve() / "papers"
    papers.mkdir()
    text = f"# Pump\n\nThe {KEPT} pump stands at the well.\n\nThe {CONFIRMED} pump stands in the barn.\n"
    (papers / "kept.md").write_text(text, "utf-8")
    for number in range(6):
        (papers / f"note{number}.md").write_text(f"# Note {number}\n\nThe red cat number {number} sat on a mat.\n", "utf-8")
    told = {
        "MNEME_HOME": str(tmp_path / "home"),
        "MNEME_EMBEDDING__MODEL": OLD,
        "MNEME_EMBEDDING__SWITCH_TOLERANCE": "1",
        "MNEME_SECURITY__ENCRYPT_AT_REST": str(encrypt).lower(),
        "MNEME_PASSPHRASE": PASSPHRASE,
    }
    return replace(environment(told), resources=place), place, papers, tmp_path / "copy.db"


@pytest.mark.timeout(180)
async def test_a_day_leaves_nothing_readable(tmp_path: Path) -> None:
    env, place, papers, copy = day(tmp_path, True)
    await spent(env, place, papers, copy)
    assert copy.stat().st_size > 0
    (tmp_path / "copies").mkdir()
    copy.rename(tmp_path / "copies" / copy.name)
    found = met([tmp_path / "home", tmp_path / "copies"], [*WORDS, Trace("the passphrase", PASSPHRASE.encode())])
    assert found == {}


@pytest.mark.timeout(180)
async def test_the_same_day_in_plain_text_leaves_every_word(tmp_path: Path) -> None:
    env, place, papers, copy = day(tmp_path, False)
    await spent(env, place, papers, copy)
    found = met([tmp_path / "home"], WORDS)
    for word in (KEPT, ASKED, WATCHED, CONFIRMED):
        assert f"{word} as text" in found, "the search finds what lies open"
