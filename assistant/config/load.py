"""Loads settings: defaults, then configs/*.toml, the user's file, the environment. Called by `app` and `cli`."""

import shutil
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

import tomli_w
from pydantic import ValidationError

from assistant.config.schema import SCHEMA_VERSION, Settings
from assistant.domain.errors import ConfigError

Tree = dict[str, Any]
Migration = Callable[[Tree], Tree]

MIGRATIONS: dict[int, Migration] = {}
"""Step from version n to n + 1, by n; empty while there is one version."""


def load(defaults: Path, user_file: Path, env: Mapping[str, str]) -> Settings:
    """Return the settings; raises ConfigError naming the setting and where it came from."""
    tree: Tree = _read(defaults) if defaults.exists() else {}
    if user_file.exists():
        _merge(tree, _migrated(user_file))
    _merge(tree, _from_env(env))
    try:
        return Settings.model_validate(tree)
    except ValidationError as error:
        problem = error.errors()[0]
        name = ".".join(str(part) for part in problem["loc"])
        what = "there is no such setting" if problem["type"] == "extra_forbidden" else problem["msg"]
        variable = "MNEME_" + "__".join(str(part).upper() for part in problem["loc"][:2])
        raise ConfigError(
            f"The setting {name} cannot be used: {what}.",
            kept="Nothing was changed.",
            remedy=f"Correct it in {user_file} or in the environment ({variable}).",
        ) from error


def _read(path: Path) -> Tree:
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(
            f"The settings file {path} cannot be read: {error}.",
            kept="It was left as it is.",
            remedy="Correct the file, or move it away to start from the defaults.",
        ) from error


def _migrated(path: Path) -> Tree:
    """Bring an older file to this version, keeping a copy of it beside; raises ConfigError for a newer one."""
    tree = _read(path)
    version = tree.get("schema_version", SCHEMA_VERSION)
    if not isinstance(version, int) or version > SCHEMA_VERSION or not MIGRATIONS.keys() >= set(range(version, SCHEMA_VERSION)):
        newer = isinstance(version, int) and version > SCHEMA_VERSION
        raise ConfigError(
            f"The settings file {path} was written by {'a newer' if newer else 'another'} Mneme "
            f"(version {version}, this one knows {SCHEMA_VERSION}).",
            kept="It was left as it is.",
            remedy="Update Mneme, or move the file away to start from the defaults.",
        )
    if version == SCHEMA_VERSION:
        return tree
    older = version
    while version < SCHEMA_VERSION:
        tree = MIGRATIONS[version](tree)
        version += 1
        tree["schema_version"] = version
    _rewrite(path, tree, older)
    return tree


def _rewrite(path: Path, tree: Tree, older: int) -> None:
    """Replace a settings file by its migrated form, the file of version `older` kept beside it."""
    fresh = path.with_suffix(".new")
    try:
        shutil.copy2(path, path.with_suffix(f".v{older}.bak"))
        fresh.write_text(tomli_w.dumps(tree), "utf-8")
        fresh.replace(path)
    except OSError as error:
        raise ConfigError(
            f"The settings file {path} cannot be brought to this version: {error}.",
            kept="It was left as it is.",
            remedy="Give yourself the right to write there, or make room on the disk.",
        ) from error


def _merge(into: Tree, other: Tree) -> None:
    for key, value in other.items():
        held = into.get(key)
        if isinstance(value, dict) and isinstance(held, dict):
            _merge(cast(Tree, held), cast(Tree, value))
        else:
            into[key] = value


def _from_env(env: Mapping[str, str]) -> Tree:
    """Read MNEME_<SECTION>__<FIELD>; pydantic turns the strings into the field's type, lists are comma-separated."""
    tree: Tree = {}
    for name, value in env.items():
        section, found, field = name.removeprefix("MNEME_").lower().partition("__")
        if not name.startswith("MNEME_") or not found:
            continue
        plural = field == "ignore"
        tree.setdefault(section, {})[field] = tuple(v for v in value.split(",") if v) if plural else value
    return tree
