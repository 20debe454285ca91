"""A Workbench over a dictionary of files that finds files by the words they share with the question."""

from pathlib import Path

from assistant.domain.answer import Answer, Citation, Claim
from assistant.domain.document import Document, Part
from assistant.domain.memory import Cite, Hit, RecallQuery, RecallResult, ScoreParts
from assistant.eval.workbench import Indexed
from assistant.memory.recall import RetrieverName

PARTS = ScoreParts(dense=None, sparse=1.0, recency=1.0, source_quality=1.0)


class FakeBench:
    """`wrong_quotes` makes every citation quote what is not there; equal texts are folded, as recall does."""

    def __init__(self, wrong_quotes: bool = False) -> None:
        self.texts: dict[str, str] = {}
        self.wrong_quotes = wrong_quotes
        self.failed: tuple[str, ...] = ()

    async def remember(self, folder: Path) -> Indexed:
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        self.texts = {str(path): path.read_text("utf-8") for path in paths}
        return Indexed(chunks=len(paths), searchable_s=1.0, ready_s=2.0, failed=self.failed)

    async def recall(self, query: RecallQuery, use: RetrieverName) -> RecallResult:
        asked = set(query.text.lower().strip("?").split())
        scored = {path: len(asked & set(text.lower().split())) for path, text in self.texts.items()}
        best = sorted((path for path, score in scored.items() if score), key=lambda path: (-scored[path], path))
        hits: dict[str, Hit] = {}
        for path in best:
            cite = Cite(path=path, line=1, line_end=1)
            text = self.texts[path]
            if text in hits:
                hits[text] = hits[text].model_copy(update={"also": (*hits[text].also, cite)})
            else:
                hits[text] = Hit(id=path, score=1.0, snippet=text, cite=cite, parts=PARTS, modality="text", group=path)
        return RecallResult(items=tuple(hits.values())[: query.k], took_ms=3.0)

    async def ask(self, question: str) -> Answer:
        hits = (await self.recall(RecallQuery(text=question), "hybrid")).items[:1]
        quotes = [("not there" if self.wrong_quotes else hit.snippet.splitlines()[0], hit.cite.path) for hit in hits]
        citations = tuple(
            Citation(n=n, path=path, line=1, line_end=1, quote=quote, hash="") for n, (quote, path) in enumerate(quotes, 1)
        )
        claims = tuple(Claim(text=quote, citations=(n,)) for n, (quote, _) in enumerate(quotes, 1))
        return Answer(question=question, answer="", abstained=not hits, claims=claims, citations=citations, took_ms=5.0)

    async def reread(self, path: str) -> Document:
        part = Part(kind="lines", number=1, text=Path(path).read_text("utf-8"))
        return Document(media="text/plain", modality="text", parts=(part,))
