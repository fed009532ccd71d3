"""Races: up to four runs that differ in learning rate, optimizer, schedule or start."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from gdviz.core.analysis.good_rate import good_rate
from gdviz.core.descent.experiment import OWN_STEPS, Experiment
from gdviz.core.descent.manual_changes import base_and_changes, without_cycling_momentum
from gdviz.core.descent.optimizers import Optimizer, make_optimizer
from gdviz.core.descent.schedules import fitted_settings, make_schedule, selectable_schedules
from gdviz.core.descent.settings import text_of
from gdviz.core.errors import InputError, locating
from gdviz.core.frozen import frozen
from gdviz.core.scenarios.race_texts import Rule, Start, read_rates, read_rules, read_schedules, read_starts
from gdviz.core.scenarios.scenario import MAX_RUNS

RACE_RATES = (0.01, 0.1, 0.7, 0.9)
"""The learning rates of the one-click race."""
USUAL_RULES = (("gd", None), ("momentum", None), ("rmsprop", None), ("adam", None))
USUAL_SCHEDULES = ("constant", "step", "cosine", "one-cycle")
"""What races unless something else is chosen."""
START_DISTANCE = 0.4  # of the usual starts from the present one along each axis, in half-widths of the box


@frozen
class Race:
    """What is raced, a key of `RACES`, and its values as their `RaceKind` reads them; None for the usual ones."""

    what: str
    values: tuple[Any, ...] | None = None

    @property
    def kind(self) -> "RaceKind":
        """How this is raced."""
        return RACES[self.what]

    def completed(self, experiment: Experiment, learning_rate: float | None = None) -> "Race":
        """The race with its usual values if it has none, and a rate for each rule that takes one.

        That is ``learning_rate``, or else what its range test suggests, which takes 5,000 steps or more.
        InputError if there is none, for fewer than two values or more than four.
        """
        values = self.kind.usual(experiment) if self.values is None else self.values
        many, noun = len(values), self.kind.noun
        if many < 2:
            few = f"one {noun} alone cannot race" if many else f"no {noun} is chosen"
            raise InputError(f"race: {few}; use two to four")
        if many > MAX_RUNS:
            raise InputError(f"race: {many} {noun}s are too many; use two to four")
        if self.what == "optimizer":
            with locating("race"):
                values = tuple(_with_rate(experiment, rule, learning_rate) for rule in values)
        return replace(self, values=values)

    def runs(self, experiment: Experiment) -> tuple[Experiment, ...]:
        """The runs, in the order of the values; InputError also where two are equal, or one is not possible."""
        values, noun = self.completed(experiment).values or (), self.kind.noun
        with locating("race"):
            runs = tuple(self.kind.run(experiment, value) for value in values)
        for number, run in enumerate(runs):
            if any(run.is_same_run(before) for before in runs[:number]):
                exactly = "" if run in runs[:number] else f" in {run.precision}, to which numbers are rounded"
                raise InputError(f"race: the {noun} {_in_words(values[number])} is there twice{exactly}; leave one out")
        return runs


@frozen
class RaceKind:
    """How something is raced. noun: one of it in words. example: of the values as they are written, in the help.

    read: the values from their text; InputError if they are not in it. run: the run with one of the values; InputError
    if there is none. usual: the values unless others are chosen.
    """

    noun: str
    example: str
    read: Callable[[str], tuple[Any, ...]]
    run: Callable[[Experiment, Any], Experiment]
    usual: Callable[[Experiment], tuple[Any, ...]]


def read_race(text: str) -> Race:
    """A race as it is written: "learning-rate=0.1,0.7", or only "optimizer" for the usual ones; InputError if not."""
    what, has_values, values = text.partition("=")
    if what not in RACES:
        raise InputError(f"race: there is no race of {what!r}; use one of {', '.join(RACES)}")
    return Race(what, RACES[what].read(values) if has_values else None)


def live_run(experiment: Experiment, runs: Sequence[Experiment]) -> int:
    """The index of the run that is the experiment itself, else of the last."""
    return runs.index(experiment) if experiment in runs else len(runs) - 1


def _with_rate(experiment: Experiment, rule: Rule, usual: float | None) -> Rule:
    name, rate = rule
    if not rule_of(experiment, name).takes_learning_rate:
        if rate is not None:
            raise InputError(f"optimizer: {name} takes no learning rate; leave out {rate:g}")
        return rule
    rate = usual if rate is None else rate
    return name, found_rate(experiment, name) if rate is None else rate


def found_rate(experiment: Experiment, name: str) -> float:
    """The rate at which an optimizer takes part in a race from the experiment's start; InputError if there is none.

    Takes 5,000 steps side by side, or several times as many.
    """
    # The experiment's own schedule might not be possible with this optimizer.
    return good_rate(replace(experiment, optimizer=rule_of(experiment, name), schedule=OWN_STEPS))


def found_rates(before: Race, completed: Race) -> tuple[Rule, ...]:
    """The rules of a race, completed without a given rate, whose rates their range tests have suggested."""
    given = dict(before.values or ()) if completed.what == "optimizer" else {}
    rules = (completed.values or ()) if completed.what == "optimizer" else ()
    return tuple((name, rate) for name, rate in rules if rate is not None and given.get(name) is None)


def rule_of(experiment: Experiment, name: str) -> Optimizer:
    """The optimizer of that name, with the experiment's settings if it is its own; InputError if there is none."""
    return experiment.optimizer if experiment.optimizer.name == name else make_optimizer(name, {})


