"""Tables of what counts as a named definition in each programming language. Read by `outline`."""

from typing import NamedTuple


class Rule(NamedTuple):
    """What a syntax node defines: the symbol's kind, and the word that stands before its name in a scope path."""

    kind: str
    word: str


def _rules(table: str) -> dict[str, Rule]:
    rows = (row.split() for row in table.split(";"))
    return {row[0]: Rule(row[1], " ".join(row[2:])) for row in rows}


_SCRIPT = (
    "class_declaration class class;function_declaration function function;"
    "generator_function_declaration function function;method_definition method method;variable_declarator function const"
)
_TYPED = (
    f"{_SCRIPT};abstract_class_declaration class class;interface_declaration interface interface;"
    "type_alias_declaration type type;enum_declaration enum enum;internal_module module namespace;"
    "module module module;function_signature function function;method_signature method method;"
    "abstract_method_signature method method"
)
_C = (
    "function_definition function function;struct_specifier struct struct;union_specifier struct union;enum_specifier enum enum;"
    "type_definition type typedef;preproc_function_def macro #define;declaration function function"
)

RULES: dict[str, dict[str, Rule]] = {
    "python": _rules("class_definition class class;function_definition function def"),
    "javascript": _rules(_SCRIPT),
    "typescript": _rules(_TYPED),
    "tsx": _rules(_TYPED),
    "rust": _rules(
        "function_item function fn;function_signature_item function fn;struct_item struct struct;enum_item enum enum;"
        "union_item struct union;trait_item interface trait;impl_item class impl;mod_item module mod;type_item type type;"
        "macro_definition macro macro;const_item constant const;static_item constant static"
    ),
    "go": _rules(
        "function_declaration function func;method_declaration method func;type_spec type type;type_alias type type;"
        "method_elem method func"
    ),
    "java": _rules(
        "class_declaration class class;interface_declaration interface interface;enum_declaration enum enum;"
        "record_declaration class record;annotation_type_declaration interface @interface;method_declaration method method;"
        "constructor_declaration method constructor"
    ),
    "c": _rules(_C),
    "cpp": _rules(
        f"{_C};class_specifier class class;namespace_definition module namespace;alias_declaration type using;"
        "concept_definition interface concept;field_declaration method method"
    ),
    "csharp": _rules(
        "namespace_declaration module namespace;class_declaration class class;struct_declaration struct struct;"
        "interface_declaration interface interface;enum_declaration enum enum;record_declaration class record;"
        "method_declaration method method;constructor_declaration method constructor;property_declaration property property;"
        "delegate_declaration type delegate"
    ),
    "ruby": _rules("class class class;module module module;method method def;singleton_method method def self."),
    "php": _rules(
        "class_declaration class class;interface_declaration interface interface;trait_declaration class trait;"
        "enum_declaration enum enum;function_definition function function;method_declaration method function"
    ),
    "bash": _rules("function_definition function function"),
    "sql": _rules(
        "create_table table table;create_view view view;create_materialized_view view view;create_function function function;"
        "create_index index index;create_type type type;create_schema module schema;"
        "create_trigger function trigger;create_sequence table sequence"
    ),
    "css": _rules(
        "rule_set rule;media_statement section @media;keyframes_statement rule @keyframes;supports_statement section @supports"
    ),
    "json": _rules("pair key"),
    "yaml": _rules("block_mapping_pair key"),
    "toml": _rules("table section;table_array_element section;pair key"),
}

DATA_DEPTH = {"json": 2, "yaml": 2, "toml": 2}
"""Deepest level of keys that are outlined in languages of data."""

WRAPPERS = frozenset(
    {
        "decorated_definition",
        "export_statement",
        "ambient_declaration",
        "type_declaration",
        "template_declaration",
        "lexical_declaration",
        "variable_declaration",
        "statement",
        "expression_statement",
        "linkage_specification",
    }
)
"""Nodes around a definition that belong to its range."""

ABOVE = frozenset(
    {"comment", "line_comment", "block_comment", "marginalia", "attribute_item", "decorator", "attribute", "attribute_list"}
)
"""Nodes directly above a definition that belong to its range: doc comments and attributes."""

FUNCTION_VALUES = frozenset({"arrow_function", "function_expression", "generator_function", "class"})
HAS_BODY = frozenset({"struct_specifier", "union_specifier", "enum_specifier", "class_specifier"})
