"""Errors that a person can meet: each says what happened, what was kept, and what to do. Raised on every floor."""

from typing import ClassVar


class MnemeError(Exception):
    """Base of all expected failures; `code` is stable and machine-readable."""

    code: ClassVar[str] = "error"

    def __init__(self, what: str, *, kept: str = "", remedy: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.kept = kept
        self.remedy = remedy

    def __str__(self) -> str:
        """One paragraph: what happened, what was kept, what to do."""
        return " ".join(part for part in (self.what, self.kept, self.remedy) if part)


class ConfigError(MnemeError):
    """A setting is unknown, malformed or out of range."""

    code = "config"


class InUseError(MnemeError):
    """Another Mneme holds this memory."""

    code = "in_use"


class ClosingError(InUseError):
    """The Mneme that holds this memory is closing: it begins nothing more, and nothing of this was begun."""

    code = "closing"


class BusyError(MnemeError):
    """Too much was asked at once."""

    code = "busy"


class StorageError(MnemeError):
    """A store cannot be read or written: full disk, read-only disk, damage."""

    code = "storage"


class DamagedError(StorageError):
    """What a store holds cannot be understood; an index is then rebuilt from the records."""

    code = "damaged"


class UnreachableError(StorageError):
    """A store cannot be had now: its computer is down, too slow, or refuses; what it held is there."""

    code = "unreachable"


class CrampedError(UnreachableError):
    """The disk has too little room left to open a store or write to it; what it held is there, and what makes room goes on."""

    code = "no_room"


class VaultError(MnemeError):
    """A secret cannot be had: no keyring, a locked one, a wrong passphrase, a key that is not there."""

    code = "vault"


class MigrationError(MnemeError):
    """A memory cannot be moved to another engine; it stays where it is."""

    code = "migration"


class NotRememberedError(MnemeError):
    """The named path is not in memory."""

    code = "not_remembered"


class PathRefusedError(MnemeError):
    """A path lies outside the granted roots or is not a plain file or folder."""

    code = "path_refused"


class ReadError(MnemeError):
    """A file cannot be turned into text; the reason is shown beside the file."""

    code = "unreadable"


class ReaderStoppedError(ReadError):
    """A file stopped the process that read it: such a file is left alone until it changes or a person tries it again."""

    code = "reader_stopped"


class ReaderCrashedError(ReaderStoppedError):
    """The reading process died while it worked on this file."""

    code = "reader_crashed"


class ReaderTimeoutError(ReaderStoppedError):
    """Reading took longer than the limit and was stopped."""

    code = "reader_timeout"


class ReaderLimitError(ReaderStoppedError):
    """Reading needed more memory or produced more text than the limits allow."""

    code = "reader_limit"


class HoldsSecretsError(ReadError):
    """The file holds secrets and the settings leave such files out; nothing of it is kept."""

    code = "holds_secrets"


class UnsteadyFileError(ReadError):
    """The file changes while it is read; what was remembered of it stays."""

    code = "unsteady"


class EncryptedFileError(ReadError):
    """The file is protected by a password."""

    code = "encrypted"


class ModelError(MnemeError):
    """A model is missing, damaged or does not do what its manifest promises."""

    code = "model"


class ConsentRequiredError(ModelError):
    """Something would be fetched from the network and nobody has agreed to it yet."""

    code = "consent"


class FetchError(ModelError):
    """A download failed or did not match its checksum."""

    code = "fetch"


class ChecksumError(FetchError):
    """What was fetched is not what the manifest names; no other source is tried after it."""

    code = "checksum"


class WatchError(MnemeError):
    """The system's notices about changed files stopped; a scan finds what was missed."""

    code = "watch"


class PolicyDeniedError(MnemeError):
    """The policy refuses the action, or a person did."""

    code = "denied"


class TooMuchError(MnemeError):
    """More entries or bytes than the settings allow at once."""

    code = "too_much"


class ChangedMeanwhileError(MnemeError):
    """What stands on disk is not what the preview showed, or not what was left behind."""

    code = "changed_meanwhile"


class OccupiedError(MnemeError):
    """Something already stands where a file or folder is to go."""

    code = "occupied"


class BlobGoneError(MnemeError):
    """Contents from before are not kept any more: given up for space, or forgotten."""

    code = "blob_gone"


class ArchiveError(MnemeError):
    """An archive cannot be read or made: damaged, protected, of an unknown kind, or beyond the limits."""

    code = "archive"


class RepositoryError(MnemeError):
    """Git refuses, is missing, or there is no repository."""

    code = "repository"


class StepTimeoutError(MnemeError):
    """A step took longer than it may."""

    code = "step_timeout"


class UndeclaredError(MnemeError):
    """A tool wanted more than it declares."""

    code = "undeclared"


class ArgumentError(MnemeError):
    """An argument of a command is missing, malformed, or contradicts another."""

    code = "argument"


class NotFoundError(MnemeError):
    """There is no such plan, run, step or tool, or it is in no state for this."""

    code = "not_found"


class UndoError(MnemeError):
    """What was done cannot be taken back as things stand; nothing was changed by the attempt."""

    code = "undo"
