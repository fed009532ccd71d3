"""The loss sampled over a box and scaled to heights, in double precision."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.core.box import Box
from gdviz.core.problems.problem import Problem
from gdviz.panes.landscape.landscape import Axis, Surface, Tick
from gdviz.presentation.numbers import ticks
from gdviz.presentation.weak_cache import weakly_kept

GRID = 129


@weakly_kept(8)
def sample_surface(problem: Problem, box: Box) -> Surface:
    """The surface of the problem over the box; the same object for the same arguments.

    OverflowError where the loss is not finite on the whole box (see `gdviz.panes.landscape.zoom.top_rung`).
    """
    first, second = box.grid(GRID)
    losses = problem.loss(first[:, None], second[None, :])
    inside = [float(problem.loss(*minimum)) for minimum in problem.minima if box.holds(minimum)]
    base = min([float(losses.min()), *inside])
    span = float(losses.max()) - base
    if not np.isfinite(span):
        raise OverflowError(f"the loss of {problem.name} overflows double precision on {box}")
    heights = (losses - base) / span if span > 0 else np.zeros_like(losses)
    across, along = (np.gradient(heights, 2.0 / (GRID - 1), axis=axis) for axis in (0, 1))
    slopes = np.stack([across, along], axis=-1)
    return Surface(
        box, heights.astype(np.float32), slopes.astype(np.float32), base, span, _axes(problem, box, base, span)
    )


def _axes(problem: Problem, box: Box, base: float, span: float) -> tuple[Axis, Axis, Axis]:
    across = []
    for index, name in enumerate(problem.parameters):
        low, high = box.low[index], box.high[index]
        found = ticks(low, high)
        across.append(
            Axis(name, tuple(Tick((value - box.centre[index]) / box.half[index], text) for value, text in found))
        )
    upwards = (
        tuple(Tick((value - base) / span, text) for value, text in ticks(base, base + span, 4)) if span > 0 else ()
    )
    return across[0], across[1], Axis("loss", upwards)


def height(problem: Problem, surface: Surface, places: ArrayLike) -> NDArray[np.float64]:
    """The heights at places of shape (m, 2) in unit-box coordinates, shape (m,); exact, not read off the grid."""
    points = surface.box.denormalised(places)
    losses = problem.loss(points[..., 0], points[..., 1])
    return (losses - surface.base) / surface.span if surface.span > 0 else np.zeros_like(losses)


def on_surface(problem: Problem, surface: Surface, places: ArrayLike) -> NDArray[np.float32]:
    """Places of shape (m, 2) in unit-box coordinates with their heights, shape (m, 3)."""
    flat = np.asarray(places, dtype=np.float64).reshape(-1, 2)
    return np.concatenate([flat, height(problem, surface, flat)[:, None]], axis=1).astype(np.float32)