def _run_with_rate(experiment: Experiment, rate: float) -> Experiment:
    if not experiment.optimizer.takes_learning_rate:
        raise InputError(f"optimizer: {experiment.optimizer.name} takes no learning rate; race something else")
    return experiment.with_learning_rate(rate)


def _run_with_rule(experiment: Experiment, rule: Rule) -> Experiment:
    name, rate = rule
    own = rule_of(experiment, name)
    schedule = OWN_STEPS if rate is None else experiment.schedule.with_rate(rate)
    if not own.has_momentum:
        schedule = without_cycling_momentum(schedule)
    return replace(experiment, optimizer=own, schedule=schedule)


def run_with_schedule(experiment: Experiment, name: str) -> Experiment:
    """The experiment with the schedule of that name, over the same rate; InputError if it is not possible."""
    if name not in selectable_schedules():
        raise InputError(f"schedule: there is no {name!r}; use one of {', '.join(selectable_schedules())}")
    base, _ = base_and_changes(experiment.schedule)
    fitted = fitted_settings(name, {}, base, experiment.steps, experiment.optimizer.has_momentum)
    schedule = base if base.name == name else make_schedule(name, base.base_rate, fitted)
    return replace(experiment, schedule=schedule)


def _run_with_start(experiment: Experiment, start: Start) -> Experiment:
    return replace(experiment, start=start)


def _usual_starts(experiment: Experiment) -> tuple[Start, ...]:
    """Four points around the start, or as close to that as the box allows, in few digits."""
    box, axes = experiment.problem.box, []
    for start, low, high, half in zip(experiment.start, box.low, box.high, box.half, strict=True):
        distance = START_DISTANCE * half
        middle = min(max(start, low + distance), high - distance)
        digits = 1 - math.floor(math.log10(distance))
        axes.append((round(middle - distance, digits), round(middle + distance, digits)))
    return tuple((first, second) for first in axes[0] for second in axes[1])


def _in_words(value: object) -> str:
    """One of the values: "adam", "0.1" or "0,-1"."""
    if isinstance(value, float):
        return f"{value:g}"
    return value[0] if isinstance(value, tuple) and isinstance(value[0], str) else text_of(value)


RACES: Mapping[str, RaceKind] = {
    "learning-rate": RaceKind(
        "learning rate", "0.01,0.1,0.7", read_rates, _run_with_rate, lambda experiment: RACE_RATES
    ),
    "optimizer": RaceKind(
        "optimizer", "gd,momentum,nesterov:0.01", read_rules, _run_with_rule, lambda experiment: USUAL_RULES
    ),
    "schedule": RaceKind(
        "schedule", "constant,cosine", read_schedules, run_with_schedule, lambda experiment: USUAL_SCHEDULES
    ),
    "start": RaceKind("start", "0,-1;1,2", read_starts, _run_with_start, _usual_starts),
}
"""What can be raced."""
