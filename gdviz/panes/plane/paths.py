"""The descent paths on a map of the two parameters: lines cased for contrast, dots, arrows, labels."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath, QPolygonF

from gdviz.panes.landscape.landscape import Arrow, RunPath
from gdviz.plotting.array_paths import arrayToQPath
from gdviz.plotting.label_space import points_between
from gdviz.plotting.pane import Grid
from gdviz.plotting.placement import LabelPlacer, part_inside
from gdviz.plotting.shapes import Dots, Painted, Shape, Words, circle, line, polygon, stacked_radii
from gdviz.plotting.style import Style, casing, faded, marker
from gdviz.plotting.text import fitting
from gdviz.presentation.palette import DASHES

MOST_LARGE_DOTS = 60
"""Up to this many dots are drawn large."""
PIECE_LENGTH = 900.0
"""Rough length in pixels of a path's pieces, each stroked on its own."""
HEAD = 15.0
"""Length of an arrow's head, in units."""
AROUND_HEAD = ((0, -1), (0, 1), (1, 0), (-1, 0), (1, -1), (-1, -1), (1, 1), (-1, 1))
"""The order in which places around it are tried."""
RADIUS = 7.5
"""Radius of a marker, in units."""
MARKER_REACH = 1.3 * RADIUS
"""Labels keep this many units away from where a marker stands or has stood."""
RING = 7.0
"""Radius of the ring at the start, in units."""
POINTS_PER_SIDE = 50.0
"""Points that labels keep clear of, per side length of the square."""


def arrow_things(
    arrow: Arrow, colour: str, dashes: tuple[float, ...], grid: Grid, room: QRectF, labels: LabelPlacer
) -> list[Painted]:
    """The step that leaves the box, with its head just outside the square but inside the pane, which is taken."""
    style = labels.style
    tail, tip = grid.place(*arrow.tail[:2]), _tip(arrow, grid, room)
    head = Shape(arrowhead(tail, tip, HEAD * style.unit), style.pen(casing(colour), 1.6), faded(colour, 1.0))
    labels.taken.append(head.path.boundingRect())
    return [*_shaft(tail, tip, colour, dashes, style), head]


def arrow_words(
    arrow: Arrow, grid: Grid, room: QRectF, labels: LabelPlacer, outside: Sequence[QRectF] = ()
) -> list[Words]:
    """The label of the step that leaves the box, if it has one, at its head, on the square or beside it.

    room: for head and label. outside: what is taken around the square.
    """
    style, unit = labels.style, labels.style.unit
    if not arrow.label:
        return []
    tail, tip = grid.place(*arrow.tail[:2]), _tip(arrow, grid, room)
    middle = _between(tip, tail, min(0.5, HEAD / 2 * unit / max(1.0, length_of(tail, tip))))
    text = fitting(style.text, (arrow.label, *arrow.shorter), room.width() - 8 * unit)
    around = replace(labels, room=room, taken=[*labels.taken, *outside])
    words = around.put(text, middle, (HEAD / 2 + 3) * unit, style.palette.warning, AROUND_HEAD)
    labels.taken.append(words.rect)
    return [words]


def _tip(arrow: Arrow, grid: Grid, room: QRectF) -> QPointF:
    return tip_inside(grid.place(*arrow.wall[:2]), grid.place(*arrow.tip[:2]), room)


def _shaft(tail: QPointF, tip: QPointF, colour: str, dashes: tuple[float, ...], style: Style) -> tuple[Shape, Shape]:
    """The line of the step up to the middle of its head, with its casing."""
    end = _between(tail, tip, 1.0 - min(0.9, 10 * style.unit / max(1.0, length_of(tail, tip))))
    shaft, pen = line(tail, end), style.pen(colour, 3.4, dashes)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return Shape(shaft, style.pen(casing(colour), 6.4, alpha=0.75)), Shape(shaft, pen)


def length_of(begin: QPointF, end: QPointF) -> float:
    """The distance between two places."""
    return float(np.hypot(end.x() - begin.x(), end.y() - begin.y()))


def _between(begin: QPointF, end: QPointF, part: float) -> QPointF:
    return begin + (end - begin) * part


def tip_inside(wall: QPointF, tip: QPointF, room: QRectF) -> QPointF:
    """The tip, pulled back towards ``wall`` to stay inside the room."""
    low, high = room.topLeft().toTuple(), room.bottomRight().toTuple()
    return _between(wall, tip, part_inside(wall.toTuple(), tip.toTuple(), low, high))


def arrowhead(tail: QPointF, tip: QPointF, size: float) -> QPainterPath:
    """The triangle at the end of an arrow."""
    length = max(1e-9, length_of(tail, tip))
    along = (tip - tail) / length if length > 1e-6 else QPointF(1.0, 0.0)
    across = QPointF(-along.y(), along.x())
    base = tip - along * size
    return polygon([tip, base + across * (0.42 * size), base - across * (0.42 * size)])


