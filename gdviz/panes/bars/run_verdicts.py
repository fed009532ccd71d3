"""The verdicts on several runs, side by side in the header."""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont

from gdviz.core.analysis.verdict import ON_THE_WAY, Kind
from gdviz.panes.bars.picture import RunVerdict
from gdviz.plotting.shapes import LEFT, Painted, Shape, Words
from gdviz.plotting.style import Style, faded, marker
from gdviz.plotting.text import text_font, width_of

TEXT_SIZE, LEAST_TEXT_SIZE = 18.0, 15.0
"""Text sizes of the verdicts in units; rather than going below the smaller one, the names of the runs are left out."""
MARKER_RADIUS, MARKER_GAP, RUN_GAP = 6.0, 4.0, 13.0
"""Radius of a run's marker, gap to its text, and gap between two runs, in units."""


class VerdictRow(NamedTuple):
    """What to paint, and its right end."""

    things: list[Painted]
    right: float


def run_verdicts(
    runs: Sequence[RunVerdict], left: float, right: float, height: float, style: Style
) -> VerdictRow | None:
    """The verdicts side by side in a line ``height`` pixels high; None without runs or if they do not fit.

    With the runs' names if there is room; else only the markers tell which is which.
    """
    unit, palette, names = style.unit, style.palette, [f"{run.name} " for run in runs]
    ways = ((names, TEXT_SIZE), (names, LEAST_TEXT_SIZE), ([""] * len(runs), LEAST_TEXT_SIZE))
    fitting = (way for way in ways if runs and _verdicts_width(runs, *way, unit) <= right - left)
    called, size = next(fitting, ((), 0.0))
    if not called:
        return None
    things, font = list[Painted](), text_font(size * unit)
    for run, name in zip(runs, called, strict=True):
        outline = marker(run.style, QPointF(left + MARKER_RADIUS * unit, height / 2), MARKER_RADIUS * unit)
        things.append(Shape(outline, brush=faded(palette.runs[run.style], 1.0)))
        left += (2 * MARKER_RADIUS + MARKER_GAP) * unit
        width = _room(name, sharing_room(run.kind), font)
        place = QRectF(left, 0.0, width, height)
        things.append(Words(f"{name}{run.kind.value}", place, font, palette.text, align=LEFT))
        left += width + RUN_GAP * unit
    return VerdictRow(things, left - RUN_GAP * unit)


def least_verdicts_width(runs: Sequence[RunVerdict], unit: float) -> float:
    """The least width that the verdicts need: without the runs' names, in the smallest text."""
    return _verdicts_width(runs, [""] * len(runs), LEAST_TEXT_SIZE, unit)


def sharing_room(kind: Kind) -> tuple[Kind, ...]:
    """The verdicts that take as much room as this one, so that from step to step nothing beside them moves."""
    return ON_THE_WAY if kind in ON_THE_WAY else (kind,)


def _room(name: str, kinds: Sequence[Kind], font: QFont) -> float:
    """The width of a run's name with the widest of these verdicts."""
    return max(width_of(font, f"{name}{kind.value}") for kind in kinds) + 1.0


def _verdicts_width(runs: Sequence[RunVerdict], names: Sequence[str], size: float, unit: float) -> float:
    """The width of the verdicts on runs, under these names, at any step, so that all steps have the same layout.

    Only a rarer verdict with a longer word may need more.
    """
    font, usual = text_font(size * unit), (*ON_THE_WAY, Kind.CONVERGED, Kind.DIVERGING)
    ends = [
        (2 * MARKER_RADIUS + MARKER_GAP) * unit + _room(name, (*usual, run.kind), font)
        for run, name in zip(runs, names, strict=True)
    ]
    return sum(ends) + RUN_GAP * unit * (len(names) - 1)
