"""Dumb widgets: they draw a frame or show the controls, and tell what the person wants; they decide nothing."""
