"""The map of starting points as drawn: where runs end and how fast, as text too, and the runs shown on it."""

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gdviz.core.analysis.basins import NOT_FINITE, NOWHERE, UNKNOWN, BasinMap
from gdviz.core.box import Box
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.recording import Recording
from gdviz.core.frozen import frozen
from gdviz.core.problems.problem import Problem
from gdviz.panes.landscape.landscape import RunPath, Surface, sample_surface
from gdviz.panes.landscape.path import build_path
from gdviz.presentation.look import View
from gdviz.presentation.numbers import MINUS, format_number, quantity
from gdviz.presentation.run_names import STYLES

DARKEST_PERCENTILE = 99.0
"""The darkest shade is the number of steps at this percentile of the runs."""
DIVERGES = "diverges"


@frozen
class KnownMinimum:
    """A known minimum.

    index: into ``problem.minima``; decides its colour. name: its coordinates as text. place: in unit-box coordinates of
    the map; None if outside.
    """

    index: int
    name: str
    place: tuple[float, float] | None


@frozen(eq=False)
class BasinPicture:
    """What the map of starting points shows.

    basins: the map, whose grid of starting points spans the box of ``surface``; None before anything is computed.
    surface: the loss over that box, for the names and ticks of the axes.
    paths: the runs up to the frame's step, in coordinates of that box.
    known_minima: in the order of the problem. steps: drawn lightest and darkest, on a logarithmic scale.
    scale: what lightest and darkest mean, as lines of text; empty if no run ends in a minimum.
    nowhere, not_finite: the names of the areas in which no run ends in a minimum; empty where there is no such area.
    conditions: the rate and the number of steps of the map's runs. progress: how much of the map is computed.
    """

    basins: BasinMap | None
    surface: Surface
    paths: tuple[RunPath, ...]
    known_minima: tuple[KnownMinimum, ...]
    steps: tuple[int, int]
    scale: tuple[str, ...]
    nowhere: str
    not_finite: str
    conditions: str
    progress: str


def build_basin_picture(
    basins: BasinMap | None, recordings: tuple[Recording, ...], step: int, styles: Sequence[int] = STYLES
) -> BasinPicture:
    """The map with the runs up to ``step`` on it; ``basins`` is None before anything is computed."""
    experiment = recordings[0].experiment
    without_runs = _empty(experiment, experiment.problem.box) if basins is None else _map_only(basins)
    # The map does not grow to follow a path that leaves it: the new area would not be computed.
    paths = tuple(
        build_path(recording, min(step, recording.last_step), without_runs.surface, View.HOLD, style)
        for recording, style in zip(recordings, styles, strict=False)
    )
    return replace(without_runs, paths=paths)


def _empty(experiment: Experiment, box: Box) -> BasinPicture:
    """The map of this box before anything is computed, without the runs."""
    surface, known_minima = sample_surface(experiment.problem, box), _known_minima(experiment.problem, box)
    return BasinPicture(None, surface, (), known_minima, (1, 2), (), "", "", _conditions(experiment), "computing")


@lru_cache(maxsize=8)
def _map_only(basins: BasinMap) -> BasinPicture:
    empty, kinds = _empty(basins.experiment, basins.box), basins.minimum
    # A run that ends near a minimum with more than 1 % of the loss left has merely used up all steps.
    steps = basins.steps[(kinds >= 0) & (basins.steps < basins.experiment.steps)]
    shown, scale = _scale(steps) if len(steps) else (empty.steps, ())
    computed = math.floor(100 * (1.0 - float((kinds == UNKNOWN).mean())))
    return replace(
        empty,
        basins=basins,
        steps=shown,
        scale=scale,
        nowhere=_in_none_text(basins.experiment) if (kinds == NOWHERE).any() else "",
        not_finite=DIVERGES if (kinds == NOT_FINITE).any() else "",
        progress="" if basins.is_complete else f"computing: {computed} %",
    )


def _scale(steps: NDArray[np.int32]) -> tuple[tuple[int, int], tuple[str, ...]]:
    """The numbers of steps drawn lightest and darkest, and their descriptions."""
    # The few runs that start on a basin boundary take much longer than all others.
    fewest, many = max(1, int(steps.min())), int(np.percentile(steps, DARKEST_PERCENTILE))
    most = max(fewest + 1, many)
    return (fewest, most), (
        f"light: {quantity(fewest)}{' or none' if steps.min() < fewest else ''}",
        f"dark: {quantity(most)}{' or more' if steps.max() > most else ''}",
        "to 1 % of the loss",
    )


def _known_minima(problem: Problem, box: Box) -> tuple[KnownMinimum, ...]:
    found = []
    for index, minimum in enumerate(problem.minima):
        x, y = (float(value) for value in box.normalised(minimum))
        found.append(KnownMinimum(index, _name(minimum), (x, y) if box.contains(minimum) else None))
    return tuple(found)


def _conditions(experiment: Experiment) -> str:
    """The learning rate and the number of steps of the map's runs, as text."""
    schedule, steps = experiment.schedule, quantity(experiment.steps)
    later = " at first, then changed" if schedule.constant_rate is None else ""
    rate = f"learning rate {format_number(schedule.first_rate)}{later}"
    rule = "" if experiment.optimizer.is_plain else f"{experiment.optimizer.title} "
    return f"{rule}at {rate}, {steps}" if experiment.optimizer.takes_learning_rate else f"{rule.rstrip()}, {steps}"


def nearest_start(basins: BasinMap, first: float, second: float) -> tuple[float, float]:
    """The map's starting point nearest to these values of the two parameters."""
    firsts, seconds = basins.box.grid(basins.side)
    i, j = _cell(basins, first, second)
    return float(firsts[i]), float(seconds[j])


def tooltip_text(basins: BasinMap, first: float, second: float) -> str:
    """The tooltip: the nearest starting point, and where the run from there ends."""
    decimals = max(0, -math.floor(math.log10(2.0 * min(basins.box.half) / (basins.side - 1))))
    begin = ", ".join(_rounded(value, decimals) for value in nearest_start(basins, first, second))
    return f"from ({begin}): {_ending(basins, _cell(basins, first, second))}"


def _cell(basins: BasinMap, first: float, second: float) -> tuple[int, int]:
    last = basins.side - 1
    i, j = (round((float(value) + 1.0) / 2.0 * last) for value in basins.box.normalised((first, second)))
    return max(0, min(last, i)), max(0, min(last, j))


def _ending(basins: BasinMap, cell: tuple[int, int]) -> str:
    minimum, steps = int(basins.minimum[cell]), int(basins.steps[cell])
    if minimum == UNKNOWN:
        return "not computed yet"
    if minimum == NOT_FINITE:
        return DIVERGES
    if minimum == NOWHERE:
        return _in_none_text(basins.experiment)
    return f"ends in {_name(basins.experiment.problem.minima[minimum])} after {quantity(steps)}"


def _in_none_text(experiment: Experiment) -> str:
    return f"in none after {quantity(experiment.steps)}"


def _name(point: tuple[float, float]) -> str:
    return f"({', '.join(format_number(value, 3) for value in point)})"


def _rounded(value: float, decimals: int) -> str:
    """The value with that many decimals, if that is readable."""
    if decimals > 6 or abs(value) >= 1e6:
        return format_number(value, 6)
    return f"{round(value, decimals) + 0.0:.{decimals}f}".replace("-", MINUS)
