"""Whatever the policy says of an action, its verdicts and risks are Russian in the Russian window."""

import pytest

from assistant.domain.plan import Action, Decision, Grant
from assistant.domain.tool import EffectKind, Taint
from assistant.policy import OffLimits, Rule, RuleBook
from assistant.policy.risk import Granted, assess
from assistant.policy.verdicts import Standing, decide
from tests.contract.samples import AT
from ui.i18n.catalogue import FOLDER
from ui.i18n.core_texts import Templates, read_templates

LIMITS = OffLimits(home="/home/u", system=("/etc",), own=("/home/u/.mneme",), most_entries=2000)
GRANTED = Granted(read=("/docs",), write=("/docs", "/home/u"))
TAINTS = tuple(Taint(argument="name", origin=origin, source="/a b") for origin in ("file", "file name", "memory", "web", "tool"))
RULE = Rule(name="r", tool="x.y", origin=("*",), decision=Decision.ALLOW, reason="only looks, changes nothing")


def act(*effects: EffectKind, paths: tuple[str, ...] = ("/docs/a.sh",), **changes: object) -> Action:
    values = {"tool": "files.sort", "origin": "flow", "paths": paths, "effects": effects, "count": 1500, "reversible": False}
    return Action.model_validate(values | changes)


ACTIONS = [
    act(*EffectKind, taints=TAINTS[:1], network=True),
    act(EffectKind.MOVE, paths=("/home/u/.ssh/a\u202eb",)),
    *(act(EffectKind.WRITE, taints=(taint,)) for taint in TAINTS),
    *(act(EffectKind.TRASH, paths=(path,)) for path in ("/home/u", "/", "/docs", "/etc/a", "/home/u/.mneme/a", "/home", "/out")),
    *(act(EffectKind.WRITE, paths=(path,)) for path in ("/a\0", "a", "/a/../b")),
    act(EffectKind.WRITE, count=5000),
    act(hosts=("example.org",)),
    act(EffectKind.MOVE, reversible=True, count=1),
    act(EffectKind.READ, paths=("/docs/a",)),
    act(tool="x.y"),
    act(),
]


@pytest.fixture(scope="module")
def russian() -> Templates:
    found = read_templates(FOLDER, "ru")
    assert found is not None
    return found


@pytest.mark.parametrize("agreed", [False, True])
@pytest.mark.parametrize("switched_on", [False, True])
def test_every_reason_has_a_russian_template(russian: Templates, agreed: bool, switched_on: bool) -> None:
    grant = Grant(id="g", tool="files.sort", scope="/docs", kind="always", at=AT)
    book = RuleBook(git=switched_on, memory=switched_on, rule=(RULE,))
    said: set[str] = set()
    for action in (*ACTIONS, act(EffectKind.MEMORY, tool="x.z"), act(EffectKind.GIT)):
        for grants in ((), (grant,)):
            said.add(decide(action, Standing(book, LIMITS, GRANTED, grants, AT), agreed=agreed).reason)
        risk = assess(action, LIMITS, GRANTED)
        said |= {*risk.reasons, risk.stop} - {""}
    assert len(said) > 20
    assert [text for text in sorted(said) if russian.translate(text) == text] == []


def test_untrusted_text_is_told_with_its_place(russian: Templates) -> None:
    reason = decide(act(EffectKind.WRITE, taints=TAINTS[1:2]), Standing(RuleBook(), LIMITS, GRANTED, (), AT)).reason
    assert russian.translate(reason) == "в «name» попадает чужой текст (имя файла: /a b)"
