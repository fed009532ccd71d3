"""Several runs in the header: the marker of each and the verdict on it in a word, as many words as fit."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt

from gdviz.panes.bars.picture import Standing
from gdviz.plotting.fonts import text_font
from gdviz.plotting.shapes import Painted, Shape, Words
from gdviz.plotting.style import Style, faded, marker
from gdviz.plotting.text import width_of

TEXT, LEAST_TEXT = 18.0, 15.0
"""The size of the text in units; with the least one the names are left out rather than made smaller."""
RADIUS, GAP, BETWEEN = 6.0, 4.0, 13.0
"""Units: of a marker, between it and its text, and between two runs."""


@dataclass(frozen=True, eq=False)
class Standings:
    """What to paint, and where it ends."""

    things: tuple[Painted, ...]
    right: float


def standings(runs: Sequence[Standing], left: float, right: float, height: float, style: Style) -> Standings | None:
    """The runs beside each other from left to right in a line so high; None without runs or where they do not fit.

    With their names if there is room for these; else their markers tell which they are.
    """
    named = [f"{run.name} {run.kind.value}" for run in runs]
    for texts, size in ((named, TEXT), (named, LEAST_TEXT), ([run.kind.value for run in runs], LEAST_TEXT)):
        if runs and _width(texts, size, style.unit) <= right - left:
            return _placed(runs, texts, left, height, size, style)
    return None


def least_width(runs: Sequence[Standing], unit: float) -> float:
    """The pixels that they need at least, each with its verdict and no name."""
    return _width([run.kind.value for run in runs], LEAST_TEXT, unit)


def _width(texts: Sequence[str], size: float, unit: float) -> float:
    font = text_font(size * unit)
    ends = [(2 * RADIUS + GAP) * unit + width_of(font, text) + 1.0 for text in texts]
    return sum(ends) + BETWEEN * unit * (len(texts) - 1)


def _placed(
    runs: Sequence[Standing], texts: Sequence[str], left: float, height: float, size: float, style: Style
) -> Standings:
    unit, font = style.unit, text_font(size * style.unit)
    things: list[Painted] = []
    for run, text in zip(runs, texts, strict=True):
        middle = QPointF(left + RADIUS * unit, height / 2)
        outline = marker(run.style, middle, RADIUS * unit)
        things.append(Shape(outline, brush=faded(style.palette.runs[run.style], 1.0)))
        left += (2 * RADIUS + GAP) * unit
        width = width_of(font, text) + 1.0
        things.append(Words(text, QRectF(left, 0.0, width, height), font, style.palette.text, align=_LEFT))
        left += width + BETWEEN * unit
    return Standings(tuple(things), left - BETWEEN * unit)


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
