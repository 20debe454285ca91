"""What the window does outside itself, on a person's click only: files shown in the file manager or opened in their program."""

from ui.actions.commands import Actions
from ui.actions.files import open_outside, reveal, runs_when_opened

__all__ = ["Actions", "open_outside", "reveal", "runs_when_opened"]
