"""The schedules by name, their settings, and how one is made from them."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import numpy as np

from gdviz.core.descent.schedules.base import RATE, Constant, Schedule, check_learning_rate
from gdviz.core.descent.schedules.cosine import Cosine, CosineRestarts
from gdviz.core.descent.schedules.cycles import Cyclic, OneCycle
from gdviz.core.descent.schedules.decays import Exponential, InverseSquareRoot, MultiStep, Polynomial, StepDecay
from gdviz.core.descent.schedules.free import Free
from gdviz.core.descent.schedules.plateau import ReduceOnPlateau
from gdviz.core.descent.schedules.range_test import RangeTest
from gdviz.core.descent.schedules.warm_up import WARM_UP_SETTINGS, WarmUp
from gdviz.core.descent.settings import Setting, settings_of_kind, validated
from gdviz.core.errors import InputError

_DECAYS = (StepDecay, MultiStep, Exponential, Polynomial, InverseSquareRoot)
_CURVES = (Cosine, CosineRestarts, Cyclic, OneCycle)
SCHEDULES: dict[str, type[Schedule]] = {
    kind.name: kind for kind in (Constant, RangeTest, *_DECAYS, *_CURVES, ReduceOnPlateau, Free)
}
"""A new schedule is one dataclass and one entry here; its fields are its settings everywhere."""
LENGTHS = ("total_steps", "t_max")
FROM_THE_RUN = {
    **dict.fromkeys(LENGTHS, "the steps of the run"),
    "cycle_momentum": "on for a rule that has a momentum",
    "points": "points on the curve of the schedule before",
}
"""The settings, by name, that `fitted_settings` takes from the run where they are not given, and how in words."""
NEEDED = {"warmup_start_factor": "warmup_steps", "base_momentum": "cycle_momentum", "max_momentum": "cycle_momentum"}
"""The settings that do nothing where another one is 0 or off, and that one."""
NO_WARM_UP = {key: getattr(WarmUp, key) for key in WARM_UP_SETTINGS}
FREE_POINTS = 6
POINT_DIGITS = 4


def selectable_schedules() -> dict[str, type[Schedule]]:
    """The schedules that a run can use, by name."""
    return {name: kind for name, kind in SCHEDULES.items() if not kind.sweeps}


def schedule_settings(name: str) -> dict[str, Setting]:
    """The settings of the schedule of that name, except its learning rate; InputError for an unknown name.

    Unless it is a sweep, they end with those of the warm-up before it.
    """
    known = settings_of_kind("schedule", SCHEDULES, name)
    if not SCHEDULES[name].sweeps:
        warm_up = settings_of_kind("schedule", {name: WarmUp}, name)
        known |= {key: warm_up[key] for key in WARM_UP_SETTINGS}
    return {
        key: replace(setting, words=FROM_THE_RUN.get(key, ""), needs=NEEDED.get(key, ""))
        for key, setting in known.items()
        if key != RATE
    }


def settings_of(kind: object) -> dict[str, Any]:
    """The values of the settings of an optimizer, or of a schedule except its learning rate.

    Those of a warm-up are there if there is one.
    """
    before = settings_of(kind.base) if isinstance(kind, WarmUp) else {}
    return before | {key: value for key, value in vars(kind).items() if key not in (RATE, "base")}


def has_learning_rate(name: str) -> bool:
    """Whether the schedule of that name has a learning-rate setting."""
    return any(field.name == RATE for field in fields(SCHEDULES[name]))  # type: ignore[arg-type]


def make_schedule(name: str, learning_rate: float, settings: Mapping[str, Any]) -> Schedule:
    """The schedule of that name with these settings, and with that rate if it has a learning-rate setting.

    InputError for an unknown name or setting, or a value out of range or of the wrong type.
    """
    known = schedule_settings(name)
    values = validated("schedule", name, known, settings)
    warming = {key: values.pop(key) for key in WARM_UP_SETTINGS if key in values}
    rate = {RATE: check_learning_rate(learning_rate)} if has_learning_rate(name) else {}
    warm_up = WarmUp(SCHEDULES[name](**values, **rate), **warming)
    steps, factor = WARM_UP_SETTINGS
    if factor in warming and steps not in warming:
        raise InputError(f"schedule.{factor}: there is no warm-up; give {steps} too, or leave it out")
    return warm_up if warm_up.warmup_steps else warm_up.base


def fitted_settings(
    name: str, given: Mapping[str, Any], before: Schedule, steps: int, has_momentum: bool
) -> dict[str, Any]:
    """The given settings for the schedule of that name, and those of `FROM_THE_RUN` that it has and are not given.

    before: the schedule that it replaces. steps: of the run. has_momentum: whether the rule has a momentum.
    InputError for an unknown name.
    """
    known, warming = schedule_settings(name), given.get(WARM_UP_SETTINGS[0], 0)
    length = max(1, steps - warming) if isinstance(warming, int) else steps
    found: dict[str, Any] = {**dict.fromkeys(LENGTHS, length), "cycle_momentum": has_momentum}
    if "points" in known and "points" not in given:
        found["points"] = _points_along(before, length)
    return {**{key: value for key, value in found.items() if key in known}, **given}


def fitted_to(schedule: Schedule, before: int, steps: int) -> Schedule:
    """The schedule of a run of ``before`` steps for one of ``steps``: a length that was the run's own follows it.

    So it stays as long as the run where it was fitted to it, and as it is where another length was given.
    """
    if (base := getattr(schedule, "base", None)) is not None:  # beneath manual changes and a warm-up
        warming = getattr(schedule, WARM_UP_SETTINGS[0], 0)
        base = fitted_to(base, max(1, before - warming), max(1, steps - warming))
        return replace(schedule, base=base)  # type: ignore[type-var]
    lengths = {key: steps for key in LENGTHS if vars(schedule).get(key) == before}
    return replace(schedule, **lengths) if lengths else schedule  # type: ignore[type-var]


def _points_along(schedule: Schedule, steps: int) -> tuple[tuple[int, float], ...]:
    """Points on the curve of a schedule from step 0 on; at its base rate if the losses decide, or it is a sweep."""
    if schedule.sweeps or not schedule.is_predetermined:
        schedule = Constant(schedule.base_rate)
    last = steps if schedule.last_step is None else schedule.last_step
    places = sorted({round(place) for place in np.linspace(0, steps, FREE_POINTS).tolist()})
    return tuple((step, float(f"{schedule(min(step, last)):.{POINT_DIGITS}g}")) for step in places)
