"""Reads the manifests in models/*.toml. Called by `app`, which hands the catalogue to the manager."""

import re
import tomllib
from pathlib import Path

from pydantic import ValidationError

from assistant.domain.errors import ConfigError
from assistant.domain.models import ModelManifest

_SAFE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def read_catalogue(folder: Path) -> dict[str, ModelManifest]:
    """Return the manifests by id, in the order of their ids; raises ConfigError naming the file that cannot be used."""
    found: dict[str, ModelManifest] = {}
    for path in sorted(folder.glob("*.toml"), key=lambda path: path.name.lower()):
        try:
            manifest = ModelManifest.model_validate(tomllib.loads(path.read_text("utf-8")))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as error:
            raise _unusable(path, str(error)) from error
        if manifest.id != path.stem or not _SAFE_ID.fullmatch(manifest.id):
            raise _unusable(path, f"its id {manifest.id!r} is not the file's name, or cannot be a folder's")
        found[manifest.id] = manifest
    return found


def _unusable(path: Path, why: str) -> ConfigError:
    return ConfigError(
        f"The model manifest {path.name} cannot be used: {why}.",
        kept="No model was touched.",
        remedy="Correct or remove the file, or install Mneme again.",
    )
