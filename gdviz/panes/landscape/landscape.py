"""What the large pane is made of: the loss sampled over a box, and the paths of the runs on it.

Coordinates are those of the unit box: the two parameters in [-1, 1], the height in [0, 1]. They were computed in double
precision and clipped; nothing here is non-finite or beyond 1e3 unless it says so.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.core.box import Box
from gdviz.core.descent.recording import Recording
from gdviz.core.problems.problem import Problem
from gdviz.plotting.ticks import even_ticks
from gdviz.presentation.highlight import Highlight, Meaning
from gdviz.presentation.numbers import format_number
from gdviz.presentation.weak_cache import weak_cache

GRID = 129
"""Samples of the loss along each side of the box."""
SLICE_POINTS = 65
"""Of the line along an axis: with so many a bend of the surface is smooth."""
_AXES = {Meaning.FIRST: 0, Meaning.SECOND: 1}


@dataclass(frozen=True)
class Tick:
    """A tick of an axis: its place in unit-box coordinates and its label."""

    position: float
    label: str


@dataclass(frozen=True)
class Axis:
    """The name of what an axis shows, and its ticks."""

    name: str
    ticks: tuple[Tick, ...]


@dataclass(frozen=True, eq=False)
class Surface:
    """The loss sampled over a box. One object for one problem and box, so that `is` tells whether it is the same.

    heights: float32, shape (n, n), the loss above ``base`` as a part of ``span``, in [0, 1]; heights[i, j] belongs to
    the i-th of n equally spaced values of the first parameter and the j-th of the second, both from -1 to 1.
    slopes: float32, shape (n, n, 2), the derivatives of the height by the two unit-box coordinates.
    base, span: the loss at height 0, and the loss at height 1 above it.
    """

    box: Box
    heights: NDArray[np.float32]
    slopes: NDArray[np.float32]
    base: float
    span: float
    axes: tuple[Axis, Axis, Axis]
    """First parameter (positions in [-1, 1]), second parameter (same), loss (positions in [0, 1])."""


@dataclass(frozen=True, eq=False)
class Arrow:
    """The step that leaves the box: from inside to the tip just beyond the wall, and what is said about it."""

    tail: tuple[float, float, float]
    wall: tuple[float, float, float]
    """Where the step goes through the wall."""
    tip: tuple[float, float, float]
    label: str


@dataclass(frozen=True, eq=False)
class RunPath:
    """The descent path of one run up to the frame's step.

    style: which colour, dash and marker (0 to 3).
    segments: float32, shape (m, 2, 3): the visible parts of the steps, clipped at the walls of the box.
    dots: float32, shape (k, 3): the points of the steps that lie in the box.
    start, current: where the run began and where it is now; None where that is outside of the box or not finite.
    arrow: the step that leaves the box; None if the path is inside.
    ghost: float32, shape (g, 2, 3): the visible parts of the next steps, where the look asks for them.
    notes: what is said of the run in short, where the look asks for a picture of each.
    """

    style: int
    segments: NDArray[np.float32]
    dots: NDArray[np.float32]
    start: tuple[float, float, float] | None
    current: tuple[float, float, float] | None
    arrow: Arrow | None
    ghost: NDArray[np.float32] = field(default_factory=lambda: np.empty((0, 2, 3), np.float32))
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Light:
    """What the row of the tape that the mouse points at is about.

    meaning: the loss, the point, or the axis of one of the parameters. place: where the live run is now, None where
    that is outside of the box. line: float32, shape (m, 3), on the surface through the place along the axis that is
    meant, without points if none is. label: what is highlighted, with its number.
    """

    meaning: Meaning
    place: tuple[float, float, float] | None
    line: NDArray[np.float32]
    label: str

    @property
    def axis(self) -> int:
        """Which of the surface's axes is meant; all of them for the point: -1."""
        return {Meaning.FIRST: 0, Meaning.SECOND: 1, Meaning.LOSS: 2}.get(self.meaning, -1)


