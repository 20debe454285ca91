"""Example requests that can be done, for each command in both languages, and which come nearest to what cannot. Pure."""

import re
from collections.abc import Mapping, Sequence

EXAMPLES: Mapping[str, tuple[str, str]] = {
    "memory.ask": ("When does the lease end?", "Когда заканчивается аренда?"),
    "report.write": ("Summarise the folder Documents into summary.md", "Сделай сводку по папке Документы в файл сводка.md"),
    "files.rename": ("Rename the photos here by date", "Переименуй фотографии здесь по дате"),
    "files.sort": ("Sort the screenshots by month", "Разложи скриншоты по месяцам"),
    "files.move": ("Move all PDF files from Downloads to Documents", "Перенеси все PDF из Загрузок в Документы"),
    "files.copy": ("Copy report.docx to the desktop", "Скопируй report.docx на рабочий стол"),
    "files.trash": (
        "Move files older than 90 days from Downloads to the trash",
        "Убери в корзину файлы старше 90 дней из Загрузок",
    ),
    "files.duplicates": (
        "Remove duplicates from Pictures, keep the oldest",
        "Удали дубликаты из Изображений, оставь самые старые",
    ),
    "files.list_duplicates": ("Show duplicates in Pictures", "Покажи дубликаты в Изображениях"),
    "files.clean": ("Clean up empty folders here", "Убери пустые папки здесь"),
    "files.list": ("List files in Downloads over 500 MB", "Покажи файлы в Загрузках больше 500 МБ"),
    "files.compare": ("Compare old.md with new.md", "Сравни old.md и new.md"),
    "files.open": ("Open budget.xlsx", "Открой budget.xlsx"),
    "text.todos": ("Collect all TODOs here into todo.md", "Собери все TODO отсюда в todo.md"),
    "text.extract": (
        "Extract lines with “ERROR” from app.log into errors.csv",
        "Выпиши строки со словом «ERROR» из app.log в errors.csv",
    ),
    "text.create": ("Create a note plan.md with the text “first draft”", "Создай заметку plan.md с текстом «первый набросок»"),
    "text.append": ("Add “call Peter” to todo.md", "Допиши «позвонить Петру» в todo.md"),
    "text.replace": ("Replace “colour” with “color” in all md files here", "Замени «цвет» на «окрас» во всех md-файлах здесь"),
    "text.convert": ("Convert readme.md to HTML", "Преобразуй readme.md в HTML"),
    "archive.pack": ("Zip the folder Documents into documents.zip", "Запакуй папку Документы в documents.zip"),
    "archive.unpack": ("Unpack photos.zip", "Распакуй photos.zip"),
    "archive.list": ("What is inside photos.zip?", "Что лежит в photos.zip?"),
    "git.status": ("Show the git status", "Покажи статус git"),
    "git.changes": ("What changed in the repository since Monday?", "Что изменилось в репозитории с понедельника?"),
    "git.stage": ("Stage all changes", "Добавь все изменения в индекс"),
    "git.commit": ("Commit with the message “fix the parser”", "Закоммить с сообщением «исправлен разбор»"),
    "git.branch": ("Create a branch feature/login", "Создай ветку feature/login"),
    "git.switch": ("Switch to the branch main", "Переключись на ветку main"),
    "git.stash": ("Stash my changes", "Спрячь изменения в stash"),
    "git.unstash": ("Bring the stash back", "Верни изменения из stash"),
}
_USUAL = ("memory.ask", "files.sort", "report.write")
_NEAR: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        (
            r"(?:send|e-?mail|mail|forward|share|post|upload|отправ|пошл|перешл|вышл|поделись|опубликуй|"
            r"загруз|залей)\w*"
        ),
        ("report.write", "archive.pack", "files.copy"),
    ),
    (r"(?:translate|переве[дс])\w*", ("report.write", "text.convert", "text.replace")),
    (
        (
            r"(?:browse|google|web|internet|online|download|site|website|интернет|погугли|загугли|скач|"
            r"сайт)\w*"
        ),
        ("memory.ask", "report.write", "files.list"),
    ),
    (
        (
            r"(?:git|branch|push|pull|merge|rebase|reset|revert|commit|ветк|запуш|смерж|слей|слить|откат|"
            r"коммит|репозитори)\w*"
        ),
        ("git.status", "git.changes", "git.commit"),
    ),
    (r"(?:trash|recycle|cache|disk|корзин|кэш|диск)\w*", ("files.clean", "files.duplicates", "files.trash")),
    (r"(?:delete|remove|touch|erase|удал|трога|стир|убира)\w*", ("files.list", "files.duplicates", "files.trash")),
    (r"(?:folder|directory|папк|каталог)\w*", ("files.sort", "files.move", "files.list")),
    (r"(?:photo|picture|image|video|фото|картин|изображен|видео)\w*", ("files.sort", "files.duplicates", "files.rename")),
    (
        r"(?:letter|text|note|write|poem|essay|письм|текст|замет|напиш|стих|эссе)\w*",
        ("text.create", "report.write", "text.append"),
    ),
    (
        r"(?:print|open|launch|install|run|execute|start|печата|запуст|установ|выполн|открой)\w*",
        ("files.open", "files.list", "archive.unpack"),
    ),
    (
        r"(?:remind|calendar|schedule|alarm|meeting|напомни|календар|будильник|встреч|расписан)\w*",
        ("text.append", "text.todos", "memory.ask"),
    ),
    (r"(?:rename|move|copy|перенес|перемест|скопир|переимен)\w*", ("files.rename", "files.move", "files.copy")),
)


def examples(commands: Sequence[str], language: str, most: int = 3) -> tuple[str, ...]:
    """Return an example request for each of the first commands that have one."""
    known = [EXAMPLES[command] for command in dict.fromkeys(commands) if command in EXAMPLES]
    return tuple(pair[language == "ru"] for pair in known[:most])


def near(plain: str) -> tuple[str, ...]:
    """Return the commands that come nearest to a request that cannot be done, by what it speaks of."""
    for pattern, commands in _NEAR:
        if re.search(rf"(?<!\w){pattern}", plain):
            return commands
    return _USUAL
