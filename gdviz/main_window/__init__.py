"""The window and its wiring: from the widgets' intents to the session, and from its frames to the widgets."""
