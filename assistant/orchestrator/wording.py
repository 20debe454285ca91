"""The few sentences an answer says of itself, in the language of the question. Pure; used by the conversation."""

from typing import Final

_EN: Final = {
    "weak": "I found nothing in memory that answers this surely enough. The nearest passages are below.",
    "empty": "I found nothing about this in memory.",
    "changed": "{path} has changed since it was read, or is gone; add it again to bring memory up to date.",
    "withheld": "Passages with keys, passwords or document numbers were left out; ask with secrets to see them.",
}
_RU: Final = {
    "weak": "В памяти не нашлось достаточно надёжного ответа. Ниже — самые близкие места.",
    "empty": "В памяти об этом ничего не нашлось.",
    "changed": "{path}: файл изменился с тех пор, как был прочитан, или исчез; добавьте его снова, чтобы обновить память.",
    "withheld": "Места с ключами, паролями или номерами документов не показаны; спросите с секретами, чтобы увидеть их.",
}
_NOTES_RU: Final = {
    "text search only: no model is installed": "только текстовый поиск: модель не установлена",
    "text search only: the installed model does not know this language": (
        "только текстовый поиск: установленная модель не знает этого языка"
    ),
    "no remembered file is within the filters of the question": "ни один из запомненных файлов не подходит под фильтры вопроса",
}
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
        return _ALSO_RU + note.removeprefix(_ALSO) if note.startswith(_ALSO) else _NOTES_RU.get(note, note)
