"""The analytic solution in words and numbers: its derivation, the run's distance from it, the steps it takes."""

from dataclasses import dataclass

import numpy as np

from gdviz.core.analysis.quadratic import TOLERANCE, StepsToTolerance, has_exact_solution, steps_to_tolerance
from gdviz.core.analysis.rate_limit import NO_LIMIT, global_stability_limit, limit_name
from gdviz.core.analysis.verdict import ROUNDING_MARGIN, Kind, judge
from gdviz.core.descent.experiment import MAX_STEPS, Experiment
from gdviz.core.descent.recording import Recording
from gdviz.core.problems.capabilities import HasClosedForm
from gdviz.core.problems.problem import Problem, curvature, minimum_loss
from gdviz.presentation.numbers import format_number, quantity
from gdviz.presentation.weak_cache import weak_cache

NEVER = "never"
NO_MINIMUM = "no minimum is known that a run could come near to"
ONLY_A_RUN = "no formula tells the steps on this surface, only a run"


@dataclass(frozen=True)
class Place:
    """A point, in double precision, and the loss there."""

    name: str
    point: tuple[float, float]
    loss: float


@dataclass(frozen=True)
class Answer:
    """After how many steps the run is within 1 %, in words, and why, or how that is known."""

    steps: str
    reason: str
    arrives: bool
    """Whether a number of steps is known."""


@dataclass(frozen=True)
class FormulaPicture:
    """What the pane shows.

    cost: what the solution costs; empty where that is not known.
    minima, nearest, distance: the known minima, which of them is nearest to the run now, and how far it is from that
    one in the plane of the parameters; nearest and distance are None where no minimum is known.
    current: where the run is now. steps: how many it has in all. learning_rate: the one in force now; the answer is
    about a run with that rate from the start on.
    """

    parameters: tuple[str, str]
    derivation: str
    cost: str
    minima: tuple[Place, ...]
    nearest: int | None
    current: Place
    distance: float | None
    steps: int
    learning_rate: float
    answer: Answer


