"""The conversation: ask box, questions, cited answers with their sources. The shell puts it in the middle of the window."""

from ui.docks.chat.pane import ChatPane

__all__ = ["ChatPane"]
