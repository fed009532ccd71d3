"""The rows of each mini-batch: drawn with replacement, shuffled each epoch, or in their order in the data."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from gdviz.core.data.rows import PIECE_ROWS, pieces
from gdviz.core.long_work import between_pieces, worked
from gdviz.core.problems.permutation import permuted

Rows = NDArray[np.int64]
DRAW_NANOSECONDS = 5  # to draw a row
BLOCK_ROWS = 16_384  # rows drawn at a time, approximately; several steps if the batches are small


class BatchOrder(StrEnum):
    """How rows are chosen for batches, by the names that users type; the default first.

    Shuffled, every epoch sees each row once, in a new order; sequential epochs always go from the first row to the
    last. As in PyTorch's DataLoader by default, the last batch of such an epoch has the remaining rows.
    """

    WITH_REPLACEMENT = "with-replacement"
    SHUFFLED = "shuffled"
    SEQUENTIAL = "sequential"


class RowSource(ABC):
    """The rows of all batches, drawn in blocks that depend only on their number, so that a run can resume anywhere."""

    def __init__(self, rows: int, size: int, seed: int) -> None:
        """rows: of the data; size: of a batch, at most ``rows``."""
        self._count, self._size, self._seed = rows, size, seed
        self._block_steps = max(1, BLOCK_ROWS // size)

    @abstractmethod
    def place(self, step: int) -> tuple[int, slice]:
        """The block that contains the batch of a step, and where in it."""

    @abstractmethod
    def draw(self, block: int) -> Rows:
        """The indices of the rows of a block, shape (n,)."""

    def _generator(self, block: int, stream: int) -> np.random.Generator:
        """Philox generates numbers from a key and a counter, and each block has its own counter.

        Source: Salmon, Moraes, Dror and Shaw, Parallel random numbers: as easy as 1, 2, 3 (2011).
        """
        return np.random.Generator(np.random.Philox(key=self._seed, counter=[0, block, stream, 0]))


def row_source(order: BatchOrder, rows: int, size: int, seed: int) -> RowSource:
    """The rows of the batches of a run, at a cost independent of the number of rows."""
    if order is BatchOrder.WITH_REPLACEMENT:
        return _WithReplacement(rows, size, seed)
    if order is BatchOrder.SEQUENTIAL:
        return _Sequential(rows, size, seed)
    return _ShuffledFew(rows, size, seed) if rows <= BLOCK_ROWS else _ShuffledMany(rows, size, seed)


def _in_pieces(count: int, draw: Callable[[slice], Rows]) -> Rows:
    """Draw so many rows, many of them in pieces, so that they can be given up."""
    worked(DRAW_NANOSECONDS * count)
    if count <= PIECE_ROWS:
        return draw(slice(0, count))
    drawn = np.empty(count, np.int64)
    for part in pieces(count):
        between_pieces.get()()
        drawn[part] = draw(part)
    return drawn


def steps_per_epoch(rows: int, size: int) -> int:
    """The steps in which each row is seen once, without replacement."""
    return -(-rows // size)


class _WithReplacement(RowSource):
    """Every row of every batch is drawn uniformly from all."""

    def place(self, step: int) -> tuple[int, slice]:
        block, place = divmod(step, self._block_steps)
        return block, slice(place * self._size, (place + 1) * self._size)

    def draw(self, block: int) -> Rows:
        generator, count = self._generator(block, 0), self._block_steps * self._size
        return _in_pieces(count, lambda part: generator.integers(self._count, size=part.stop - part.start))


class _ShuffledFew(RowSource):
    """A uniformly random permutation per epoch; a block is some epochs."""

    def place(self, step: int) -> tuple[int, slice]:
        epoch, place = divmod(step, steps_per_epoch(self._count, self._size))
        block, inner = divmod(epoch, self._epochs)
        begin, end = inner * self._count + place * self._size, (inner + 1) * self._count
        return block, slice(begin, min(begin + self._size, end))

    def draw(self, block: int) -> Rows:
        in_order = np.broadcast_to(np.arange(self._count), (self._epochs, self._count))
        shuffled: Rows = self._generator(block, 1).permuted(in_order, axis=1).ravel()
        return shuffled

    @property
    def _epochs(self) -> int:
        return BLOCK_ROWS // self._count


class _Sequential(RowSource):
    """The rows from the first to the last, again and again; a block is a part of an epoch."""

    def place(self, step: int) -> tuple[int, slice]:
        part, inner = divmod(step % steps_per_epoch(self._count, self._size), self._block_steps)
        return part, self._inside(part, inner)

    def draw(self, block: int) -> Rows:
        return self._positions(block)

    def _inside(self, part: int, inner: int) -> slice:
        left = self._count - part * self._block_steps * self._size
        return slice(inner * self._size, min((inner + 1) * self._size, left))

    def _positions(self, part: int) -> Rows:
        """The places of a part's rows in its epoch."""
        begin = part * self._block_steps * self._size
        return np.arange(begin, min(begin + self._block_steps * self._size, self._count))


class _ShuffledMany(_Sequential):
    """A permutation per epoch, computed place by place, so that memory does not grow with the data."""

    def place(self, step: int) -> tuple[int, slice]:
        epoch, place = divmod(step, steps_per_epoch(self._count, self._size))
        part, inner = divmod(place, self._block_steps)
        return epoch * self._parts + part, self._inside(part, inner)

    def draw(self, block: int) -> Rows:
        epoch, part = divmod(block, self._parts)
        positions = self._positions(part)
        # Every piece needs the same keys.
        return _in_pieces(
            positions.size, lambda piece: permuted(positions[piece], self._count, self._generator(epoch, 2))
        )

    @property
    def _parts(self) -> int:
        """Blocks per epoch."""
        return steps_per_epoch(steps_per_epoch(self._count, self._size), self._block_steps)
