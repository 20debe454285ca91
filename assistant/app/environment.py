"""What a run of Mneme starts from: settings, places and its own files. Read by `bootstrap` and the command line."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.config import Places, Settings, load, places

ROOT = Path(__file__).resolve().parents[2]
"""The folder that holds configs/, models/ and golden/ beside the packages."""


@dataclass(frozen=True, slots=True)
class Environment:
    """Settings and folders of one run; `resources` holds what came with Mneme."""

    settings: Settings
    places: Places
    resources: Path


def environment(env: Mapping[str, str] = os.environ) -> Environment:
    """Read settings and places; raises ConfigError. Creates nothing."""
    where = places(env)
    settings = load(ROOT / "configs" / "default.toml", where.config / "config.toml", env)
    return Environment(settings, where, ROOT)
