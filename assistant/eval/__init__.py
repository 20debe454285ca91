"""Measuring memory: collections in BEIR's layout, the golden set, the measures themselves."""
