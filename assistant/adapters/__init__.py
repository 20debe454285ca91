"""Everything that touches engines, the operating system or the network. Only `assistant.app` names what lives here."""
