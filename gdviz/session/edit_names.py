"""Names of edits for undo: "10,000 rows", "show tape", "contour"."""

from dataclasses import fields
from enum import Enum

from gdviz.core.problems.dataset import DataSettings
from gdviz.panes.registry import PANES
from gdviz.presentation.look import DataPane, Look, LossScale, TapeLook, View

CHOICE_NAMES: dict[Enum, str] = {
    DataPane.LINE: "data",
    DataPane.HISTOGRAMS: "histograms",
    LossScale.LOG: "logarithmic loss",
    LossScale.LINEAR: "linear loss",
    View.FOLLOW: "follow the path",
    View.HOLD: "hold the view",
}


def data_edit_name(before: DataSettings | None, after: DataSettings) -> str:
    """Name the settings that differ between generated data; ``before`` is None for data from a file."""
    if before is None:
        return "generated data"
    differing = [field.name for field in fields(after) if getattr(before, field.name) != getattr(after, field.name)]
    return ", ".join(_data_setting_name(name, after) for name in differing) or "generated data"


def _data_setting_name(name: str, settings: DataSettings) -> str:
    if name == "rows":
        return f"{settings.rows:,} row{'s' if settings.rows != 1 else ''}"
    if name == "x_range":
        return "x from {:g} to {:g}".format(*settings.x_range)
    if name == "standardised":
        return "standardise x" if settings.standardised else "x as it is"
    if name == "standardised_y":
        return "standardise y" if settings.standardised_y else "y as it is"
    value = getattr(settings, name)
    words = {"slope": "true slope", "intercept": "true intercept"}.get(name, name)
    return f"{words} {value}" if isinstance(value, int) else f"{words} {value:g}"


def look_edit_name(before: Look, after: Look) -> str:
    """Name what differs between two looks, except what undo ignores; empty if nothing does."""
    differing = [field.name for field in fields(after) if getattr(before, field.name) != getattr(after, field.name)]
    return ", ".join(filter(None, (_look_field_name(name, before, after) for name in differing)))


def _look_field_name(name: str, before: Look, after: Look) -> str:
    value = getattr(after, name)
    if isinstance(value, Enum):
        return CHOICE_NAMES.get(value, "")
    if name == "pane":
        return PANES[value].edit_name
    if name == "ghost":
        return _toggled("next steps", value)
    if name == "multiples":
        return "side by side" if value else "all runs in one"
    if name == "switched_on":
        return ", ".join(_toggled(PANES[pane].edit_name, pane in value) for pane in sorted(value ^ before.switched_on))
    return _tape_name(before.tape, after.tape) if name == "tape" else ""


def _tape_name(before: TapeLook | None, after: TapeLook | None) -> str:
    if before is None or after is None:
        return _toggled(PANES["tape"].edit_name, after is not None)
    return _toggled("finite differences", after.checked) if before.checked != after.checked else ""


def _toggled(what: str, is_on: bool) -> str:
    return f"{'show' if is_on else 'hide'} {what}"
