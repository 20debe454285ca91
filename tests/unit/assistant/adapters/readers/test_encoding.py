"""Legacy encodings are found, and text is kept letter for letter."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.adapters.readers.encoding import decode
from assistant.domain.errors import ReadError

TEXT = """
память планировщик задача хранит документы каждый вечер система проверяет журнал ошибок и отправляет отчёт инженеру
потому что сервер перезапускается ночью когда нагрузка падает до минимума объём данных растёт быстрее чем ожидалось
поэтому индекс перестраивают щётка письмо от заказчика содержит договор смету и чертёж этажа юбилей цифра эхо жизнь
чувство подъезд вьюга съёмка шум хлеб мороз яблоко в на не он что как это по но из за у так же от бы для мы вы они
было быть весь этот один такой только себя ещё уже
"""
WORDS = TEXT.split()

words = st.lists(st.sampled_from(WORDS), min_size=12, max_size=80).filter(lambda found: sum(map(len, found)) >= 40)
breaks = st.sampled_from([" ", " ", " ", ", ", ".\r\n", "\n", " — ", ": "])


@given(found=words, gaps=st.lists(breaks, min_size=80, max_size=80), codec=st.sampled_from(["cp1251", "koi8-r", "cp866"]))
def test_russian_text_of_forty_letters_is_read_right_in_every_legacy_encoding(
    found: list[str], gaps: list[str], codec: str
) -> None:
    text = "".join(word.capitalize() + gap if gap.startswith(".") else word + gap for word, gap in zip(found, gaps, strict=False))
    text = text.replace("—", "-") if codec != "cp1251" else text
    assert decode(text.encode(codec)) == (text, codec, 0)


@given(found=words, codec=st.sampled_from(["utf-16-le", "utf-16-be"]), mark=st.booleans())
def test_utf_16_is_read_with_and_without_its_mark(found: list[str], codec: str, mark: bool) -> None:
    text = " ".join(found) + "\r\nThe end.\r\n"
    data = (b"\xff\xfe" if codec == "utf-16-le" else b"\xfe\xff") if mark else b""
    decoded = decode(data + text.encode(codec))
    assert decoded.text == text
    assert decoded.encoding == ("utf-16" if mark else codec)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_utf_8_is_itself(text: str) -> None:
    if not text.startswith("\ufeff"):
        assert decode(text.encode()) == (text, "utf-8", 0)


@pytest.mark.parametrize("codec", ["cp1251", "koi8-r", "cp866"])
def test_capitals_and_code_with_russian_comments(codec: str) -> None:
    text = "ПРИКАЗ О НАЗНАЧЕНИИ ОТВЕТСТВЕННОГО ЗА ХРАНЕНИЕ ДОКУМЕНТОВ\r\n"
    assert decode(text.encode(codec)).text == text
    code = "int main() { // точка входа программы, которая печатает отчёт\n  return 0; }\n"
    assert decode(code.encode(codec)).text == code


def test_a_mark_is_dropped_and_named() -> None:
    assert decode(b"\xef\xbb\xbfhello\r\nworld") == ("hello\r\nworld", "utf-8-sig", 0)


def test_western_text_keeps_its_accents() -> None:
    text = "Le café est fermé cet été; l'hôtel près de la forêt aussi. Où êtes-vous allés après le dîner ?"
    assert decode(text.encode("latin-1")).text == text


def test_a_log_cut_inside_a_letter_stays_utf_8() -> None:
    whole = "запись журнала о событии " * 40
    decoded = decode(whole.encode()[:-2] + b"\xd0")
    assert decoded.encoding == "utf-8" and decoded.broken >= 1
    assert decoded.text.startswith("запись журнала")


@pytest.mark.parametrize("data", [b"\0\1\2\3" * 100, random.Random(7).randbytes(5000), b"text\0with zero bytes" * 3])
def test_binary_is_refused(data: bytes) -> None:
    with pytest.raises(ReadError, match="binary"):
        decode(data)


def test_a_short_note_with_a_control_character_is_still_text() -> None:
    assert decode(b'"""\x01ABC""".encode(\'hex\')').text.startswith('"""\x01ABC')
