"""From a request to deeds and back: proposals, the walk over a plan, undo, and what a crash left. Used by the façade."""
