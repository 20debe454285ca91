"""What the window marks in untrusted names and texts: the same as the command line does."""

from assistant.domain.visible import visible

__all__ = ["visible"]
