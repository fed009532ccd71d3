"""How points, residuals and lines of the data plot are drawn, and how where the tape speaks of some of them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QPen

from gdviz.plotting.style import Style, faded
from gdviz.presentation.highlight import Meaning
from gdviz.presentation.palette import DASHES

RECEDED = 0.3
"""The part of its opacity that is left of what the tape does not speak of."""
_SPOKEN_OF = (Meaning.DATA, Meaning.PREDICTIONS, Meaning.RESIDUALS)


@dataclass(frozen=True, eq=False)
class DataPens:
    """A pen for each kind of line, and one for the points; runs: by their style."""

    points: QPen
    residuals: QPen
    truth: QPen
    best: QPen
    runs: tuple[QPen, ...]


def plain_pens(style: Style, rows: int, live: int) -> DataPens:
    """Those of so many rows, with the residuals of the live run, whose style that is."""
    palette = style.palette
    # Many points cover each other; the more there are, the more transparent each is.
    width, opacity = (7.0, 0.6) if rows <= 500 else (4.0, 0.3)
    return DataPens(
        style.pen(palette.points, width, alpha=opacity),
        # Round ends take ten times as long, and points and line cover them.
        _flat(style.pen(palette.runs[live], 1.0, alpha=0.5)),
        style.pen(palette.truth, 2.4, (5.0, 2.5)),
        style.pen(palette.quiet, 2.4, (1.2, 1.6)),
        tuple(style.pen(colour, 3.4, dashes) for colour, dashes in zip(palette.runs, DASHES, strict=True)),
    )


def lit_pens(plain: DataPens, meaning: Meaning | None, live: int, style: Style) -> DataPens:
    """The same, or with what is meant bolder and all else receded."""
    if meaning not in _SPOKEN_OF:
        return plain
    back = DataPens(
        _receded(plain.points), _receded(plain.residuals), _receded(plain.truth), _receded(plain.best), plain.runs
    )
    width, accent = plain.points.widthF(), style.palette.accent
    if meaning is Meaning.DATA:
        return replace(back, points=_wider(plain.points, 1.5, 0.95), runs=_all_receded(plain.runs))
    runs = tuple(pen if index == live else _receded(pen) for index, pen in enumerate(plain.runs))
    if meaning is Meaning.RESIDUALS:
        thick = _flat(style.pen(accent, 0.36 * width / style.unit, alpha=0.9))
        return replace(back, residuals=thick, runs=runs)
    dashes = DASHES[live]
    line = style.pen(style.palette.runs[live], 6.0, dashes)
    return replace(back, runs=(*runs[:live], line, *runs[live + 1 :]))


def _flat(pen: QPen) -> QPen:
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen


def _receded(pen: QPen) -> QPen:
    return _wider(pen, 1.0, RECEDED * pen.color().alphaF())


def _all_receded(pens: Iterable[QPen]) -> tuple[QPen, ...]:
    return tuple(_receded(pen) for pen in pens)


def _wider(pen: QPen, factor: float, opacity: float) -> QPen:
    found = QPen(pen)
    found.setWidthF(factor * pen.widthF())
    found.setColor(faded(pen.color().name(), opacity))
    return found
