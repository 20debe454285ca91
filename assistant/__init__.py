"""Mneme's core: everything but the window. Imported by `ui` (through `assistant.api`) and by the command line."""
