"""Pure data: what Mneme talks about. Depends on nothing but pydantic; used by every other floor."""
