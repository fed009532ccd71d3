"""The frame of a moment: the picture of every pane, as a function of recordings, look and time."""
