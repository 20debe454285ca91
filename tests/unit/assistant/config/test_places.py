"""Where Mneme keeps its things."""

from pathlib import Path

import pytest

from assistant.config import places


def test_one_home_moves_everything(tmp_path: Path) -> None:
    found = places({"MNEME_HOME": str(tmp_path / "m")})
    kept = [found.config, found.data, found.cache, found.logs, found.memory, found.models]
    assert all(place.is_relative_to(tmp_path / "m") for place in kept)
    assert len({found.config, found.data, found.cache, found.logs}) == 4
    assert not (tmp_path / "m").exists()


def test_home_may_be_relative_or_start_with_a_tilde(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own_home: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert places({"MNEME_HOME": "here"}).data == tmp_path.resolve() / "here" / "data"
    assert places({"MNEME_HOME": "~/m"}).data == own_home.resolve() / "m" / "data"


@pytest.mark.parametrize("env", [{}, {"MNEME_HOME": ""}])
def test_without_a_home_the_platform_says_where(env: dict[str, str]) -> None:
    found = places(env)
    assert all("mneme" in str(place) and place.is_absolute() for place in (found.config, found.data, found.cache, found.logs))
