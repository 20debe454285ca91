"""Engines that keep what Mneme remembers: SQLite records, the Tantivy text index, the Qdrant Edge vectors. Joined by `app`."""
