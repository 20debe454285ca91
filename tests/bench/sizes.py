"""How much is measured: in full, and as a quick check that the benchmark itself works."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    """`rounds` of `files` files with `words` words each are indexed; `memories` are sizes in chunks that are asked `queries`.

    `small_files` are made searchable without waiting for vectors; `contended` are files, words and queries of asking
    while indexing.
    """

    rounds: int
    files: int
    words: int
    memories: tuple[int, ...]
    queries: int
    warm_up: int
    small_files: int
    contended: tuple[int, int, int]


FULL = Sizes(
    rounds=4,
    files=12,
    words=2_200,
    memories=(10_000, 100_000),
    queries=200,
    warm_up=20,
    small_files=300,
    contended=(24, 2_200, 200),
)
QUICK = Sizes(rounds=1, files=2, words=400, memories=(150,), queries=5, warm_up=1, small_files=3, contended=(2, 400, 5))
BY_NAME = {"full": FULL, "quick": QUICK}
