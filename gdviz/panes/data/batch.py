"""The rows of the mini-batch that a step sees, where each row of the data is a dot."""

import sys
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gdviz.core.descent.recording import Recording
from gdviz.core.problems.batch_orders import BatchOrder, row_source
from gdviz.core.problems.capabilities import HasData
from gdviz.panes.data.density import MAX_DOTS


def batch_rows(recording: Recording, step: int) -> NDArray[np.int64] | None:
    """Indices of the rows that the next step sees, or the last one saw; None for all, or too many rows for dots."""
    run, problem = recording.experiment, recording.experiment.problem
    if run.batch_size is None or not isinstance(problem, HasData) or problem.data.rows > MAX_DOTS:
        return None
    last = max(0, min(step, recording.last_step, run.steps - 1))
    chosen = run.batch_order, problem.data.rows, run.batch_size, run.seed
    block, place = row_source(*chosen).place(last % (run.restart_every or sys.maxsize))
    return np.unique(_block(*chosen, block)[place])


# A block is drawn as a whole, and has the rows of many steps.
@lru_cache(maxsize=4)
def _block(order: BatchOrder, rows: int, size: int, seed: int, block: int) -> NDArray[np.int64]:
    return row_source(order, rows, size, seed).draw(block)
