"""From granted paths to chunks."""