def run_things(path: RunPath, grid: Grid, style: Style) -> list[Painted]:
    """The steps of one run and their dots."""
    colour = style.palette.runs[path.style]
    outer = casing(colour)
    pieces = _pieces(path.segments, grid) if len(path.segments) else []
    things: list[Painted] = [Shape(piece, style.pen(outer, 5.4), clip=grid.area) for piece, _ in pieces]
    for piece, begin in pieces:
        pen = style.pen(colour, 2.6, DASHES[path.style])
        if pen.style() is Qt.PenStyle.CustomDashLine:
            pen.setDashOffset(begin / pen.widthF())
        things.append(Shape(piece, pen, clip=grid.area))
    if len(path.dots):
        places = QPolygonF([grid.place(float(x), float(y)) for x, y, _ in path.dots])
        size = 6.0 if len(path.dots) <= MOST_LARGE_DOTS else 4.0
        things += [Dots(places, style.pen(outer, size + 2.0)), Dots(places, style.pen(colour, size))]
    return things


def current_things(paths: Sequence[RunPath], grid: Grid, style: Style) -> list[Shape]:
    """The marker of each run at its current place, the first on top, covered ones larger, so that all are visible."""
    shown = [(path, grid.place(*path.current[:2])) for path in paths if path.current is not None]
    radii = stacked_radii([place for _, place in shown], RADIUS * style.unit)
    things = []
    for (path, place), radius in zip(shown, radii, strict=True):
        colour = style.palette.runs[path.style]
        pen = style.pen(casing(colour), 2.0)
        things.append(Shape(marker(path.style, place, radius), pen, faded(colour, 1.0)))
    return things[::-1]


def _pieces(segments: NDArray[np.float32], grid: Grid) -> list[tuple[QPainterPath, float]]:
    """The path cut into pieces of limited length, and how many pixels of the path precede each.

    A stroke that crosses itself hundreds of times takes a second to fill; cut up, it takes milliseconds. The preceding
    length lets the dashes continue from one piece to the next.
    """
    pixels = in_pixels(segments, grid)
    before = np.concatenate([[0.0], np.hypot(*(pixels[:, 1] - pixels[:, 0]).T).cumsum()])[:-1]
    cuts = np.flatnonzero(np.diff(before // PIECE_LENGTH)) + 1
    return [
        (segments_path(part), float(length[0]))
        for part, length in zip(np.split(pixels, cuts), np.split(before, cuts), strict=True)
    ]


def in_pixels(segments: NDArray[np.float32], grid: Grid) -> NDArray[np.float64]:
    """The pixels of both ends of segments of shape (m, 2, 3), shape (m, 2, 2)."""
    return grid.pixels(segments[:, :, :2].astype(np.float64))


def segments_path(pixels: NDArray[np.float64]) -> QPainterPath:
    """Segments in pixels, shape (m, 2, 2), as one path, broken where they do not meet."""
    points = pixels.reshape(-1, 2)
    connected = np.ones(len(points), dtype=np.int32)
    connected[1:-1:2] = (points[1:-1:2] == points[2::2]).all(axis=1)
    return arrayToQPath(points[:, 0].copy(), points[:, 1].copy(), connect=connected)


def points_along(paths: Sequence[RunPath], grid: Grid) -> NDArray[np.float64]:
    """Points along all paths and ghosts in pixels, shape (n, 2), which labels should not cover."""
    segments = [part for path in paths for part in (path.segments, path.ghost)]
    ends = in_pixels(np.concatenate([np.empty((0, 2, 3), np.float32), *segments]), grid)
    # Too close together for a label to fit in between.
    return points_between(ends, grid.area.width() / POINTS_PER_SIDE)


def passed_places(paths: Sequence[RunPath], grid: Grid) -> NDArray[np.float64]:
    """Where the markers of all runs stand or have stood, in pixels, shape (n, 2)."""
    dots = np.concatenate([np.empty((0, 3), np.float32), *(path.stops for path in paths)])
    return grid.pixels(dots[:, :2].astype(np.float64))


def start_rings(paths: Sequence[RunPath], grid: Grid, style: Style) -> list[Shape]:
    """A ring at the start of each run."""
    rings = [circle(place, RING * style.unit) for place in _starts(paths, grid)]
    pens = style.pen("#05080c", 5.0), style.pen("#ffffff", 2.4)
    return [Shape(ring, pen) for ring in rings for pen in pens]


def start_words(paths: Sequence[RunPath], grid: Grid, labels: LabelPlacer) -> list[Words]:
    """The word "start" at each distinct start."""
    return [labels.put("start", place, (RING + 4) * labels.style.unit) for place in _starts(paths, grid)]


def _starts(paths: Sequence[RunPath], grid: Grid) -> list[QPointF]:
    places = dict.fromkeys(path.start[:2] for path in paths if path.start is not None)
    return [grid.place(x, y) for x, y in places]
