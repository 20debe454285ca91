"""What `mneme doctor` says of the engines of an encrypted memory, which are not those of the settings. Used by `bootstrap`."""

from assistant.api.views import Check
from assistant.config.schema import EngineChoice

OWN = "encrypted vectors, SQLite FTS5"


def sealed_engines(choice: EngineChoice) -> tuple[Check, ...]:
    """Return the line: a warning where the settings choose engines that an encrypted memory does not use."""
    usual = EngineChoice()
    if (choice.dense, choice.sparse) in ((usual.dense, usual.sparse), (usual.dense, "fts5")):
        return (Check(name="engines", state="ok", detail=OWN),)
    return (
        Check(
            name="engines",
            state="warning",
            detail=f"{OWN}; an encrypted memory has engines of its own: {choice.dense} and {choice.sparse} are not used",
            remedy="Take them out of the section engines of your settings, or run `mneme decrypt` if you want them.",
        ),
    )
