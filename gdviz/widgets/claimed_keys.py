"""Gives a focused widget the keys that it claims, which would otherwise be shortcuts of the window."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

PRESS_KEYS = frozenset({Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter})
MOVE_KEYS = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End})
MODIFIERS = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)


class ClaimedKeys(QObject):
    """Looks at the keys of windows before their shortcuts do: a widget says what it claims in ``claimed_keys``.

    A widget that overrode `event` instead would hold the interpreter at everything that happens to it.
    """

    def __init__(self, owner: QWidget, windows: Iterable[QWidget]) -> None:
        """windows: those whose keys are looked at, with all that is in them; a dock may become one, if it floats."""
        super().__init__(owner)
        for window in windows:
            window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Accept a key without modifiers that the focused widget claims: no shortcut gets it then."""
        if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.ShortcutOverride:
            return False
        claimed = getattr(QApplication.focusWidget(), "claimed_keys", ())
        if is_claimed := event.modifiers() in MODIFIERS and event.key() in claimed:
            event.accept()
        return is_claimed
