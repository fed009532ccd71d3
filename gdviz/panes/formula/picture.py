"""The analytic solution in words and numbers: derivation, the run's distance from it, steps to reach it."""

from dataclasses import dataclass

import numpy as np

from gdviz.core.analysis.quadratic import TOLERANCE, StepsToTolerance, has_exact_solution, steps_to_tolerance
from gdviz.core.analysis.rate_limit import NO_LIMIT, global_stability_limit, limit_name
from gdviz.core.analysis.verdict import Kind, judge
from gdviz.core.descent.experiment import MAX_STEPS, Experiment
from gdviz.core.descent.recording import Recording
from gdviz.core.precision import Precision
from gdviz.core.problems.capabilities import HasClosedForm, HasData, HasFlatDirection
from gdviz.core.problems.minimum_line import distances_to_minima, flat_direction
from gdviz.core.problems.problem import Problem, constant_curvature, curvature, minimum_loss
from gdviz.core.weak_cache import weak_cache
from gdviz.presentation.column_names import legend_of_symbols
from gdviz.presentation.minima import ANY_POINT, best_fit_name
from gdviz.presentation.numbers import format_number, quantity
from gdviz.presentation.scaling import Wordings, own_line_wordings, scale_wordings

NEVER = "never"
SHORTEST = "shortest"
"""The name of the minimum that is shown where any point of a line is one."""
NO_MINIMUM = "no minimum is known that a run could come near to"
ROUNDED_INTERCEPT = 1e-6
"""Standardised y are about 1; the mean of generated ones, in single precision, is 0 to about this."""
ONLY_A_RUN = "no formula tells the steps on this surface, only a run"


@dataclass(frozen=True)
class NamedPoint:
    """A point, in double precision, and the loss there."""

    name: str
    point: tuple[float, float]
    loss: float


@dataclass(frozen=True)
class Answer:
    """The number of steps to within 1 %, in words, with the reason or how it is known."""

    steps: str
    reason: str
    arrives: bool
    """Whether the number of steps is known."""


@dataclass(frozen=True)
class FormulaPicture:
    """What the pane shows.

    cost: what the solution costs; empty if not known. symbols: what its x and y are called, if otherwise; or empty.
    minima, nearest, distance: the known minima, the index of the one nearest to the run now, and the distance to it in
    the parameter plane; nearest and distance are None if no minimum is known.
    line_of_minima: where any point of a line is a minimum, what that means for the formula and for the rates; the
    distance is to the line then.
    current: where the run is now. steps: how many it has in all. learning_rate: the current one; the answer is about a
    run with that rate from the start, or, where it is None, of a rule that takes none. scales: how x and y were
    standardised, if they were. own_minimum, own_current: the lines of the minimum and of the run now in the data's own
    units; empty where w and b are in these.
    """

    parameters: tuple[str, str]
    derivation: str
    cost: str
    minima: tuple[NamedPoint, ...]
    nearest: int | None
    current: NamedPoint
    distance: float | None
    steps: int
    learning_rate: float | None
    answer: Answer
    symbols: str = ""
    scales: Wordings = ()
    own_minimum: Wordings = ()
    own_current: Wordings = ()
    line_of_minima: tuple[str, ...] = ()


def build_formula_picture(recording: Recording, step: int) -> FormulaPicture:
    """Return the solution of the recording's problem, as seen from the run at ``step``."""
    problem, step = recording.experiment.problem, min(step, recording.last_step)
    cost = ""
    if isinstance(problem, HasClosedForm):
        cost = f"one pass over the {quantity(problem.data.rows, 'row')}, and no learning rate"
    point = recording.points[step].astype(np.float64)
    away = distances_to_minima(problem, point)
    nearest = int(np.argmin(away)) if away else None
    first, second = point.tolist()
    rate = recording.rate_at(step)
    derivation, *line_of_minima = _derivation(problem)
    return FormulaPicture(
        problem.parameters,
        derivation,
        cost,
        _minima(problem),
        nearest,
        NamedPoint(f"step {step:,}", (first, second), float(recording.losses[step])),
        None if nearest is None else away[nearest],
        recording.experiment.steps,
        rate if recording.experiment.optimizer.takes_learning_rate else None,
        _answer(recording, step, rate),
        legend_of_symbols(problem.data) if isinstance(problem, HasData) else "",
        *_in_own_units(problem, first, second),
        tuple(line_of_minima),
    )


