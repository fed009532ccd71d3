"""Curves that grow to the right: what of them no longer changes is kept as an image together with their backdrop."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPen

from gdviz.plotting.curves import is_in_pieces, reach_of, stroked
from gdviz.plotting.image_cache import ImageCache, Paint
from gdviz.plotting.shapes import Painted, Shape, paint_all
from gdviz.plotting.vector_output import draws_vectors

COLUMNS = 64.0
"""The image is made anew whenever the curves have grown by so many pixels."""


class Curve(NamedTuple):
    """A curve through places of shape (n, 2), in pixels from left to right, with a gap at NaN.

    dots: at the points between two gaps, if there are any.
    """

    places: NDArray[np.float64]
    pen: QPen
    dots: Shape | None = None


class Backdrop(NamedTuple):
    """What is painted behind the curves in ``rect``. key: equal keys mean equal backdrops."""

    rect: QRectF
    key: object
    paint: Paint
    is_opaque: bool


class GrowingCurves:
    """The curves of one plot, the last one on top.

    To stroke a curve of some hundred points takes longer than all else in the plot. With the columns to the left of an
    edge kept, and only the rest stroked, each pixel is the same as if all were.
    """

    def __init__(self) -> None:
        self._cache = ImageCache()
        self._curves: tuple[Curve, ...] = ()
        self._area = QRectF()

    def show(self, curves: Sequence[Curve], area: QRectF) -> None:
        """Set the curves, and the plot in which they are seen, whose edges are whole pixels."""
        self._curves, self._area = tuple(curves), area

    def paint(self, painter: QPainter, backdrop: Backdrop) -> None:
        """Paint the backdrop with the curves on it."""
        edge = self._edge()
        if edge <= self._area.left() or not backdrop.is_opaque or draws_vectors(painter):
            backdrop.paint(painter)
            self._stroke(painter, self._area)
            return
        kept, rest = QRectF(self._area), QRectF(self._area)
        kept.setRight(edge)
        rest.setLeft(edge)

        def paint_kept(painter: QPainter) -> None:
            backdrop.paint(painter)
            self._stroke(painter, kept)

        key = backdrop.key, kept, [_seen_before(edge, curve) for curve in self._curves]
        self._cache.paint(painter, backdrop.rect, key, paint_kept, opaque=True)
        self._stroke(painter, rest)

    def clear(self) -> None:
        """Free the image of what is kept."""
        self._cache.clear()

    def _edge(self) -> float:
        """Up to which x nothing changes while the curves grow by a few pixels."""
        left = self._area.left()
        if any(curve.dots is not None for curve in self._curves):
            return left
        ends = [float(curve.places[-1, 0]) - reach_of(curve.pen) for curve in self._curves if len(curve.places)]
        grown = max(ends, default=left)
        return left + (grown - left) // COLUMNS * COLUMNS

    def _stroke(self, painter: QPainter, area: QRectF) -> None:
        things = list[Painted]()
        for places, pen, dots in self._curves:
            things += stroked(places, pen, area)
            things += [dots] if dots is not None else []
        paint_all(painter, things)


def _seen_before(x: float, curve: Curve) -> tuple[bytes, QPen, bool]:
    """All that decides how the curve looks to the left of ``x``; where pieces join, its edges are slightly stronger."""
    places, pen, _ = curve
    seen = places[: int(np.searchsorted(places[:, 0], x + reach_of(pen))) + 1]
    return seen.tobytes(), pen, is_in_pieces(places)
