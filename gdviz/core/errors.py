"""The one exception for input that a person can mend: one line that says what is wrong and what would be right."""

from gdviz.core.printable import printable


class InputError(ValueError):
    """Raised for a value, a name or a file that cannot be used; its text is one line for the person who gave it."""

    def __init__(self, message: str) -> None:
        """``message`` may hold text from files and names: it becomes one printable line here, and only here."""
        super().__init__(printable(message))
