"""Pictures and animations rendered off screen, on a private stage that shows the same frames as the window."""
