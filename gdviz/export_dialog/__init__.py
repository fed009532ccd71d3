"""Exporting an animation from the window: the dialog, its preview and the progress."""
