"""What kind of file an ending stands for, in both languages. Pure; used by sorting, renaming and listing."""

from assistant.tools.names import ending

KINDS: dict[str, tuple[str, str, str, str, str]] = {
    "image": (
        *("Images", "Изображения", "image", "изображение"),
        "jpg jpeg png gif webp heic heif bmp tif tiff svg avif raw cr2 nef arw psd xcf ico",
    ),
    "video": (*("Videos", "Видео", "video", "видео"), "mp4 mkv mov avi webm m4v mpg mpeg wmv flv 3gp"),
    "audio": (*("Music", "Музыка", "audio", "аудио"), "mp3 flac wav ogg opus m4a aac wma aiff mid"),
    "document": (
        *("Documents", "Документы", "document", "документ"),
        "pdf doc docx odt rtf txt md epub fb2 djvu pages tex html htm eml msg",
    ),
    "table": (*("Tables", "Таблицы", "table", "таблица"), "xls xlsx ods csv tsv numbers"),
    "slides": (*("Presentations", "Презентации", "presentation", "презентация"), "ppt pptx odp key"),
    "archive": (*("Archives", "Архивы", "archive", "архив"), "zip tar gz tgz bz2 xz 7z rar zst"),
    "code": (
        *("Code", "Код", "code", "код"),
        "py js ts jsx tsx rs go java kt c h cc cpp hpp cs rb php sh bat ps1 sql lua swift ipynb json yaml yml toml xml css ini",
    ),
    "program": (*("Programs", "Программы", "program", "программа"), "exe msi dmg pkg deb rpm appimage apk iso img jar"),
    "other": (*("Other", "Другое", "file", "файл"), ""),
}
"""By kind: folder name in English and Russian, the word for one in English and Russian, and the endings."""

_BY_ENDING = {one: kind for kind, words in KINDS.items() for one in words[4].split()}


def kind_of(name: str) -> str:
    """Return the kind of a file by its ending; "other" for one that is not known."""
    return _BY_ENDING.get(ending(name), "other")


def kind_word(name: str, language: str, *, one: bool = False) -> str:
    """Return the word for a file's kind, or with `one` for a single file of it."""
    return KINDS[kind_of(name)][(2 if one else 0) + (language == "ru")]
