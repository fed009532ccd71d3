"""Races: up to four runs that differ in learning rate, optimizer, schedule or start, and how they are written."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gdviz.core.analysis.good_rate import good_rate
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.manual_changes import base_and_changes, without_cycling_momentum
from gdviz.core.descent.optimizers import OPTIMIZERS, Optimizer, make_optimizer
from gdviz.core.descent.schedules import Constant, fitted_settings, make_schedule, selectable_schedules
from gdviz.core.errors import InputError, locating
from gdviz.core.scenarios.scenario import MAX_RUNS

RACE_RATES = (0.01, 0.1, 0.7, 0.9)
"""The learning rates of the one-click race."""
USUAL_RULES = ("gd", "momentum", "rmsprop", "adam")
USUAL_SCHEDULES = ("constant", "step", "cosine", "one-cycle")
"""What races unless something else is chosen, as far as it is there."""
START_DISTANCE = 0.4  # of the usual starts from the present one along each axis, in half-widths of the box
_POINTS = "a comma separates the values; use decimal points, as in"

Rule = tuple[str, float | None]
"""The name of an optimizer and its learning rate; None for the one that its range test suggests, or for none at all."""
Start = tuple[float, float]


@dataclass(frozen=True)
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

        That is ``learning_rate``, or else what its range test suggests, which may take up to 2,000 steps each.
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


@dataclass(frozen=True)
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


def takes_learning_rate(rule: type[Optimizer] | Optimizer) -> bool:
    """Whether a learning rate scales the steps of the rule."""
    return getattr(rule, "takes_learning_rate", True)


def start_text(start: Start) -> str:
    """A start as `read_race` reads it."""
    return ",".join(f"{value:g}" if float(f"{value:g}") == value else repr(value) for value in start)


# The runs


def _with_rate(experiment: Experiment, rule: Rule, usual: float | None) -> Rule:
    name, rate = rule
    if not takes_learning_rate(rule_of(experiment, name)):
        if rate is not None:
            raise InputError(f"optimizer: {name} takes no learning rate; leave out {rate:g}")
        return rule
    rate = usual if rate is None else rate
    return name, found_rate(experiment, name) if rate is None else rate


def found_rate(experiment: Experiment, name: str) -> float:
    """The rate at which an optimizer takes part in a race from the experiment's start; InputError if there is none.

    May take up to 2,000 steps.
    """
    # The experiment's own schedule might not be possible with this optimizer.
    return good_rate(replace(experiment, optimizer=rule_of(experiment, name), schedule=Constant(1.0)))


def found_rates(before: Race, completed: Race) -> tuple[Rule, ...]:
    """The rules of a race, completed without a given rate, whose rates their range tests have suggested."""
    given = dict(before.values or ()) if completed.what == "optimizer" else {}
    rules = (completed.values or ()) if completed.what == "optimizer" else ()
    return tuple((name, rate) for name, rate in rules if rate is not None and given.get(name) is None)


def rule_of(experiment: Experiment, name: str) -> Optimizer:
    """The optimizer of that name, with the experiment's settings if it is its own; InputError if there is none."""
    return experiment.optimizer if experiment.optimizer.name == name else make_optimizer(name, {})


def _run_with_rate(experiment: Experiment, rate: float) -> Experiment:
    if not takes_learning_rate(experiment.optimizer):
        raise InputError(f"optimizer: {experiment.optimizer.name} takes no learning rate; race something else")
    return experiment.with_learning_rate(rate)


def _run_with_rule(experiment: Experiment, rule: Rule) -> Experiment:
    name, rate = rule
    own = rule_of(experiment, name)
    schedule = Constant(1.0) if rate is None else experiment.schedule.with_rate(rate)
    if not hasattr(own, "momentum"):
        schedule = without_cycling_momentum(schedule)
    return replace(experiment, optimizer=own, schedule=schedule)


