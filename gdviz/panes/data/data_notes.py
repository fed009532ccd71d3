"""What is said on the data plot: which rows have a residual, and whose line is not there."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gdviz.core.problems.dataset import Dataset
from gdviz.panes.data.density import summary
from gdviz.presentation.numbers import format_number, listed

MAX_RESIDUALS = 500


def data_note(
    data: Dataset, lines: Sequence[NDArray[np.float64]], is_drawn: Sequence[bool], names: Sequence[str], residuals: int
) -> str:
    """The note for these lines, each (slope, intercept), of which some are drawn; empty if there is nothing to say.

    names: what the runs are called, empty for a single one. residuals: how many of them are drawn.
    """
    notes = []
    if residuals and data.x.size > MAX_RESIDUALS:
        notes.append(f"residuals of every {_ordinal(-(-data.x.size // MAX_RESIDUALS))} row")
    if len(lines) == 1:
        return "; ".join([*notes, *([] if is_drawn[0] else [_missing(lines[0], data)])])
    runs = list(zip(names, lines, is_drawn, strict=True))
    gone = [name for name, line, _ in runs if not np.isfinite(line).all()]
    off = [name for name, line, drawn in runs if np.isfinite(line).all() and not drawn]
    if off:
        notes.append(f"{listed(off)}: the line{'s are' if len(off) > 1 else ' is'} off the plot")
    if gone:
        whose = "their" if len(gone) > 1 else "its"
        notes.append(f"{listed(gone)}: no line any more, {whose} parameters are not finite")
    return "; ".join(notes)


def _missing(line: NDArray[np.float64], data: Dataset) -> str:
    """Why the only line is not there, and where it is."""
    if not np.isfinite(line).all():
        return "there is no line any more: its parameters are not finite"
    low, high = summary(data).x
    middle = low / 2 + high / 2
    with np.errstate(over="ignore"):
        value = float(line[0] * middle + line[1])
    return f"the line is off the plot: y = {format_number(value, 3)} at x = {format_number(middle, 2)}"


def _ordinal(number: int) -> str:
    """2nd, 3rd, 20,000th."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{ending}"
