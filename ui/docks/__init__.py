"""The dockable panels; they never see each other, the shell joins their signals."""
