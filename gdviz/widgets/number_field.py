"""A text field for one number, which reports invalid input in one line."""

import math
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit

from gdviz.core.errors import InputError
from gdviz.core.tables.numbers import with_decimal_point
from gdviz.widgets.plain import set_tooltip

Number = int | float
MAX_QUOTED = 24  # characters of a text quoted in a message
TEMPORARY_FOCUS_LOSS = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
"""Reasons for a temporary loss of focus: the field's own menu, another window."""


def number_text(value: Number, digits: int = 7) -> str:
    """Return the number with up to ``digits`` digits and a short exponent (1e-5, not 1e-05); integers keep all digits.

    Seven digits show a single-precision number as it was typed.
    """
    if isinstance(value, int):
        return str(value)
    mantissa, e, exponent = f"{value:.{digits}g}".partition("e")
    return f"{mantissa}e{int(exponent)}" if e else mantissa


def read_number(text: str, kind: type[int] | type[float]) -> Number | None:
    """Parse a finite number in ASCII digits, with a decimal point or comma; None if it is not one.

    A typographic minus is accepted. InputError for a comma that may separate thousands (see `with_decimal_point`).
    """
    text = text.strip().replace("−", "-")
    if not text.isascii():
        return None
    text = with_decimal_point(text)
    if kind is int:
        with suppress(ValueError):
            return int(text)  # a float would lose digits of integers of 17 digits and more
    try:
        value = float(text)
    except ValueError:
        return None
    if not math.isfinite(value) or (kind is int and not value.is_integer()):
        return None
    return kind(value)


class NumberField(QLineEdit):
    """Commits on Enter or loss of focus, restores on Escape; invalid text changes nothing and is marked."""

    committed = Signal(object)
    """The new number, of the field's kind (perhaps too large for Qt's int), or None if empty; only if it changed."""
    rejected = Signal(str)
    """One line that says what was typed and what is valid; empty once that is corrected."""

    def __init__(
        self,
        description: str,
        kind: type[int] | type[float] = float,
        bounds: tuple[Number | None, Number | None] = (None, None),
        hint: str = "",
        empty: str = "",
    ) -> None:
        """An empty field; ``description`` names it in messages, ``hint`` is its tooltip.

        empty: the placeholder of a field that may be left empty; it can be typed too.
        """
        super().__init__()
        self.setAcceptDrops(False)  # what is dropped is a file for the window
        self._empty = empty
        self.setPlaceholderText(empty)
        self._kind, self._bounds = kind, bounds
        self._check: Callable[[Any], object] | None = None
        self._value: Number | None = None
        self._is_marked = self._has_rejected = False
        self.describe(description, hint)
        self.textEdited.connect(self._unmark)

    def describe(self, description: str, hint: str) -> None:
        """Name the field for messages and screen readers."""
        if (description, hint) != (self.accessibleName(), self.accessibleDescription()):
            self.setAccessibleName(description)
            self.setAccessibleDescription(hint)
            set_tooltip(self, hint)

    def set_check(self, check: Callable[[Any], object]) -> None:
        """Call ``check`` with each value before it is committed; it raises InputError if the value is invalid."""
        self._check = check

    def show_value(self, value: Number | None) -> None:
        """Show the number (nothing for None), unless the user is typing here."""
        self._value = value
        if not self.isModified():
            self._restore()

    def _restore(self) -> None:
        text = "" if self._value is None else self._written(self._value)
        if text != self.text():
            all_selected = self.hasSelectedText() and self.selectedText() == self.text()
            self.setText(text)
            self.setCursorPosition(0)
            if all_selected:
                self.selectAll()
        self.setModified(False)
        self._unmark()

    def _commit(self) -> bool:
        if not self.isModified():
            return True
        try:
            value = self._read()
        except InputError as error:
            self._reject(str(error))
            return False
        is_new = value != self._value
        self._value = value
        self._restore()
        self._clear_rejection()
        if is_new:
            self.committed.emit(value)
        return True

    def _read(self) -> Number | None:
        """Return the number; InputError if the text is not one, is out of bounds or fails the check."""
        text = self.text()
        try:
            value = self._parsed(text)
        except InputError as error:
            raise InputError(f"{self.accessibleName()}: {error}") from error
        is_empty = bool(self._empty) and text.strip().lower() in ("", self._empty)
        low, high = self._bounds
        is_within = value is not None and (low is None or value >= low) and (high is None or value <= high)
        if not is_empty and not is_within:
            shown = text if len(text) <= MAX_QUOTED else f"{text[:MAX_QUOTED]}…"
            typed = f"'{shown}'" if text.strip() else "an empty field"
            raise InputError(f"{self.accessibleName()}: {typed} is not {self._requirement()}")
        if self._check is not None:
            self._check(value)
        return value

    def _written(self, value: Any) -> str:
        return number_text(value)

    def _parsed(self, text: str) -> Any:
        """The value of a text, None if it has none; InputError as in `read_number`."""
        return read_number(text, self._kind)

    def _requirement(self) -> str:
        low, high = (None if bound is None else f"{bound:,}" for bound in self._bounds)
        kind = "a whole number" if self._kind is int else "a number" if low or high else "a finite number such as 0.1"
        if low is None:
            return kind if high is None else f"{kind} up to {high}"
        return f"{kind} of at least {low}" if high is None else f"{kind} from {low} to {high}"

    def _reject(self, message: str) -> None:
        self._mark(True, message)
        self._has_rejected = True
        self.rejected.emit(message)

    def _clear_rejection(self) -> None:
        """Clear the message; not when the field is left, which would leave no time to read it."""
        if self._has_rejected:
            self._has_rejected = False
            self.rejected.emit("")

    def _unmark(self) -> None:
        if self._is_marked:
            self._mark(False, self.accessibleDescription())

    def _mark(self, refused: bool, tooltip: str) -> None:
        self._is_marked = refused
        set_tooltip(self, tooltip)
        self.setProperty("refused", refused)
        # A style sheet reads a property only when the widget is polished.
        font = self.font()
        self.style().unpolish(self)
        self.style().polish(self)
        # Polishing also restores the font from when the style sheet was set.
        self.setFont(font)

    @property
    def claimed_keys(self) -> frozenset[Qt.Key]:
        """Up and Down, which would change the rate, and Escape while there is text to restore."""
        return frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down} | ({Qt.Key.Key_Escape} if self.isModified() else set()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Commit on Enter and return the focus to the window; restore on Escape."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._commit():
                # After typing a rate, the next Space should play, not land in the field.
                self.clearFocus()
        elif event.key() == Qt.Key.Key_Escape and self.isModified():
            self._restore()
            self._clear_rejection()
            self.selectAll()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Commit on leaving; invalid text is reported once and then discarded."""
        super().focusOutEvent(event)
        if event.reason() not in TEMPORARY_FOCUS_LOSS and (self._is_marked or not self._commit()):
            self._restore()
