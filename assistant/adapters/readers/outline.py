"""Finds the named definitions of source code with tree-sitter. Called by `text` in the worker process."""

import re
from functools import cache
from typing import TYPE_CHECKING, cast

from assistant.adapters.readers.outline_rules import ABOVE, DATA_DEPTH, FUNCTION_VALUES, HAS_BODY, RULES, WRAPPERS, Rule
from assistant.domain.document import Symbol

if TYPE_CHECKING:
    from tree_sitter import Node, Query
    from tree_sitter_language_pack import SupportedLanguage

MOST_SYMBOLS = 20_000
LONGEST_NAME = 120
DEEPEST = 64
CLASSLIKE = frozenset({"class", "interface", "struct", "enum"})


def outline(text: str, language: str) -> tuple[Symbol, ...]:
    """Return the definitions in order of their lines; unknown languages give none. Lines end with line feeds."""
    rules = RULES.get(language)
    if not rules:
        return ()
    from tree_sitter_language_pack import get_parser

    tree = get_parser(cast("SupportedLanguage", language)).parse(text.encode("utf-8", "replace"))
    deepest = DATA_DEPTH.get(language, DEEPEST)
    symbols: list[Symbol] = []
    open_ends: list[tuple[int, str, str]] = []  # end byte, scope path, kind of the definitions around
    for node in _definitions(tree.root_node, language):
        while open_ends and open_ends[-1][0] <= node.start_byte:
            open_ends.pop()
        _, around, outer = open_ends[-1] if open_ends else (0, "", "")
        rule = rules[node.type]
        name = _name(node, outer)
        if not name or len(open_ends) >= deepest:
            continue
        scope = f"{around} > {_label(node, rule, name)}" if around else _label(node, rule, name)
        kind = "method" if rule.kind == "function" and outer in CLASSLIKE else rule.kind
        first, last = _lines(node)
        symbols.append(Symbol(name=name, kind=kind, scope=scope, line=first, line_end=last))
        open_ends.append((node.end_byte, scope, rule.kind))
        if len(symbols) >= MOST_SYMBOLS:
            break
    return tuple(symbols)


def _definitions(root: "Node", language: str) -> "list[Node]":
    """Find the nodes with a query, which runs in the engine: walking a tree from here takes twenty times as long."""
    from tree_sitter import QueryCursor

    found = QueryCursor(_query(language)).captures(root).get("found", [])
    return sorted(found, key=lambda node: (node.start_byte, -node.end_byte))


@cache
def _query(language: str) -> "Query":
    from tree_sitter import Query
    from tree_sitter_language_pack import get_language

    grammar = get_language(cast("SupportedLanguage", language))
    return Query(grammar, " ".join(f"({kind}) @found" for kind in RULES[language]))


def _lines(node: "Node") -> tuple[int, int]:
    """The 1-based lines of a definition with its wrapper, and the comments and decorators directly above."""
    while node.parent is not None and node.parent.type in WRAPPERS and node.parent.named_child_count <= 3:
        node = node.parent
    start, end = node.start_point[0], node.end_point[0]
    if node.end_point[1] == 0 and end > start:
        end -= 1
    anchor = node
    while anchor.prev_named_sibling is None and anchor.parent is not None and anchor.parent.start_byte == anchor.start_byte:
        anchor = anchor.parent  # the comment above a body's first definition may stand before the body
    above = anchor.prev_named_sibling
    while above is not None and above.type in ABOVE:
        bottom = above.end_point[0] - (1 if above.end_point[1] == 0 else 0)
        before = above.prev_named_sibling
        trailing = before is not None and before.end_point[0] == above.start_point[0] and before.end_point[1] > 0
        if bottom not in (start - 1, start) or (trailing and before is not None and before.type not in ABOVE):
            break
        start = above.start_point[0]
        above = before
    return start + 1, max(start, end) + 1


def _name(node: "Node", outer: str) -> str:
    """The name that a node defines, or "" when it defines none (a struct used as a type, a plain variable)."""
    kind = node.type
    if kind in HAS_BODY and node.child_by_field_name("body") is None:
        return ""
    if kind == "variable_declarator":
        value = node.child_by_field_name("value")
        if value is None or value.type not in FUNCTION_VALUES:
            return ""
    if kind in ("declaration", "field_declaration") and (outer in ("function", "method") or _declarator(node) is None):
        return ""
    if kind == "impl_item":
        return _implementation(node)
    found = node.child_by_field_name("name") or node.child_by_field_name("key")
    if found is None and node.child_by_field_name("declarator") is not None:
        found = _declared(node)
    if found is None:
        found = _first_of_kind(node)
    return _text(found)


def _label(node: "Node", rule: Rule, name: str) -> str:
    """A step of a scope path: `class Parser`, `def self.parse`, `func (Parser) Parse`, or a bare key."""
    receiver = _text(node.child_by_field_name("receiver"))
    if receiver and node.type == "method_declaration":
        kinds = re.findall(r"\w+", receiver.partition("[")[0])
        name = f"({kinds[-1]}) {name}" if kinds else name
    return f"{rule.word}{'' if rule.word.endswith('.') else ' '}{name}".strip()


def _first_of_kind(node: "Node") -> "Node | None":
    """Names that grammars leave without a field: SQL objects, CSS selectors, TOML headers and keys."""
    wanted = ("object_reference", "selectors", "keyframes_name", "dotted_key", "bare_key", "quoted_key", "identifier")
    for child in node.named_children[:6]:
        if child.type in wanted or child.type.endswith("_query"):
            return child
    return None


def _declarator(node: "Node") -> "Node | None":
    """The function declarator of a C or C++ prototype; None for variables and fields."""
    found = node.child_by_field_name("declarator")
    while found is not None and found.type in ("pointer_declarator", "reference_declarator"):
        found = found.child_by_field_name("declarator") or (found.named_children[-1] if found.named_children else None)
    return found if found is not None and found.type == "function_declarator" else None


def _declared(node: "Node") -> "Node | None":
    """Follow C's declarators inward to the name."""
    found = node
    while True:
        inner = found.child_by_field_name("declarator")
        if inner is None and found.type in ("reference_declarator", "parenthesized_declarator") and found.named_children:
            inner = found.named_children[-1]
        if inner is None:
            return None if found is node else found
        found = inner


def _implementation(node: "Node") -> str:
    target = _text(node.child_by_field_name("type"))
    trait = _text(node.child_by_field_name("trait"))
    return f"{trait} for {target}" if trait else target


def _text(node: "Node | None") -> str:
    if node is None or node.text is None:
        return ""
    text = " ".join(node.text[: LONGEST_NAME * 4].decode("utf-8", "replace").split())
    return text.strip("\"'`")[:LONGEST_NAME]
