"""Numbers that carry a check: payment cards, Russian insurance and taxpayer numbers, bank accounts. Pure.

Used by `sensitive`, so that a number counts only when its check agrees.
"""

import re


def is_card(digits: str) -> bool:
    """Tell a payment card: an issuer's range, its length, and the Luhn check digit (ISO/IEC 7812)."""
    issuer = re.fullmatch(
        r"4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|6(?:011|5\d\d)\d{12}|67\d{14,17}|35\d{14}|62\d{14,17}",
        digits,
    )
    if issuer is None or len(set(digits)) < 2:
        return False
    doubled = (int(digit) * (1 + at % 2) for at, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def is_snils(digits: str) -> bool:
    """Check the two last digits of a Russian insurance number: the weighted sum modulo 101."""
    check = sum(int(digit) * weight for digit, weight in zip(digits[:9], range(9, 0, -1), strict=True)) % 101 % 100
    return check == int(digits[9:])


INN_WEIGHTS = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)


def is_inn(digits: str) -> bool:
    """Check the last digits of a Russian taxpayer number: weighted sums modulo 11."""
    checked = range(9, 10) if len(digits) == 10 else range(10, 12)
    for place in checked:
        weights = INN_WEIGHTS[len(INN_WEIGHTS) - place :]
        if sum(int(digit) * weight for digit, weight in zip(digits[:place], weights, strict=True)) % 11 % 10 != int(
            digits[place]
        ):
            return False
    return True


def is_iban(value: str) -> bool:
    """Check an account number by ISO 13616: rearranged and read as a number it leaves 1 modulo 97."""
    if not 15 <= len(value) <= 34:
        return False
    return int("".join(str(int(sign, 36)) for sign in value[4:] + value[:4])) % 97 == 1
