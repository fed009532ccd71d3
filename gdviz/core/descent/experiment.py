"""The immutable configuration of one run; equal configurations give identical recordings, bit for bit."""

import math
from collections.abc import Iterable
from dataclasses import field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdviz.core.descent.manual_changes import base_and_changes, with_rate_from, without_cycling_momentum
from gdviz.core.descent.optimizers import GradientDescent, Optimizer
from gdviz.core.descent.schedules import Constant, Schedule, fitted_to, settings_of
from gdviz.core.errors import InputError
from gdviz.core.frozen import frozen
from gdviz.core.precision import Precision
from gdviz.core.problems.batch_orders import BatchOrder
from gdviz.core.problems.capabilities import HasBatches, HasData
from gdviz.core.problems.first_precision import first_precision
from gdviz.core.problems.problem import Problem, first_learning_rate

MAX_STEPS = 1_000_000
OWN_STEPS = Constant(1.0)
"""The only schedule of a rule that takes no learning rate, and one that any rule may have."""


@frozen
class Experiment:
    """Problem, optimizer, schedule, start, number of steps and precision, and the mini-batches.

    batch_size: rows per step; None for all rows. seed, batch_order: of the batches.
    """

    problem: Problem
    optimizer: Optimizer = field(default_factory=GradientDescent)
    schedule: Schedule = field(default_factory=lambda: Constant(0.1))
    start: tuple[float, float] = (0.0, 0.0)
    steps: int = 200
    precision: Precision = Precision.FLOAT32
    batch_size: int | None = None
    seed: int = 0
    batch_order: BatchOrder = BatchOrder.WITH_REPLACEMENT

    def __post_init__(self) -> None:
        """Raise InputError for a start or rate that the precision cannot represent, or a value out of range."""
        for name, value in zip(self.problem.parameters, self.start, strict=True):
            self._check_number(f"start: {name} =", value)
        self._check_rates()
        self._check_optimizer()
        if not 1 <= self.steps <= MAX_STEPS:
            raise InputError(f"steps: {self.steps} is not possible; use 1 to {MAX_STEPS:,} steps")
        base, changes = base_and_changes(self.schedule)
        most = self.schedule.last_step
        if most is not None and self.steps > most:
            instead = "give it more rates instead" if base.sweeps else "use no more, or a longer schedule"
            raise InputError(f"steps: this {base.title.lower()} has at most {most:,}; {instead}")
        if changes and changes[-1][0] > self.steps:
            after = f"step {changes[-1][0]:,} is after the last one, {self.steps:,}"
            raise InputError(f"schedule.changes: {after}; use an earlier step, or more steps")
        if self.batch_size is not None:
            self._check_batch(self.batch_size)
        if self.schedule.sets_momentum and not self.optimizer.has_momentum:
            instead = "turn cycle_momentum off, or " if "cycle_momentum" in settings_of(base) else ""
            raise InputError(f"schedule: {base.name} sets the momentum; {instead}choose an optimizer that has one")
        if not 0 <= self.seed < 2**63:
            raise InputError(f"seed: {self.seed} is not a seed; use a whole number from 0 to 2^63 - 1")

    def __str__(self) -> str:
        """Describe the configuration for the log."""
        base, changes = base_and_changes(self.schedule)
        schedule = str(base) if base.varies else f"learning rate {base.base_rate}"
        if not self.optimizer.takes_learning_rate:
            schedule = "no learning rate"
        if changes:
            schedule += f" with {len(changes):,} changes"
        rows = f" on {self.problem.data.rows:,} rows" if isinstance(self.problem, HasData) else ""
        batch = "" if self.batch_size is None else f", batches of {self.batch_size:,} with seed {self.seed}"
        if self.batch_size is not None and not self.draws_with_replacement:
            batch += f", {self.batch_order}"
        numbers = f"start {self.start}, {self.steps:,} steps, {self.precision}"
        usual = vars(type(self.optimizer)())
        settings = [f"{name} {value}" for name, value in vars(self.optimizer).items() if value != usual[name]]
        rule = " with ".join([self.optimizer.title, *([" and ".join(settings)] if settings else [])])
        return f"{self.problem.title}{rows}, {rule}, {schedule}, {numbers}{batch}"

    def _check_rates(self) -> None:
        rates = self.schedule.key_rates
        rounded = self._rounded(rates)
        for place in np.flatnonzero(~np.isfinite(rounded)):
            self._check_number("learning_rate:", rates[place])
        for place in np.flatnonzero((rounded == 0.0) & (np.array(rates) != 0.0)):
            zero = f"{rates[place]} is 0 in single precision"
            raise InputError(f"learning_rate: {zero}; use a larger one such as 1e-30, or precision float64")
        self.schedule.check(self.precision)

    def _check_optimizer(self) -> None:
        name, schedule = self.optimizer.name, self.schedule
        if self.optimizer.needs_quadratic and not self.problem.is_quadratic:
            told = f"{name} is for quadratic losses, and that of {self.problem.name} is not"
            raise InputError(f"optimizer: {told}; use armijo, which searches along any")
        if self.optimizer.takes_learning_rate or schedule == OWN_STEPS:
            return
        if schedule.sweeps:
            raise InputError(f"range test: {name} sets its own step length, and has no rates to try; use another rule")
        varies = base_and_changes(schedule)[0].varies
        place, use = ("schedule", "keep it constant") if varies else ("learning_rate", "leave the rate out")
        raise InputError(f"{place}: {name} sets its own step length; {use}, or choose another optimizer")

    def _rounded(self, values: Iterable[float]) -> NDArray[np.floating]:
        with np.errstate(over="ignore"):
            return np.array([*values], np.float64).astype(self.precision.dtype)

    def _check_batch(self, size: int) -> None:
        if not isinstance(self.problem, HasBatches):
            without = "batches" if isinstance(self.problem, HasData) else "data"
            raise InputError(f"batch_size: the problem {self.problem.name} has no {without}; leave the batch size out")
        rows = self.problem.data.rows
        if size < 1:
            raise InputError(f"batch_size: {size} is not possible; use 1 to {rows:,}")
        if size > rows:
            raise InputError(f"batch_size: {size:,} is more than there are rows; use 1 to {rows:,}")

    def _check_number(self, place: str, value: float) -> None:
        if not math.isfinite(value):
            raise InputError(f"{place} {value} is not a finite number; use one such as -1")
        with np.errstate(over="ignore"):
            if np.isfinite(self.precision.dtype.type(value)):
                return
        largest = f"{np.finfo(self.precision.dtype).max:.2g}".replace("e+", "e")
        raise InputError(f"{place} {value} is too large for {self.precision}; use one up to {largest}")

    def is_same_run(self, other: "Experiment") -> bool:
        """Whether both give the same recording: they are equal, at least after rounding to their precision.

        The settings of a rule that is not linear are not rounded: it computes with them, as with 1 - beta, before.
        """
        return self == other or self._rounded_configuration() == other._rounded_configuration()

    def _rounded_configuration(self) -> tuple[object, ...]:
        """The configuration with the numbers that a run uses in its precision only rounded to it."""
        base, changes = base_and_changes(self.schedule)
        rates = [] if base.varies else [base.base_rate]
        rule, numbers = self.optimizer, [*rates, *(rate for _, rate in changes), *self.start]
        if rule.is_linear:
            numbers += vars(rule).values()
        kinds = type(rule) if rule.is_linear else rule, base if not rates else None, tuple(step for step, _ in changes)
        rest = self.precision, self.steps, self.batch_size, self.seed, self.batch_order
        return self.problem, kinds, rest, tuple(self._rounded(numbers).tolist())

    @property
    def restart_every(self) -> int:
        """After how many rows the run restarts from its start, as if it were a new one; 0 for never."""
        return self.schedule.restart_every

    def at(self, step: int) -> "Experiment":
        """The same experiment with the optimizer in effect at that step (see `optimizer_at`)."""
        return replace(self, optimizer=self.optimizer_at(step)) if self.schedule.sets_momentum else self

    def optimizer_at(self, step: int) -> Optimizer:
        """The optimizer at a step, with the schedule's momentum if it sets one."""
        if not self.schedule.sets_momentum:
            return self.optimizer
        return replace(self.optimizer, momentum=self.schedule.momentum(step))  # type: ignore[type-var]

    @property
    def draws_with_replacement(self) -> bool:
        """Whether each row of a step is drawn from all, as the theory of mini-batches supposes."""
        return self.batch_size is not None and self.batch_order is BatchOrder.WITH_REPLACEMENT

    @property
    def sees_parts(self) -> bool:
        """Whether its steps go through all rows in parts: in batches of fewer rows, none of which is drawn twice."""
        if self.batch_size is None or self.draws_with_replacement:
            return False
        return isinstance(self.problem, HasData) and self.batch_size < self.problem.data.rows

    def with_own_data(self, problem: Problem) -> "Experiment":
        """The same experiment over other data of the user's own; a rate that was the first one of the old is the new's.

        So standardising, which changes the rates that are possible, shows its effect. The same holds for the precision.
        A constant rate for generated data means nothing for the user's own.
        """
        is_generated = isinstance(self.problem, HasData) and self.problem.data.settings is not None
        rate = self.schedule.constant_rate
        is_first = rate is not None and (is_generated or rate == first_learning_rate(self.problem))
        schedule = Constant(first_learning_rate(problem)) if is_first else self.schedule
        precision = self.precision_on(problem)
        return self.with_optimizer(self.optimizer, problem=problem, schedule=schedule, precision=precision)

    def precision_on(self, problem: Problem) -> Precision:
        """The precision on other data of the user's own: their first one, if this has the first one of its own."""
        is_first = self.precision is first_precision(self.problem)
        return first_precision(problem) if is_first else self.precision

    def with_optimizer(self, optimizer: Optimizer, **fields: Any) -> "Experiment":
        """The same experiment with this optimizer, and with these other fields.

        For a rule that takes no learning rate the schedule is `OWN_STEPS`, whatever is given, unless it is a range
        test, which such a rule cannot have; after one, it is the problem's first rate unless another is given. For one
        without a momentum only the rate cycles.
        """
        given: Schedule | None = fields.pop("schedule", None)
        schedule = self.schedule if given is None else given
        if not optimizer.has_momentum:
            schedule = without_cycling_momentum(schedule)
        if not optimizer.takes_learning_rate:
            schedule = schedule if schedule.sweeps else OWN_STEPS
        elif given is None and not self.optimizer.takes_learning_rate:
            schedule = Constant(first_learning_rate(fields.get("problem", self.problem)))
        return replace(self, optimizer=optimizer, schedule=schedule, **fields)

    def with_steps(self, steps: int) -> "Experiment":
        """The same experiment with another number of steps; a schedule as long as the run stays so (`fitted_to`)."""
        return replace(self, steps=steps, schedule=fitted_to(self.schedule, self.steps, steps))

    def with_learning_rate(self, learning_rate: float, from_step: int = 0) -> "Experiment":
        """The same experiment with another learning rate from a step onwards (0: for the whole run)."""
        return replace(self, schedule=with_rate_from(self.schedule, from_step, learning_rate))
