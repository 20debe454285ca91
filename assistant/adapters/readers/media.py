"""Tables of media types, languages and routes by file name. Read by `detect`."""

from typing import Literal, NamedTuple

Route = Literal["text", "code", "notebook", "html", "docx", "pptx", "document", "pdf", "image"]


class Kind(NamedTuple):
    """Media type, programming language ("" for prose) and the reader that serves it."""

    media: str
    language: str
    route: Route


_SUFFIXES = {
    "python": "py pyi pyw pyx",
    "javascript": "js mjs cjs jsx",
    "typescript": "ts mts cts",
    "tsx": "tsx",
    "rust": "rs",
    "go": "go",
    "java": "java",
    "c": "c h",
    "cpp": "cc cpp cxx c++ hh hpp hxx h++ ipp inl cu cuh",
    "csharp": "cs csx",
    "ruby": "rb rake gemspec ru",
    "php": "php phtml php5",
    "bash": "sh bash zsh ksh bats",
    "sql": "sql ddl",
    "css": "css scss less",
    "json": "json jsonc json5 geojson webmanifest jsonl ndjson",
    "yaml": "yaml yml",
    "toml": "toml",
    "xml": "xml xsd xsl xslt svg plist xaml csproj props targets resx qrc ui",
    "kotlin": "kt kts",
    "swift": "swift",
    "scala": "scala sc",
    "lua": "lua",
    "perl": "pl pm",
    "r": "r",
    "dart": "dart",
    "haskell": "hs",
    "elixir": "ex exs",
    "erlang": "erl hrl",
    "clojure": "clj cljs cljc edn",
    "julia": "jl",
    "zig": "zig",
    "powershell": "ps1 psm1 psd1",
    "batch": "bat cmd",
    "vue": "vue",
    "svelte": "svelte",
    "graphql": "graphql gql",
    "protobuf": "proto",
    "hcl": "tf tfvars hcl",
    "cmake": "cmake",
    "make": "mk mak",
    "dockerfile": "dockerfile",
    "ini": "ini cfg conf properties editorconfig env",
    "objc": "m mm",
    "ocaml": "ml mli",
    "fsharp": "fs fsi fsx",
    "groovy": "groovy gradle",
    "nix": "nix",
    "vim": "vim",
    "asm": "asm s",
    "solidity": "sol",
    "diff": "diff patch",
}
_MEDIA = {"json": "application/json", "xml": "application/xml", "yaml": "application/yaml", "toml": "application/toml"}

CODE: dict[str, Kind] = {name: Kind(_MEDIA.get(name, f"text/x-{name}"), name, "code") for name in _SUFFIXES}

_OFFICE = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"

BY_SUFFIX: dict[str, Kind] = {
    **{suffix: CODE[name] for name, suffixes in _SUFFIXES.items() for suffix in suffixes.split()},
    **{suffix: Kind("text/plain", "", "text") for suffix in ("txt", "text", "log", "me", "srt", "vtt", "po", "pot")},
    **{suffix: Kind("text/markdown", "", "text") for suffix in ("md", "markdown", "mdx", "mkd", "qmd", "rmd")},
    "rst": Kind("text/x-rst", "", "text"),
    "adoc": Kind("text/asciidoc", "", "text"),
    "org": Kind("text/org", "", "text"),
    "tex": Kind("text/x-tex", "", "text"),
    "bib": Kind("text/x-bibtex", "", "text"),
    "csv": Kind("text/csv", "", "text"),
    "tsv": Kind("text/tab-separated-values", "", "text"),
    "tab": Kind("text/tab-separated-values", "", "text"),
    "ipynb": Kind("application/x-ipynb+json", "", "notebook"),
    **{suffix: Kind("text/html", "", "html") for suffix in ("html", "htm", "xhtml")},
    "pdf": Kind("application/pdf", "", "pdf"),
    **{suffix: Kind(f"{_OFFICE}.wordprocessingml.document", "", "docx") for suffix in ("docx", "docm", "dotx")},
    **{suffix: Kind(f"{_OFFICE}.presentationml.presentation", "", "pptx") for suffix in ("pptx", "pptm", "ppsx")},
    **{suffix: Kind(f"{_OFFICE}.spreadsheetml.sheet", "", "document") for suffix in ("xlsx", "xlsm", "xltx")},
    "doc": Kind("application/msword", "", "document"),
    "xls": Kind("application/vnd.ms-excel", "", "document"),
    "ppt": Kind("application/vnd.ms-powerpoint", "", "document"),
    "odt": Kind(f"{_ODF}.text", "", "document"),
    "ods": Kind(f"{_ODF}.spreadsheet", "", "document"),
    "odp": Kind(f"{_ODF}.presentation", "", "document"),
    "epub": Kind("application/epub+zip", "", "document"),
    "rtf": Kind("application/rtf", "", "document"),
    "eml": Kind("message/rfc822", "", "document"),
    "msg": Kind("application/vnd.ms-outlook", "", "document"),
}
"""By lower-case suffix without the dot."""

BY_NAME: dict[str, Kind] = {
    "dockerfile": CODE["dockerfile"],
    "containerfile": CODE["dockerfile"],
    "makefile": CODE["make"],
    "gnumakefile": CODE["make"],
    "cmakelists.txt": CODE["cmake"],
    "jenkinsfile": CODE["groovy"],
    "rakefile": CODE["ruby"],
    "gemfile": CODE["ruby"],
    "vagrantfile": CODE["ruby"],
    ".bashrc": CODE["bash"],
    ".bash_profile": CODE["bash"],
    ".profile": CODE["bash"],
    ".zshrc": CODE["bash"],
    ".editorconfig": CODE["ini"],
    ".gitconfig": CODE["ini"],
    ".gitignore": CODE["ini"],
    ".env": CODE["ini"],
    "env": CODE["ini"],
}
"""By lower-case file name."""