def _derivation(problem: Problem) -> tuple[str, ...]:
    """The derivation and, where any point of a line is a minimum, what that means."""
    if not isinstance(problem, HasFlatDirection) or problem.flat_direction is None:
        return (problem.derivation,)
    derivation, useless = problem.flat_derivation
    shown = f"{useless}: {ANY_POINT}; below is the {SHORTEST} one, nearest to the origin"
    known = constant_curvature(problem)
    if known is None:
        return derivation, shown
    once = f"at 1/L = {format_number(1.0 / known.largest)} one step of plain descent leads to it"
    return derivation, shown, f"along the line μ = 0, and 2/(μ + L) is the stability limit; {once}"


def _in_own_units(problem: Problem, first: float, second: float) -> tuple[Wordings, Wordings, Wordings]:
    """How the columns were standardised, and the best and the current line in their own units; empty if they were not.

    first, second: the current slope and intercept.
    """
    if not isinstance(problem, HasData) or not any(problem.data.are_standardised):
        return (), (), ()
    used = [wordings for wordings in scale_wordings(problem.data) if wordings]
    scales = tuple(", ".join(ways) for ways in zip(*used, strict=False))
    lead = best_fit_name(problem)
    minimum = own_line_wordings(problem.data, *problem.minima[0], lead) if problem.minima else ()
    return scales, minimum, own_line_wordings(problem.data, first, second, "now")


# Equal in all frames.
@weak_cache(1)
def _minima(problem: Problem) -> tuple[NamedPoint, ...]:
    name = "minimum" if flat_direction(problem) is None else SHORTEST
    return tuple(
        NamedPoint(name, _without_rounding(problem, minimum), _loss_at(problem, minimum)) for minimum in problem.minima
    )


def _without_rounding(problem: Problem, minimum: tuple[float, float]) -> tuple[float, float]:
    """The minimum, with an intercept of 0 where x and y have a mean of 0 but for rounding."""
    is_centred = isinstance(problem, HasData) and all(problem.data.are_standardised)
    return (minimum[0], 0.0) if is_centred and abs(minimum[1]) < ROUNDED_INTERCEPT else minimum


def _loss_at(problem: Problem, minimum: tuple[float, float]) -> float:
    """Return the loss at a known minimum; 0 if it is no larger than rounding of the coordinates explains."""
    loss, known = float(problem.loss(*minimum)), curvature(problem, minimum)
    if known is None:
        return loss
    off = Precision.FLOAT64.rounding(float(np.hypot(*minimum)))
    return 0.0 if abs(loss) <= 0.5 * known.largest * off * off else loss


class _FirstRatePhase:
    """The steps of a recording at its first rate, and how many reached the goal; updated as the recording grows.

    steps: the number of steps at the first rate. steps_to_goal: the first of these after which at most TOLERANCE of the
    start's loss above the lowest minimum was left, or None.
    """

    def __init__(self, recording: Recording) -> None:
        self.steps = self.rows_seen = 0
        self.steps_to_goal: int | None = None
        self.has_changed = False
        first = float(recording.losses[0])
        lowest = minimum_loss(recording.experiment.problem)
        above = first - lowest if lowest is not None else np.inf
        # Any loss is within 1 % of an infinite one, which means nothing.
        self._goal = lowest + TOLERANCE * above if lowest is not None and np.isfinite(above) else -np.inf
        # If the loss above the minimum is within rounding error, the start is at the minimum.
        if np.isfinite(above) and above <= recording.experiment.precision.rounding(first):
            self.steps_to_goal = 0

    def update(self, recording: Recording) -> "_FirstRatePhase":
        """Process the rows recorded since, up to the first change of the rate, and return itself."""
        if self.rows_seen == len(recording) or self.has_changed:
            return self
        rates = recording.learning_rates
        changed = np.flatnonzero(rates[self.rows_seen :] != rates[0])
        self.has_changed = changed.size > 0
        # The first row with another rate was still reached at the first rate, unless it is a restart.
        reached = 0 if recording.experiment.restart_every else 1
        end = self.rows_seen + int(changed[0]) + reached if self.has_changed else len(recording)
        if self.steps_to_goal is None:
            there = np.flatnonzero(recording.losses[self.rows_seen : end].astype(np.float64) <= self._goal)
            self.steps_to_goal = self.rows_seen + int(there[0]) if there.size else None
        self.steps, self.rows_seen = end - 1, len(recording)
        return self


# For speed only.
_cached_phase = weak_cache(1)(_FirstRatePhase)


