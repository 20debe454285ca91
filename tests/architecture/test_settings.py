"""Settings are declared data: every field says what it is for and has its default in configs/default.toml."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from assistant.config import Settings

ROOT = Path(__file__).resolve().parents[2]
DEFAULTS = tomllib.loads((ROOT / "configs" / "default.toml").read_text("utf-8"))


def fields(model: type[BaseModel], prefix: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], FieldInfo]]:
    for name, field in model.model_fields.items():
        yield (*prefix, name), field
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from fields(field.annotation, (*prefix, name))


ALL = list(fields(Settings))
LEAVES = [path for path, field in ALL if not (isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel))]


@pytest.mark.parametrize("path,field", ALL, ids=[".".join(path) for path, _ in ALL])
def test_field_is_described(path: tuple[str, ...], field: FieldInfo) -> None:
    assert field.description, f"{'.'.join(path)} does not say what it is for"


@pytest.mark.parametrize("path", LEAVES, ids=[".".join(path) for path in LEAVES])
def test_field_has_its_default_written_down(path: tuple[str, ...]) -> None:
    written: Any = DEFAULTS
    declared: object = Settings()
    for name in path:
        assert issubclass(type(written), dict) and name in written, f"{'.'.join(path)} is missing from configs/default.toml"
        written = written[name]
        declared = getattr(declared, name)
    assert (list(cast("tuple[object, ...]", declared)) if isinstance(declared, tuple) else declared) == written


def test_default_file_is_valid() -> None:
    Settings.model_validate(DEFAULTS)
