"""Loading and running a model: offline, cut at its limit, with its prefixes; damage is told, not met later."""

import os
import socket
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from assistant.adapters.embed import FastembedText, ModelTokens, fastembed_text
from assistant.adapters.embed.convert import convert_weights
from assistant.adapters.embed.fastembed_text import Engine
from assistant.domain.errors import ModelError
from tests.fixtures import tiny_bert


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    convert_weights(tiny_bert.manifest(), tiny_bert.write(tmp_path / "raw"), tmp_path / "ready")
    return tmp_path / "ready"


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as made:
        yield made


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    for name in ("getaddrinfo", "gethostbyname", "create_connection"):
        monkeypatch.setattr(socket, name, refuse)


async def test_loading_and_embedding_ask_no_network(folder: Path, pool: ThreadPoolExecutor, no_network: None) -> None:
    embedder = await FastembedText.open(tiny_bert.manifest(), folder, pool, threads=1)
    assert (await embedder.embed_documents(["the cat"])).shape == (1, tiny_bert.HIDDEN)
    await embedder.close()


async def test_a_missing_model_is_told_without_asking_the_network(
    tmp_path: Path, pool: ThreadPoolExecutor, no_network: None
) -> None:
    with pytest.raises(ModelError, match="models install tiny"):
        await FastembedText.open(tiny_bert.manifest(), tmp_path / "nothing", pool)


async def test_text_beyond_the_limit_is_cut(folder: Path, pool: ThreadPoolExecutor) -> None:
    embedder = await FastembedText.open(tiny_bert.manifest(), folder, pool, threads=1)
    limit = ModelTokens(tiny_bert.manifest(), folder).limit
    assert limit == 14
    full, over = " ".join(["cat"] * limit), " ".join(["cat"] * limit + ["dog"] * 5)
    same = await embedder.embed_query(full)
    np.testing.assert_array_equal(await embedder.embed_query(over), same)
    assert not np.array_equal(await embedder.embed_query(full.removesuffix(" cat")), same)


async def test_prefixes_go_before_queries_and_documents(folder: Path, pool: ThreadPoolExecutor) -> None:
    plain = await FastembedText.open(tiny_bert.manifest(), folder, pool, threads=1)
    manifest = tiny_bert.manifest(query_prefix="query : ", document_prefix="doc : ")
    prefixed = await FastembedText.open(manifest, folder, pool, threads=1)
    np.testing.assert_array_equal(await prefixed.embed_query("cat"), await plain.embed_query("query : cat"))
    rows = await prefixed.embed_documents(["cat"])
    await prefixed.close()
    np.testing.assert_array_equal(rows[0], await plain.embed_query("doc : cat"))
    assert ModelTokens(manifest, folder).limit == 12


async def test_documents_are_embedded_as_before_after_their_engine_was_let_go(
    folder: Path, pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fastembed_text, "REST_SECONDS", 0.0)
    embedder = await FastembedText.open(tiny_bert.manifest(), folder, pool, threads=1)
    first = await embedder.embed_documents(["the cat"])
    np.testing.assert_array_equal(await embedder.embed_documents(["the cat"]), first)
    np.testing.assert_array_equal(await embedder.embed_query("the cat"), first[0])
    await embedder.close()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux knows priorities of threads")
async def test_documents_stand_back_and_questions_do_not(
    folder: Path, pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    levels: list[int] = []
    embed = Engine.embed

    def watched(engine: Engine, texts: list[str]) -> object:
        levels.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
        return embed(engine, texts)

    monkeypatch.setattr(Engine, "embed", watched)
    embedder = await FastembedText.open(tiny_bert.manifest(), folder, pool, threads=1)
    await embedder.embed_query("the cat")
    asked = levels[-1]
    await embedder.embed_documents(["the cat"])
    assert levels[-1] == min(19, asked + fastembed_text.NICER)
    await embedder.close()


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "tokenizer_config.json"])
async def test_damage_is_told_when_loading(folder: Path, pool: ThreadPoolExecutor, name: str) -> None:
    (folder / name).write_bytes((folder / name).read_bytes()[:40])
    with pytest.raises(ModelError, match="text search works without"):
        await FastembedText.open(tiny_bert.manifest(), folder, pool)


async def test_a_model_of_other_dimensions_is_refused(folder: Path, pool: ThreadPoolExecutor) -> None:
    with pytest.raises(ModelError, match="do not have 64 numbers"):
        await FastembedText.open(tiny_bert.manifest(dimensions=64), folder, pool)


async def test_the_cache_key_names_the_revision(folder: Path, pool: ThreadPoolExecutor) -> None:
    embedder = await FastembedText.open(tiny_bert.manifest(), folder, pool, threads=1)
    assert embedder.model == "tiny@r1"


def test_tokens_are_counted_whole_and_placed_in_characters(folder: Path) -> None:
    tokens = ModelTokens(tiny_bert.manifest(), folder)
    assert tokens.count(["the cats", "", " ".join(["dog"] * 300)]) == [3, 0, 300]
    assert tokens.offsets("The cats") == [(0, 3), (4, 7), (7, 8)]


def test_a_missing_tokenizer_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="tokenizer of Tiny cannot be read"):
        ModelTokens(tiny_bert.manifest(), tmp_path)
