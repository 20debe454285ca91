"""Use cases: indexing by priority, and a question's way to a checked answer."""
