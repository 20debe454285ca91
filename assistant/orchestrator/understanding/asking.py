"""What is asked back, in both languages: one question at a time, with choices where there are some. Pure."""

from collections.abc import Sequence

from assistant.domain.plan import Question

_TEXTS: dict[str, tuple[str, str]] = {
    "target": ("Where to?", "Куда?"),
    "report": ("Which file is the report to be written to?", "В какой файл записать отчёт?"),
    "table": ("Which file is the result to be written to?", "В какой файл записать результат?"),
    "archive": ("What is the archive to be called?", "Как назвать архив?"),
    "packed": ("Which archive is meant?", "Какой архив имеется в виду?"),
    "folder": ("Which folder is meant?", "О какой папке речь?"),
    "apart": (
        "Something else is asked for each of several places. Which request comes first? Please write them one by one.",
        "Для разных мест нужно разное. Что сделать сначала? Напишите это отдельными запросами.",
    ),
    "place": (
        "This can be done with one of these at a time. Which one is meant?",
        "Это можно сделать только с одним из названного. С чем именно?",
    ),
    "paths": (
        "Which files are meant? A name or a pattern such as *.pdf will do.",
        "Какие файлы? Подойдёт имя или шаблон, например *.pdf.",
    ),
    "path": ("Which file is meant?", "О каком файле речь?"),
    "new": ("What is the new file to be called?", "Как назвать новый файл?"),
    "content": ("What is to be written?", "Что записать?"),
    "find": ("Which text is to be replaced?", "Какой текст заменить?"),
    "replace": ("What is it to be replaced with?", "На что заменить?"),
    "matching": ("Which word or text are the lines to have?", "Какое слово или текст должны быть в строках?"),
    "by": ("Sort by what?", "По какому признаку разложить?"),
    "pattern": ("What are the new names to look like?", "Какими должны стать новые имена?"),
    "subject": ("What is the report to be about?", "О чём отчёт?"),
    "left": ("Which two files or folders are to be compared?", "Какие два файла или две папки сравнить?"),
    "right": ("What is it to be compared with?", "С чем сравнить?"),
    "to": ("Into which format?", "В какой формат?"),
    "message": ("What is the commit message?", "Каким будет сообщение коммита?"),
    "name": ("What is the branch called?", "Как называется ветка?"),
    "which": ("What is meant by “{}”?", "Что имеется в виду под «{}»?"),
    "command": ("What is to be done?", "Что нужно сделать?"),
    "larger": ("From which size on, for example 100 MB?", "Начиная с какого размера, например 100 МБ?"),
    "older": ("Older than what, for example 30 days?", "Старше какого срока, например 30 дней?"),
    "newer": ("From the last how many days?", "За сколько последних дней?"),
}
_CHOICES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "larger": (("100 MB", "100 MB", "100 МБ"), ("500 MB", "500 MB", "500 МБ"), ("1 GB", "1 GB", "1 ГБ")),
    "older": (("30 days", "30 days", "30 дней"), ("90 days", "90 days", "90 дней"), ("365 days", "a year", "год")),
    "newer": (("1 day", "a day", "один день"), ("7 days", "a week", "неделю"), ("30 days", "a month", "месяц")),
    "by": (
        ("month", "by month", "по месяцам"),
        ("year", "by year", "по годам"),
        ("type", "by type", "по типу"),
        ("extension", "by extension", "по расширению"),
        ("size", "by size", "по размеру"),
        ("content", "by content", "по содержанию"),
    ),
    "to": (("html", "HTML", "HTML"), ("md", "Markdown", "Markdown"), ("csv", "CSV", "CSV"), ("json", "JSON", "JSON")),
    "pattern": (
        ("{date:%Y-%m-%d}_{name}{ext}", "date and name", "дата и имя"),
        ("{title}{ext}", "by content", "по содержанию"),
        ("{n:03}_{name}{ext}", "number and name", "номер и имя"),
        ("{date:%Y-%m-%d}_{n:03}{ext}", "date and number", "дата и номер"),
    ),
}


class AskedBack(Exception):
    """Carries the one question that has to be answered before a clause can become an action."""

    def __init__(self, question: Question) -> None:
        super().__init__(question.text)
        self.question = question


def question(language: str, slot: str, text: str, choices: Sequence[tuple[str, str]] = (), about: str = "") -> Question:
    """Return the question `text` (a key of the texts) for a slot; with the usual choices where none are given."""
    russian = language == "ru"
    usual = [(value, ru if russian else en) for value, en, ru in _CHOICES.get(text, ())]
    said = _TEXTS[text][russian].format(about) if about else _TEXTS[text][russian]
    return Question(slot=slot, text=said, choices=tuple(choices or usual))


def name_holds(language: str, word: str) -> str:
    """Return the label of the choice of files whose name has a word in it."""
    return f"имя содержит «{word}»" if language == "ru" else f"the name has “{word}” in it"
