"""archive.pack over a folder with a pattern: which files go in, and how they are called inside."""

from collections.abc import Sequence

from tests.fakes.seeing import Toolbox


class Packed:
    """The half of Archives that packs: remembers what went in."""

    def __init__(self) -> None:
        self.entries: list[tuple[str, str]] = []

    async def make(self, kind: str, entries: Sequence[tuple[str, str]], tell: object = None) -> tuple[str, int]:
        self.entries = [*entries]
        return "0" * 64, 10


async def test_files_of_a_folder_go_in_by_pattern(box: Toolbox) -> None:
    packed = Packed()
    for name in ("docs/a.pdf", "docs/b.txt", "docs/deep/c.pdf"):
        box.write(name, "x")
    found = await box.call(
        "archive.pack", more={"archives": packed}, folder=box.path("docs"), glob="*.pdf", deep=True, target=box.path("p.zip")
    )
    assert packed.entries == [(box.path("docs/a.pdf"), "a.pdf"), (box.path("docs/deep/c.pdf"), "deep/c.pdf")]
    assert [change.path for change in found.changes] == [box.path("p.zip")]


async def test_named_paths_keep_their_own_names(box: Toolbox) -> None:
    packed = Packed()
    box.write("docs/a.pdf", "x")
    await box.call("archive.pack", more={"archives": packed}, paths=[box.path("docs")], target=box.path("p.zip"))
    assert [inside for _, inside in packed.entries] == ["docs", "docs/a.pdf"]
