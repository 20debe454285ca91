"""Tables into files, Markdown or CSV by the ending. Used by the commands of the text tool."""

from assistant.domain.errors import ArgumentError
from assistant.domain.tool import Table
from assistant.tools.changes import Draft, entry_at
from assistant.tools.names import ending
from assistant.tools.tables import csv_bytes, markdown


async def save_table(draft: Draft, target: str, table: Table, title: str, why: str) -> None:
    """Want a file with a table, in place of a file that is there. Raises ArgumentError for another ending."""
    kind = ending(target)
    if kind == "csv":
        content = csv_bytes(table)
    elif kind in ("md", "markdown"):
        content = f"# {title}\n\n{markdown(table)}".encode("utf-8", "replace")
    else:
        raise ArgumentError(
            f"A table is written as .md or .csv, not as {target}.", kept="Nothing was done.", remedy="Name such a file."
        )
    await save(draft, target, content, why)


async def save(draft: Draft, target: str, content: bytes, why: str) -> None:
    """Want a file with these contents, new or in place of what is there."""
    there = await entry_at(draft.files, target, digest=True)
    if there is None:
        await draft.create(target, content, why)
    elif there.stamp.kind == "file":
        await draft.write(there, None, content, why)
    else:
        draft.clash(target, "Something that is no file stands there.")
