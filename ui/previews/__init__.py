"""Widgets that show one source at a place: text and code, Markdown, pictures. Used by `ui.docks.preview`; they fetch nothing."""
