"""Settings: who has the last word, what a bad one says, and how an older file is brought up to date."""

import tomllib
from pathlib import Path

import pytest

from assistant.config import Settings, load
from assistant.config.load import MIGRATIONS
from assistant.config.schema import SCHEMA_VERSION
from assistant.domain.errors import ConfigError

DEFAULTS = Path(__file__).resolve().parents[4] / "configs" / "default.toml"


@pytest.fixture
def user(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def test_the_environment_beats_the_file_beats_the_defaults(user: Path) -> None:
    user.write_text("[ingest]\nmax_file_mb = 5\nreaders = 3\n", "utf-8")
    env = {"MNEME_INGEST__READERS": "4", "MNEME_INGEST__USE_GITIGNORE": "false", "MNEME_INGEST__IGNORE": "*.bak,,tmp/"}
    ingest = load(DEFAULTS, user, env).ingest
    assert (ingest.max_file_mb, ingest.readers, ingest.use_gitignore) == (5.0, 4, False)
    assert ingest.ignore == ("*.bak", "tmp/")
    assert ingest.read_seconds == Settings().ingest.read_seconds


def test_without_any_file_the_defaults_hold(tmp_path: Path) -> None:
    assert load(tmp_path / "none.toml", tmp_path / "no.toml", {"HOME": "/x", "MNEME_HOME": "/y"}) == Settings()


def test_the_environment_alone_sets_every_kind_of_field() -> None:
    env = {"MNEME_RECALL__WEIGHT_DENSE": "0.5", "MNEME_INTERFACE__LANGUAGE": "ru", "MNEME_EMBEDDING__MODEL": ""}
    settings = load(DEFAULTS, Path("/nowhere/config.toml"), env)
    assert (settings.recall.weight_dense, settings.interface.language, settings.embedding.model) == (0.5, "ru", "")


@pytest.mark.parametrize(
    ("text", "env", "names"),
    [
        ("[ingest]\nreaders = 0\n", {}, ["ingest.readers", "MNEME_INGEST__READERS"]),
        ("", {"MNEME_INGEST__READERS": "many"}, ["ingest.readers", "MNEME_INGEST__READERS"]),
        ("", {"MNEME_INGEST__REEDERS": "2"}, ["ingest.reeders", "no such setting"]),
        ("[recal]\nk = 1\n", {}, ["recal", "no such setting"]),
        ("ingest = 3\n", {}, ["ingest"]),
        ("[ingest]\nignore = [1]\n", {}, ["ingest.ignore.0", "MNEME_INGEST__IGNORE)"]),
    ],
)
def test_a_bad_value_names_the_setting(user: Path, text: str, env: dict[str, str], names: list[str]) -> None:
    user.write_text(text, "utf-8")
    with pytest.raises(ConfigError) as error:
        load(DEFAULTS, user, env)
    assert all(name in str(error.value) for name in names)
    assert user.read_text("utf-8") == text


@pytest.mark.parametrize("content", [b"[ingest\n", b"\xff\xfe\x00"])
def test_a_damaged_file_is_named_and_left(user: Path, content: bytes) -> None:
    user.write_bytes(content)
    with pytest.raises(ConfigError, match=r"config\.toml"):
        load(DEFAULTS, user, {})
    assert user.read_bytes() == content


def test_a_byte_order_mark_is_no_damage(user: Path) -> None:
    user.write_text("\ufeff[ingest]\nreaders = 5\n", "utf-8")
    assert load(DEFAULTS, user, {}).ingest.readers == 5


@pytest.mark.parametrize("version", ["2", "99", '"1"', "0", "-3"])
def test_a_file_of_a_version_nobody_knows_is_refused_and_left(user: Path, version: str) -> None:
    user.write_text(f"schema_version = {version}\n", "utf-8")
    with pytest.raises(ConfigError, match="newer" if version in ("2", "99") else "another"):
        load(DEFAULTS, user, {})
    assert user.read_text("utf-8") == f"schema_version = {version}\n"


def test_an_older_file_is_brought_up_to_date_and_kept_beside(user: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = SCHEMA_VERSION - 1
    monkeypatch.setitem(MIGRATIONS, old, lambda tree: {"ingest": {"readers": tree["workers"]}})
    text = f"schema_version = {old}\nworkers = 7\n"
    user.write_text(text, "utf-8")
    assert load(DEFAULTS, user, {}).ingest.readers == 7
    assert user.with_suffix(f".v{old}.bak").read_text("utf-8") == text
    assert tomllib.loads(user.read_text("utf-8")) == {"ingest": {"readers": 7}, "schema_version": SCHEMA_VERSION}
    assert load(DEFAULTS, user, {}).ingest.readers == 7


def test_a_migration_that_cannot_be_written_leaves_the_file(user: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = SCHEMA_VERSION - 1
    monkeypatch.setitem(MIGRATIONS, old, lambda tree: tree)
    user.write_text(f"schema_version = {old}\n", "utf-8")
    user.with_suffix(".new").mkdir()
    with pytest.raises(ConfigError, match="cannot be brought"):
        load(DEFAULTS, user, {})
    assert user.read_text("utf-8") == f"schema_version = {old}\n"
