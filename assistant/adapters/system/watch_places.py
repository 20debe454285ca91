"""Which folders are watched and which drives give no notices. Asked by `watch`."""

import os
import sys
from collections.abc import Collection
from pathlib import Path

import psutil

from assistant.adapters.system.walk_rules import folder_by_name

NETWORK = ("nfs", "cifs", "smb", "9p", "afp", "afs", "webdav", "davfs", "ncp", "glusterfs", "ceph", "vboxsf", "prl_fs", "fuse.")
"""Beginnings of the names of file systems whose changes may be made by another machine, which nobody here is told of."""
REMOVABLE = frozenset({"vfat", "exfat", "msdos", "ntfs", "ntfs3", "fuseblk", "udf", "iso9660", "hfsplus"})
REMOVABLE_PLACES = ("/media/", "/run/media/", "/mnt/", "/Volumes/")
MOST_FOLDERS = 100_000
GIT = ".git"


def scanned_because(path: str) -> str:
    """Return why a root is scanned instead of watched, "" for an ordinary local drive."""
    best, kind, options = "", "", ""
    for part in psutil.disk_partitions(all=True):
        mount = part.mountpoint.rstrip(os.sep) + os.sep
        if (path + os.sep).startswith(mount) and len(mount) > len(best):
            best, kind, options = mount, part.fstype.lower(), part.opts
    if kind.startswith(NETWORK) or "remote" in options.split(","):
        return f"it is on a network drive ({kind})"
    removable = kind in REMOVABLE and (best.startswith(REMOVABLE_PLACES) or sys.platform == "win32")
    return f"it is on a removable drive ({kind})" if removable or "removable" in options.split(",") else ""


def folders_below(root: str, own: Collection[str]) -> set[str]:
    """List the folders whose entries are followed: neither links nor ignored ones; of .git only the outermost.

    Ends early above MOST_FOLDERS; folders that cannot be read are left out, and those whose names are no text: a walk
    leaves them out as well, and the system's notices would take none of the others along with them.
    """
    found: set[str] = set()
    pending = [root]
    while pending and len(found) <= MOST_FOLDERS:
        folder = pending.pop()
        try:
            with os.scandir(folder) as scan:
                inner = [entry for entry in scan if entry.is_dir(follow_symlinks=False)]
        except OSError:
            continue
        found.add(folder)
        if Path(folder).name == GIT and folder != root:
            continue
        for entry in inner:
            if entry.path in own or not _is_text(entry.name):
                continue
            if entry.name == GIT or folder_by_name(entry.name, frozenset()) is None:
                pending.append(entry.path)
    return found


def _is_text(name: str) -> bool:
    """Tell whether a name is text; bytes that are none stand in it as halves of surrogate pairs."""
    return not any("\ud800" <= letter <= "\udfff" for letter in name)


def worth_telling(path: str) -> bool:
    """Tell whether a change can matter: of what lies inside .git only HEAD and the lock of a running operation do."""
    parts = Path(path).parts
    if GIT not in parts:
        return True
    return parts[-2:] in ((GIT, "HEAD"), (GIT, "index.lock")) or parts[-1] == GIT
