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
    x, y = np.floor((obstacles - corner).T / CELL) + 1.0  # many times faster than //
    is_inside = (x >= 0.0) & (y >= 0.0) & (x < hit.shape[1]) & (y < hit.shape[0])
    hit[y[is_inside].astype(int), x[is_inside].astype(int)] = True
    across = hit[:, :-2] | hit[:, 1:-1] | hit[:, 2:]
    return free & ~(across[:-2] | across[1:-1] | across[2:])


def packed(cells: Cells) -> int:
    """The cells as the bits of one number, row after row, the lowest first, each row with a bit more that is 0.

    Operations on such a number are as fast as those on arrays, and do not release the interpreter to another thread,
    which may keep it for long: the arrays of all the sizes that are tried did so hundreds of times.
    """
    return int.from_bytes(np.packbits(np.pad(cells, ((0, 0), (0, 1))), bitorder="little").tobytes(), "little")


def roomiest(room: QRectF, free: int, width: float, height: float) -> QRectF | None:
    """A rectangle of that size in pixels, on free cells only and with much free space around it; None if none fits.

    free: the cells, see `packed`.
    """
    sizes = [[math.ceil(length / CELL * factor) + 1 for length in (width, height)] for factor in SPACIOUS]
    stride = _shape(room)[1] + 1
    # What fits has room for all that is smaller: three of the sizes are tried, not each.
    first = bisect_left(sizes, True, key=lambda size: _fitting(free, stride, *size) != 0)
    if first == len(sizes):
        return None
    across, down = sizes[first]
    fitting = _fitting(free, stride, across, down)
    bits = np.frombuffer(fitting.to_bytes(fitting.bit_length() // 8 + 1, "little"), np.uint8)
    rows, columns = np.divmod(np.flatnonzero(np.unpackbits(bits, bitorder="little")), stride)
    # The one nearest to the middle of all that fit.
    away = (rows - rows.mean()) ** 2 + (columns - columns.mean()) ** 2
    best = int(away.argmin())
    middle = room.topLeft() + QPointF(float(columns[best]) + across / 2, float(rows[best]) + down / 2) * CELL
    return QRectF(middle.x() - width / 2, middle.y() - height / 2, width, height)


def _fitting(free: int, stride: int, across: int, down: int) -> int:
    """Where the upper left corner of a rectangle of so many free cells may be; stride: the bits of a row."""
    return _in_succession(_in_succession(free, across, 1), down, stride)


def _in_succession(bits: int, count: int, stride: int) -> int:
    """The bits that are set, as are the ``count`` - 1 that follow every ``stride`` bits."""
    done = 1
    while done < count:
        step = min(done, count - done)
        bits &= bits >> step * stride
        done += step
    return bits
