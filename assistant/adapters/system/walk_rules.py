"""What a walk leaves out by name, and what it recognises without looking inside. Read by `walker` and `sniff`."""

from typing import NamedTuple

from assistant.ports.content import SkipKind


class Skip(NamedTuple):
    """Why a file is not read."""

    kind: SkipKind
    reason: str


def _names(names: str) -> frozenset[str]:
    return frozenset(names.split())


IGNORED_FOLDERS = _names(
    ".git .hg .svn .bzr CVS node_modules bower_components jspm_packages .venv venv virtualenv __pycache__ site-packages "
    ".eggs build dist .tox .nox .mypy_cache .ruff_cache .pytest_cache .hypothesis .ipynb_checkpoints .idea .vs .gradle "
    ".terraform .next .nuxt .parcel-cache .cache .npm .yarn .pnpm-store .sass-cache .import_linter_cache .dart_tool "
    "DerivedData Pods .Trash .Spotlight-V100 .fseventsd $RECYCLE.BIN"
)
"""Folders of version control, dependencies, builds and caches."""

FOLDERS_BESIDE = {"target": ("Cargo.toml", "pom.xml"), "vendor": ("go.mod", "composer.json", "Gemfile"), "obj": (".csproj",)}
"""Folders that are builds or dependencies only beside one of these files."""

IGNORED_SUFFIXES = (".egg-info", ".dist-info", ".framework", ".xcodeproj")
"""Ends of folder names that tell of packaging."""

GENERATED = _names(
    "package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml bun.lock cargo.lock poetry.lock uv.lock pdm.lock "
    "pipfile.lock composer.lock gemfile.lock go.sum packages.lock.json flake.lock podfile.lock"
)
GENERATED_ENDS = (".min.js", ".min.css", ".min.mjs", ".js.map", ".css.map", ".bundle.js")

KEYS = _names(
    "id_rsa id_dsa id_ecdsa id_ed25519 id_ecdsa_sk id_ed25519_sk .netrc _netrc .pgpass .htpasswd wallet.dat login.keyring "
    "user.keystore master.key .git-credentials"
)
KEY_ENDS = _names("ppk kdb kdbx keychain keyring wallet agilekeychain opvault keystore jks p12 pfx")
"""Files that hold nothing but keys; others (.env, .pem) are read, and what is secret in them is marked."""

JUNK = _names(".ds_store thumbs.db ehthumbs.db desktop.ini .localized .directory icon\r")
JUNK_STARTS = ("~$", "._", ".~lock.")
JUNK_ENDS = (".swp", ".swo", ".tmp", ".temp", ".part", ".crdownload", ".partial", ".download")

IMAGES = _names("png jpg jpeg jpe gif bmp tif tiff webp heic heif ico icns avif psd xcf raw cr2 nef dng tga ai eps")
SOUNDS = _names("mp3 wav flac ogg oga opus m4a aac wma aif aiff mid midi amr")
FILMS = _names("mp4 mkv avi mov webm m4v mpg mpeg wmv flv 3gp mts m2ts vob")
ARCHIVES = _names(
    "zip tar gz tgz bz2 tbz xz txz 7z rar zst lz4 lzma jar war whl egg deb rpm iso dmg pkg cab apk ipa crx xpi nupkg vsix gem"
)
BINARIES = _names(
    "exe dll so dylib a o obj lib pyc pyo pyd class bin db sqlite sqlite3 db3 mdb accdb wasm pdb ilk exp node elc beam ko "
    "msi  ttf otf woff woff2 eot fon pfb npy npz pt onnx safetensors ckpt h5 hdf5 pkl pickle joblib parquet feather arrow "
    "avro orc tflite gguf ggml model blend fbx glb stl 3ds dwg dxf swf fla mo gmo qm pak rev suo lnk img vmdk vdi qcow2 "
    "keystore jks p12 pfx der kdbx gpg pgp dump"
)
UNSUPPORTED = {
    **dict.fromkeys(IMAGES, "pictures are not remembered yet"),
    **dict.fromkeys(SOUNDS, "sound is not remembered yet"),
    **dict.fromkeys(FILMS, "films are not remembered yet"),
    **dict.fromkeys(ARCHIVES, "archives are not opened"),
}

TRUSTED = _names(
    "pdf docx docm dotx pptx pptm ppsx xlsx xlsm xltx doc xls ppt odt ods odp epub rtf eml msg txt md markdown rst adoc org "
    "tex csv tsv py pyi js mjs cjs jsx tsx rs go java c h cc cpp cxx hh hpp hxx cs rb php sh bash zsh sql html htm xhtml "
    "css scss less json jsonl yaml yml toml xml svg ini cfg ipynb kt swift scala lua pl r dart vue svelte proto"
)
"""Ends whose content is taken as what the name says; a reader finds out when it is not."""


def by_name(name: str) -> Skip | None:
    """Judge a file by its name alone."""
    lower = name.lower()
    suffix = lower.rpartition(".")[2] if "." in lower[1:] else ""
    if lower in JUNK or lower.startswith(JUNK_STARTS) or lower.endswith(JUNK_ENDS):
        return Skip("ignored", "temporary or system file")
    if lower in KEYS or suffix in KEY_ENDS:
        return Skip("ignored", "key or wallet file")
    if lower in GENERATED or lower.endswith(GENERATED_ENDS):
        return Skip("ignored", "generated file")
    if suffix in UNSUPPORTED:
        return Skip("unsupported", UNSUPPORTED[suffix])
    if suffix in BINARIES:
        return Skip("binary", f"binary file (.{suffix})")
    return None


def folder_by_name(name: str, beside: frozenset[str]) -> Skip | None:
    """Judge a folder by its name and the names of the files that stand beside it."""
    markers = FOLDERS_BESIDE.get(name, ())
    build = any(marker in beside or any(other.endswith(marker) for other in beside if marker[0] == ".") for marker in markers)
    if name in IGNORED_FOLDERS or name.endswith(IGNORED_SUFFIXES) or build:
        return Skip("ignored", f"ignored folder: {name}")
    return None
