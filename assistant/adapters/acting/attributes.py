"""What a file has besides contents, mode and times: owner and extended attributes. Used where contents are written anew."""

import ctypes
import os
import sys

from assistant.domain.errors import StorageError

ACL_AND_ATTRIBUTES = 1 | 4
"""What Apple's fcopyfile is asked for."""
PERSONS_OWN = "user."
NEVER_KEPT = "security.capability"
"""Rights of a program do not pass to other contents; the system itself takes them away at every write."""


def keep_attributes(source: int, target: int) -> None:
    """Copy extended attributes, access lists included, between open files. Raises OSError for the person's own ones."""
    if sys.platform == "darwin":
        ctypes.CDLL(None).fcopyfile(source, target, None, ACL_AND_ATTRIBUTES)
        return
    if sys.platform == "win32":
        return
    for name in os.listxattr(source):
        if name == NEVER_KEPT:
            continue
        try:
            os.setxattr(target, name, os.getxattr(source, name))
        except OSError:
            if name.startswith(PERSONS_OWN):
                raise


def keep_owner(source: os.stat_result, target: int, path: str) -> None:
    """Give an open file the owner and group of another; raises StorageError when this user may not."""
    if sys.platform == "win32":
        return
    now = os.fstat(target)
    if (now.st_uid, now.st_gid) == (source.st_uid, source.st_gid):
        return
    try:
        os.chown(target, source.st_uid, source.st_gid)
    except PermissionError as error:
        raise StorageError(
            f"{path} belongs to another user or group and would not any more.",
            kept="Nothing was changed.",
            remedy="Ask its owner, or leave it out.",
        ) from error
