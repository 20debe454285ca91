"""The window: all of Qt lives here; it knows the core only through assistant.api."""
