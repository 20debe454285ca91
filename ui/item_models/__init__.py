"""Qt models over the façade's views: sources, hits, timeline. Used by the docks; they call nothing and fetch nothing."""
