"""Protocols the core needs and adapters fulfil: async, at most six methods, domain types in and out."""
