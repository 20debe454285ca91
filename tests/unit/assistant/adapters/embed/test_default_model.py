"""The real default model, as `make test` installed it."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from assistant.adapters.embed import FastembedText, ModelTokens
from assistant.adapters.embed.convert import compare
from assistant.models import read_catalogue

MODELS = Path(__file__).resolve().parents[5] / "models"


def test_it_gives_the_stored_vectors(model_dir: Path) -> None:
    manifest = read_catalogue(MODELS)["all-MiniLM-L6-v2"]
    reference = MODELS / "reference" / "all-MiniLM-L6-v2.json"
    assert reference.is_file()
    compare(manifest, model_dir, reference)


async def test_it_finds_the_passage_that_answers(model_dir: Path) -> None:
    manifest = read_catalogue(MODELS)["all-MiniLM-L6-v2"]
    passages = [
        "The lighthouse keeper lights the lamp every evening at dusk.",
        "To change a forgotten password, open the settings and choose Account recovery.",
        "def connect(host, port): opens a TCP connection to the server",
        "Bread dough must rest for an hour before it is baked.",
    ]
    questions = {"How can I log in again if I lost my credentials?": 1, "how to bake a loaf": 3, "open a network socket": 2}
    with ThreadPoolExecutor(1) as pool:
        embedder = await FastembedText.open(manifest, model_dir, pool)
        rows = await embedder.embed_documents(passages)
        for question, wanted in questions.items():
            assert int((rows @ await embedder.embed_query(question)).argmax()) == wanted
        await embedder.close()


def test_its_tokenizer_counts_as_published(model_dir: Path) -> None:
    tokens = ModelTokens(read_catalogue(MODELS)["all-MiniLM-L6-v2"], model_dir)
    assert tokens.limit == 254
    assert tokens.count(["Hello, world!", "tokenization"]) == [4, 2]
