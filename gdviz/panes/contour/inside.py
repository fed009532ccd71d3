"""The arrows of the live run's next step over the contour: gradient, what the rule makes of it, and the move."""

from typing import NamedTuple

import numpy as np

from gdviz.panes.landscape.directions import STEP_TONE, Direction
from gdviz.panes.landscape.landscape import Landscape
from gdviz.panes.plane.paths import arrowhead, length_of
from gdviz.plotting.pane import Grid
from gdviz.plotting.placement import LabelPlacer
from gdviz.plotting.shapes import Shape, Words, line
from gdviz.plotting.style import Style, casing, faded
from gdviz.presentation.palette import DASHES, INSIDE_DASHES

WIDTHS, STEP_WIDTH, CASING = (8.6, 5.8, 6.6, 7.4), 2.4, 1.4
"""Line widths by tone and of the step, and by how much a casing is wider, in units: what is drawn later is narrower, so
that arrows in line are all seen."""
HEAD, HEAD_PER_WIDTH, HEAD_PART = 7.0, 1.5, 0.8
"""Length of an arrowhead in units, that of a line without width and its growth, and at most as a part of its arrow."""
LABEL_GAP = 11.0
"""Units between a tip and its label."""


class InsideThings(NamedTuple):
    """The arrows below the run's marker, the step, which may be so short that the marker would cover it, and labels."""

    arrows: list[Shape]
    step: list[Shape]
    words: list[Words]


def inside_arrows(scene: Landscape, grid: Grid, labels: LabelPlacer) -> InsideThings:
    """The arrows that have begun to grow, and their labels, which keep off the arrows, also while these grow."""
    inside = scene.inside
    if inside is None:
        return InsideThings([], [], [])
    style, part = labels.style, np.linspace(0.0, 1.0, 25)[:, None]
    for one in inside.directions:
        tail, tip = (np.array(grid.place(*place[:2]).toTuple()) for place in one.line[[0, -1]].tolist())
        labels.obstacles = np.concatenate([labels.obstacles, tail + part * (tip - tail)])
    words = [_label(one, inside.style, grid, labels) for one in inside.shown]
    below, step = (
        [_arrow(one, inside.style, grid, style) for one in inside.shown if (one.tone == STEP_TONE) is is_step]
        for is_step in (False, True)
    )
    return InsideThings(_in_layers(below), _in_layers(step), words)


def _in_layers(arrows: list[tuple[Shape, Shape, Shape]]) -> list[Shape]:
    """All casings first, then all lines, then all heads, so that of two arrows in line both are seen."""
    return [part for layer in zip(*arrows, strict=True) for part in layer]


def _colour(direction: Direction, run: int, style: Style) -> str:
    palette = style.palette
    return palette.runs[run] if direction.tone == STEP_TONE else palette.inside[direction.tone]


def _arrow(direction: Direction, run: int, grid: Grid, style: Style) -> tuple[Shape, Shape, Shape]:
    """The casing of the line, the line up to the head, and the head."""
    unit, colour = style.unit, _colour(direction, run, style)
    tail, tip = (grid.place(*place[:2]) for place in direction.drawn[[0, -1]].tolist())
    length = length_of(tail, tip)
    width, dashes = STEP_WIDTH, DASHES[0]
    if direction.tone != STEP_TONE:
        width, dashes = WIDTHS[direction.tone], INSIDE_DASHES[direction.tone]
    head = min((HEAD + HEAD_PER_WIDTH * width) * unit, HEAD_PART * length)
    shaft = line(tail, tip - (tip - tail) * (0.8 * head / max(length, 1e-9)))
    outer = casing(colour)
    return (
        Shape(shaft, style.pen(outer, width + CASING, alpha=0.8), clip=grid.area),
        Shape(shaft, style.pen(colour, width, dashes), clip=grid.area),
        Shape(arrowhead(tail, tip, head), style.pen(outer, 1.6), faded(colour, 1.0)),
    )


def _label(direction: Direction, run: int, grid: Grid, labels: LabelPlacer) -> Words:
    """The name beside the tip that the arrow has or will have."""
    tip, distance = grid.place(*direction.line[-1, :2].tolist()), LABEL_GAP * labels.style.unit
    return labels.put(direction.name, tip, distance, _colour(direction, run, labels.style))
