"""Exporting animations from the window: the dialog, its previews and the progress bar."""
