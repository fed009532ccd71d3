"""What does not move in a box: the known minima, and the outline of the first box."""

import numpy as np
from numpy.typing import NDArray

from gdviz.core.box import Box
from gdviz.core.problems.minimum_line import flat_direction
from gdviz.core.problems.problem import Problem
from gdviz.core.weak_cache import weak_cache
from gdviz.panes.landscape.landscape import Surface, minimum_line, on_surface

OUTLINE_POINTS = 25


@weak_cache(8)
def landmarks(
    problem: Problem, surface: Surface, first: Box
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32] | None]:
    """The minima in the box, or the line of them, and the outline of the first box if it differs and lies within.

    Cached, as many frames share them.
    """
    points = problem.minima if flat_direction(problem) is None else ()
    inside = [minimum for minimum in points if surface.box.contains(minimum)]
    minima = on_surface(problem, surface, surface.box.normalised(inside) if inside else np.empty((0, 2)))
    line = minimum_line(problem, surface)
    if surface.box == first or not (surface.box.reach([first.low, first.high]) <= 1.0).all():
        return minima, line, None
    side, one = np.linspace(-1.0, 1.0, OUTLINE_POINTS), np.ones(OUTLINE_POINTS)
    outline = np.hstack([(side, -one), (one, side), (-side, one), (-one, -side)]).T
    return minima, line, on_surface(problem, surface, surface.box.normalised(first.denormalised(outline)))
