"""What Mneme can do: tools that declare themselves in a tool.json, and the one way to call them. Used by the orchestrator."""
