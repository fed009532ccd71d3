"""An export in a process of its own, so that the window stays fluid: the window's end of it."""
