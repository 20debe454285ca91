"""Disks that are full or read-only, for real processes: a small file system of its own, mounted for one test. Linux and root."""

import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

MIB = 1024 * 1024


def mountable() -> bool:
    """Tell whether this test may mount file systems (root on Linux, outside a restricted container)."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return False
    tried = subprocess.run(["unshare", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False)
    return tried.returncode == 0


needs_mounts = pytest.mark.skipif(not mountable(), reason="only root may mount a small disk")


@contextmanager
def small_disk(place: Path, mib: int) -> Generator[Path]:
    """Mount a file system of so many MiB in memory at `place`."""
    place.mkdir(parents=True, exist_ok=True)
    _mount("-t", "tmpfs", "-o", f"size={mib}m", "tmpfs", str(place))
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def resize(place: Path, mib: int) -> None:
    """Give the disk another size."""
    _mount("-o", f"remount,size={mib}m", str(place))


@contextmanager
def read_only(place: Path) -> Generator[None]:
    """Let nothing be written at `place` meanwhile, root included."""
    _mount("--bind", str(place), str(place))
    try:
        _mount("-o", "remount,ro,bind", str(place))
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def free(place: Path) -> int:
    """Return the bytes that are free."""
    look = os.statvfs(place)
    return look.f_bavail * look.f_frsize


def fill(place: Path, left: int) -> Path:
    """Write a file until only so many bytes are free; return it."""
    ballast = place / "ballast"
    with ballast.open("wb") as stream:
        while (more := free(place) - left) > 4096:
            stream.write(bytes(min(more, MIB)))
            stream.flush()
    return ballast


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True, capture_output=True)