def _answer(recording: Recording, step: int, rate: float) -> Answer:
    """Return the run's own number if it kept to this rate, else that of exact arithmetic, else why it is unknown."""
    experiment, phase = recording.experiment.at(step), _cached_phase(recording).update(recording)
    is_first_rate = bool(recording.learning_rates[0] == experiment.precision.dtype.type(rate))
    limit = global_stability_limit(experiment)
    if not experiment.problem.minima:
        return Answer("not known", NO_MINIMUM, arrives=False)
    if phase.steps_to_goal == 0:
        return Answer("0 steps", "it starts at the minimum", arrives=True)
    if is_first_rate and phase.steps_to_goal is not None:
        then = f"; but then it grows: {_beyond_limit(experiment, rate)}" if limit is not None and rate > limit else ""
        stops = ", which then stands still short of the minimum" if judge(recording).kind is Kind.STANDS_STILL else ""
        return Answer(quantity(phase.steps_to_goal), f"as recorded in this run{then or stops}", arrives=True)
    if has_exact_solution(experiment):
        found = steps_to_tolerance(experiment, rate)
        is_missed = is_first_rate and found.steps is not None and found.steps <= phase.steps
        return _exact_answer(experiment, rate, found, is_missed)
    if is_first_rate:
        return _recorded_answer(recording, phase)
    reason = f"this run did not begin with {format_number(rate)}: begin with it to see"
    return Answer("not known", reason, arrives=False)


def _exact_answer(experiment: Experiment, rate: float, found: StepsToTolerance, is_missed: bool) -> Answer:
    """Answer in exact arithmetic; ``is_missed``: the run took that many steps in its precision and did not arrive."""
    if found.steps is not None:
        but = f", but not in this run's {experiment.precision}" if is_missed else ""
        return Answer(quantity(found.steps), f"in exact arithmetic{but}", arrives=True)
    if not found.is_unreachable:
        return Answer(f"more than {MAX_STEPS:,} steps", "in exact arithmetic", arrives=True)
    limit = global_stability_limit(experiment)
    if rate < 0:
        return Answer(NEVER, "a rate below 0 goes uphill", arrives=False)
    if rate == 0:
        return Answer(NEVER, "with a rate of 0 it does not move", arrives=False)
    if limit is not None and rate > limit:
        return Answer(NEVER, f"{_beyond_limit(experiment, rate)}, {_growth(found)}", arrives=False)
    if limit is None:
        return Answer(NEVER, f"{NO_LIMIT}, but {_growth(found)}", arrives=False)
    return Answer(NEVER, f"{format_number(rate)} is the limit itself: it swings to and fro for ever", arrives=False)


def _growth(found: StepsToTolerance) -> str:
    return "every step makes it worse" if found.always_rises else "in the end the loss only grows"


def _recorded_answer(recording: Recording, phase: _FirstRatePhase) -> Answer:
    """Answer for a run that did not arrive in its recorded steps at this rate, with no formula for its surface."""
    if not np.isfinite(recording.losses[phase.steps]):
        since = recording.without_loss.since(phase.steps)
        return Answer("never in this run", f"the loss is not finite from step {since:,} on", arrives=False)
    if not (phase.has_changed or recording.is_complete):
        return Answer(f"not within the {quantity(phase.steps)} so far", _only_a_run_reason(recording), arrives=False)
    rests = not phase.has_changed and judge(recording).kind is Kind.CONVERGED
    reason = "it has come to rest in another minimum" if rests else _only_a_run_reason(recording)
    return Answer(f"not within these {quantity(phase.steps)}", reason, arrives=False)


def _only_a_run_reason(recording: Recording) -> str:
    """Return why no formula gives the steps: because of the surface (or its batches), or of the rule."""
    experiment = recording.experiment
    if experiment.optimizer.is_linear or not experiment.problem.is_quadratic:
        return ONLY_A_RUN
    has_limit = global_stability_limit(experiment) is not None or not experiment.optimizer.takes_learning_rate
    of_limit = "" if has_limit else f"{NO_LIMIT}, and "
    return f"{of_limit}no formula tells the steps of this rule, only a run"


def _beyond_limit(experiment: Experiment, rate: float) -> str:
    limit = global_stability_limit(experiment)
    assert limit is not None
    # With enough digits to tell the two apart.
    digits = next((count for count in range(4, 17) if format_number(rate, count) != format_number(limit, count)), 17)
    name = limit_name(experiment).replace("limit", "the limit")
    return f"{format_number(rate, digits)} is beyond {name} {format_number(limit, digits)}"
