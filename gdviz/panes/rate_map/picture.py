"""The map of rate and steps as drawn: the map with the runs on it, and the tooltips of its cells."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gdviz.core.analysis.phase_map import PhaseMap
from gdviz.core.descent.recording import Recording
from gdviz.core.frozen import frozen
from gdviz.panes.rate_map.background import MapBackground, empty_map, map_background
from gdviz.panes.rate_map.regions import LOG_TOLERANCE
from gdviz.presentation.curves import clip_segments
from gdviz.presentation.numbers import format_number, quantity
from gdviz.presentation.run_names import STYLES

Array = NDArray[np.float64]

MOST_OUTSIDE = 1.0
"""Whatever lies off the map is drawn at most this many decades beyond its edge."""
EDGE_TOLERANCE = 1e-6
"""Decades within which a rate counts as the one at the edge of the map."""
RESOLUTION = 2000
"""The trail is simplified to this many distinct positions along each axis."""


@frozen(eq=False)
class MapRun:
    """A run on the map, in positions on its axes.

    style: which colour, dash and marker (0 to 3).
    trail: shape (n, 2), from step 1 on: the rate in effect and the step; NaN where it is off the map.
    full_trail: the trail of the whole recording, extended at the last rate to the last step; labels keep clear of it.
    current: the current position, clamped to the map's edge. off_map: on which side, across and up, it is off the map
    (-1, 0, 1); (0, 0) is on the map. note: what is off the map, and what the colours mean if the rate has changed.
    """

    style: int
    trail: Array
    full_trail: Array
    current: tuple[float, float]
    off_map: tuple[int, int]
    note: str


@frozen(eq=False)
class MapPicture:
    """What the map shows; ``note`` says how much of it is computed, and is empty once complete."""

    background: MapBackground
    runs: tuple[MapRun, ...]
    note: str

    @property
    def outside(self) -> tuple[str, ...]:
        """The distinct notes of all runs."""
        return tuple(dict.fromkeys(run.note for run in self.runs if run.note))


def build_map_picture(
    phase_map: PhaseMap | None, recordings: tuple[Recording, ...], step: int, styles: Sequence[int] = STYLES
) -> MapPicture:
    """The map with the runs up to ``step`` on it; ``phase_map`` is None before anything is computed."""
    background = map_background(phase_map or empty_map(recordings[0].experiment))
    styled = zip(recordings, styles, strict=False)
    runs = tuple(_run(background, recording, min(step, recording.last_step), style) for recording, style in styled)
    shown = background.phase_map
    progress = f"computing: {shown.done:,} of {shown.grid.steps[-1]:,} steps" if shown.done else "computing"
    return MapPicture(background, runs, "" if shown.is_complete else progress)


def _run(background: MapBackground, recording: Recording, step: int, style: int) -> MapRun:
    rate, number = float(recording.learning_rates[step]), step - recording.run_start(step)
    place = _positions(background, np.array([rate]), np.array([number]))[0]
    inside = np.clip(place, *np.transpose([background.x_range, background.y_range]))
    (x, y), (across, up) = inside.tolist(), np.sign(place - inside).astype(int).tolist()
    trail, full_trail = _clipped(_corners(background, recording, step), background), _full_trail(background, recording)
    note = ", ".join(filter(None, [*_off_map_notes((across, up), rate, number), _rate_change_note(recording, step)]))
    return MapRun(style, trail, full_trail, (x, y), (across, up), note)


def _rate_change_note(recording: Recording, step: int) -> str:
    """What the colours under a run mean if its rate has changed so far."""
    rates, schedule = recording.learning_rates[recording.run_start(step) : step], recording.experiment.schedule
    if schedule.sets_momentum:
        momentum = format_number(vars(recording.experiment.optimizer)["momentum"])
        return f"the colours are of constant rates and a momentum of {momentum}"
    return "the colours are of constant rates" if len(rates) and (rates != rates[0]).any() else ""


def _corners(background: MapBackground, recording: Recording, step: int) -> Array:
    """The trail's corners: two at each change of the rate."""
    begin = recording.run_start(step)
    rates = recording.learning_rates[begin : step + 1]
    if len(rates) < 2:
        return np.empty((0, 2))
    changed = np.flatnonzero(rates[2:] != rates[1:-1]) + 2
    rows = np.concatenate([[1], np.repeat(changed, 2), [len(rates) - 1]])
    valid = np.concatenate([[1], np.stack([changed - 1, changed], axis=1).ravel(), [len(rates) - 1]])
    places = _positions(background, rates[valid].astype(np.float64), rows)
    coarse = np.rint(places / np.ptp([background.x_range, background.y_range], axis=1) * RESOLUTION)
    kept = np.append(True, (np.diff(coarse, axis=0) != 0).any(axis=1))
    # The marker is at the last place.
    kept[-1] = True
    return np.asarray(places[kept])


