"""The policy is built from what came with Mneme, a person's own file, the remembered folders and this machine."""

from pathlib import Path

import pytest

from assistant.app.environment import environment
from assistant.app.policing import permitting, policing
from assistant.domain.document import Root
from assistant.domain.errors import ConfigError, PolicyDeniedError
from assistant.domain.plan import Action, Decision
from assistant.domain.tool import EffectKind
from tests.fakes.acting_stores import FakeGrants
from tests.fakes.audit import FakeAudit
from tests.fakes.runtime import FakeClock, FakeIds, RecordingEvents
from tests.fakes.stores import EPOCH, FakeRecords, FakeSources


async def test_remembered_folders_may_be_changed_once_asked_and_mnemes_own_never(tmp_path: Path) -> None:
    env = environment({"MNEME_HOME": str(tmp_path / "mneme")})
    docs, clock, ids, grants = str(tmp_path), FakeClock(), FakeIds(), FakeGrants()
    sources = FakeSources(FakeRecords(roots={docs: Root(path=docs, project="p", added=EPOCH)}))
    engine = policing(env, FakeAudit(), (RecordingEvents(), clock, ids), sources, grants)
    assert await engine.roots() == (docs,)
    move = Action(tool="files.sort", origin="cli", paths=(str(tmp_path / "a"),), effects=(EffectKind.MOVE,))
    assert (await engine.judge(move)).decision is Decision.ASK
    await permitting(env, engine, grants, (clock, ids)).grant("files.sort", docs, "always", "cli")
    assert (await engine.judge(move)).decision is Decision.ALLOW
    own = move.model_copy(update={"paths": (str(env.places.memory / "records.db"),)})
    assert (await engine.judge(own, agreed=True)).decision is Decision.DENY


async def test_without_sources_nothing_may_be_changed_and_own_rules_count(tmp_path: Path) -> None:
    env = environment({"MNEME_HOME": str(tmp_path)})
    env.places.config.mkdir(parents=True)
    own = env.places.config / "policy.toml"
    own.write_text('[[rule]]\nname="n"\ntool="memory.recall"\norigin=["*"]\ndecision="deny"\nreason="not here"\n', "utf-8")
    around = (RecordingEvents(), FakeClock(), FakeIds())
    engine = policing(env, FakeAudit(), around)
    assert await engine.roots() == ()
    with pytest.raises(PolicyDeniedError, match="not here"):
        await engine.require(Action(tool="memory.recall", origin="cli"))
    own.write_text("[[rule]", "utf-8")
    with pytest.raises(ConfigError, match="Nothing was done"):
        policing(env, FakeAudit(), around)
