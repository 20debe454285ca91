"""Where other disks are mounted. Used by moving and the trash. Linux; elsewhere found by the numbers of devices."""

import os
import re
from pathlib import Path

MOUNTS = Path("/proc/self/mountinfo")


def mounted_below(path: str) -> bool:
    """Tell whether anything is mounted at or below a folder."""
    return any(place == path or place.startswith(path.rstrip("/") + "/") for place in _mounts())


def top_of(path: str) -> str:
    """Return the folder at which the disk is mounted that holds this path (absolute, resolved)."""
    places = [place for place in _mounts() if path == place or path.startswith(place.rstrip("/") + "/")]
    if places:
        return max(places, key=len)
    device = os.stat(path, follow_symlinks=False).st_dev
    while path != "/" and os.stat(os.path.dirname(path)).st_dev == device:
        path = os.path.dirname(path)
    return path


def _mounts() -> list[str]:
    """Return all places at which something is mounted; none where the system does not tell."""
    try:
        lines = MOUNTS.read_bytes().splitlines()
    except OSError:
        return []
    return [os.fsdecode(_unescaped(line.split(b" ")[4])) for line in lines if line.count(b" ") > 4]


def _unescaped(place: bytes) -> bytes:
    return re.sub(rb"\\([0-7]{3})", lambda found: bytes([int(found[1], 8)]), place)
