"""The pane with the loss as a contour map, the descent paths on it, and a start that can be dragged."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainterPath

from gdviz.core.box import Box
from gdviz.core.frozen import frozen
from gdviz.core.weak_cache import weak_cache
from gdviz.panes.contour.inside import inside_arrows
from gdviz.panes.contour.overlays import axis_highlight, ghost_things, highlighted_names, point_highlight
from gdviz.panes.contour.raster import colour_bar, contour_image
from gdviz.panes.landscape.landscape import Landscape, RunPath, Surface
from gdviz.panes.plane.paths import (
    MARKER_REACH,
    arrow_things,
    arrow_words,
    current_things,
    passed_places,
    points_along,
    run_things,
    start_rings,
    start_words,
)
from gdviz.panes.plane.square import axis_names, largest_side, margins, square
from gdviz.panes.plane.start_pane import StartPane
from gdviz.plotting.array_paths import arrayToQPolygonF
from gdviz.plotting.axes_layout import MARGIN
from gdviz.plotting.label_space import NO_PLACES, OTHER_SIDES, Places
from gdviz.plotting.pane import Grid
from gdviz.plotting.placement import LabelPlacer, minimum_stars
from gdviz.plotting.run_legend import column_legend, row_legend
from gdviz.plotting.shapes import Painted, Raster, Shape, Words, box, line, polygon
from gdviz.plotting.strip import flowed, rows_of_strip, strip_height
from gdviz.plotting.style import STAR_COLOURS, Style
from gdviz.plotting.text import width_of
from gdviz.presentation.legend import NO_LEGEND, Legend
from gdviz.presentation.minima import ANY_POINT, LINE_OF_MINIMA
from gdviz.presentation.palette import DASHES

LEAST_BAR = 110.0
"""Least height of the colour bar in units; where there is less, no legend is put above it."""
LEGEND_SIZES, MOST_ABOVE = (1.0, 0.85, 0.7, 0.6), 0.3
"""Text sizes tried for a legend above the square, and its largest share of the pane's height there."""
SMALLEST_OUTLINE = 14.0
"""The outline of the first box is drawn at least this wide, in units."""
BAR_WIDTH, WIDEST = 104.0, 250.0
"""Units: the least room for the colour bar beside the square, and the most that it takes with a legend."""
LINE_POINTS = 61
"""Points along a line of minima that its label should not cover, and beside which it may stand."""


@frozen(eq=False)
class _Layout:
    """The square, and the column beside it (empty where there is none)."""

    grid: Grid
    column: QRectF


class ContourPlot(StartPane[Landscape]):
    """Shows the landscape as a contour map."""

    def _draw(self, picture: Landscape, style: Style) -> None:
        layout, legend = _layout_and_legend(picture, self._legend, self.size(), style)
        kept = (
            NO_PLACES if picture.before is None else _chosen(picture.before, self._legend, self.size().toTuple(), style)
        )
        grid = layout.grid
        ratio = self.devicePixelRatioF() * self._detail
        image = contour_image(picture.surface, round(grid.area.width() * ratio), 1.2 * style.unit * ratio)
        frame_line = Shape(box(grid.area), style.pen(style.palette.quiet, 1.2))
        notes = _notes(picture, float(self.width()), style)
        self._show_grids([grid], style, [Raster(image, grid.area), frame_line, *legend])
        room = QRectF(self.rect()).adjusted(*(edge * style.unit for edge in (5, 5, -5, -5)))
        names = highlighted_names(axis_names(grid, picture.surface, style), picture.light, style)
        self._show_front([*names, *landscape_things(picture, grid, room, notes, style, kept), *notes])

    def _box(self, picture: Landscape) -> Box:
        return picture.surface.box

    def _paths(self, picture: Landscape) -> Sequence[RunPath]:
        return picture.paths


@weak_cache(2)
def _chosen(scene: Landscape, legend: Legend, size: tuple[int, int], style: Style) -> Places:
    """The places that the labels of a landscape take in a pane of that size."""
    layout, _ = _layout_and_legend(scene, legend, QSize(*size), style)
    kept = NO_PLACES if scene.before is None else _chosen(scene.before, legend, size, style)
    labels = _label_placer(scene, layout.grid, (), style, kept)
    _exit_arrows(scene, layout.grid, QRectF(0.0, 0.0, *size), labels, is_race=False)
    _standing_words(scene, layout.grid, labels)
    return labels.chosen


