"""The columns of all steps of a run so far, append-only: the one source of what is played, plotted and exported."""

import logging
import time
from bisect import bisect_right
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.loop import Checkpoint, Chunk, descend, evaluations, retraced, start
from gdviz.core.descent.optimizers import Evaluation

logger = logging.getLogger(__name__)

CHECKPOINT_STEPS = 512
"""A checkpoint takes the room of 12 steps; at this distance the state of any step is found within a millisecond."""
COLUMNS = ("points", "losses", "gradients", "directions", "learning_rates")
PAIRS = ("points", "gradients", "directions")


@dataclass
class Milestones:
    """The first steps at which something stopped being a finite number; None while it has not happened.

    Per parameter: ``infinite`` the first step at which it is infinite, ``nan`` at which it is not a number.
    """

    infinite_loss: int | None = None
    nan_loss: int | None = None
    infinite: tuple[int | None, int | None] = (None, None)
    nan: tuple[int | None, int | None] = (None, None)


class Recording:
    """The steps 0 to ``last_step`` of an experiment, in its precision; rows are appended and never changed.

    Columns: ``points`` (n, 2), ``losses`` (n,), ``gradients`` (n, 2), ``directions`` (n, 2), ``learning_rates`` (n,),
    as in `gdviz.core.descent.loop.Chunk`. They are read-only views: those taken before it grew stay valid.
    """

    points: NDArray[np.floating]
    losses: NDArray[np.floating]
    gradients: NDArray[np.floating]
    directions: NDArray[np.floating]
    learning_rates: NDArray[np.floating]

    def __init__(self, experiment: Experiment, checkpoint_steps: int = CHECKPOINT_STEPS) -> None:
        """Make room for all steps of the experiment; the system commits memory only as it is filled."""
        rows, dtype = experiment.steps + 1, experiment.precision.dtype
        self.experiment = experiment
        self.milestones = Milestones()
        self._checkpoint_steps = checkpoint_steps
        self._checkpoints: list[Checkpoint] = []
        self._room = [np.empty((rows, 2) if name in PAIRS else rows, dtype) for name in COLUMNS]
        self._show(0)

    def __getstate__(self) -> dict[str, Any]:
        """What is pickled: the recorded rows, without the room behind them; so a restored one takes no more of them."""
        return self.__dict__ | {"_room": [getattr(self, name) for name in COLUMNS]}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Restore it, with read-only columns again."""
        self.__dict__.update(state)
        self._show(len(self))

    def __len__(self) -> int:
        """How many steps are recorded, the start included."""
        return len(self.losses)

    @property
    def last_step(self) -> int:
        """The last recorded step; -1 while there is none."""
        return len(self) - 1

    @property
    def is_complete(self) -> bool:
        """Whether every step of the experiment is there."""
        return self.last_step == self.experiment.steps

    def rate_at(self, step: int) -> float:
        """The learning rate at a step, with all its digits where the schedule knows it beforehand.

        Else as it is recorded: for a step that is not there yet that of the last one, or the first rate.
        """
        schedule = self.experiment.schedule
        if schedule.is_planned:
            return schedule(step)
        return float(self.learning_rates[min(step, self.last_step)]) if len(self) else schedule.first_rate

    def append(self, chunk: Chunk) -> None:
        """Add the next steps; ValueError if they do not follow the last recorded one."""
        begin, end = chunk.begin.step, chunk.begin.step + len(chunk.losses)
        if begin != len(self) or end > len(self._room[0]):
            raise ValueError(f"steps {begin} to {end - 1} do not follow step {self.last_step}")
        for room, name in zip(self._room, COLUMNS, strict=True):
            room[begin:end] = getattr(chunk, name)
        self._show(end)
        if not self._checkpoints or begin - self._checkpoints[-1].step >= self._checkpoint_steps:
            self._checkpoints.append(chunk.begin)
        self._look_for_milestones(begin, end)

    def run_begin(self, step: int) -> int:
        """The step at which the run that is at ``step`` began: 0, or the last one at which it began again."""
        again = self.experiment.restart_every
        return step - step % again if again else 0

    def checkpoint(self, step: int) -> Checkpoint:
        """Where the run can be resumed at a recorded step, bit for bit; IndexError for any other step.

        The states are found from the last known ones and what is recorded since: as a rule no loss is computed again.
        """
        if not 0 <= step < len(self):
            raise IndexError(f"step {step} is not recorded")
        known = self._checkpoints[bisect_right(self._checkpoints, step, key=attrgetter("step")) - 1]
        if self.run_begin(step) > known.step:
            known = replace(start(self.experiment), step=self.run_begin(step), plan=known.plan)
        rows = slice(known.step, step)
        with np.errstate(all="ignore"):
            found = retraced(self.experiment, known, self.points[rows], self.losses[rows], self.gradients[rows])
        return replace(found, point=self.points[step].copy())

    def evaluation(self, step: int) -> Evaluation:
        """What the rule saw at a recorded step; IndexError for any other step."""
        if not 0 <= step < len(self):
            raise IndexError(f"step {step} is not recorded")
        return evaluations(self.experiment)(step, self.points[step], self.gradients[step])

    def cut(self, experiment: Experiment, step: int) -> tuple["Recording", Checkpoint | None]:
        """A recording of an experiment that differs from ``step`` on only, and the checkpoint to resume it from.

        The rows before that checkpoint are copied; those after it have to be computed again (which gives the same
        bits up to ``step``). No checkpoint: from the start.
        """
        new = Recording(experiment, self._checkpoint_steps)
        last = min(step, self.last_step, experiment.steps)
        usable = [checkpoint for checkpoint in self._checkpoints if checkpoint.step <= last]
        if not usable:
            return new, None
        checkpoint = usable[-1]
        for room, name in zip(new._room, COLUMNS, strict=True):
            room[: checkpoint.step] = getattr(self, name)[: checkpoint.step]
        new._show(checkpoint.step)
        new._checkpoints = usable[:-1]
        new._look_for_milestones(0, checkpoint.step)
        return new, checkpoint

    def _show(self, rows: int) -> None:
        for room, name in zip(self._room, COLUMNS, strict=True):
            view = room[:rows]
            view.flags.writeable = False
            setattr(self, name, view)

    def _look_for_milestones(self, begin: int, end: int) -> None:
        losses, points = self.losses[begin:end], self.points[begin:end]
        if not np.isfinite(losses).all():
            found = self.milestones
            found.infinite_loss = _first(found.infinite_loss, np.isinf(losses), begin)
            found.nan_loss = _first(found.nan_loss, np.isnan(losses), begin)
        if not np.isfinite(points).all():
            found = self.milestones
            infinite, nan = np.isinf(points), np.isnan(points)
            found.infinite = tuple(_first(found.infinite[i], infinite[:, i], begin) for i in (0, 1))  # type: ignore[assignment]
            found.nan = tuple(_first(found.nan[i], nan[:, i], begin) for i in (0, 1))  # type: ignore[assignment]


def _first(known: int | None, happened: NDArray[np.bool_], begin: int) -> int | None:
    if known is not None or not happened.any():
        return known
    return begin + int(happened.argmax())


def record(experiment: Experiment, checkpoint_steps: int = CHECKPOINT_STEPS) -> Recording:
    """The complete recording of an experiment, computed in the calling thread."""
    logger.info("run begins: %s", experiment)
    began, recording = time.monotonic(), Recording(experiment, checkpoint_steps)
    for chunk in descend(experiment, chunk_steps=checkpoint_steps):
        recording.append(chunk)
    logger.info("run ended: step %d of %d, %.3f s", recording.last_step, experiment.steps, time.monotonic() - began)
    return recording
