"""The one exception for input that a person can mend: one line that says what is wrong and what would be right."""


class InputError(ValueError):
    """Raised for a value, a name or a file that cannot be used; its text is one line for the person who gave it."""
