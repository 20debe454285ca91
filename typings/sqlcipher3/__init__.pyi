"""SQLCipher keeps the interface of the standard library's sqlite3; its C module carries no types."""