def build_formula_picture(recording: Recording, step: int) -> FormulaPicture:
    """The solution of the recording's problem, seen from where the run is at ``step``."""
    problem, step = recording.experiment.problem, min(step, recording.last_step)
    cost = ""
    if isinstance(problem, HasClosedForm):
        cost = f"one pass over the {quantity(problem.data.rows, 'row')}, and no learning rate"
    point = recording.points[step].astype(np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        away = [float(np.hypot(*(point - minimum))) for minimum in problem.minima]
    nearest = int(np.argmin(away)) if away else None
    first, second = point.tolist()
    rate = recording.rate_at(step)
    return FormulaPicture(
        problem.parameters,
        problem.derivation,
        cost,
        _minima(problem),
        nearest,
        Place(f"step {step:,}", (first, second), float(recording.losses[step])),
        None if nearest is None else away[nearest],
        recording.experiment.steps,
        rate,
        _answer(recording, step, rate),
    )


# The same in all frames.
@weak_cache(1)
def _minima(problem: Problem) -> tuple[Place, ...]:
    return tuple(Place("minimum", minimum, _loss_at(problem, minimum)) for minimum in problem.minima)


def _loss_at(problem: Problem, minimum: tuple[float, float]) -> float:
    """The loss at a known minimum; 0 where it is what rounding the minimum's coordinates makes of 0."""
    loss, known = float(problem.loss(*minimum)), curvature(problem, minimum)
    if known is None:
        return loss
    off = ROUNDING_MARGIN * float(np.finfo(np.float64).eps) * float(np.hypot(*minimum))
    return 0.0 if abs(loss) <= 0.5 * known.largest * off * off else loss


class _Course:
    """How long a recording kept to its first rate, and when it arrived with it; found out as the recording grows.

    kept: the number of steps that were taken at the first rate. arrived: the first of these after which at most
    TOLERANCE of the start's loss above the lowest minimum was left, or None.
    """

    def __init__(self, recording: Recording) -> None:
        self.kept = self.seen = 0
        self.arrived: int | None = None
        self.has_changed = False
        first = float(recording.losses[0])
        lowest = minimum_loss(recording.experiment.problem)
        above = first - lowest if lowest is not None else np.inf
        # Of an infinite loss any other is within 1 %: that tells nothing.
        self._goal = lowest + TOLERANCE * above if lowest is not None and np.isfinite(above) else -np.inf
        # Where rounding alone is larger than what is above the minimum, the start is at it.
        if np.isfinite(above) and above <= ROUNDING_MARGIN * float(np.finfo(recording.losses.dtype).eps) * abs(first):
            self.arrived = 0

    def extended(self, recording: Recording) -> "_Course":
        """The same, once it has looked at the rows that have come since, as long as the rate is the first one."""
        if self.seen == len(recording) or self.has_changed:
            return self
        rates = recording.learning_rates
        changed = np.flatnonzero(rates[self.seen :] != rates[0])
        self.has_changed = changed.size > 0
        # The first row with another rate is still reached with the first one, unless it is the start again.
        reached = 0 if recording.experiment.restart_every else 1
        end = self.seen + int(changed[0]) + reached if self.has_changed else len(recording)
        if self.arrived is None:
            there = np.flatnonzero(recording.losses[self.seen : end].astype(np.float64) <= self._goal)
            self.arrived = self.seen + int(there[0]) if there.size else None
        self.kept, self.seen = end - 1, len(recording)
        return self


# For speed only.
_remembered = weak_cache(1)(_Course)


def _answer(recording: Recording, step: int, rate: float) -> Answer:
    """The run's own number if it kept to that rate, else that of exact arithmetic, else why it is not known."""
    experiment, course = recording.experiment.at(step), _remembered(recording).extended(recording)
    was_kept = bool(recording.learning_rates[0] == experiment.precision.dtype.type(rate))
    limit = global_stability_limit(experiment)
    if not experiment.problem.minima:
        return Answer("not known", NO_MINIMUM, arrives=False)
    if course.arrived == 0:
        return Answer("0 steps", "it starts at the minimum", arrives=True)
    if was_kept and course.arrived is not None:
        then = f"; but then it grows: {_beyond(experiment, rate)}" if limit is not None and rate > limit else ""
        return Answer(quantity(course.arrived), f"as recorded in this run{then}", arrives=True)
    if has_exact_solution(experiment):
        found = steps_to_tolerance(experiment, rate)
        missed = was_kept and found.steps is not None and found.steps <= course.kept
        return _exact(experiment, rate, found, missed)
    if was_kept:
        return _tried(recording, course)
    reason = f"this run did not begin with {format_number(rate)}: begin with it to see"
    return Answer("not known", reason, arrives=False)


def _exact(experiment: Experiment, rate: float, found: StepsToTolerance, missed: bool) -> Answer:
    """In exact arithmetic; ``missed``: the run took so many steps in its precision and did not arrive."""
    if found.steps is not None:
        but = f", but not in this run's {experiment.precision}" if missed else ""
        return Answer(quantity(found.steps), f"in exact arithmetic{but}", arrives=True)
    if not found.is_unreachable:
        return Answer(f"more than {MAX_STEPS:,} steps", "in exact arithmetic", arrives=True)
    limit = global_stability_limit(experiment)
    if rate < 0:
        return Answer(NEVER, "a rate below 0 goes uphill", arrives=False)
    if rate == 0:
        return Answer(NEVER, "with a rate of 0 it does not move", arrives=False)
    if limit is not None and rate > limit:
        return Answer(NEVER, f"{_beyond(experiment, rate)}, {_grows(found)}", arrives=False)
    if limit is None:
        return Answer(NEVER, f"{NO_LIMIT}, but {_grows(found)}", arrives=False)
    return Answer(NEVER, f"{format_number(rate)} is the limit itself: it swings to and fro for ever", arrives=False)


def _grows(found: StepsToTolerance) -> str:
    return "every step makes it worse" if found.always_rises else "in the end the loss only grows"


def _tried(recording: Recording, course: _Course) -> Answer:
    """Not arrived after all recorded steps at this rate; more is not known of such a surface."""
    if not np.isfinite(recording.losses[course.kept]):
        found = recording.milestones
        event = min(step for step in (found.infinite_loss, found.nan_loss) if step is not None)
        return Answer("never in this run", f"the loss is no finite number from step {event:,}", arrives=False)
    if not (course.has_changed or recording.is_complete):
        return Answer(f"not within the {quantity(course.kept)} so far", _only_a_run(recording), arrives=False)
    rests = not course.has_changed and judge(recording).kind is Kind.CONVERGED
    reason = "it has come to rest in another minimum" if rests else _only_a_run(recording)
    return Answer(f"not within these {quantity(course.kept)}", reason, arrives=False)


def _only_a_run(recording: Recording) -> str:
    """Why no formula tells the steps: because of the surface (or its batches), or of the rule."""
    experiment = recording.experiment
    if experiment.optimizer.is_linear or not experiment.problem.is_quadratic:
        return ONLY_A_RUN
    of_limit = f"{NO_LIMIT}, and " if global_stability_limit(experiment) is None else ""
    return f"{of_limit}no formula tells the steps of this rule, only a run"


def _beyond(experiment: Experiment, rate: float) -> str:
    limit = global_stability_limit(experiment)
    assert limit is not None
    # With as many digits as tell the two apart.
    digits = next((count for count in range(4, 17) if format_number(rate, count) != format_number(limit, count)), 17)
    name = limit_name(experiment).replace("limit", "the limit")
    return f"{format_number(rate, digits)} is beyond {name} {format_number(limit, digits)}"
