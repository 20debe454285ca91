"""The shipped manifests, and manifests that are wrong."""

import re
from pathlib import Path

import pytest

from assistant.domain.errors import ConfigError
from assistant.models import read_catalogue

MODELS = Path(__file__).resolve().parents[4] / "models"
SHIPPED = read_catalogue(MODELS)


def test_the_seven_models_are_there() -> None:
    assert list(SHIPPED) == [
        "all-MiniLM-L6-v2",
        "bge-m3",
        "bge-reranker-v2-m3",
        "ms-marco-MiniLM-L-6-v2",
        "mxbai-embed-large-v1",
        "nomic-embed-text-v1.5",
        "paraphrase-multilingual-MiniLM-L12-v2",
    ]


@pytest.mark.parametrize("manifest", SHIPPED.values(), ids=SHIPPED.keys())
def test_every_source_is_pinned_and_says_how_it_is_checked(manifest: object) -> None:
    from assistant.domain.models import ModelManifest

    assert isinstance(manifest, ModelManifest)
    assert {source.kind for source in manifest.sources} >= {"hub", "folder"}
    for source in manifest.sources:
        assert source.checked_by
        assert all(re.fullmatch(r"[0-9a-f]{64}|", digest) for digest in source.files.values())
        if source.kind == "hub":
            assert re.fullmatch(r"[0-9a-f]{40}", source.version)
        if source.kind == "wheel":
            assert re.fullmatch(r"[0-9a-f]{64}", source.sha256)
            assert all(source.files.values())
        if source.kind != "folder":
            assert source.size_bytes > 0


EMBEDDING = {key: manifest for key, manifest in SHIPPED.items() if manifest.kind == "text-embedding"}


@pytest.mark.parametrize("manifest", EMBEDDING.values(), ids=EMBEDDING.keys())
def test_the_engine_knows_the_model_or_is_told_how_to_pool_it(manifest: object) -> None:
    from fastembed import TextEmbedding

    from assistant.domain.models import ModelManifest

    assert isinstance(manifest, ModelManifest)
    listed = {entry["model"].lower(): entry for entry in TextEmbedding.list_supported_models()}
    entry = listed.get(manifest.loader.lower())
    if manifest.pooling:
        assert manifest.loader == "BAAI/bge-m3"
        return
    assert entry is not None
    assert (entry["dim"], entry["model_file"]) == (manifest.dimensions, manifest.graph)


def test_the_default_model_knows_english_and_code_and_no_russian() -> None:
    default = SHIPPED["all-MiniLM-L6-v2"]
    assert default.knows("en") and default.knows("python") and default.knows("")
    assert not default.knows("ru")
    assert SHIPPED["bge-m3"].knows("ru") and SHIPPED["paraphrase-multilingual-MiniLM-L12-v2"].knows("ru")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("broken.toml", "id = "),
        ("short.toml", 'id = "short"'),
        ("other.toml", None),
        ("..bad.toml", None),
    ],
)
def test_a_wrong_manifest_is_named(tmp_path: Path, name: str, text: str | None) -> None:
    good = (MODELS / "all-MiniLM-L6-v2.toml").read_text("utf-8")
    if name == "..bad.toml":
        good = good.replace('id = "all-MiniLM-L6-v2"', 'id = "..bad"')
    (tmp_path / name).write_text(good if text is None else text, "utf-8")
    with pytest.raises(ConfigError, match=re.escape(name)):
        read_catalogue(tmp_path)
