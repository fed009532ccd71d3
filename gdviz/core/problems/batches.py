"""Mini-batches: which rows each step of a run sees, the gradient over them, and the loss of all rows beside it."""

import sys
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.core.precision import Precision
from gdviz.core.problems.capabilities import HasBatches, HasBatchTape
from gdviz.core.problems.problem import Evaluate, Point
from gdviz.core.problems.tape import Tape

BLOCK_ROWS = 16_384  # about as many rows are drawn at a time, for several steps where the batches are small


class Batches:
    """The batches of a run: ``size`` rows for each step, drawn with replacement, all rows alike.

    They follow from seed, size, number of rows and step alone, so that a run can be resumed at any step; their cost
    does not depend on the number of rows. Keeps the batches drawn last: one run, one thread.
    """

    def __init__(self, problem: HasBatches, size: int, seed: int, precision: Precision, again: int = 0) -> None:
        """Nothing is drawn yet. again: after how many steps the same batches come again; 0 for never."""
        self._again = again or sys.maxsize
        self._problem, self._data = problem, problem.data
        self._size, self._seed, self._precision = size, seed, precision
        self._losses = problem.losses(precision)
        self._block_steps = max(1, BLOCK_ROWS // size)
        self._block = -1
        self._drawn: tuple[NDArray[np.floating], NDArray[np.floating]] = self._data.at(slice(0))

    def evaluate(self, point: Point, step: int) -> tuple[Any, Point]:
        """The loss of all rows, and the gradient over the batch of that step, in the run's precision.

        The loss is that of all rows, since the noise of that of a batch would hide how close a run has come. At points
        of shape (2, n) all of them see the same batch.
        """
        return self._losses(point), self.evaluator(step)(point)[1]

    def evaluator(self, step: int) -> Evaluate:
        """Loss and gradient over the batch of that step, in the run's precision."""
        return self._problem.batch_evaluator(*self.columns(step))

    def hessian(self, step: int, point: ArrayLike) -> NDArray[np.float64]:
        """The second derivatives of the loss of the batch of that step at a point of shape (2,), shape (2, 2)."""
        return self._problem.batch_hessian(*self.columns(step), point)

    def columns(self, step: int) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
        """x and y of the rows that the step sees, both of shape (size,), in the run's precision."""
        block, place = divmod(step % self._again, self._block_steps)
        if block != self._block:
            x, y = self._data.at(self._rows(block))
            self._drawn = x.astype(self._precision.dtype), y.astype(self._precision.dtype)
            self._block = block
        x, y = self._drawn
        return x[place], y[place]

    def rows(self, step: int) -> NDArray[np.int64]:
        """The places in the data of the rows that the step sees, counted from 0, shape (size,)."""
        block, place = divmod(step % self._again, self._block_steps)
        rows: NDArray[np.int64] = self._rows(block)[place]
        return rows

    def _rows(self, block: int) -> NDArray[np.int64]:
        """The rows of the steps of a block, shape (steps, size).

        Philox makes its numbers from a key and a counter, and each block has a counter of its own: Salmon, Moraes, Dror
        and Shaw, Parallel random numbers: as easy as 1, 2, 3 (2011).
        """
        generator = np.random.Generator(np.random.Philox(key=self._seed, counter=[0, block, 0, 0]))
        return generator.integers(self._data.rows, size=(self._block_steps, self._size))

    def tape(self, point: Point, step: int) -> Tape:
        """The operations of the loss of the batch of that step, of a problem that `HasBatchTape`."""
        assert isinstance(self._problem, HasBatchTape)
        return self._problem.batch_tape(*self.columns(step), point, self._precision)
