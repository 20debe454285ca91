"""Check digits: one changed digit is noticed. The numbers are published test numbers or invented."""

from collections.abc import Callable

import pytest

from assistant.domain.check_digits import is_card, is_iban, is_inn, is_snils


@pytest.mark.parametrize(
    ("check", "number"),
    [
        (is_card, "4111111111111111"),
        (is_card, "378282246310005"),
        (is_card, "6759649826438453"),
        (is_snils, "11223344595"),
        (is_inn, "7707083893"),
        (is_inn, "500100732259"),
        (is_iban, "DE89370400440532013000"),
    ],
)
def test_a_changed_digit_is_noticed(check: Callable[[str], bool], number: str) -> None:
    assert check(number)
    changed = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert not check(changed)
