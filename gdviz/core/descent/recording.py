"""The append-only record of a run: the single source of what is played, plotted and exported."""

import logging
import time
from bisect import bisect_right
from copy import deepcopy
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gdviz.core.descent.checkpoint import Checkpoint, start
from gdviz.core.descent.evaluations import StepEvaluation
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.loop import Chunk, descend, replay
from gdviz.core.descent.optimizers import Evaluation
from gdviz.core.descent.stretches import Stretches

logger = logging.getLogger(__name__)

CHECKPOINT_STEPS = 128
"""States take the memory of 4 steps or more; at this spacing any of them is recovered within ten milliseconds."""
COLUMNS = ("points", "losses", "gradients", "directions", "learning_rates")
VECTOR_COLUMNS = ("points", "gradients", "directions")


@dataclass
class Milestones:
    """The first steps at which the loss or a parameter was infinite or NaN; None if that has not happened.

    infinite, nan: one entry per parameter.
    """

    infinite_loss: int | None = None
    nan_loss: int | None = None
    infinite: tuple[int | None, int | None] = (None, None)
    nan: tuple[int | None, int | None] = (None, None)


class States(NamedTuple):
    """What a checkpoint needs beside the point, which is recorded anyway."""

    step: int
    state: Any
    schedule_state: Any


