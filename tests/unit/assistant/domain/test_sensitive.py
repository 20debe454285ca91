"""What counts as sensitive, what does not, and how it is hidden. All values are invented or published test numbers."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.sensitive import SECRETS, Sensitive, SensitiveKind, hidden, scan

FOUND = [
    ("key", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk\n-----END OPENSSH PRIVATE KEY-----"),
    ("key", "-----BEGIN PRIVATE KEY-----\nMIIEvQ and no end"),
    ("token", "AKIA" + "IOSFODNN7ZQWERTY"),
    ("token", "ghp_" + "a1B2c3D4e5" * 4),
    ("token", "glpat-" + "x9Y8z7W6v5U4t3S2r1Q0"),
    ("token", "xoxb-" + "123456789012-abcdefGHIJ"),
    ("token", "sk_live_" + "4eC39HqLyjWDarjtT1"),
    ("token", "AIza" + "Sy" + "a1B2c3D4e5F" * 3),
    ("token", "sk-ant-" + "api03-abcdefghijklmnop"),
    ("token", "123456789:AA" + "HdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1"),
    ("token", "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0NTYifQ.dozjgNryP4J3jVmNHl0w5N"),
    ("card", "4111 1111 1111 1111"),
    ("card", "5555-5555-5555-4444"),
    ("card", "378282246310005"),
    ("personal number", "112-233-445 95"),
    ("personal number", "DE89 3704 0044 0532 0130 00"),
    ("personal number", "078-05-1120"),
    ("phone", "+7 (495) 123-45-67"),
    ("phone", "8 800 555-35-35"),
    ("phone", "+44 20 7946 0958"),
    ("e-mail", "greta.vance@orchard.example"),
    ("e-mail", "почта@пример.рф"),
]
AMONG = [
    ("password", 'DB_PASSWORD = "hunter2Xy"', "hunter2Xy"),
    ("password", "password: tr0ub4dor", "tr0ub4dor"),
    ("password", "The password is Zebra-41-lamp, keep it.", "Zebra-41-lamp"),
    ("password", "Пароль от почты: Весна2024", "Весна2024"),
    ("password", "api_key='9f8e7d6c5b4a3210'", "9f8e7d6c5b4a3210"),
    ("password", '{"client_secret": "q1w2e3r4t5y6"}', "q1w2e3r4t5y6"),
    ("password", "postgres://app:s3cr3tpw@db.internal/main", "s3cr3tpw"),
    ("token", "Authorization: Bearer abcDEF1234567890abcDEF", "abcDEF1234567890abcDEF"),
    ("passport", "паспорт 4509 123456 выдан", "4509 123456"),
    ("passport", "Паспорт: серия 45 09 № 123456", "45 09 № 123456"),
    ("passport", "Passport number C12345678", "C12345678"),
    ("personal number", "ИНН 7707083893", "7707083893"),
]
ORDINARY = [
    "def get_token(password: str) -> None:",
    'api_key = os.environ["API_KEY"]',
    "password = settings.password",
    "token = tokenizer.encode(text)",
    "The password is wrong. The passphrase is required.",
    "secret: your-secret-here",
    "password: changeme",
    "Order 1234567890123456 of 2026-11-22 12:30:00, 1,234,567,890,123 units",
    "ratio 0.4111111111111111 over 12345678901234567890",
    "call 5 or 10 people at 8 or 9",
    "version 1.2.3@latest, user@host",
    "sha256 53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "-----BEGIN PUBLIC KEY-----\nMIIBIjANBg\n-----END PUBLIC KEY-----",
    "000-000-000 01 and 112-233-445 96",
    "ИНН 7707083894",
    "DE88 3704 0044 0532 0130 00",
    "PASSWORD=${DB_PASSWORD} and TOKEN=$TOKEN",
    "token = getToken2, secret: your_secret_1, password: $PASS1",
    "Забыли пароль Пользователя-2? The password Reset2024 page",
    ".. _`Bearer Token`: https://tools.example.org/rfc6750",
    "f(415) 555-2671 and (115) 555-2671",
]


@pytest.mark.parametrize(("kind", "value"), FOUND)
def test_it_is_found_whole_within_a_sentence(kind: str, value: str) -> None:
    text = f"Before, {value}"
    (one,) = scan(text)
    assert (one.kind, text[one.start : one.end]) == (kind, value)


@pytest.mark.parametrize(("kind", "text", "value"), AMONG)
def test_the_value_is_found_and_not_its_name(kind: str, text: str, value: str) -> None:
    (one,) = scan(text)
    assert (one.kind, text[one.start : one.end]) == (kind, value)


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert scan(text) == []


def test_secrets_are_hidden_and_contacts_stay() -> None:
    text = "Write to a@b.example, password: tr0ub4dor, card 4111 1111 1111 1111."
    assert hidden(text, scan(text)) == "Write to a@b.example, password: [password], card [card]."


@given(st.lists(st.sampled_from([v for _, v in FOUND] + [t for _, t, _ in AMONG] + ORDINARY), max_size=6).map("\n".join))
def test_marks_are_in_order_apart_and_inside(text: str) -> None:
    marks = scan(text)
    assert all(0 <= one.start < one.end <= len(text) for one in marks)
    assert all(one.end <= other.start for one, other in pairwise(marks))
    left = hidden(text, marks)
    assert all(text[one.start : one.end] not in left for one in marks if one.kind in SECRETS and one.end - one.start > 10)


@given(st.text(alphabet="0123456789 -+()@:='\"abcABC.\nпароль", max_size=300))
def test_no_text_makes_it_fail(text: str) -> None:
    marks = scan(text)
    assert all(isinstance(one, Sensitive) and isinstance(one.kind, SensitiveKind) for one in marks)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("DB_PASS=s3cr3tP4ss", "s3cr3tP4ss"),
        ("client_secret=GOCSPX-" + "abc123DEF456ghi789", "GOCSPX-abc123DEF456ghi789"),
        ("see hooks.slack.com/services/T0000/B000/XXXXyyyyZZZZ1234", "hooks.slack.com/services/T0000/B000/XXXXyyyyZZZZ1234"),
        ("AGE-SECRET-KEY-1" + "Q" * 58, "AGE-SECRET-KEY-1" + "Q" * 58),
        ("паспорт серия 45 09 номер 123456", "45 09 номер 123456"),
        ("Серия 4510 № 987654 паспорта", "4510 № 987654"),
        ("загранпаспорт 71 1234567", "71 1234567"),
        ("Пасп. 4509 123456", "4509 123456"),
        ("Passport number: 512345678", "512345678"),
        ("password: Pa$$w0rd9!", "Pa$$w0rd9!"),
        ("token: a8Get9strZ7env3nullQ2", "a8Get9strZ7env3nullQ2"),
        ("export DB_PASSWORD=letmein\n", "letmein"),
        ("Пароль Kj8#mQ2pLx от почты", "Kj8#mQ2pLx"),
        ("call (415) 555-2671 today", "(415) 555-2671"),
        ("6759649826438453", "6759649826438453"),
    ],
)
def test_further_shapes_are_found(text: str, found: str) -> None:
    assert [text[mark.start : mark.end] for mark in scan(text)] == [found]


@pytest.mark.parametrize("text", ["compass=north12pole", "bypass: route66east", "the pass is 2000m high"])
def test_a_pass_in_other_words_is_none(text: str) -> None:
    assert scan(text) == []
