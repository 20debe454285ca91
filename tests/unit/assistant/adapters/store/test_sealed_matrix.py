"""The matrix of sealed vectors: what the first look by signs leaves out, and that filters and removals hold in it."""

import numpy as np
from numpy.typing import NDArray

from assistant.adapters.store.sealed_matrix import EXACT, Matrix, Row
from assistant.ports.stores import Filter

SIZE, TOPICS = 64, 40
ROWS = EXACT + 2_000


def about(topics: NDArray[np.float32], count: int, seed: int) -> NDArray[np.float32]:
    """Vectors as texts have them: near one of some topics."""
    chance = np.random.default_rng(seed)
    made = topics[chance.integers(0, len(topics), count)] + chance.standard_normal((count, SIZE)) * 0.4
    return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)


def topics() -> NDArray[np.float32]:
    return np.random.default_rng(1).standard_normal((TOPICS, SIZE)).astype(np.float32)


def filled(vectors: NDArray[np.float32]) -> Matrix:
    matrix = Matrix(SIZE)
    rows = [Row(number.to_bytes(16, "big"), "p", "text", "en", f"s{number % 2}") for number in range(len(vectors))]
    for start in range(0, len(vectors), 700):  # grows on the way
        matrix.add(rows[start : start + 700], vectors[start : start + 700])
    return matrix


def numbers(hits: list[tuple[bytes, float]]) -> list[int]:
    return [int.from_bytes(point, "big") for point, _ in hits]


def test_finds_the_nearest_though_it_scores_few() -> None:
    vectors = about(topics(), ROWS, 2)
    matrix = filled(vectors)
    found = 0
    for asked in about(topics(), 30, 3):
        truth = vectors @ asked
        hits = matrix.search(asked, 20, Filter())
        assert [score for _, score in hits] == sorted((score for _, score in hits), reverse=True)
        assert np.allclose([score for _, score in hits], truth[numbers(hits)], atol=1e-5)
        found += len(set(numbers(hits)) & set(np.argsort(-truth)[:20]))
    assert found >= 0.99 * 30 * 20


def test_what_was_removed_or_is_not_asked_for_takes_no_place() -> None:
    vectors = about(topics(), 2 * ROWS, 4)
    matrix = filled(vectors)
    asked = vectors[1]
    nearest = numbers(matrix.search(asked, 10, Filter()))
    matrix.remove([number.to_bytes(16, "big") for number in nearest])
    assert not set(numbers(matrix.search(asked, 10, Filter()))) & set(nearest)
    odd = matrix.search(asked, 10, Filter(sources=("s1",)))
    assert len(odd) == 10
    assert all(number % 2 for number in numbers(odd))


def test_a_replaced_vector_is_found_where_it_is_now() -> None:
    vectors = about(topics(), ROWS, 5)
    matrix = filled(vectors)
    matrix.add([Row((7).to_bytes(16, "big"), "p", "text", "en", "s1")], -vectors[7:8])
    assert numbers(matrix.search(-vectors[7], 1, Filter())) == [7]
    assert numbers(matrix.packed().search(-vectors[7], 1, Filter())) == [7]


def test_as_many_as_there_are_when_more_are_asked_for() -> None:
    vectors = about(topics(), ROWS, 6)
    assert len(filled(vectors).search(vectors[0], 2 * ROWS, Filter())) == ROWS