class Recording:
    """Steps 0 to ``last_step`` of an experiment, in its precision; rows are appended and never modified.

    Columns: ``points`` (n, 2), ``losses`` (n,), ``gradients`` (n, 2), ``directions`` (n, 2), ``learning_rates`` (n,),
    as in `gdviz.core.descent.loop.Chunk`. They are read-only views; earlier ones stay valid as the recording grows.
    It grows in one thread, and may be read in others.
    """

    points: NDArray[np.floating]
    losses: NDArray[np.floating]
    gradients: NDArray[np.floating]
    directions: NDArray[np.floating]
    learning_rates: NDArray[np.floating]

    def __init__(self, experiment: Experiment, checkpoint_steps: int = CHECKPOINT_STEPS) -> None:
        """Allocate all steps of the experiment; the system commits memory only as it is filled."""
        rows, dtype = experiment.steps + 1, experiment.precision.dtype
        self.experiment = experiment
        self.milestones = Milestones()
        self.without_loss, *self.without_parameter = Stretches(), Stretches(), Stretches()
        """Where the loss, and each parameter, is infinite or NaN."""
        self._checkpoint_steps = checkpoint_steps
        self._states: list[States] = []
        self._replayed: Checkpoint | None = None
        self._buffers = [np.empty((rows, 2) if name in VECTOR_COLUMNS else rows, dtype) for name in COLUMNS]
        self._expose_rows(0)

    def __getstate__(self) -> dict[str, Any]:
        """Pickle or copy the recorded rows only, not the free capacity; so the other recording cannot grow."""
        grown = {"_states": self._states[:], "milestones": replace(self.milestones)}
        grown |= deepcopy({name: self.__dict__[name] for name in ("without_loss", "without_parameter")})
        return self.__dict__ | grown | {"_buffers": [getattr(self, name) for name in COLUMNS]}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Restore the recording, with read-only columns."""
        self.__dict__.update(state)
        self._expose_rows(len(self))

    def __len__(self) -> int:
        """The number of recorded steps, including the start."""
        return len(self.losses)

    @property
    def step_factors(self) -> NDArray[np.floating]:
        """What each direction is multiplied by to give the step, shape (n,): the learning rate, or 1."""
        if self.experiment.optimizer.scales_with_rate:
            return self.learning_rates
        one = self.learning_rates.dtype.type(1)
        return np.broadcast_to(one, self.learning_rates.shape)  # without memory: a frame needs a single one

    @property
    def last_step(self) -> int:
        """The last recorded step; -1 if there is none."""
        return len(self) - 1

    @property
    def is_complete(self) -> bool:
        """Whether every step of the experiment is recorded."""
        return self.last_step == self.experiment.steps

    def rate_at(self, step: int) -> float:
        """The learning rate at a step, in full precision if it is predetermined.

        Otherwise the recorded rate; for a step not yet recorded, that of the last recorded step, or the first rate.
        """
        schedule = self.experiment.schedule
        if schedule.is_predetermined:
            return schedule(step)
        return float(self.learning_rates[min(step, self.last_step)]) if len(self) else schedule.first_rate

    def append(self, chunk: Chunk) -> None:
        """Append the next steps; ValueError if they do not follow the last recorded one."""
        begin, end = chunk.begin.step, chunk.begin.step + len(chunk.losses)
        if begin != len(self) or end > len(self._buffers[0]):
            raise ValueError(f"steps {begin} to {end - 1} do not follow step {self.last_step}")
        for buffer, name in zip(self._buffers, COLUMNS, strict=True):
            buffer[begin:end] = getattr(chunk, name)
        if not self._states or begin - self._states[-1].step >= self._checkpoint_steps:
            self._states.append(States(begin, chunk.begin.state, chunk.begin.schedule_state))
        self._update_milestones(begin, end)
        self._expose_rows(end)  # last: whoever sees a step finds all that belongs to it

    def run_start(self, step: int) -> int:
        """The step at which the run at ``step`` started: 0, or the last restart."""
        restart_every = self.experiment.restart_every
        return step - step % restart_every if restart_every else 0

    def checkpoint(self, step: int) -> Checkpoint:
        """The checkpoint of a recorded step, for a bit-identical resumption; IndexError for any other step.

        The states are replayed from the last stored checkpoint, or from the one asked for before if that is nearer,
        since the steps are mostly asked for in their order.
        """
        if not 0 <= step < len(self):
            raise IndexError(f"step {step} is not recorded")
        stored = self._stored(bisect_right(self._states, step, key=attrgetter("step")) - 1)
        asked = self._replayed  # another thread may ask for another step meanwhile
        if asked is not None and stored.step < asked.step <= step:
            stored = asked
        if self.run_start(step) > stored.step:
            stored = replace(start(self.experiment), step=self.run_start(step), schedule_state=stored.schedule_state)
        rows = slice(stored.step, step)
        columns = (self.points, self.losses, self.gradients, self.directions, self.learning_rates)
        with np.errstate(all="ignore"):
            replayed = replay(self.experiment, stored, *(column[rows] for column in columns))
        self._replayed = found = replace(replayed, point=self.points[step].copy())
        return found

    def _stored(self, place: int) -> Checkpoint:
        """The checkpoint of the states at a place in their list."""
        step, state, schedule_state = self._states[place]
        return Checkpoint(step, self.points[step].copy(), state, schedule_state)

    def evaluation(self, step: int) -> Evaluation:
        """What the rule saw at a recorded step; IndexError for any other step."""
        if not 0 <= step < len(self):
            raise IndexError(f"step {step} is not recorded")
        seen = StepEvaluation(self.experiment)
        return seen.at(step, self.points[step], self.gradients[step], self.learning_rates[step])

    def fork(self, experiment: Experiment, step: int) -> tuple["Recording", Checkpoint | None]:
        """Start the recording of an experiment that differs only from ``step`` onwards.

        Also return the checkpoint to resume from, None for the start. The rows before it are copied; those after it
        have to be recomputed, bit-identical up to ``step``.
        """
        new = Recording(experiment, self._checkpoint_steps)
        last = min(step, self.last_step, experiment.steps)
        usable = [states for states in self._states if states.step <= last]
        if not usable:
            return new, None
        checkpoint = self._stored(len(usable) - 1)
        for buffer, name in zip(new._buffers, COLUMNS, strict=True):
            buffer[: checkpoint.step] = getattr(self, name)[: checkpoint.step]
        new._states = usable[:-1]
        new._update_milestones(0, checkpoint.step)
        new._expose_rows(checkpoint.step)
        return new, checkpoint

    def _expose_rows(self, rows: int) -> None:
        views = [buffer[:rows] for buffer in self._buffers]
        for view in views:
            view.flags.writeable = False
        # All at once, so that no other thread sees columns of different lengths.
        vars(self).update(zip(COLUMNS, views, strict=True))

    def _update_milestones(self, begin: int, end: int) -> None:
        points, losses = (buffer[begin:end] for buffer in self._buffers[:2])
        if not self.without_loss.extend(losses, begin):
            found = self.milestones
            found.infinite_loss = _first_occurrence(found.infinite_loss, np.isinf(losses), begin)
            found.nan_loss = _first_occurrence(found.nan_loss, np.isnan(losses), begin)
        first, second = (
            one.extend(values, begin) for one, values in zip(self.without_parameter, points.T, strict=True)
        )
        if not (first and second):
            found = self.milestones
            infinite, nan = np.isinf(points), np.isnan(points)
            found.infinite = tuple(_first_occurrence(found.infinite[i], infinite[:, i], begin) for i in (0, 1))  # type: ignore[assignment]
            found.nan = tuple(_first_occurrence(found.nan[i], nan[:, i], begin) for i in (0, 1))  # type: ignore[assignment]


def _first_occurrence(known: int | None, happened: NDArray[np.bool_], begin: int) -> int | None:
    if known is not None or not happened.any():
        return known
    return begin + int(happened.argmax())


def record(experiment: Experiment, checkpoint_steps: int = CHECKPOINT_STEPS) -> Recording:
    """Record an experiment completely, in the calling thread."""
    logger.info("run begins: %s", experiment)
    began, recording = time.monotonic(), Recording(experiment, checkpoint_steps)
    for chunk in descend(experiment, chunk_steps=checkpoint_steps):
        recording.append(chunk)
    logger.info("run ended: step %d of %d, %.3f s", recording.last_step, experiment.steps, time.monotonic() - began)
    return recording
