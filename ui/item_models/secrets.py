"""Words for the secrets that a passage holds, never the secrets themselves. Used by hits and by the sources of an answer."""

from collections.abc import Collection

from assistant.api.views import SECRETS, SensitiveKind
from ui.i18n import tr


def _kind(kind: SensitiveKind) -> str:
    return {
        SensitiveKind.KEY: tr("a key"),
        SensitiveKind.TOKEN: tr("a token"),
        SensitiveKind.PASSWORD: tr("a password"),
        SensitiveKind.CARD: tr("a card number"),
        SensitiveKind.PASSPORT: tr("a passport number"),
    }[kind]


def secrets_tip(kinds: Collection[SensitiveKind]) -> str:
    """Say which secrets are in the passage; "" when there are none."""
    held = [_kind(kind) for kind in SensitiveKind if kind in kinds and kind in SECRETS]
    return tr("Holds secrets: {kinds}").format(kinds=", ".join(held)) if held else ""