def landscape_things(
    scene: Landscape,
    grid: Grid,
    room: QRectF,
    notes: Sequence[Words],
    style: Style,
    kept: Places = NO_PLACES,
    *,
    is_small: bool = False,
) -> list[Painted]:
    """What is drawn on the square: the first box, minima, paths, arrows, which end in ``room``, and their labels.

    notes: already placed there. kept: where labels stood before. is_small: whether it is one of several, so that only
    the arrow has a label.
    """
    is_race, labels = is_small or len(scene.paths) > 1, _label_placer(scene, grid, notes, style, kept)
    arrows = _exit_arrows(scene, grid, room, labels, is_race=is_race)
    words = [] if is_small else _standing_words(scene, grid, labels)
    # What comes and goes is placed last, so that nothing else moves for it.
    for path in scene.paths:
        words += arrow_words(path.arrow, grid, labels) if path.arrow is not None else []
    inside = inside_arrows(scene, grid, labels)
    lit = point_highlight(scene.light, grid, labels)
    below = [*_minimum_line(scene, grid, style), *_first_box(scene, grid, style)]
    ghosts = [thing for path in reversed(scene.paths) for thing in ghost_things(path, grid, room, style)]
    runs = [thing for path in reversed(scene.paths) for thing in run_things(path, grid, style)]
    markers, starts = current_things(scene.paths, grid, style), start_rings(scene.paths, grid, style)
    # The ring over the marker of a single run shows that it is at its start; the shapes of several must stay visible.
    ends = [*starts, *markers] if is_race else [*markers, *starts]
    lines = axis_highlight(scene.light, grid, style)
    behind = [*below, *ghosts, *_minima(scene, grid, style), *lines, *runs, *inside.arrows]
    return [*behind, *ends, *inside.step, *arrows, *words, *inside.words, *lit]


def _label_placer(scene: Landscape, grid: Grid, notes: Sequence[Words], style: Style, kept: Places) -> LabelPlacer:
    """What places labels on the square off notes and markers, and off lines and earlier places of markers if it can."""
    marks = current_things(scene.paths, grid, style), start_rings(scene.paths, grid, style), _minima(scene, grid, style)
    taken = [*(words.rect for words in notes), *(shape.path.boundingRect() for shape in chain(*marks))]
    along, passed = points_along(scene.paths, grid), passed_places(scene.paths, grid)
    reach = MARKER_REACH * style.unit
    return LabelPlacer(grid.area, taken, along, style, passed=passed, reach=reach, kept=kept, stays=scene.is_between)


def _standing_words(scene: Landscape, grid: Grid, labels: LabelPlacer) -> list[Words]:
    """The labels of what stands still in a box."""
    words = start_words(scene.paths, grid, labels)
    if len(scene.minimum_line):
        words.append(_line_words(_minimum_ends(scene, grid), labels))
    for outline in _outlines(scene, grid, labels.style):
        words.append(labels.put("first view", outline.boundingRect(), 6 * labels.style.unit, ways=OTHER_SIDES))
    return words


def _exit_arrows(scene: Landscape, grid: Grid, room: QRectF, labels: LabelPlacer, *, is_race: bool) -> list[Painted]:
    """The arrows of the steps that leave the box, the first run's on top."""
    arrows: list[Painted] = []
    for path in scene.paths:
        if path.arrow is not None:
            colour = labels.style.palette.runs[path.style] if is_race else labels.style.palette.warning
            dashes = DASHES[path.style] if is_race else ()
            arrows = [*arrow_things(path.arrow, colour, dashes, grid, room, labels), *arrows]
    return arrows


def _layout_and_legend(scene: Landscape, legend: Legend, size: QSize, style: Style) -> tuple[_Layout, list[Painted]]:
    """The layout, the colour bar, and the legend: beside the square where its texts fit, else above it."""
    width, strip = float(size.width()), strip_height(scene.note_rows, style.text)
    layout = _layout(size, scene.surface, style, strip)
    beside = _beside(scene, legend, layout, width, style)
    if beside is not None:
        return layout, beside
    margin = MARGIN / 2 * style.unit
    small = style
    for part in LEGEND_SIZES:
        small = replace(style, unit=part * style.unit)
        above = row_legend(legend, (margin, strip + margin, width - 2 * margin, MOST_ABOVE * size.height()), small)
        if not above.shortened:
            break
    layout = _layout(size, scene.surface, style, strip + above.height + margin)
    return layout, [*above.things, *(_beside(scene, NO_LEGEND, layout, width, style) or ())]


