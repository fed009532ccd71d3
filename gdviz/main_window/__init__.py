"""The window and its wiring: from the widgets' intents to the session, and from its frames to the widgets."""

from gdviz.main_window.window import MainWindow

__all__ = ["MainWindow"]