def _full_trail(background: MapBackground, recording: Recording) -> Array:
    """The trail of the whole run: constant while the run plays, and so are the labels that avoid it."""
    last = recording.last_step
    corners, rate = _corners(background, recording, last), recording.learning_rates[last:]
    number = recording.experiment.steps - recording.run_start(last)
    end = _positions(background, rate.astype(np.float64), np.array([number]))
    return _clipped(np.concatenate([corners[:-1], end]), background)


def _clipped(corners: Array, background: MapBackground) -> Array:
    """The parts of a polyline that are on the map, separated by NaN."""
    ends = np.array([background.x_range, background.y_range])
    middle, half = ends.mean(axis=1), np.diff(ends, axis=1)[:, 0] / 2
    places = (corners - middle) / half
    begin, end, visible = clip_segments(places[:-1], places[1:])
    parts = np.stack([begin, end], axis=1)[visible]
    gaps = 2 * np.flatnonzero((parts[1:, 0] != parts[:-1, 1]).any(axis=1)) + 2
    return np.insert(parts.reshape(-1, 2) * half + middle, gaps, np.nan, axis=0)


def _positions(background: MapBackground, rates: Array, steps: NDArray[np.int64]) -> Array:
    """Positions on the axes, shape (n, 2), at most MOST_OUTSIDE beyond them; step 0 is at the edge."""
    with np.errstate(divide="ignore", invalid="ignore"):
        # Rates of 0 or less have no logarithm: they are left of every map.
        x = np.where(rates > 0, np.log10(rates), -np.inf)
        y = np.where(steps > 0, np.log10(steps), background.y_range[0])
    (left, right), (_, top) = background.x_range, background.y_range
    for end in background.x_range:
        # A run's rate is rounded to its precision, which alone could push one at the very edge outside.
        x = np.where(np.abs(x - end) < EDGE_TOLERANCE, end, x)
    return np.stack([np.clip(x, left - MOST_OUTSIDE, right + MOST_OUTSIDE), np.minimum(y, top + MOST_OUTSIDE)], axis=1)


def _off_map_notes(off_map: tuple[int, int], rate: float, number: int) -> list[str]:
    across = {-1: "left of", 0: "", 1: "right of"}[off_map[0]]
    texts = [f"rate {format_number(rate)} is {across} the map"] if across else []
    return [*texts, f"step {number:,} is above the map"] if off_map[1] else texts


def tooltip_text(picture: MapPicture, learning_rate: float, steps: float) -> str:
    """The tooltip, two lines: the column nearest to that rate, and the cell nearest to that number of steps."""
    background = picture.background
    grid, column, row = background.phase_map.grid, background.column(learning_rate), background.row(steps)
    head = f"learning rate {format_number(float(grid.learning_rates[column]))}: {_convergence_text(background, column)}"
    losses = background.phase_map.losses[:, column]
    loss = f"loss {format_number(float(losses[row]))}" if row < len(losses) else "not computed yet"
    return f"{head}\nafter {quantity(grid.steps[row])}: {loss}"


def _convergence_text(background: MapBackground, column: int) -> str:
    """How many steps the column's rate needs until at most 1 % is left, or why it never gets there."""
    shown, values = background.phase_map, background.values[:, column]
    if not background.from_start:
        return _why_not_relative(background)
    needed, limit = int(shown.needed[column]), background.limit
    if needed > 0:
        stays = not len(values) or values[-1] <= LOG_TOLERANCE
        return f"within 1 % after {quantity(needed)}{'' if stays else ', but not for good'}"
    if limit is not None and shown.grid.learning_rates[column] >= limit.learning_rate:
        return f"never: above the limit{', every step makes it worse' if background.worsens[column] else ''}"
    if len(values) and np.isnan(values[-1]):
        return "never: the loss becomes NaN"
    last = shown.grid.steps[-1]
    return f"not within {last:,} steps" if shown.is_complete else f"not within {shown.done:,} steps, still computing"


def _why_not_relative(background: MapBackground) -> str:
    """Why the losses are not relative to the start's."""
    experiment = background.phase_map.experiment
    if not experiment.problem.minima:
        return "no minimum is known"
    with np.errstate(over="ignore"):
        loss = experiment.precision.dtype.type(float(experiment.problem.loss(*experiment.start)))
    return "it starts in the minimum" if np.isfinite(loss) else "its loss is infinite at the start"
