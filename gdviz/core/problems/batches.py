"""Mini-batches: the rows of each step of a run, the gradient over them, and the loss over all rows."""

import sys
from collections.abc import Iterator
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.core.precision import Precision
from gdviz.core.problems.batch_orders import BatchOrder, row_source
from gdviz.core.problems.capabilities import HasBatches, HasBatchTape
from gdviz.core.problems.problem import Evaluate, Point
from gdviz.core.problems.tape import Tape


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
        return self._problem.batch_evaluator(*self.columns(step))

    def hessian(self, step: int, point: ArrayLike) -> NDArray[np.float64]:
        """The Hessian of the loss over the batch of that step at a point, as in `HessianAt`."""
        return self._problem.batch_hessian(*self.columns(step), point)

    def columns(self, step: int) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
        """x and y of the rows in the batch of that step, both of shape (rows,), in the run's precision."""
        block, place = self._source.place(step % self._restart_every)
        if block != self._block:
            x, y = self._data.at(self._source.draw(block))
            self._drawn = x.astype(self._precision.dtype), y.astype(self._precision.dtype)
            self._block = block
        x, y = self._drawn
        return x[place], y[place]

    def columns_from(self, step: int) -> Iterator[tuple[NDArray[np.floating], NDArray[np.floating]]]:
        """Yield the `columns` of one step after the other, from that step on."""
        return map(self.columns, count(step))

    def rows(self, step: int) -> NDArray[np.int64]:
        """The indices of the rows in the batch of that step, shape (rows,)."""
        block, place = self._source.place(step % self._restart_every)
        return self._source.draw(block)[place]

    def tape(self, point: Point, step: int) -> Tape:
        """The tape of the loss over the batch of that step; requires `HasBatchTape`."""
        assert isinstance(self._problem, HasBatchTape)
        return self._problem.batch_tape(*self.columns(step), point, self._precision)
