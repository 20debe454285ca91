"""Which rule speaks about which action, and what a damaged policy does: nothing is widened."""

from pathlib import Path

import pytest

from assistant.domain.errors import ConfigError
from assistant.domain.plan import Action, Decision
from assistant.policy import Rule, read_rules

SHIPPED = Path(__file__).resolve().parents[4] / "configs" / "policy.toml"


def rule(tool: str, *origin: str) -> Rule:
    return Rule(name="r", tool=tool, origin=origin, decision=Decision.ALLOW, reason="because")


@pytest.mark.parametrize(
    ("tool", "origin", "matches"),
    [
        ("memory.ingest", ("cli",), True),
        ("memory.ingest", ("*",), True),
        ("memory.ingest", ("window",), False),
        ("memory.ingest", (), False),
        ("memory", ("*",), False),
        ("memory.ingest.more", ("*",), False),
        ("*", ("*",), False),
    ],
)
def test_a_rule_speaks_of_its_tool_and_its_doors_only(tool: str, origin: tuple[str, ...], matches: bool) -> None:
    assert rule(tool, *origin).matches(Action(tool="memory.ingest", origin="cli")) is matches


def test_the_policy_that_comes_with_mneme_lets_no_other_door_write() -> None:
    rules = read_rules(SHIPPED).rule
    assert {one.tool for one in rules} >= {"memory.recall", "memory.ingest", "memory.forget", "models.install"}
    assert all("*" not in one.origin or one.tool == "memory.recall" for one in rules if one.decision is Decision.ALLOW)


@pytest.mark.parametrize(
    "content",
    [b"[[rule]\n", b"\xff\xfe", b"[[rules]]\nname = 'x'\n", b"[[rule]]\nname = 'x'\ntool = 't'\n", b"rule = 3\n"],
)
def test_a_damaged_policy_is_an_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "policy.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match="Nothing was done"):
        read_rules(path)
    with pytest.raises(ConfigError):
        read_rules(tmp_path / "missing.toml")


def test_an_editor_that_writes_a_byte_order_mark_breaks_nothing(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text("\ufeff" + SHIPPED.read_text("utf-8"), "utf-8")
    assert read_rules(path) == read_rules(SHIPPED)
