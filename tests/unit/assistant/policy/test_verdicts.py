"""The laws of verdicts: deny wins, untrusted text is asked about, nothing outside, no grant beyond what it says."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.plan import Action, Decision, Grant, Verdict
from assistant.domain.tool import EffectKind, Taint
from assistant.policy import OffLimits, Rule, RuleBook
from assistant.policy.risk import Granted
from assistant.policy.rules import FileAccess, NetAccess, effects_of
from assistant.policy.verdicts import Standing, decide

NOW = datetime(2026, 11, 27, tzinfo=UTC)
LIMITS = OffLimits(home="/home/u", system=("/etc",), own=("/home/u/.mneme",), most_entries=100)
GRANTED = Granted(read=("/home/u/docs", "/home/u/look"), write=("/home/u/docs",))
TAINT = Taint(argument="name", origin="file", source="/home/u/docs/a.md", excerpt="rm")
STRICT = {Decision.DENY: 2, Decision.ASK: 1, Decision.ALLOW: 0}

PATHS = (
    "/home/u/docs/a.md",
    "/home/u/docs/in/b.sh",
    "/home/u/docs",
    "/home/u/docs-evil/a.md",
    "/home/u/look/a.md",
    "/home/u",
    "/etc/passwd",
    "/",
    "/home/u/docs/../x",
)
effects = st.lists(st.sampled_from(list(EffectKind)), max_size=3).map(tuple)
actions = st.builds(
    Action,
    tool=st.sampled_from(["files.sort", "git.commit", "memory.recall"]),
    origin=st.sampled_from(["window", "cli", "flow", "schedule"]),
    paths=st.lists(st.sampled_from(PATHS), max_size=3).map(tuple),
    reads=st.lists(st.sampled_from(PATHS), max_size=2).map(tuple),
    writes=st.booleans(),
    network=st.booleans(),
    effects=effects,
    count=st.integers(0, 200),
    reversible=st.booleans(),
    taints=st.lists(st.just(TAINT), max_size=1).map(tuple),
    hosts=st.lists(st.sampled_from(["example.org", "evil.example"]), max_size=1).map(tuple),
    plan=st.sampled_from(["", "p1"]),
)
rules = st.builds(
    Rule,
    name=st.sampled_from(["a", "b", "c"]),
    tool=st.sampled_from(["files.*", "*.*", "git.commit", "memory.recall"]),
    origin=st.sampled_from([("*",), ("cli",), ("window", "flow")]),
    decision=st.sampled_from(list(Decision)),
    reason=st.just("because"),
    scope=st.sampled_from([(), ("/home/u/docs",), ("*.sh",)]),
    effects=effects,
    reversible=st.sampled_from([None, True, False]),
    most=st.sampled_from([None, 10]),
    above=st.sampled_from([None, 50]),
)
grants = st.builds(
    Grant,
    id=st.just("g"),
    tool=st.sampled_from(["files.sort", "git.commit"]),
    scope=st.sampled_from(["", "/home/u/docs", "/home/u"]),
    kind=st.sampled_from(["once", "plan", "always"]),
    at=st.just(NOW),
    expires=st.sampled_from([None, NOW, NOW + timedelta(days=1)]),
    plan=st.sampled_from(["", "p1"]),
)
standings = st.builds(
    Standing,
    book=st.builds(
        RuleBook,
        git=st.booleans(),
        memory=st.booleans(),
        net=st.sampled_from([NetAccess(), NetAccess(hosts=("*.org",))]),
        rule=st.lists(rules, max_size=4).map(tuple),
    ),
    limits=st.just(LIMITS),
    granted=st.just(GRANTED),
    grants=st.lists(grants, max_size=2),
    now=st.just(NOW),
)


def standing(*rule: Rule, grants: tuple[Grant, ...] = (), **book: object) -> Standing:
    return Standing(RuleBook.model_validate({"rule": rule} | book), LIMITS, GRANTED, grants, NOW)


def rule(decision: Decision, tool: str = "files.*", **changes: object) -> Rule:
    return Rule.model_validate(
        {"name": decision.value, "tool": tool, "origin": ("*",), "decision": decision, "reason": "r"} | changes
    )


def act(*effects: EffectKind, paths: tuple[str, ...] = ("/home/u/docs/a.md",), **changes: object) -> Action:
    return Action.model_validate({"tool": "files.sort", "origin": "cli", "paths": paths, "effects": effects} | changes)


@given(actions, standings, rules, st.integers(0, 4))
def test_a_further_deny_rule_never_widens(action: Action, held: Standing, extra: Rule, at: int) -> None:
    deny = extra.model_copy(update={"decision": Decision.DENY})
    wider = Standing(
        held.book.model_copy(update={"rule": (*held.book.rule[:at], deny, *held.book.rule[at:])}),
        held.limits,
        held.granted,
        held.grants,
        held.now,
    )
    assert STRICT[decide(action, wider).decision] >= STRICT[decide(action, held).decision]


@given(actions, standings)
def test_untrusted_text_never_yields_allow_where_there_is_an_effect(action: Action, held: Standing) -> None:
    tainted = action.model_copy(update={"taints": (TAINT,)})
    verdict = decide(tainted, held)
    if effects_of(tainted) - {EffectKind.READ}:
        assert verdict.decision is not Decision.ALLOW


@given(actions, standings, st.booleans())
def test_verdict_and_risk_only_grow_with_untrusted_text(action: Action, held: Standing, agreed: bool) -> None:
    clean, tainted = action.model_copy(update={"taints": ()}), action.model_copy(update={"taints": (TAINT,)})
    before, after = decide(clean, held, agreed=agreed), decide(tainted, held, agreed=agreed)
    assert STRICT[after.decision] >= STRICT[before.decision]
    assert after.risk.score >= before.risk.score


@given(actions, standings, st.booleans())
def test_nothing_outside_and_nothing_off_limits_is_ever_allowed(action: Action, held: Standing, agreed: bool) -> None:
    verdict = decide(action, held, agreed=agreed)
    changing = {EffectKind.CREATE, EffectKind.WRITE, EffectKind.MOVE, EffectKind.TRASH, EffectKind.GIT} & set(action.effects)
    if changing and verdict.decision is Decision.ALLOW:
        assert set(action.paths) <= {"/home/u/docs/a.md", "/home/u/docs/in/b.sh", "/home/u/docs"}
        assert max(action.count, len(action.paths)) <= 100
        assert not {EffectKind.MOVE, EffectKind.TRASH} & changing or "/home/u/docs" not in action.paths
    elif EffectKind.READ in action.effects and verdict.decision is Decision.ALLOW:
        assert {*action.paths, *action.reads} <= {*PATHS[:3], PATHS[4]}


@given(actions, standings)
def test_a_grant_only_turns_ask_into_allow_for_what_can_be_undone(action: Action, held: Standing) -> None:
    without = Standing(held.book, held.limits, held.granted, (), held.now)
    before, after = decide(action, without), decide(action, held)
    if before != after:
        assert (before.decision, after.decision, after.grant) == (Decision.ASK, Decision.ALLOW, "g")
        assert action.reversible
        assert not action.taints


@given(actions, standings)
def test_an_effect_is_never_allowed_without_a_rule_a_grant_or_a_person(action: Action, held: Standing) -> None:
    verdict = decide(action, held)
    if effects_of(action) - {EffectKind.READ} and verdict.decision is Decision.ALLOW:
        assert verdict.grant or verdict.rule in {one.name for one in held.book.rule if one.decision is Decision.ALLOW}


def test_deny_wins_over_ask_over_allow() -> None:
    rules = [rule(Decision.ALLOW), rule(Decision.ASK), rule(Decision.DENY)]
    for count, decision in ((3, Decision.DENY), (2, Decision.ASK), (1, Decision.ALLOW)):
        assert decide(act(EffectKind.MOVE), standing(*rules[:count])).decision is decision


def test_looking_inside_the_granted_folders_needs_no_question() -> None:
    verdict = decide(act(EffectKind.READ, paths=("/home/u/look/a.md",)), standing())
    assert (verdict.decision, verdict.rule) == (Decision.ALLOW, "looking")
    assert decide(act(EffectKind.READ, paths=()), standing()).decision is Decision.ASK
    assert decide(act(EffectKind.READ, EffectKind.OPEN), standing()).decision is Decision.ASK


@pytest.mark.parametrize(
    ("action", "reason"),
    [
        (act(EffectKind.READ, paths=("/home/u/other/a",)), "/home/u/other/a is outside the folders you gave Mneme"),
        (act(EffectKind.WRITE, paths=("/home/u/look/a",)), "/home/u/look/a is outside the folders you gave Mneme"),
        (act(EffectKind.WRITE, reads=("/home/u/other/a",)), "/home/u/other/a is outside the folders you gave Mneme"),
        (act(EffectKind.OPEN, paths=("/tmp/a",)), "/tmp/a is outside the folders you gave Mneme"),
        (act(EffectKind.GIT), "git is switched off in the policy"),
        (act(EffectKind.MEMORY), "changing the memory is switched off for tools in the policy"),
        (act(hosts=("evil.example",)), "evil.example is not among the computers the policy allows"),
    ],
)
def test_a_missing_capability_denies_whatever_rules_say(action: Action, reason: str) -> None:
    held = standing(rule(Decision.ALLOW, reversible=False), rule(Decision.ALLOW), git=False, memory=False)
    verdict = decide(action, held, agreed=True)
    assert (verdict.decision, verdict.rule, verdict.reason) == (Decision.DENY, "capabilities", reason)


def test_untrusted_text_is_named_with_where_it_came_from() -> None:
    verdict = decide(act(EffectKind.MOVE, taints=(TAINT,)), standing(rule(Decision.ALLOW)))
    assert verdict.decision is Decision.ASK
    assert verdict.reason == "text from outside flows into “name” (file: /home/u/docs/a.md)"
    assert decide(act(EffectKind.READ, taints=(TAINT,)), standing()).decision is Decision.ALLOW


def test_a_person_who_agreed_lets_ask_through_and_nothing_else() -> None:
    tainted = act(EffectKind.MOVE, taints=(TAINT,), reversible=False)
    verdict = decide(tainted, standing(), agreed=True)
    assert (verdict.decision, verdict.rule) == (Decision.ALLOW, "approval")
    assert decide(tainted, standing(rule(Decision.DENY)), agreed=True).decision is Decision.DENY


@pytest.mark.parametrize(
    ("changes", "covered"),
    [
        ({}, True),
        ({"tool": "files.move"}, False),
        ({"scope": "/home/u/doc"}, False),
        ({"scope": "/home/u/docs/in"}, False),
        ({"scope": ""}, False),
        ({"expires": NOW}, False),
        ({"expires": NOW + timedelta(seconds=1)}, True),
        ({"kind": "plan", "plan": "p1"}, True),
        ({"kind": "once", "plan": "p1"}, True),
        ({"kind": "plan", "plan": "p2"}, False),
        ({"kind": "plan", "plan": ""}, False),
    ],
)
def test_a_grant_covers_its_tool_in_its_folder_for_its_time(changes: dict[str, object], covered: bool) -> None:
    values = {"id": "g", "tool": "files.sort", "scope": "/home/u/docs", "kind": "always", "at": NOW} | changes
    verdict = decide(act(EffectKind.MOVE, plan="p1"), standing(grants=(Grant.model_validate(values),)))
    assert (verdict.decision is Decision.ALLOW) is covered
    assert verdict.grant == ("g" if covered else "")


def test_a_grant_without_a_scope_covers_what_has_no_paths() -> None:
    grant = Grant(id="g", tool="files.sort", scope="", kind="always", at=NOW)
    assert decide(act(EffectKind.MEMORY, paths=()), standing(grants=(grant,))).grant == "g"
    assert decide(act(EffectKind.MEMORY, paths=(), network=True), standing(grants=(grant,))).grant == ""


def test_what_has_no_effect_and_no_rule_is_asked_about() -> None:
    expected = Verdict(decision=Decision.ASK, rule="", reason="no rule names this action")
    assert decide(Action(tool="unknown", origin="cli"), standing()) == expected


def test_folders_of_the_policy_do_not_reach_into_decisions_by_themselves() -> None:
    book = RuleBook(fs=FileAccess(write=("/srv/work",)))
    held = Standing(book, LIMITS, GRANTED, (), NOW)
    assert decide(act(EffectKind.WRITE, paths=("/srv/work/a",)), held).decision is Decision.DENY