def _layout(size: QSize, surface: Surface, style: Style, above: float = 0.0) -> _Layout:
    """The largest square that fits into the pane with its axis labels, centred together with the column beside it.

    above: pixels reserved at the top of the pane.
    """
    unit, around = style.unit, margins(surface, style)
    around.setTop(around.top() + above)
    side = largest_side(size.width(), size.height(), around)
    room = size.width() - around.left() - side - around.right()
    column = min(room, WIDEST * unit) if room >= BAR_WIDTH * unit else 0.0
    begin = round((size.width() - around.left() - side - around.right() - column) / 2 + around.left())
    height = around.top() + side + around.bottom()
    grid = square(QPointF(begin, round(around.top() + (size.height() - height) / 2)), side, surface, style)
    area = grid.area
    beside = QRectF(area.right() + around.right(), area.top(), column - MARGIN * unit, side) if column else QRectF()
    return _Layout(grid, beside)


def _notes(landscape: Landscape, width: float, style: Style) -> list[Words]:
    """The notes in a strip along the top of a pane ``width`` pixels wide."""
    inset, font = MARGIN * style.unit, style.text
    lines = flowed(landscape.notes, font, width - 2 * inset, landscape.note_rows)
    return rows_of_strip(lines, inset, width - 2 * inset, font, style.palette.text)


def _beside(scene: Landscape, legend: Legend, layout: _Layout, width: float, style: Style) -> list[Painted] | None:
    """The colour bar in the column beside the square, and the legend.

    The legend is right of the bar or, if the pane (``width`` pixels wide) is too narrow, above it. None if its texts
    fit in neither place without being shortened.
    """
    place, unit = layout.column, style.unit
    if place.isEmpty():
        return None if legend.entries else []
    height = place.height()
    right = place.left() + BAR_WIDTH * unit
    beside = column_legend(legend, (right, place.top(), width - right - MARGIN * unit), style)
    above = column_legend(legend, (place.left(), place.top(), width - place.left() - MARGIN * unit), style)
    bar = QRectF(place.left(), place.top(), place.width(), min(height, 300 * unit))
    if not beside.shortened and beside.height <= height:
        return [*beside.things, *colour_bar(scene.surface, bar, style)]
    needed = above.height + 10 * unit
    if above.shortened or needed + LEAST_BAR * unit > height:
        return None
    bar = QRectF(bar.left(), bar.top() + needed, bar.width(), min(height - needed, 300 * unit))
    return [*above.things, *colour_bar(scene.surface, bar, style)]


def _minima(scene: Landscape, grid: Grid, style: Style) -> tuple[Shape, ...]:
    """A star at each known minimum."""
    return minimum_stars((grid.place(float(x), float(y)) for x, y, _ in scene.minima), style)


def _minimum_ends(scene: Landscape, grid: Grid) -> list[QPointF]:
    """The ends of the line of minima, if there is one."""
    return [grid.place(float(x), float(y)) for x, y, _ in scene.minimum_line]


def _minimum_line(scene: Landscape, grid: Grid, style: Style) -> list[Painted]:
    """The line of minima in the style of the star."""
    if not len(scene.minimum_line):
        return []
    fill, edge = STAR_COLOURS
    pens = (style.pen(edge, 5.6), style.pen(fill, 2.8))
    return [Shape(line(*_minimum_ends(scene, grid)), pen, clip=grid.area) for pen in pens]


def _line_words(ends: Sequence[QPointF], labels: LabelPlacer) -> Words:
    """What the line of minima is, beside it, rather near to its middle; shorter in a small square."""
    style = labels.style
    text = ANY_POINT if width_of(style.text, ANY_POINT) + 8 * style.unit <= labels.room.width() else LINE_OF_MINIMA
    part = np.linspace(0.05, 0.95, LINE_POINTS)
    part = part[np.argsort(np.abs(part - 0.5), kind="stable")][:, None]
    begin, end = (np.array(place.toTuple()) for place in ends)
    return labels.put_along(text, begin + part * (end - begin), 8 * style.unit)


def _outlines(scene: Landscape, grid: Grid, style: Style) -> list[QPainterPath]:
    """The outline of the first box, if it is shown; a larger square if the box is too small to see."""
    if scene.first_box is None or not len(scene.first_box):
        return []
    places = scene.first_box.astype(np.float64)
    corners = arrayToQPolygonF(grid.xs(places[:, 0]), grid.ys(places[:, 1]))
    bounds, least = corners.boundingRect(), SMALLEST_OUTLINE * style.unit
    if max(bounds.width(), bounds.height()) >= least:
        return [polygon(corners.toList())]
    return [box(QRectF(bounds.center().x() - least / 2, bounds.center().y() - least / 2, least, least))]


def _first_box(scene: Landscape, grid: Grid, style: Style) -> list[Painted]:
    """The outline of the first box in white, seen on every colour."""
    pens = (style.pen("#05080c", 3.6), style.pen("#ffffff", 1.6))
    return [Shape(outline, pen) for outline in _outlines(scene, grid, style) for pen in pens]
