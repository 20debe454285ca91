"""Texts that Mneme writes itself and remembers: no file holds them, so their paths begin with a scheme. Used by all floors."""

SCHEME = "mneme:/"
DEEDS = f"{SCHEME}deeds"
"""Where the texts about runs stand, and what they have for a root; nobody granted it, and nothing there can be changed."""
_ENDING = ".md"


def is_own(path: str) -> bool:
    """Tell whether a path names a text of Mneme's own."""
    return path.startswith(SCHEME)


def deed_path(run_id: str) -> str:
    """Return the path of the text about a run."""
    return f"{DEEDS}/{run_id}{_ENDING}"


def run_of(path: str) -> str:
    """Return the id of the run that a text is about, "" where it is about none."""
    name = path.removeprefix(f"{DEEDS}/")
    return name.removesuffix(_ENDING) if name != path and name.endswith(_ENDING) and "/" not in name else ""
