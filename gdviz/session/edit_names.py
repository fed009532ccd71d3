"""Names of edits for undo: "10,000 rows", "show tape", "contour"."""

from dataclasses import fields
from enum import Enum

from gdviz.core.data.dataset import Dataset
from gdviz.core.data.settings import DataSettings
from gdviz.core.problems.reductions import Reduction
from gdviz.panes.registry import PANES
from gdviz.presentation.look import BoxChoice, DataPane, Look, LossScale, StepScale, TapeLook, View
from gdviz.session.loading.data_generator import DataRequest

CHOICE_NAMES: dict[tuple[str, Enum], str] = {
    ("data_pane", DataPane.LINE): "data",
    ("data_pane", DataPane.HISTOGRAMS): "histograms",
    ("data_pane", DataPane.RATE): "effective rate",
    ("loss_scale", LossScale.LOG): "logarithmic loss",
    ("loss_scale", LossScale.LINEAR): "linear loss",
    ("step_scale", StepScale.LOG): "logarithmic steps",
    ("step_scale", StepScale.LINEAR): "linear steps",
    ("view", View.FOLLOW): "follow the path",
    ("view", View.HOLD): "hold the view",
    ("box", BoxChoice.START): "zoom back",
    ("box", BoxChoice.PATH): "zoom to the path",
}
"""By the field of the look as well, since values of two fields may be equal."""


def data_edit_name(before: DataSettings | None, after: DataSettings) -> str:
    """Name the settings that differ between generated data; ``before`` is None for data from a file."""
    if before is None:
        return "generated data"
    differing = [field.name for field in fields(after) if getattr(before, field.name) != getattr(after, field.name)]
    return ", ".join(_data_setting_name(name, after) for name in differing) or "generated data"


def requested_data_edit_name(before: Dataset, request: DataRequest) -> str:
    """Name what a request would change of the data."""
    if isinstance(request, DataSettings):
        return data_edit_name(before.settings, request)
    return standardising_edit_name(before.are_standardised, (request.x, request.y))


def standardising_edit_name(before: tuple[bool, bool], after: tuple[bool, bool]) -> str:
    """Name the columns that are standardised, or are no longer."""
    changes = [(name, now) for name, was, now in zip("xy", before, after, strict=True) if was != now]
    return ", ".join(f"standardise {name}" if now else f"{name} as it is" for name, now in changes)


def _data_setting_name(name: str, settings: DataSettings) -> str:
    if name == "rows":
        return f"{settings.rows:,} row{'s' if settings.rows != 1 else ''}"
    if name == "x_range":
        return "x from {:g} to {:g}".format(*settings.x_range)
    if name in ("standardised", "standardised_y"):
        column, is_so = "y" if name.endswith("_y") else "x", getattr(settings, name)
        return f"standardise {column}" if is_so else f"{column} as it is"
    value = getattr(settings, name)
    words = {"slope": "true slope", "intercept": "true intercept"}.get(name, name)
    return f"{words} {value}" if isinstance(value, int) else f"{words} {value:g}"


def reduction_edit_name(reduction: Reduction) -> str:
    """Name how the squares are combined: "sum of the squares"."""
    return f"{'half the mean' if reduction == 'half-mean' else reduction} of the squares"


def look_edit_name(before: Look, after: Look) -> str:
    """Name what differs between two looks, except what undo ignores; empty if nothing does."""
    differing = [field.name for field in fields(after) if getattr(before, field.name) != getattr(after, field.name)]
    return ", ".join(filter(None, (_look_field_name(name, before, after) for name in differing)))


def _look_field_name(name: str, before: Look, after: Look) -> str:
    value = getattr(after, name)
    if isinstance(value, Enum):
        return CHOICE_NAMES.get((name, value), "")
    if name == "pane":
        return PANES[value].edit_name
    if name == "ghost":
        return _toggled("next steps", value)
    if name == "inside":
        return _toggled("inside the rule", value)
    if name == "multiples":
        return "side by side" if value else "all runs in one"
    if name == "same_view":
        return "same view" if value else "own views"
    if name == "equal_axes":
        return "equal axes" if value else "axes in their own scales"
    if name == "switched_on":
        return ", ".join(_toggled(PANES[pane].edit_name, pane in value) for pane in sorted(value ^ before.switched_on))
    return _tape_name(before.tape, after.tape) if name == "tape" else ""


def _tape_name(before: TapeLook | None, after: TapeLook | None) -> str:
    if before is None or after is None:
        return _toggled(PANES["tape"].edit_name, after is not None)
    return _toggled("finite differences", after.checked) if before.checked != after.checked else ""


def _toggled(what: str, is_on: bool) -> str:
    return f"{'show' if is_on else 'hide'} {what}"
