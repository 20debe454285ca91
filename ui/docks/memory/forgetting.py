"""Asks before forgetting, forgets, and tells the proof. Part of the memory dock."""

from collections.abc import Callable, Sequence
from pathlib import PurePath

from assistant.api.views import ForgetReport, Hit
from ui.bridge import Bridge
from ui.i18n import told as told_text
from ui.i18n import tr, tr_n
from ui.i18n.visible import visible
from ui.item_models.hits import hit_heading
from ui.theme.notice import Notice

NAMED = 5
"""So many paths are named in the question; the others are counted."""


def question(paths: Sequence[str], files: int, chunks: int) -> str:
    """Return the question that names what would be erased."""
    names = "\n".join(visible(path) for path in paths[:NAMED])
    if len(paths) > NAMED:
        names += "\n" + tr_n("and %n more", len(paths) - NAMED)
    what = tr("Forget {files} with {chunks}?").format(files=tr_n("%n files", files), chunks=tr_n("%n passages", chunks))
    kept = tr("Text, passages and vectors are erased from every store, and it is checked that nothing is left.")
    return f"{what}\n{names}\n{kept} {tr('The files themselves stay where they are.')}"


def told(report: ForgetReport) -> str:
    """Return what was erased and what the check found."""
    name = visible(PurePath(report.path).name) or tr("what you chose")
    sources = tr_n("%n files", report.sources)
    what = tr("Forgot {name}: {files}, {chunks}.").format(name=name, files=sources, chunks=tr_n("%n passages", report.chunks))
    stores = ", ".join(f"{visible(told_text(store))}: {left}" for store, left in report.remains.items())
    if report.proved:
        proof = tr("Checked, nothing is left ({stores}).")
    else:
        proof = tr("The check still found traces ({stores}). Run “mneme verify”, then forget it again.")
    notes = [visible(told_text(note), lines=True) for note in report.notes]
    return "\n".join([f"{what} {proof.format(stores=stores)}", *notes])


class Forgetting:
    """One question at a time; nothing is erased without the answer."""

    def __init__(self, notice: Notice) -> None:
        self._notice = notice

    def ask(self, bridge: Bridge, paths: Sequence[str], files: int, chunks: int) -> None:
        """Ask; on yes forget the paths one after another and tell the proof of each."""
        chosen = tuple(paths)

        def go() -> None:
            self._notice.say(tr("Forgetting…"))
            bridge.run(
                self._forget(bridge, chosen), self._report, lambda failure: self._notice.say(_all(failure), "error", _close())
            )

        choices = ((tr("Forget"), go), (tr("Keep"), None))
        self._notice.say(question(chosen, files, chunks), "warning", choices, focus=True)

    def go_on(self, bridge: Bridge, paths: Sequence[str], done: Callable[[], None]) -> None:
        """Forget files that a person was shown and agreed to, tell the proof and call `done`."""

        def told_of(report: ForgetReport) -> None:
            done()
            self._report([report])

        self._notice.say(tr("Forgetting…"))
        bridge.run(
            bridge.assistant.forgetting.files(tuple(paths), "window"),
            told_of,
            lambda failure: self._notice.say(_all(failure), "error", _close()),
        )

    def ask_passages(self, bridge: Bridge, hits: Sequence[Hit], done: Callable[[], None]) -> None:
        """Ask; on yes forget the passages of these hits, tell the proof and call `done`."""
        ids = [hit.id for hit in hits]

        def told_of(report: ForgetReport) -> None:
            done()
            self._report([report])

        def go() -> None:
            self._notice.say(tr("Forgetting…"))
            bridge.run(
                bridge.assistant.forgetting.passages(ids, "window"),
                told_of,
                lambda failure: self._notice.say(_all(failure), "error", _close()),
            )

        names = "\n".join(hit_heading(hit) for hit in hits[:NAMED])
        if len(hits) > NAMED:
            names += "\n" + tr_n("and %n more", len(hits) - NAMED)
        what = tr("Forget {passages}?").format(passages=tr_n("%n passages", len(hits)))
        kept = tr("They stay out of their files’ memory until you add those files by name again.")
        choices = ((tr("Forget"), go), (tr("Keep"), None))
        asked = f"{what}\n{names}\n{kept} {tr('The files themselves stay where they are.')}"
        self._notice.say(asked, "warning", choices, focus=True)

    async def _forget(self, bridge: Bridge, paths: tuple[str, ...]) -> list[ForgetReport]:
        return [await bridge.assistant.forget(path, "window") for path in paths]

    def _report(self, reports: list[ForgetReport]) -> None:
        proved = all(report.proved for report in reports)
        self._notice.say("\n".join(told(report) for report in reports), "info" if proved else "error", _close())


def _close() -> tuple[tuple[str, None]]:
    return ((tr("Close"), None),)


def _all(failure: object) -> str:
    parts = (getattr(failure, name, "") for name in ("what", "kept", "remedy"))
    return " ".join(visible(str(part), lines=True) for part in parts if part)
