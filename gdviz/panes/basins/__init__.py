"""The map of starting points."""
