"""What a verdict is based on: the steps of a recording up to one of them, and what theory says of the rate."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gdviz.core.analysis.mean_square import diverges_in_mean_square, stationary_excess_loss
from gdviz.core.analysis.rate_limit import global_stability_limit
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.recording import Recording
from gdviz.core.frozen import frozen
from gdviz.core.precision import Precision
from gdviz.core.problems.capabilities import loss_above_minimum

Array = NDArray[np.float64]

MIN_REPEATS = 4  # a shorter tail does not show whether a run goes round
TAIL_STEPS = 512  # only the last quarter of the steps is judged, at most this many
LIMIT_ROUNDING = 16.0  # a rate this many rounding errors from the limit is the limit itself


@frozen(eq=False)
class WalkedSteps:
    """Steps 0 to ``step`` of a recording, of which the last quarter (at least two, at most TAIL_STEPS) is the tail.

    ``points``, shape (n + 1, 2), and ``losses``, shape (n + 1,), are in double precision: the row before the tail and
    its n rows, or the start alone.
    """

    recording: Recording
    step: int

    @property
    def is_complete(self) -> bool:
        """Whether the run ends here."""
        return self.step >= self.recording.experiment.steps

    @cached_property
    def experiment(self) -> Experiment:
        """The experiment with the rule of the last step."""
        return self.recording.experiment.at(self._last_row)

    @property
    def _last_row(self) -> int:
        """The row of the last step's rate and rule, which led to the current point."""
        return max(0, self.step - 1)

    @property
    def eps(self) -> float:
        """The rounding error of the run's precision."""
        return self.experiment.precision.eps

    @property
    def tail(self) -> int:
        """How many steps are judged; 0 at the start."""
        return max(0, min(max(2, (self.step + 1) // 4), TAIL_STEPS, self.step))

    @property
    def rows(self) -> slice:
        """The row before the tail and those of the tail."""
        return slice(self.step - self.tail, self.step + 1)

    @cached_property
    def points(self) -> Array:
        """See the class."""
        return self.recording.points[self.rows].astype(np.float64)

    @cached_property
    def losses(self) -> Array:
        """See the class."""
        return self.recording.losses[self.rows].astype(np.float64)

    @property
    def first_loss(self) -> float:
        """The recorded loss at the start."""
        return float(self.recording.losses[0])

    @cached_property
    def moved(self) -> Array:
        """The steps of the tail, shape (n, 2), in units of the largest of their coordinates."""
        moved = np.diff(self.points, axis=0)
        return moved / (np.abs(moved).max(initial=0.0) or 1.0)

    @property
    def has_moved(self) -> bool:
        """Whether any step of the tail led to another point."""
        return bool(self.moved.any())

    @property
    def repeats_to_rounding(self) -> bool:
        """Whether the tail comes back to the same point, and is off it by rounding errors of each parameter alone."""
        earlier, now = self.points[1:-1], self.points[-1]
        is_near = len(earlier) >= MIN_REPEATS and bool((np.abs(earlier - now) <= self.off).all())
        return is_near and bool((earlier == now).all(axis=1).any())

    @cached_property
    def turns(self) -> NDArray[np.bool_]:
        """Which steps of the tail turn back on the one before, shape (n - 1,)."""
        return np.asarray(np.einsum("ij,ij->i", self.moved[1:], self.moved[:-1]) < 0)

    @cached_property
    def is_growing(self) -> bool:
        """Whether the steps grow throughout without slowing down: approaching a cycle is not divergence."""
        growth = np.diff(np.hypot(*self.moved.T))
        half = len(growth) // 2
        return bool((growth > 0).all() and growth[-half:].sum() > growth[:half].sum())

    @cached_property
    def above(self) -> Array:
        """The loss above the lowest minimum, which must be known, at `points`, in double precision, shape (n + 1,).

        For least squares without cancellation, where the recorded loss has lost it to rounding.
        """
        return loss_above_minimum(self.experiment.problem, self.points)

    @cached_property
    def first_above(self) -> float:
        """The same at the start."""
        return float(loss_above_minimum(self.experiment.problem, self.recording.points[0].astype(np.float64)[None])[0])

    @property
    def rate(self) -> float:
        """The learning rate of the last step."""
        return float(self.recording.learning_rates[self._last_row])

    @cached_property
    def limit(self) -> float | None:
        """The rate from which the run diverges, if known."""
        return global_stability_limit(self.experiment)

    @property
    def is_stable(self) -> bool:
        """Whether theory says that at the last step's rate no run diverges."""
        return self.limit is not None and 0.0 < self.rate < self.limit and not self.is_at_limit

    @property
    def is_at_limit(self) -> bool:
        """Whether the rate is the limit of a run on all rows to rounding."""
        if self.limit is None or self.experiment.batch_size is not None:
            return False
        return abs(self.rate - self.limit) <= LIMIT_ROUNDING * self.eps * self.limit

    @cached_property
    def noise_floor(self) -> float | None:
        """The mean loss above the minimum that the noise of batches sustains at the rate of the last step, if known."""
        return stationary_excess_loss(self.experiment, self.rate)

    @cached_property
    def largest_curvature(self) -> float:
        """The largest curvature at the current point."""
        return float(np.linalg.eigvalsh(self.experiment.problem.hessian(self.points[-1]))[-1])

    @property
    def is_beyond_batch_limit(self) -> bool:
        """Whether the rate of a mini-batch run is too large, or not above 0; by the local limit if that is all."""
        steepest = self.largest_curvature
        limit = self.experiment.optimizer.stability_limit(steepest) if steepest > 0.0 else None
        is_below = self.rate > 0.0 and (limit is None or self.rate < limit)
        return not is_below or diverges_in_mean_square(self.experiment, self.rate)

    @property
    def is_turn_of_rate(self) -> bool:
        """Whether steps that turn back say anything about the rate; in a mini-batch run they may be due to noise."""
        if self.experiment.batch_size is None or not self.largest_curvature > 0.0:
            return True
        overshoot = self.experiment.optimizer.overshoot_rate(self.largest_curvature)
        return overshoot is None or self.rate > overshoot

    @cached_property
    def off(self) -> Array:
        """By how much rounding may move the current point, shape (2,): some rounding errors of each parameter.

        A parameter of 10^-2 beside one of 10^4 is off by a different amount.
        """
        return np.asarray(self.experiment.precision.rounding(1.0) * np.abs(self.points[-1]))

    @cached_property
    def rounding(self) -> float:
        """How much of a loss at the current point may be due to rounding, in the point and in double precision."""
        gradient = np.abs(self.recording.gradients[self.step].astype(np.float64))
        of_loss = Precision.FLOAT64.rounding(float(self.losses[-1]))
        return float(gradient @ self.off) + self.rounding_at_minimum + of_loss

    @cached_property
    def rounding_at_minimum(self) -> float:
        """How much the loss may rise by rounding of the point if it is a minimum."""
        hessian = np.abs(self.experiment.problem.hessian(self.points[-1]))
        return 0.5 * float(self.off @ hessian @ self.off)
