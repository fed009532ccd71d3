"""The contents of the large pane: the loss sampled over a box, and the paths of the runs on it.

Coordinates are those of the unit box: the two parameters in [-1, 1], the height in [0, 1]. They are computed in double
precision and clipped: finite and below 1e3 in size unless stated otherwise.
"""

from dataclasses import field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.core.box import Box
from gdviz.core.descent.recording import Recording
from gdviz.core.frozen import frozen
from gdviz.core.problems.minimum_line import flat_direction
from gdviz.core.problems.problem import Problem
from gdviz.core.weak_cache import weak_cache
from gdviz.panes.landscape.directions import Inside
from gdviz.plotting.ticks import even_ticks
from gdviz.presentation.curves import clip_segments
from gdviz.presentation.highlight import Highlight, Meaning
from gdviz.presentation.numbers import format_number

SAMPLES = 129
"""Samples of the loss along each side of the box."""
SLICE_POINTS = 65
"""Points of the highlighted line along an axis, enough to follow the surface smoothly."""
NO_PLACES = np.empty((0, 3), np.float32)
_AXES = {Meaning.FIRST: 0, Meaning.SECOND: 1}


@frozen
class Tick:
    """A tick of an axis: its position in unit-box coordinates, and its label."""

    position: float
    label: str


@frozen
class Axis:
    """The name of an axis, and its ticks."""

    name: str
    ticks: tuple[Tick, ...]


@frozen(eq=False)
class Surface:
    """The loss sampled over a box. There is one object per problem and box, so that `is` compares surfaces.

    heights: float32, shape (n, n), (loss - base) / span, in [0, 1]; heights[i, j] belongs to the i-th of n equally
    spaced values of the first parameter and the j-th of the second, both from -1 to 1.
    slopes: float32, shape (n, n, 2), the derivatives of the height by the two unit-box coordinates.
    base, span: the loss at height 0, and the difference to the loss at height 1.
    """

    box: Box
    heights: NDArray[np.float32]
    slopes: NDArray[np.float32]
    base: float
    span: float
    axes: tuple[Axis, Axis, Axis]
    """First parameter (positions in [-1, 1]), second parameter (same), loss (positions in [0, 1])."""


@frozen(eq=False)
class Arrow:
    """The step that leaves the box: from inside to a tip just outside, and its label.

    shorter: other wordings of the label for where there is no room, the longest first.
    """

    tail: tuple[float, float, float]
    wall: tuple[float, float, float]
    """Where the step crosses the edge of the box."""
    tip: tuple[float, float, float]
    label: str
    shorter: tuple[str, ...] = ()


@frozen(eq=False)
class RunPath:
    """The descent path of one run up to the frame's step.

    style: which colour, dash and marker (0 to 3).
    segments: float32, shape (m, 2, 3): the visible parts of the steps, clipped to the box.
    dots: float32, shape (k, 3): the points inside the box.
    start, current: the first and the current point; None if outside the box or not finite.
    arrow: the step that leaves the box; None if the path is inside.
    ghost: float32, shape (g, 2, 3): the visible parts of the next steps, if the look asks for them.
    notes: short notes on the run, if the look asks for a picture of each.
    stops: float32, shape (j, 3): those of the dots at which the marker has stood in this box.
    """

    style: int
    segments: NDArray[np.float32]
    dots: NDArray[np.float32]
    start: tuple[float, float, float] | None
    current: tuple[float, float, float] | None
    arrow: Arrow | None
    ghost: NDArray[np.float32] = field(default_factory=lambda: np.empty((0, 2, 3), np.float32))
    notes: tuple[str, ...] = ()
    stops: NDArray[np.float32] = field(default_factory=lambda: NO_PLACES)


@frozen(eq=False)
class Light:
    """What the landscape highlights for the row of the tape under the pointer.

    meaning: the loss, the point, or the axis of one of the parameters. place: the current point of the live run, None
    if outside the box. line: float32, shape (m, 3), on the surface through that point along the highlighted axis, empty
    if there is none. label: what is highlighted, with its value.
    """

    meaning: Meaning
    place: tuple[float, float, float] | None
    line: NDArray[np.float32]
    label: str

    @property
    def axis(self) -> int:
        """The index of the highlighted axis of the surface; -1 for the point."""
        return {Meaning.FIRST: 0, Meaning.SECOND: 1, Meaning.LOSS: 2}.get(self.meaning, -1)


@frozen(eq=False)
class Landscape:
    """What the large pane shows, as a surface or as a contour.

    minima: float32, shape (k, 3), the known minima inside the box, if they are points.
    minimum_line: float32, shape (m, 3), m 0 or 2: the ends of the part of the line of minima inside the box, if any
    point of a line is a minimum.
    first_box: float32, shape (m, 3), the outline of the first box as a closed line on the surface; None while the box
    is still the first one.
    notes: short texts, the most important first. note_rows: so many lines are reserved for them, at every step.
    light: what to highlight.
    inside: the arrows of the live run's next step, if the look asks for them.
    is_small: whether another pane has the large place, so that there is little room.
    before: the landscape at the last step in the box before this one, where labels stand as they do here, unless
    something is in their way; None in a run's first box. is_between: whether it is one on the way into the next box,
    so that they stand as in that one, which ``before`` then is.
    """

    surface: Surface
    paths: tuple[RunPath, ...]
    minima: NDArray[np.float32]
    first_box: NDArray[np.float32] | None
    notes: tuple[str, ...]
    light: Light | None = None
    is_small: bool = False
    minimum_line: NDArray[np.float32] = field(default_factory=lambda: NO_PLACES)
    inside: Inside | None = None
    before: "Landscape | None" = None
    is_between: bool = False
    note_rows: int = 0


