"""The preview pane: a remembered source at a cited place."""

from ui.docks.preview.dock import PreviewDock

__all__ = ["PreviewDock"]
