"""The map of rate and steps as it is drawn: its ground with the runs on it, and its cells in words."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gdviz.core.analysis.phase_map import PhaseMap
from gdviz.core.descent.recording import Recording
from gdviz.panes.rate_map.ground import MapGround, empty_map, ground_of
from gdviz.panes.rate_map.regions import WITHIN
from gdviz.presentation.curves import clip_segments
from gdviz.presentation.numbers import format_number, quantity
from gdviz.presentation.run_names import STYLES

Array = NDArray[np.float64]

OUTSIDE = 1.0
"""What is not on the map is drawn as if at most so many powers of ten beyond its edge."""
SLACK = 1e-6
"""Powers of ten within which a rate is the one at the edge of the map."""
FINENESS = 2000
"""How many places are told apart along each axis: the trail needs no more corners."""


@dataclass(frozen=True, eq=False)
class MapRun:
    """A run on the map, in positions on its axes.

    style: which colour, dash and marker (0 to 3).
    trail: shape (n, 2), from step 1 on: the rate in force and the step; NaN where it is outside of the map.
    course: the same for all that is recorded, and on at the last rate to the last step; words keep clear of it.
    current: where it is now, on the edge if that is outside. beyond: in which directions, across and up, it is outside
    (-1, 0, 1); (0, 0) is on the map. note: what is outside, and what the colours mean if the rate has changed.
    """

    style: int
    trail: Array
    course: Array
    current: tuple[float, float]
    beyond: tuple[int, int]
    note: str


@dataclass(frozen=True, eq=False)
class MapPicture:
    """What the map shows; ``note`` tells how much of it is computed, and is empty when all of it is."""

    ground: MapGround
    runs: tuple[MapRun, ...]
    note: str

    @property
    def outside(self) -> tuple[str, ...]:
        """The notes of all runs, each sentence once."""
        return tuple(dict.fromkeys(run.note for run in self.runs if run.note))


def build_map_picture(
    phase_map: PhaseMap | None, recordings: tuple[Recording, ...], step: int, styles: Sequence[int] = STYLES
) -> MapPicture:
    """The map with the runs up to ``step`` on it; None for a map of which nothing is computed yet."""
    ground = ground_of(phase_map or empty_map(recordings[0].experiment))
    styled = zip(recordings, styles, strict=False)
    runs = tuple(_run(ground, recording, min(step, recording.last_step), style) for recording, style in styled)
    shown = ground.phase_map
    of_all = f"{shown.done:,} of {shown.grid.steps[-1]:,} steps"
    return MapPicture(ground, runs, "" if shown.is_complete else f"computing: {of_all}" if shown.done else "computing")


def _run(ground: MapGround, recording: Recording, step: int, style: int) -> MapRun:
    rate, number = float(recording.learning_rates[step]), step - recording.run_begin(step)
    place = _positions(ground, np.array([rate]), np.array([number]))[0]
    inside = np.clip(place, *np.transpose([ground.x_range, ground.y_range]))
    (x, y), (across, up) = inside.tolist(), np.sign(place - inside).astype(int).tolist()
    trail, course = _clipped(_corners(ground, recording, step), ground), _course(ground, recording)
    note = ", ".join(filter(None, [*_outside((across, up), rate, number), _changing(recording, step)]))
    return MapRun(style, trail, course, (x, y), (across, up), note)


def _changing(recording: Recording, step: int) -> str:
    """What the colours under a run mean if its rate has changed on the way."""
    rates, schedule = recording.learning_rates[recording.run_begin(step) : step], recording.experiment.schedule
    if schedule.sets_momentum:
        momentum = format_number(vars(recording.experiment.optimizer)["momentum"])
        return f"the colours are of constant rates and a momentum of {momentum}"
    return "the colours are of constant rates" if len(rates) and (rates != rates[0]).any() else ""


def _corners(ground: MapGround, recording: Recording, step: int) -> Array:
    """One corner for each change of the rate, which is in force from its step to the next one."""
    begin = recording.run_begin(step)
    rates = recording.learning_rates[begin : step + 1]
    if len(rates) < 2:
        return np.empty((0, 2))
    changed = np.flatnonzero(rates[2:] != rates[1:-1]) + 2
    rows = np.concatenate([[1], np.repeat(changed, 2), [len(rates) - 1]])
    valid = np.concatenate([[1], np.stack([changed - 1, changed], axis=1).ravel(), [len(rates) - 1]])
    places = _positions(ground, rates[valid].astype(np.float64), rows)
    coarse = np.rint(places / np.ptp([ground.x_range, ground.y_range], axis=1) * FINENESS)
    kept = np.append(True, (np.diff(coarse, axis=0) != 0).any(axis=1))
    # The last place is where the marker stands.
    kept[-1] = True
    return np.asarray(places[kept])


def _course(ground: MapGround, recording: Recording) -> Array:
    """The whole line up to the last step: it stays the same as the run grows, and with it the words on the map."""
    last = recording.last_step
    corners, rate = _corners(ground, recording, last), recording.learning_rates[last:]
    number = recording.experiment.steps - recording.run_begin(last)
    end = _positions(ground, rate.astype(np.float64), np.array([number]))
    return _clipped(np.concatenate([corners[:-1], end]), ground)


def _clipped(corners: Array, ground: MapGround) -> Array:
    """The parts of a line that are on the map, NaN between them."""
    ends = np.array([ground.x_range, ground.y_range])
    middle, half = ends.mean(axis=1), np.diff(ends, axis=1)[:, 0] / 2
    places = (corners - middle) / half
    begin, end, visible = clip_segments(places[:-1], places[1:])
    parts = np.stack([begin, end], axis=1)[visible]
    gaps = 2 * np.flatnonzero((parts[1:, 0] != parts[:-1, 1]).any(axis=1)) + 2
    return np.insert(parts.reshape(-1, 2) * half + middle, gaps, np.nan, axis=0)


def _positions(ground: MapGround, rates: Array, steps: NDArray[np.int64]) -> Array:
    """Positions on the axes, shape (n, 2), at most OUTSIDE beyond them; step 0 is on the edge."""
    with np.errstate(divide="ignore", invalid="ignore"):
        # A rate that is not positive has no logarithm: it is left of every map.
        x = np.where(rates > 0, np.log10(rates), -np.inf)
        y = np.where(steps > 0, np.log10(steps), ground.y_range[0])
    (left, right), (_, top) = ground.x_range, ground.y_range
    for end in ground.x_range:
        # The rate of a run is rounded to its precision: one at the very edge would be outside by that.
        x = np.where(np.abs(x - end) < SLACK, end, x)
    return np.stack([np.clip(x, left - OUTSIDE, right + OUTSIDE), np.minimum(y, top + OUTSIDE)], axis=1)


def _outside(beyond: tuple[int, int], rate: float, number: int) -> list[str]:
    across = {-1: "left of", 0: "", 1: "right of"}[beyond[0]]
    texts = [f"rate {format_number(rate)} is {across} the map"] if across else []
    return [*texts, f"step {number:,} is above the map"] if beyond[1] else texts


def told(picture: MapPicture, learning_rate: float, steps: float) -> str:
    """What the map knows of the column and the cell nearest to that rate and number of steps: two lines."""
    ground = picture.ground
    grid, column, row = ground.phase_map.grid, ground.column(learning_rate), ground.row(steps)
    head = f"learning rate {format_number(float(grid.learning_rates[column]))}: {_needed(ground, column)}"
    losses = ground.phase_map.losses[:, column]
    loss = f"loss {format_number(float(losses[row]))}" if row < len(losses) else "not computed yet"
    return f"{head}\nafter {quantity(grid.steps[row])}: {loss}"


def _needed(ground: MapGround, column: int) -> str:
    """After how many steps at the column's rate at most 1 % is left, or why that does not happen."""
    shown, values = ground.phase_map, ground.values[:, column]
    if not ground.from_start:
        return _start(ground)
    needed, wall = int(shown.needed[column]), ground.wall
    if needed > 0:
        stays = not len(values) or values[-1] <= WITHIN
        return f"within 1 % after {quantity(needed)}{'' if stays else ', but it does not stay there'}"
    if wall is not None and shown.grid.learning_rates[column] >= wall.learning_rate:
        return f"never: beyond the limit{' every step makes it worse' if ground.worsens[column] else ''}"
    if len(values) and np.isnan(values[-1]):
        return "never: it ends in NaN"
    last = shown.grid.steps[-1]
    return f"not within {last:,} steps" if shown.is_complete else f"not within {shown.done:,} steps, computing on"


def _start(ground: MapGround) -> str:
    """Why the losses are not measured by that of the start."""
    experiment = ground.phase_map.experiment
    if not experiment.problem.minima:
        return "no minimum is known"
    with np.errstate(over="ignore"):
        loss = experiment.precision.dtype.type(float(experiment.problem.loss(*experiment.start)))
    return "it starts in the minimum" if np.isfinite(loss) else "its loss is infinite at the start"