@weak_cache(4)
def sample_surface(problem: Problem, box: Box) -> Surface:
    """Return the surface of the problem over the box; the same object for the same arguments.

    Raise OverflowError if the loss is not finite on the whole box (see `gdviz.panes.landscape.zoom.top_zoom_level`).
    """
    first, second = box.grid(SAMPLES)
    losses = problem.loss(first[:, None], second[None, :])
    inside = [float(problem.loss(*minimum)) for minimum in problem.minima if box.contains(minimum)]
    base = min([float(losses.min()), *inside])
    span = float(losses.max()) - base
    if not np.isfinite(span):
        raise OverflowError(f"the loss of {problem.name} overflows double precision on {box}")
    heights = (losses - base) / span if span > 0 else np.zeros_like(losses)
    slopes = np.stack([np.gradient(heights, 2.0 / (SAMPLES - 1), axis=axis) for axis in (0, 1)], axis=-1)
    axes = _axes(problem, box, base, span)
    return Surface(box, heights.astype(np.float32), slopes.astype(np.float32), base, span, axes)


def _axes(problem: Problem, box: Box, base: float, span: float) -> tuple[Axis, Axis, Axis]:
    first, second = (
        Axis(name, tuple(Tick((value - centre) / half, text) for value, text in even_ticks(low, high).major))
        for name, low, high, centre, half in zip(
            problem.parameters, box.low, box.high, box.centre, box.half, strict=True
        )
    )
    few = (even_ticks(base, base + span, most).major for most in (4, 6, 8))
    upwards = next((ticks for ticks in few if len(ticks) > 1), ())
    return first, second, Axis("loss", tuple(Tick((value - base) / span, text) for value, text in upwards))


def height_at(problem: Problem, surface: Surface, places: ArrayLike) -> NDArray[np.float64]:
    """The exact heights, not interpolated, at places of shape (m, 2) in unit-box coordinates, shape (m,)."""
    points = surface.box.denormalised(places)
    losses = problem.loss(points[..., 0], points[..., 1])
    return (losses - surface.base) / surface.span if surface.span > 0 else np.zeros_like(losses)


def on_surface(problem: Problem, surface: Surface, places: ArrayLike) -> NDArray[np.float32]:
    """Places of shape (m, 2) in unit-box coordinates with their heights, shape (m, 3)."""
    flat = np.asarray(places, dtype=np.float64).reshape(-1, 2)
    return np.concatenate([flat, height_at(problem, surface, flat)[:, None]], axis=1).astype(np.float32)


def minimum_line(problem: Problem, surface: Surface) -> NDArray[np.float32]:
    """The ends of the part of the line of minima inside the box, shape (2, 3); shape (0, 3) if there is none."""
    direction = flat_direction(problem)
    if direction is None:
        return NO_PLACES
    place, along = surface.box.normalised(problem.minima[0]), np.array(direction) / np.array(surface.box.half)
    along /= float(np.hypot(*along))
    # From the point nearest to the middle, since the known minimum may be far outside.
    middle = place - float(place @ along) * along
    begin, end, is_visible = clip_segments(middle[None] - 3.0 * along, middle[None] + 3.0 * along)
    return on_surface(problem, surface, np.concatenate([begin, end])) if is_visible[0] else NO_PLACES


def landscape_light(
    recording: Recording, step: int, surface: Surface, path: RunPath, highlight: Highlight
) -> Light | None:
    """What to highlight; None if it concerns only the data. ``path``: of the recording, up to the step."""
    meaning = highlight.meaning
    if meaning not in (Meaning.LOSS, Meaning.POINT, *_AXES):
        return None
    line, current = np.empty((0, 3), np.float32), path.current
    if meaning in _AXES and current is not None:
        axis = _AXES[meaning]
        places = np.tile(np.array(current[:2]), (SLICE_POINTS, 1))
        places[:, axis] = np.linspace(-1.0, 1.0, SLICE_POINTS)
        line = on_surface(recording.experiment.problem, surface, places)
    return Light(meaning, current, line, _label(recording, min(step, recording.last_step), meaning, highlight))


def _label(recording: Recording, step: int, meaning: Meaning, highlight: Highlight) -> str:
    """The name of what is highlighted, with its value."""
    if meaning is Meaning.LOSS:
        # The landscape is the loss of all rows, even if the tape is that of a batch.
        return f"loss {'of all rows ' if highlight.is_of_batch else ''}{format_number(float(recording.losses[step]))}"
    values = [
        f"{name} = {format_number(float(value))}"
        for name, value in zip(recording.experiment.problem.parameters, recording.points[step], strict=True)
    ]
    return values[_AXES[meaning]] if meaning in _AXES else ", ".join(values)
