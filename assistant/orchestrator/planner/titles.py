"""What a step is called in the language of the request: a short sentence that names what it touches. Pure."""

import ntpath
import posixpath
import sys
from collections.abc import Mapping

from pydantic import JsonValue

from assistant.domain.tool import Arguments
from assistant.orchestrator.file_kinds import NAMES

_paths = ntpath if sys.platform == "win32" else posixpath
LONGEST = 60
"""Characters of a text in a title."""

# {what} are the files a step is about; other names are arguments.
_TITLES: Mapping[str, tuple[str, str]] = {
    "memory.ask": ("Find the answer in memory: {question}", "Найти ответ в памяти: {question}"),
    "memory.recall": ("Look up in memory", "Поискать в памяти"),
    "report.write": ("Write a report on {what} into {target}", "Записать отчёт ({what}) в {target}"),
    "files.rename": ("Rename {what}", "Переименовать {what}"),
    "files.sort": ("Sort {what} by {by}", "Разложить {what} {by}"),
    "files.move": ("Move {what} to {target}", "Переместить {what} в {target}"),
    "files.copy": ("Copy {what} to {target}", "Скопировать {what} в {target}"),
    "files.trash": ("Move {what} to the trash", "Отправить в корзину: {what}"),
    "files.duplicates": ("Move extra copies in {what} to the trash", "Отправить в корзину лишние копии: {what}"),
    "files.list_duplicates": ("List duplicates in {what}", "Показать дубликаты: {what}"),
    "files.clean": ("Clean up {what}", "Прибрать {what}"),
    "files.list": ("List {what}", "Показать список: {what}"),
    "files.compare": ("Compare {left} with {right}", "Сравнить {left} и {right}"),
    "files.open": ("Open {what}", "Открыть {what}"),
    "text.todos": ("Collect TODOs in {what}", "Собрать TODO: {what}"),
    "text.extract": ("Extract lines with “{matching}” from {what}", "Извлечь строки с «{matching}»: {what}"),
    "text.create": ("Create {what}", "Создать {what}"),
    "text.append": ("Append to {what}", "Дописать в {what}"),
    "text.replace": ("Replace “{find}” with “{replace}” in {what}", "Заменить «{find}» на «{replace}»: {what}"),
    "text.convert": ("Convert {what} to {to}", "Преобразовать {what} в {to}"),
    "archive.pack": ("Pack {what} into {target}", "Упаковать {what} в {target}"),
    "archive.unpack": ("Unpack {what}", "Распаковать {what}"),
    "archive.list": ("List what is in {what}", "Показать содержимое: {what}"),
    "git.status": ("Show what differs in {what}", "Показать состояние {what}"),
    "git.changes": ("Show what changed in {what} since {since}", "Показать изменения в {what} с {since}"),
    "git.stage": ("Stage changes in {what}", "Добавить изменения в индекс: {what}"),
    "git.commit": ("Commit in {what}: {message}", "Закоммитить в {what}: {message}"),
    "git.branch": ("Create the branch {name} in {what}", "Создать ветку {name} в {what}"),
    "git.switch": ("Switch {what} to the branch {name}", "Переключить {what} на ветку {name}"),
    "git.stash": ("Stash changes in {what}", "Отложить изменения в {what}"),
    "git.unstash": ("Bring back stashed changes in {what}", "Вернуть отложенные изменения в {what}"),
}
_ORDERS: Mapping[str, tuple[str, str]] = {
    "month": ("month", "по месяцам"),
    "year": ("year", "по годам"),
    "day": ("day", "по дням"),
    "type": ("type", "по типам"),
    "extension": ("extension", "по расширениям"),
    "content": ("content", "по содержанию"),
    "size": ("size", "по размеру"),
}


def title_of(tool: str, arguments: Arguments, language: str) -> str:
    """Return the title of a step; that of a tool nobody named a title for is its own name."""
    russian = language == "ru"
    if tool not in _TITLES:
        return tool
    words = _Words({name: _shown(name, value, russian) for name, value in arguments.items()})
    words["what"] = _what(arguments, russian)
    return _TITLES[tool][russian].format_map(words)


class _Words(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


def _what(arguments: Arguments, russian: bool) -> str:
    for name in ("paths", "folders"):
        listed = arguments.get(name)
        if isinstance(listed, list) and listed:
            more = f" +{len(listed) - 1}" if len(listed) > 1 else ""
            return _last(listed[0]) + more
    folder = arguments.get("folder")
    if folder is not None and "glob" in arguments:
        glob = str(arguments["glob"])
        files = NAMES[glob][russian] if glob in NAMES else _short(glob)
        return f"{files} {'в' if russian else 'in'} {_last(folder)}"
    for name in ("folder", "path", "repository", "subject"):
        if name in arguments:
            return _last(arguments[name]) if name != "subject" else _short(arguments[name])
    return "…"


def _shown(name: str, value: JsonValue, russian: bool) -> str:
    if name == "by" and isinstance(value, str) and value in _ORDERS:
        return _ORDERS[value][russian]
    return _last(value) if name in ("target", "left", "right") else _short(value)


def _last(path: JsonValue) -> str:
    text = str(path)
    return _short(_paths.basename(text.rstrip("/\\")) or text)


def _short(value: JsonValue) -> str:
    text = " ".join(str(value).split()) if not isinstance(value, dict) else "…"
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
