"""Guides are completed from what a command declares; what is written stands."""

from assistant.domain.tool import CommandSpec, EffectKind, Guide
from assistant.tools.usage import RISKS, brief, completed, phrases

SCHEMA = {"type": "object", "required": ["by"], "properties": {"by": {"enum": ["a", "b"]}, "n": {"type": "integer"}}}
GUIDE = Guide(title={"en": "T"}, summary={"en": "S"}, tags=("own", "move"), good_for=("g",), examples={"en": ("e",)})


def spec(**replaced: object) -> CommandSpec:
    known = {"name": "do_it", "arguments": SCHEMA, "effects": ("read", "move"), "permissions": ("fs.write",), "guide": GUIDE}
    return CommandSpec.model_validate({**known, **replaced})


def test_what_is_not_written_is_filled_in():
    guide = completed("tool", spec()).guide
    assert guide.arguments_brief == "by (a | b), n?"
    assert (guide.side_effects, guide.risk_score, guide.capabilities) == ((EffectKind.MOVE,), 30, ("fs.write",))
    assert guide.tags == ("tool", "do", "it", "own", "move")
    assert completed("tool", spec(reversible=False)).guide.risk_score == 45
    assert completed("tool", spec(effects=("read",))).guide.risk_score == 0


def test_what_is_written_stands():
    written = {"arguments_brief": "x", "risk_score": 5, "side_effects": (EffectKind.GIT,), "capabilities": ("git",)}
    guide = completed("tool", spec(guide=GUIDE.model_copy(update=written))).guide
    assert {name: getattr(guide, name) for name in written} == written


def test_every_effect_has_a_risk():
    assert RISKS.keys() == set(EffectKind)


def test_phrases_and_briefs():
    assert phrases(GUIDE, "en") == ("T", "S", "e", "g")
    assert phrases(GUIDE, "ru") == ("g",)
    assert brief({}) == ""
