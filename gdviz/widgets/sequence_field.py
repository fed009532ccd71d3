"""A field for a setting that is a sequence: of steps, or of pairs of a step and a number."""

from typing import Any

from gdviz.core.descent.settings import Setting, sequence_from, text_of
from gdviz.widgets.number_field import NumberField


class SequenceField(NumberField):
    """Takes ``50,100``, or ``0:0.1,50:0.01``; otherwise as a number field."""

    def __init__(self, description: str, setting: Setting, hint: str = "") -> None:
        """An empty field; description and hint as in `NumberField`."""
        super().__init__(description, hint=hint)
        self._setting = setting

    def _written(self, value: Any) -> str:
        return text_of(value)

    def _parsed(self, text: str) -> Any:
        try:
            return sequence_from(text.replace("−", "-"), self._setting.kind)
        except ValueError:
            return None

    def _requirement(self) -> str:
        return f"a list such as {text_of(self._setting.default)}"
