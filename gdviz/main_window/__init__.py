"""The window and its wiring: from user actions to the session, and from its frames to the widgets."""
