"""Where in a room nothing is drawn, cell by cell, and where a rectangle has the most free space around it."""

import math
from bisect import bisect_left
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF

Array = NDArray[np.float64]
Cells = NDArray[np.bool_]
"""Which of the square cells of a room, shape (rows, columns), from its upper left corner."""

CELL = 4.0
"""The side of a cell, in pixels."""
SPACIOUS = (4.0, 3.0, 2.4, 2.0, 1.7, 1.4, 1.2, 1.0)
"""A rectangle goes where one so many times as large would fit, if possible: into the middle of the free space."""


def _shape(room: QRectF) -> tuple[int, int]:
    return int(room.height() // CELL), int(room.width() // CELL)


def cell_centres(room: QRectF) -> tuple[Array, Array]:
    """The centres of the columns as parts of the room's width, shape (columns,), of the rows as parts of its height."""
    rows, columns = ((np.arange(count) + 0.5) * CELL for count in _shape(room))
    return np.asarray(columns / room.width()), np.asarray(rows / room.height())


def with_neighbours(points: Array, distance: float) -> Array:
    """Points, shape (n, 2), and for each the eight around it, shape (9 n, 2)."""
    shifts = [(distance * across, distance * down) for across in (-1, 0, 1) for down in (-1, 0, 1)]
    return np.concatenate([points + shift for shift in shifts])


def free_cells(room: QRectF, taken: Iterable[QRectF], obstacles: Array) -> Cells:
    """The cells that are at least one cell away from each taken place and each obstacle, shape (n, 2)."""
    corner = np.array([room.left(), room.top()])
    free = np.full(_shape(room), True)
    for rect in taken:
        left, top = np.maximum(0, ([rect.left(), rect.top()] - corner) // CELL - 1).astype(int)
        right, bottom = np.maximum(0, ([rect.right(), rect.bottom()] - corner) // CELL + 2).astype(int)
        free[top:bottom, left:right] = False
    hit = np.full((free.shape[0] + 2, free.shape[1] + 2), False)  # with a cell more on each side
    places = (obstacles - corner) // CELL + 1.0
    x, y = places[((places >= 0.0) & (places < hit.shape[::-1])).all(axis=1)].astype(int).T
    hit[y, x] = True
    across = hit[:, :-2] | hit[:, 1:-1] | hit[:, 2:]
    return free & ~(across[:-2] | across[1:-1] | across[2:])


def counted(free: Cells) -> NDArray[np.int32]:
    """How many free cells are above and left of each corner of a cell, shape (rows + 1, columns + 1)."""
    sums = np.zeros((free.shape[0] + 1, free.shape[1] + 1), np.int32)
    free.cumsum(axis=1, dtype=np.int32, out=sums[1:, 1:])
    sums.cumsum(axis=0, out=sums)
    return sums


def roomiest(room: QRectF, sums: NDArray[np.int32], width: float, height: float) -> QRectF | None:
    """A rectangle of that size in pixels, on free cells only and with much free space around it; None if none fits.

    sums: of the cells, see `counted`.
    """
    sizes = [[math.ceil(length / CELL * factor) + 1 for length in (width, height)] for factor in SPACIOUS]
    # What fits has room for all that is smaller: three of the sizes are tried, not each.
    first = bisect_left(sizes, True, key=lambda size: bool(_fitting(sums, *size).any()))
    if first == len(sizes):
        return None
    across, down = sizes[first]
    rows, columns = np.nonzero(_fitting(sums, across, down))
    # The one nearest to the middle of all that fit.
    away = (rows - rows.mean()) ** 2 + (columns - columns.mean()) ** 2
    best = int(away.argmin())
    middle = room.topLeft() + QPointF(float(columns[best]) + across / 2, float(rows[best]) + down / 2) * CELL
    return QRectF(middle.x() - width / 2, middle.y() - height / 2, width, height)


def _fitting(sums: NDArray[np.int32], across: int, down: int) -> Cells:
    """Where the upper left corner of a rectangle of so many free cells may be; of no shape where there is no room."""
    if across >= sums.shape[1] or down >= sums.shape[0] or sums[-1, -1] < across * down:
        return np.empty((0, 0), np.bool_)
    counts = sums[down:, across:] - sums[:-down, across:] - sums[down:, :-across] + sums[:-down, :-across]
    return np.asarray(counts == across * down)
