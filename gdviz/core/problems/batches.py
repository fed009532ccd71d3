"""Mini-batches: the rows of each step of a run, the gradient over them, and the loss over all rows."""

import sys
from collections.abc import Iterator
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.core.data.rows import PIECE_ROWS, pieces
from gdviz.core.long_work import between_pieces, worked
from gdviz.core.precision import Precision
from gdviz.core.problems.batch_orders import BatchOrder, row_source
from gdviz.core.problems.capabilities import HasBatches, HasBatchTape
from gdviz.core.problems.problem import Evaluate, Point
from gdviz.core.problems.tape import Tape

FETCH_NANOSECONDS = 25
"""What it takes to fetch a row from anywhere in the data, and to compute its part of the gradient."""


class Batches:
    """The batches of a run: ``size`` rows per step, in a `BatchOrder`; the last one of an epoch may have fewer.

    They depend only on order, seed, size, number of rows and step, so that a run can be resumed at any step, and their
    cost does not depend on the number of rows. Caches the last block of batches: one instance per run and thread.
    """

    def __init__(
        self,
        problem: HasBatches,
        size: int,
        seed: int,
        precision: Precision,
        restart_every: int = 0,
        order: BatchOrder = BatchOrder.WITH_REPLACEMENT,
    ) -> None:
        """restart_every: after how many steps the batches repeat; 0 for never."""
        self._restart_every = restart_every or sys.maxsize
        self._problem, self._data, self._precision = problem, problem.data, precision
        self._losses = problem.losses(precision)
        self._source = row_source(order, self._data.rows, size, seed)
        self._block = -1
        self._drawn: tuple[NDArray[np.floating], NDArray[np.floating]] = self._data.at(slice(0))

    def evaluate(self, point: Point, step: int) -> tuple[Any, Point]:
        """The loss over all rows and the gradient over the batch of that step, in the run's precision.

        The noise of a batch loss would hide how close a run has come. Points of shape (2, n) all see the same batch.
        """
        return self._losses(point), self.evaluator(step)(point)[1]

    def evaluator(self, step: int) -> Evaluate:
        """Loss and gradient over the batch of that step, in the run's precision."""
        x, y = self.columns(step)
        evaluate = self._problem.batch_evaluator(x, y)
        return _given_up_between(evaluate) if x.size > PIECE_ROWS else evaluate

    def hessian(self, step: int, point: ArrayLike) -> NDArray[np.float64]:
        """The Hessian of the loss over the batch of that step at a point, as in `HessianAt`."""
        return self._problem.batch_hessian(*self.columns(step), point)

    def columns(self, step: int) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
        """x and y of the rows in the batch of that step, both of shape (rows,), in the run's precision."""
        block, place = self._source.place(step % self._restart_every)
        if block != self._block:
            self._drawn, self._block = self._fetched(self._source.draw(block)), block
        x, y = self._drawn
        return x[place], y[place]

    def columns_from(self, step: int) -> Iterator[tuple[NDArray[np.floating], NDArray[np.floating]]]:
        """Yield the `columns` of one step after the other, from that step on."""
        return map(self.columns, count(step))

    def _fetched(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
        """x and y of these rows, in the run's precision; many in pieces, so that they can be given up."""
        worked(FETCH_NANOSECONDS * rows.size)
        if rows.size <= PIECE_ROWS:
            x, y = self._data.at(rows)
            return x.astype(self._precision.dtype), y.astype(self._precision.dtype)
        fetched = np.empty((2, rows.size), self._precision.dtype)
        for part in pieces(rows.size):
            between_pieces.get()()
            fetched[0, part], fetched[1, part] = self._data.at(rows[part])
        return fetched[0], fetched[1]

    def rows(self, step: int) -> NDArray[np.int64]:
        """The indices of the rows in the batch of that step, shape (rows,)."""
        block, place = self._source.place(step % self._restart_every)
        return self._source.draw(block)[place]

    def tape(self, point: Point, step: int) -> Tape:
        """The tape of the loss over the batch of that step; requires `HasBatchTape`."""
        assert isinstance(self._problem, HasBatchTape)
        return self._problem.batch_tape(*self.columns(step), point, self._precision)


def _given_up_between(evaluate: Evaluate) -> Evaluate:
    """Evaluate many rows so that it can be given up: runs side by side one after the other, to the same bits."""

    def one_by_one(point: Point) -> tuple[Any, Point]:
        between_pieces.get()()
        if point.ndim == 1:
            return evaluate(point)
        found = []
        for column in range(point.shape[1]):
            between_pieces.get()()
            found.append(evaluate(point[:, column : column + 1]))
        return np.concatenate([loss for loss, _ in found]), np.concatenate([gradient for _, gradient in found], axis=1)

    return one_by_one
