"""The machine around Mneme: clock, downloads. Built by `assistant.app` alone."""
