"""Alike texts have near fingerprints, unlike ones far ones, and all fit a signed 64-bit column."""

from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.simhash import distance, simhash

LONG = "The lease begins in September and runs for five years. " * 8 + "It is prolonged unless one party gives notice in writing."


@given(st.text())
def test_fits_a_signed_column_and_is_stable(text: str) -> None:
    value = simhash(text)
    assert -(2**63) <= value < 2**63
    assert value == simhash(text)
    assert distance(value, value) == 0


@given(st.integers(-(2**63), 2**63 - 1), st.integers(-(2**63), 2**63 - 1))
def test_distance_is_symmetric_and_bounded(first: int, second: int) -> None:
    assert distance(first, second) == distance(second, first) <= 64


def test_form_and_case_do_not_matter() -> None:
    assert distance(simhash(LONG), simhash(LONG.upper().replace(".", " ;"))) <= 3


def test_other_texts_are_far() -> None:
    other = "Насос включается и сразу выключается, если в баке лопнула мембрана или ушёл воздух. " * 5
    assert distance(simhash(LONG), simhash(other)) > 12


def test_short_texts_meet_only_when_equal() -> None:
    assert simhash("Rent: 1,926 euros") == simhash("rent 1,926 EUROS")
    assert distance(simhash("Rent: 1,926 euros"), simhash("Rent: 1,927 euros")) > 8
    assert simhash("+++") != simhash("---")


def test_signs_use_the_whole_range() -> None:
    values = [simhash(f"word {n}") for n in range(50)]
    assert min(values) < 0 < max(values)