@dataclass(frozen=True, eq=False)
class Landscape:
    """What the large pane shows, as a surface or as a contour.

    minima: float32, shape (k, 3), the known minima inside the box.
    first_box: float32, shape (m, 3), the outline of the first box as a closed line on the surface, or None while the
    box is still the first one.
    notes: lines of text for the lower left corner, the most important first.
    light: what to highlight.
    is_small: whether another pane stands in the large place, so that there is little room.
    """

    surface: Surface
    paths: tuple[RunPath, ...]
    minima: NDArray[np.float32]
    first_box: NDArray[np.float32] | None
    notes: tuple[str, ...]
    light: Light | None = None
    is_small: bool = False


@weak_cache(8)
def sample_surface(problem: Problem, box: Box) -> Surface:
    """The surface of the problem over the box; the same object for the same arguments.

    OverflowError where the loss is not finite on the whole box (see `gdviz.panes.landscape.zoom.top_zoom_level`).
    """
    first, second = box.grid(GRID)
    losses = problem.loss(first[:, None], second[None, :])
    inside = [float(problem.loss(*minimum)) for minimum in problem.minima if box.holds(minimum)]
    base = min([float(losses.min()), *inside])
    span = float(losses.max()) - base
    if not np.isfinite(span):
        raise OverflowError(f"the loss of {problem.name} overflows double precision on {box}")
    heights = (losses - base) / span if span > 0 else np.zeros_like(losses)
    slopes = np.stack([np.gradient(heights, 2.0 / (GRID - 1), axis=axis) for axis in (0, 1)], axis=-1)
    axes = _axes(problem, box, base, span)
    return Surface(box, heights.astype(np.float32), slopes.astype(np.float32), base, span, axes)


def _axes(problem: Problem, box: Box, base: float, span: float) -> tuple[Axis, Axis, Axis]:
    first, second = (
        Axis(name, tuple(Tick((value - centre) / half, text) for value, text in even_ticks(low, high).major))
        for name, low, high, centre, half in zip(
            problem.parameters, box.low, box.high, box.centre, box.half, strict=True
        )
    )
    upwards = even_ticks(base, base + span, 4).major
    return first, second, Axis("loss", tuple(Tick((value - base) / span, text) for value, text in upwards))


def height(problem: Problem, surface: Surface, places: ArrayLike) -> NDArray[np.float64]:
    """The heights at places of shape (m, 2) in unit-box coordinates, shape (m,); exact, not read off the grid."""
    points = surface.box.denormalised(places)
    losses = problem.loss(points[..., 0], points[..., 1])
    return (losses - surface.base) / surface.span if surface.span > 0 else np.zeros_like(losses)


def on_surface(problem: Problem, surface: Surface, places: ArrayLike) -> NDArray[np.float32]:
    """Places of shape (m, 2) in unit-box coordinates with their heights, shape (m, 3)."""
    flat = np.asarray(places, dtype=np.float64).reshape(-1, 2)
    return np.concatenate([flat, height(problem, surface, flat)[:, None]], axis=1).astype(np.float32)


def landscape_light(
    recording: Recording, step: int, surface: Surface, path: RunPath, highlight: Highlight
) -> Light | None:
    """What is lit there; None where it concerns the data alone. ``path``: that of the recording, up to the step."""
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
    """What is lit, with its number."""
    if meaning is Meaning.LOSS:
        # The landscape is that of all rows, also where the tape is that of a batch.
        return f"loss {'of all rows ' if highlight.is_of_batch else ''}{format_number(float(recording.losses[step]))}"
    values = [
        f"{name} = {format_number(float(value))}"
        for name, value in zip(recording.experiment.problem.parameters, recording.points[step], strict=True)
    ]
    return values[_AXES[meaning]] if meaning in _AXES else ", ".join(values)
