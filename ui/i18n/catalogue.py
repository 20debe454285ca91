"""Catalogues as Qt translators: `tr` and `tr_n` ask Qt, so there is no state of our own. Used all over ui."""

import json
from pathlib import Path
from typing import cast

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator

from ui.i18n.core_texts import CORE, read_templates

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "i18n"
CONTEXT = "mneme"


def tr(text: str) -> str:
    """Return `text` in the window's language; a literal, with {names} to be filled by str.format afterwards."""
    return QCoreApplication.translate(CONTEXT, text)


def tr_n(text: str, n: int) -> str:
    """Return `text` in the form that fits the count `n`, with %n replaced by it."""
    return QCoreApplication.translate(CONTEXT, text, "", n)


class Catalogue(QTranslator):
    """One language (`code`): text -> translation, or -> forms by count, read from the JSON files of its folder."""

    def __init__(self, language: str, folder: Path = FOLDER, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.code = language
        self.texts: dict[str, str | list[str]] = {}
        for path in sorted((folder / language).glob("*.json")):
            self.texts.update(cast("dict[str, str | list[str]]", json.loads(path.read_text("utf-8"))))
        self._core = read_templates(folder, language)

    def translate(self, context: str, sourceText: str, disambiguation: str | None = None, n: int = -1) -> str | None:
        """Answer Qt; None leaves the text to the next translator."""
        if context == CORE and self._core is not None:
            return self._core.translate(sourceText)
        found = self.texts.get(sourceText) if context == CONTEXT else None
        if isinstance(found, list):
            return found[plural(self.code, abs(n))]
        return found

    def isEmpty(self) -> bool:
        """Tell Qt that there is something here; the base class knows only its own files."""
        return not self.texts


def plural(language: str, n: int) -> int:
    """Return the index of the form for `n`: one, few, many in Russian; one, many otherwise."""
    if language != "ru":
        return 0 if n == 1 else 1
    if n % 10 == 1 and n % 100 != 11:
        return 0
    return 1 if n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14) else 2


def install(app: QCoreApplication, language: str, folder: Path = FOLDER) -> str:
    """Give the application the language asked for, or the system's when it is empty; returns the one chosen."""
    wanted = language or QLocale.system().name()[:2]
    chosen = wanted if (folder / wanted).is_dir() else "en"
    own = QTranslator(app)
    if own.load(f"qtbase_{chosen}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(own)
    app.installTranslator(Catalogue(chosen, folder, app))
    QLocale.setDefault(QLocale(chosen))
    return chosen
