"""Usage guides of commands (specification 5.3), completed from what the manifest declares. Pure; used by registry and guides."""

from typing import Any, cast

from assistant.domain.tool import CommandSpec, EffectKind, Guide

RISKS: dict[EffectKind, int] = {
    EffectKind.READ: 0,
    EffectKind.OPEN: 10,
    EffectKind.CREATE: 15,
    EffectKind.MEMORY: 20,
    EffectKind.MOVE: 30,
    EffectKind.WRITE: 40,
    EffectKind.GIT: 40,
    EffectKind.TRASH: 45,
    EffectKind.NETWORK: 60,
}
"""What each effect risks, 0 to 100, before scope and count are known."""

_FOR_GOOD = 1.5
"""By how much more is risked where there is no way back."""


def completed(tool: str, spec: CommandSpec) -> CommandSpec:
    """Return a command with its guide filled in: arguments in brief, side effects, risk, capabilities, tags."""
    guide = spec.guide
    effects = tuple(effect for effect in spec.effects if effect is not EffectKind.READ)
    risk = max(RISKS[effect] for effect in spec.effects) * (1.0 if spec.reversible else _FOR_GOOD)
    tags = dict.fromkeys([tool, *spec.name.split("_"), *guide.tags, *(effect.value for effect in effects)])
    filled = guide.model_copy(
        update={
            "arguments_brief": guide.arguments_brief or brief(spec.arguments),
            "side_effects": guide.side_effects or effects,
            "risk_score": guide.risk_score or min(100, round(risk)),
            "capabilities": guide.capabilities or spec.permissions,
            "tags": tuple(tags),
        }
    )
    return spec.model_copy(update={"guide": filled})


def brief(schema: dict[str, Any]) -> str:
    """Return the arguments in one line: "folder, by (month | year), glob?"; those that need not be said have a mark."""
    needed = cast(list[str], schema.get("required", []))
    properties = cast(dict[str, dict[str, Any]], schema.get("properties", {}))
    return ", ".join(f"{name}{_choices(one)}{'' if name in needed else '?'}" for name, one in properties.items())


def phrases(guide: Guide, language: str) -> tuple[str, ...]:
    """Return the texts by which a command is found: how it is asked for, what it is and what it is good for."""
    texts = (guide.title.get(language, ""), guide.summary.get(language, ""), *guide.examples.get(language, ()), *guide.good_for)
    return tuple(text for text in texts if text)


def _choices(schema: dict[str, Any]) -> str:
    values = cast(list[object], schema.get("enum", []))
    return f" ({' | '.join(map(str, values))})" if values else ""
