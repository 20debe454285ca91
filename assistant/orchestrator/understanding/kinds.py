"""Turns words for kinds of files (pdf, screenshots, таблицы) into a glob. Pure; used by the selection."""

import re

from assistant.orchestrator.file_kinds import IMAGES, SCREENSHOTS
from assistant.orchestrator.understanding.pieces import ENDINGS

_KINDS: tuple[tuple[str, str], ...] = (
    (
        r"screen ?shots?|screen grabs?|screen captures?|скриншот\w*|скрин(?:ы|ов|ами|ах)?(?!\w)|снимк\w* экрана|снимок экрана",
        SCREENSHOTS,
    ),
    (r"raw (?:photos?|files?)|raw-файл\w*", "*.{cr2,cr3,nef,arw,dng,raf,orf,rw2}"),
    (
        (
            r"photos?|photographs?|pictures?(?! folder)|images?|pics|фото(?!\w)|фотограф\w*|фотк\w*|фоточ\w*|"
            r"картин\w*|изображени(?:я|й|е|ям|ями)(?!\w)|снимк\w*"
        ),
        IMAGES,
    ),
    (r"videos?|movies?|clips?|films?|видео\w*|ролик\w*|фильм\w*", "*.{mp4,mkv,avi,mov,webm,m4v,wmv}"),
    (r"music|songs?|audio|recordings?|музык\w*|песн\w*|аудио\w*|аудиозапис\w*|трек\w*", "*.{mp3,flac,wav,ogg,m4a,opus,aac}"),
    (
        r"spread ?sheets?|excel files?|excel sheets?|электронн\w+ таблиц\w*|таблиц\w*|excel\w*|эксел\w*|экзел\w*",
        "*.{xlsx,xls,ods,csv}",
    ),
    (r"presentations?|slides|slide decks?|презентац\w*|слайд\w*", "*.{pptx,ppt,odp,key}"),
    (r"word (?:files|documents|docs)|документ\w* word|word-\w+|вордовск\w+(?: \w+)?", "*.{docx,doc,odt}"),
    (r"archives|zip archives|архивы|архивов|архивами|архивах", "*.{zip,tar,gz,tgz,bz2,xz,7z,rar}"),
    (r"notes?|заметк\w*", "*.{md,txt}"),
    (r"documents|документ(?:ы|ов|ами|ам)(?!\w)", "*.{pdf,doc,docx,odt,rtf,txt,md,epub,djvu}"),
    (r"text files?|текстов\w+ файл\w*|текстовик\w*", "*.{txt,md,rst,text}"),
    (r"markdown files?|markdown notes|(?:файл\w*|заметк\w*) (?:в )?markdown|маркдаун\w*", "*.{md,markdown}"),
    (r"python files?|python scripts?|python-\w+|питоновск\w+ \w+|файл\w* python|скрипт\w* python", "*.py"),
    (r"e-?books?|электронн\w+ книг\w*", "*.{epub,fb2,mobi,azw3}"),
    (r"log files?|logs|лог-?файл\w*|логи|логов|логами|логах|файл\w* журнал\w*", "*.log"),
    (r"temp(?:orary)? files?|временн\w+ файл\w*|времянк\w*", "*.{tmp,temp,bak}"),
    (r"installers?|установщик\w*|инсталлятор\w*", "*.{exe,msi,dmg,pkg,deb,rpm,AppImage}"),
)
_ENDING = re.compile(
    rf"(?<![\w./-])\.?(?P<one>{ENDINGS})(?:s|'s|-?файл\w*|-?шк\w*|-?к[аиу]\w*)?(?![\w./])"
    rf"(?!\s*(?:table|таблиц\w*)\b)"
)
_ANY_ENDING = re.compile(
    r"(?<![\w./])\.(?P<one>[a-z][a-z0-9]{0,7})(?!\w)|(?<![\w./])(?P<two>[a-z][a-z0-9]{0,7})-(?:files?|файл\w*)(?!\w)"
    r"|(?:extension|расширени\w+) \.?(?P<three>[a-z0-9]{1,8})(?!\w)"
)
_JOINED = re.compile(r"\{([^{}]*)\}")


def glob_of(text: str) -> str:
    """Return the glob for the kinds of files that a plain clause names, "" where it names none."""
    return read_kinds(text)[0]


def read_kinds(text: str) -> tuple[str, str]:
    """Return the glob for the kinds that a plain text names ("" for none), and the text without them, of equal length."""
    globs = list[str]()
    rest = text
    for pattern, glob in _KINDS:
        if match := re.search(rf"(?<![\w])(?:{pattern})(?!\w)", rest):
            globs.append(glob)
            rest = rest[: match.start()] + " " * (match.end() - match.start()) + rest[match.end() :]
    endings = list[str]()
    for pattern in (_ENDING, _ANY_ENDING):
        for match in list(pattern.finditer(rest)):
            one = next((group for group in match.groups() if group), "")
            endings.append(one)
            rest = rest[: match.start()] + " " * (match.end() - match.start()) + rest[match.end() :]
    return joined([*globs, *(f"*.{one}" for one in dict.fromkeys(endings))]), rest


def joined(globs: list[str]) -> str:
    """Return one glob for several: *.pdf and *.{doc,docx} become *.{pdf,doc,docx}."""
    if len(globs) < 2:
        return "".join(globs)
    if not all(glob.startswith("*.") for glob in globs):
        return "{" + ",".join(part for glob in globs for part in _spread(glob)) + "}"
    return "*.{" + ",".join(ending for glob in globs for ending in _spread(glob[2:])) + "}"


def translated(glob: str) -> str:
    """Return a glob with one pair of braces as a regular expression for names."""
    return "|".join(re.escape(one).replace(r"\*", ".*").replace(r"\?", ".") for one in _spread(glob))


def _spread(glob: str) -> list[str]:
    match = _JOINED.search(glob)
    return [glob[: match.start()] + one + glob[match.end() :] for one in match[1].split(",")] if match else [glob]
