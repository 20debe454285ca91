"""The folders Mneme keeps its things in: one under MNEME_HOME, or the platform's. Asked by `app` and `cli`."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs


@dataclass(frozen=True, slots=True)
class Places:
    """Absolute folders; none is created by asking."""

    config: Path
    data: Path
    cache: Path
    logs: Path

    @property
    def memory(self) -> Path:
        """The folder of records, indexes and journal."""
        return self.data / "memory"

    @property
    def backups(self) -> Path:
        """The folder of automatic backups."""
        return self.data / "backups"

    @property
    def undo(self) -> Path:
        """The folder of contents from before what was done."""
        return self.data / "undo"

    @property
    def own(self) -> tuple[Path, Path, Path, Path]:
        """All four: what Mneme writes for itself and never reads as a person's."""
        return self.config, self.data, self.cache, self.logs

    @property
    def models(self) -> Path:
        """The folder of installed models."""
        return self.data / "models"


def places(env: Mapping[str, str]) -> Places:
    """Return the folders under MNEME_HOME when it is set and not empty, otherwise the platform's own."""
    home = env.get("MNEME_HOME", "")
    if home:
        base = Path(home).expanduser().resolve()
        return Places(base / "config", base / "data", base / "cache", base / "logs")
    dirs = platformdirs.PlatformDirs("mneme", appauthor=False)
    return Places(Path(dirs.user_config_dir), Path(dirs.user_data_dir), Path(dirs.user_cache_dir), Path(dirs.user_log_dir))
