"""Curves against the step, with gaps: strokes that stay fast where they oscillate, and dots between two gaps."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath, QPen

from gdviz.plotting.array_paths import arrayToQPath
from gdviz.plotting.shapes import Shape

STEPS_PER_PIECE = 24
"""Steps per piece of an oscillating curve."""

Array = NDArray[np.float64]


def reach_of(pen: QPen) -> float:
    """How far from its places a stroke is seen, at most."""
    return pen.widthF() + 1.0


def stroked(places: Array, pen: QPen, clip: QRectF) -> list[Shape]:
    """What is seen in ``clip`` of the curve through places of shape (n, 2), in pixels from left to right, a gap at NaN.

    An oscillating one is cut into pieces, since stroking takes time quadratic in the length.
    """
    dashes, lengths = pen.dashPattern(), None
    shapes, size = [], STEPS_PER_PIECE if is_in_pieces(places) else max(1, len(places))
    first, last = np.searchsorted(places[:, 0], [clip.left() - reach_of(pen), clip.right() + reach_of(pen)]).tolist()
    if dashes:  # from another place on they would be slightly shifted
        first = 0
    for start in range(0, max(1, len(places) - 1), size):
        begin, end = max(start, first - 1), min(start + size, last)
        if begin >= end:
            continue
        piece, own = places[begin : end + 1], QPen(pen)
        if dashes and begin:  # continue the dashes of the previous piece
            lengths = _lengths(places) / pen.widthF() if lengths is None else lengths
            own.setDashOffset(float(lengths[begin - 1]))
        shapes.append(Shape(arrayToQPath(*piece.T.copy(), connect="finite"), own, clip=clip))
    return shapes


def _lengths(places: Array) -> Array:
    """How long the line through n places is up to each but the first, shape (n - 1,); gaps have no length."""
    return np.asarray(np.nan_to_num(np.hypot(*np.diff(places, axis=0).T)).cumsum())


def lone_points(places: Array, is_marked: bool) -> Array:
    """The places between two gaps, which no line shows, such as a start before a loss of 0; shape (k, 2).

    is_marked: whether the last one has a marker.
    """
    shown = np.isfinite(places).all(axis=1)
    around = np.concatenate([[False], shown, [False]])
    lone = shown & ~around[:-2] & ~around[2:]
    if is_marked:
        lone[-1:] = False
    return places[lone]


def dots(places: Array, radius: float) -> QPainterPath:
    """Dots of that radius at places of shape (k, 2), in pixels."""
    path = QPainterPath()
    for x, y in places.tolist():
        path.addEllipse(QPointF(x, y), radius, radius)
    return path


def is_in_pieces(places: Array) -> bool:
    """Whether a curve of shape (n, 2) turns between up and down so often that it is stroked in pieces."""
    rises = np.sign(np.diff(places[:, 1]))
    return int(np.count_nonzero(rises[1:] * rises[:-1] < 0)) > STEPS_PER_PIECE