def run_with_schedule(experiment: Experiment, name: str) -> Experiment:
    """The experiment with the schedule of that name, over the same rate; InputError if it is not possible."""
    if name not in selectable_schedules():
        raise InputError(f"schedule: there is no {name!r}; use one of {', '.join(selectable_schedules())}")
    base, _ = base_and_changes(experiment.schedule)
    has_momentum = hasattr(experiment.optimizer, "momentum")
    fitted = fitted_settings(name, {}, base, experiment.steps, has_momentum)
    schedule = base if base.name == name else make_schedule(name, base.base_rate, fitted)
    return replace(experiment, schedule=schedule)


def _run_with_start(experiment: Experiment, start: Start) -> Experiment:
    return replace(experiment, start=start)


def _usual_rules(experiment: Experiment) -> tuple[Rule, ...]:
    return tuple((name, None) for name in USUAL_RULES if name in OPTIMIZERS)


def _usual_schedules(experiment: Experiment) -> tuple[str, ...]:
    return tuple(name for name in USUAL_SCHEDULES if name in selectable_schedules())


def _usual_starts(experiment: Experiment) -> tuple[Start, ...]:
    """Four points around the start, or as close to that as the box allows, in few digits."""
    box, axes = experiment.problem.box, []
    for start, low, high, half in zip(experiment.start, box.low, box.high, box.half, strict=True):
        distance = START_DISTANCE * half
        middle = min(max(start, low + distance), high - distance)
        digits = 1 - math.floor(math.log10(distance))
        axes.append((round(middle - distance, digits), round(middle + distance, digits)))
    return tuple((first, second) for first in axes[0] for second in axes[1])


# Reading


def _numbers(text: str, example: str) -> tuple[float, ...]:
    if re.search(r"(^|,)\s*[+-]?0+,\d|;", text):
        raise InputError(f"race: {text!r}: {_POINTS} {example}")
    return tuple(_number(item, example) for item in text.split(","))


def _number(text: str, example: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise InputError(f"race: {text.strip()!r} is not a number; use numbers as in {example}") from None


def _read_rates(text: str) -> tuple[float, ...]:
    return _numbers(text, "0.01,0.1,0.7")


def _read_rules(text: str) -> tuple[Rule, ...]:
    rules = []
    if re.search(r":\s*\d+,\s*\d", text):
        raise InputError(f"race: {text!r}: {_POINTS} gd:0.1,momentum:0.01")
    for name, colon, rate in (item.partition(":") for item in text.split(",")):
        _check_name("optimizer", name.strip(), OPTIMIZERS)
        rules.append((name.strip(), _number(rate, "gd:0.1,momentum:0.01") if colon else None))
    return tuple(rules)


def _read_schedules(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(","))
    for name in names:
        _check_name("schedule", name, selectable_schedules())
    return names


def _check_name(what: str, name: str, known: Mapping[str, object]) -> None:
    if name not in known:
        raise InputError(f"race: there is no {what} {name!r}; use some of {', '.join(known)}")


def _read_starts(text: str) -> tuple[Start, ...]:
    example, starts = "0,-1;1,2", []
    for item in text.split(";"):
        values = tuple(_number(value, example) for value in item.split(","))
        if len(values) != 2:
            decimals = ", with decimal points" if len(values) == 4 else ""
            raise InputError(f"race: {item.strip()!r} is no start; use two numbers for each, as in {example}{decimals}")
        starts.append((values[0], values[1]))
    return tuple(starts)


def _in_words(value: object) -> str:
    if isinstance(value, tuple):
        return str(value[0]) if isinstance(value[0], str) else start_text(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


RACES: Mapping[str, RaceKind] = {
    "learning-rate": RaceKind(
        "learning rate", "0.01,0.1,0.7", _read_rates, _run_with_rate, lambda experiment: RACE_RATES
    ),
    "optimizer": RaceKind("optimizer", "gd,momentum,nesterov:0.01", _read_rules, _run_with_rule, _usual_rules),
    "schedule": RaceKind("schedule", "constant,cosine", _read_schedules, run_with_schedule, _usual_schedules),
    "start": RaceKind("start", "0,-1;1,2", _read_starts, _run_with_start, _usual_starts),
}
"""What can be raced."""
