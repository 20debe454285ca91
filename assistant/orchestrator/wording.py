"""The few sentences an answer says of itself, in the language of the question. Pure; used by the conversation."""

from typing import Final

_EN: Final = {
    "weak": "I found nothing in memory that answers this surely enough. The nearest passages are below.",
    "empty": "I found nothing about this in memory.",
    "changed": "{path} has changed since it was read, or is gone; add it again to bring memory up to date.",
    "withheld": "Passages with keys, passwords or document numbers were left out; a search shows them when it is asked to.",
}
_RU: Final = {
    "weak": "В памяти не нашлось достаточно надёжного ответа. Ниже — самые близкие места.",
    "empty": "В памяти об этом ничего не нашлось.",
    "changed": "{path}: файл изменился с тех пор, как был прочитан, или исчез; добавьте его снова, чтобы обновить память.",
    "withheld": "Места с ключами, паролями или номерами документов не показаны; поиск покажет их, если об этом попросить.",
}
_NOTES_RU: Final = {
    "text search only: no model is installed": "только текстовый поиск: модель не установлена",
    "text search only: the installed model does not know this language": (
        "только текстовый поиск: установленная модель не знает этого языка"
    ),
    "no remembered file is within the filters of the question": "ни один из запомненных файлов не подходит под фильтры вопроса",
}
_QUOTED_RU: Final = {
    "stands nowhere letter for letter; what follows only resembles it": "буква в букву нигде не встречается; ниже — лишь похожее",
    "was searched as words: there is no path after the colon": "ищется как слова: после двоеточия нет пути",
    "was searched as words: it names no language such as py, python, ru or en": (
        "ищется как слова: это не язык вроде py, python, ru или en"
    ),
    "was searched as words: it names no kind such as text or code": (
        "ищется как слова: это не тип вроде text (текст) или code (код)"
    ),
    "was searched as words: it names no time such as 2026-01-31, 2026-01, 7d or yesterday": (
        "ищется как слова: это не дата вроде 2026-01-31, 2026-01, 7д или вчера"
    ),
    "was searched as words: a time cannot be turned round by a dash; before: and after: are each other's opposite": (
        "ищется как слова: время не обращается знаком минус; до: и после: противоположны друг другу"
    ),
}
"""What a note says of the part of the question that it quotes."""
_ALSO: Final = "also searched for: "
_ALSO_RU: Final = "искалось и так: "


class Wording:
    """Sentences in English or Russian."""

    def __init__(self, language: str) -> None:
        self._russian = language == "ru"
        self._texts = _RU if self._russian else _EN

    def abstained(self, has_evidence: bool) -> str:
        """Say that there is no answer."""
        return self._texts["weak" if has_evidence else "empty"]

    def changed(self, path: str) -> str:
        """Say that a source is not what it was."""
        return self._texts["changed"].format(path=path)

    def withheld(self) -> str:
        """Say that passages with secrets were left out."""
        return self._texts["withheld"]

    def note(self, note: str) -> str:
        """Return a retriever's note in this language."""
        if not self._russian:
            return note
        part, _, said = note.removeprefix("“").partition("” ")
        if said in _QUOTED_RU:
            return f"«{part}» {_QUOTED_RU[said]}"
        return _ALSO_RU + note.removeprefix(_ALSO) if note.startswith(_ALSO) else _NOTES_RU.get(note, note)
