"""The descent path of a run as drawn: clipped to the box, thinned if long, with the exit arrow."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gdviz.core.descent.recording import Recording
from gdviz.core.problems.problem import Problem
from gdviz.panes.landscape import zoom
from gdviz.panes.landscape.landscape import Arrow, RunPath, Surface, on_surface
from gdviz.presentation.curves import clip_segments
from gdviz.presentation.look import View

FIRST_STEPS, LAST_STEPS, BLOCKS = 100, 300, 300
"""A long path is drawn with all its first and last steps, and two consecutive points of each block in between."""
ARROW_OVERHANG = 0.14


def drawn_steps(last: int) -> NDArray[np.int64]:
    """The steps from 0 to ``last`` that are drawn, about 1,000 at most.

    Two consecutive steps of each block, so that both sides of a zigzag are drawn. Block lengths are powers of two, and
    blocks begin at multiples of them, so that the drawing is stable while ``last`` grows.
    """
    between = last - FIRST_STEPS - LAST_STEPS
    if between <= 2 * BLOCKS:
        return np.arange(last + 1)
    length = 2 ** math.ceil(math.log2(between / BLOCKS))
    blocks = np.arange(-(-FIRST_STEPS // length) * length, last - LAST_STEPS, length)
    pairs = np.stack([blocks, blocks + 1], axis=1).ravel()
    return np.unique(np.concatenate([np.arange(FIRST_STEPS), pairs, np.arange(last - LAST_STEPS, last + 1)]))


def last_finite_step(recording: Recording, step: int) -> int:
    """The last step up to ``step``, in the same run, at which both parameters are finite."""
    found = recording.milestones
    ends = [event for event in (*found.infinite, *found.nan) if event is not None]
    first = recording.run_start(step)
    if ends and first:  # they may belong to an earlier run
        not_finite = ~np.isfinite(recording.points[first : step + 1]).all(axis=1)
        return first + int(not_finite.argmax()) - 1 if not_finite.any() else step
    return min([step, *(end - 1 for end in ends)])


def to_unit_box(points: NDArray[np.floating], surface: Surface) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Finite points, shape (n, 2), in unit-box coordinates, shape (n, 2), and which are inside, shape (n,)."""
    # In units of a small box the largest numbers overflow; clipping needs finite ones.
    places = np.nan_to_num(surface.box.normalised(points))
    return places, np.abs(places).max(axis=1) <= 1.0


def visible_parts(
    places: NDArray[np.float64], inside: NDArray[np.bool_], problem: Problem, surface: Surface
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """The visible parts of the steps between n places, shape (m, 2, 3), and which steps have one, shape (n - 1,)."""
    begin, end, visible = clip_segments(places[:-1], places[1:])
    # A step from outside to outside may cross the box, but far above its surface.
    visible &= inside[:-1] | inside[1:]
    ends = np.stack([begin[visible], end[visible]], axis=1)
    return on_surface(problem, surface, ends).reshape(-1, 2, 3), visible


def build_path(
    recording: Recording,
    step: int,
    surface: Surface,
    view: View,
    style: int,
    name: str = "",
    since: int = 0,
    left: int | None = None,
) -> RunPath:
    """The path up to ``step``, in the box of the surface; of several runs in the recording, the one at ``step``.

    name: of the run, if several are shown. since: the step after which this box is shown. left: the step that left a
    growing box and is still pointed out.
    """
    first, last = recording.run_start(step), last_finite_step(recording, step)
    # What is held is the first box.
    exit_step = zoom.exit_step_at(recording, last, surface.box) if view is View.HOLD else left
    steps = first + drawn_steps(last - first)
    if exit_step is not None:  # it may have been thinned out
        steps = np.union1d(steps, [exit_step - 1, exit_step])
    problem = recording.experiment.problem
    places, inside = to_unit_box(recording.points[steps], surface)
    segments, visible = visible_parts(places, inside, problem, surface)
    dots = on_surface(problem, surface, places[inside])
    if view is View.FOLLOW and last == step > first and inside[-2] and not inside[-1]:
        exit_step = step
    arrow = None
    if exit_step is not None:
        row = int(np.searchsorted(steps, exit_step))
        what = ("left", "left") if view is View.HOLD else ("leaves the view", "leaves")
        # The run's name goes last: the arrow has its colour.
        begins = (f"{name} {what[0]}", f"{name} {what[1]}", what[1])
        told = [f"{begin} at step {exit_step - first:,}".lstrip() for begin in begins]
        arrow = _arrow(segments[int(visible[: row - 1].sum())], told, is_inside=bool(inside[row]))
    current = _triple(dots[-1]) if inside[-1] and last == step else None
    stops = dots[steps[inside] >= since]
    return RunPath(style, segments, dots, _triple(dots[0]) if inside[0] else None, current, arrow, stops=stops)


def _arrow(segment: NDArray[np.float32], wordings: Sequence[str], *, is_inside: bool) -> Arrow:
    """The step as an arrow; once the box has grown so that it is inside, it ends at its point."""
    tail, wall = segment.astype(np.float64)
    length = float(np.linalg.norm(wall - tail))
    if length < 1e-6:  # a step that begins at the very edge
        tail, wall, length = tail, tail, 1.0
    tip = wall + (0.0 if is_inside else ARROW_OVERHANG) * ((wall - tail) / length)
    return Arrow(_triple(tail), _triple(wall), _triple(tip), wordings[0], tuple(wordings[1:]))


def _triple(place: NDArray[np.floating]) -> tuple[float, float, float]:
    return (float(place[0]), float(place[1]), float(place[2]))
