"""The pane with the loss as a contour map, the descent paths on it, and a start that can be dragged."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt

from gdviz.core.box import Box
from gdviz.core.frozen import frozen
from gdviz.panes.contour.inside import STAR, inside_arrows
from gdviz.panes.contour.overlays import axis_highlight, ghost_things, highlighted_names, point_highlight
from gdviz.panes.contour.raster import colour_bar, contour_image
from gdviz.panes.landscape.landscape import Landscape, RunPath, Surface
from gdviz.panes.plane.paths import arrow_things, current_things, points_along, run_things, start_rings, start_words
from gdviz.panes.plane.square import axis_names, largest_side, margins, square
from gdviz.panes.plane.start_pane import StartPane
from gdviz.plotting.array_paths import arrayToQPolygonF
from gdviz.plotting.axes_layout import MARGIN
from gdviz.plotting.pane import Grid
from gdviz.plotting.placement import LabelPlacer
from gdviz.plotting.run_legend import column_legend, row_legend
from gdviz.plotting.shapes import Painted, Raster, Shape, Words, box, line, polygon
from gdviz.plotting.style import Style, faded, star
from gdviz.plotting.text import width_of, wrapped_size
from gdviz.presentation.legend import NO_LEGEND, Legend
from gdviz.presentation.minima import ANY_POINT, LINE_OF_MINIMA
from gdviz.presentation.palette import DASHES

LEAST_BAR = 110.0
"""Least height of the colour bar in units; where there is less, no legend is put above it."""
LEGEND_SIZES, MOST_ABOVE = (1.0, 0.85, 0.7, 0.6), 0.3
"""Text sizes tried for a legend above the square, and its largest share of the pane's height there."""
SMALLEST_OUTLINE = 14.0
"""The outline of the first box is drawn at least this wide, in units."""
NOTES_WIDTH, BAR_WIDTH, WIDEST = 190.0, 104.0, 250.0
"""Units: the least room for notes, or for the colour bar, beside the square, and the most that they take."""
LINE_POINTS = 121
"""Points along a line of minima that its label should not cover."""
MOST_BESIDE, MOST_ON_PLATE, MOST_OF_RUNS = 0.45, 0.2, 0.4
"""Largest share of the square's height for the notes: beside it, and on it for one run or several. The first note is
always shown."""


@frozen(eq=False)
class _Layout:
    """The square, and the column beside it (empty where there is none), with or without the notes."""

    grid: Grid
    column: QRectF
    notes_beside: bool


class ContourPlot(StartPane[Landscape]):
    """Shows the landscape as a contour map."""

    def _draw(self, picture: Landscape, style: Style) -> None:
        layout, legend = _layout_and_legend(picture, self._legend, self.size(), style)
        grid = layout.grid
        ratio = self.devicePixelRatioF() * self._detail
        image = contour_image(picture.surface, round(grid.area.width() * ratio), 1.2 * style.unit * ratio)
        frame_line = Shape(box(grid.area), style.pen(style.palette.quiet, 1.2))
        notes = _notes(picture, layout, style)
        self._show_grids([grid], style, [Raster(image, grid.area), frame_line, *legend])
        room = QRectF(self.rect()).adjusted(*(edge * style.unit for edge in (5, 5, -5, -5)))
        names = highlighted_names(axis_names(grid, picture.surface, style), picture.light, style)
        self._show_front([*names, *landscape_things(picture, grid, room, notes, style), *notes])

    def _box(self, picture: Landscape) -> Box:
        return picture.surface.box

    def _paths(self, picture: Landscape) -> Sequence[RunPath]:
        return picture.paths


def landscape_things(
    scene: Landscape, grid: Grid, room: QRectF, notes: Sequence[Words], style: Style, *, is_small: bool = False
) -> list[Painted]:
    """What is drawn on the square: the first box, minima, paths, arrows, which end in ``room``, and their labels.

    notes: already placed there. is_small: whether it is one of several, so that only the arrow has a label.
    """
    is_race, markers = is_small or len(scene.paths) > 1, current_things(scene.paths, grid, style)
    taken = [*(words.rect for words in notes), *(shape.path.boundingRect() for shape in markers)]
    labels = LabelPlacer(grid.area, taken, points_along(scene.paths, grid), style)
    inside = inside_arrows(scene, grid, labels)
    lit = point_highlight(scene.light, grid, labels)
    exits = _exit_arrows(scene, grid, room, labels, is_race=is_race)
    starts = start_rings(scene.paths, grid, style)
    if not is_small:
        starts += start_words(scene.paths, grid, labels)
    below = [*_minimum_line(scene, grid, None if is_small else labels, style)]
    below += _first_box(scene, grid, style, None if is_small else labels)
    ghosts = [thing for path in reversed(scene.paths) for thing in ghost_things(path, grid, room, style)]
    runs = [thing for path in reversed(scene.paths) for thing in run_things(path, grid, style)]
    # The ring over the marker of a single run shows that it is at its start; the shapes of several must stay visible.
    ends = [*starts, *markers] if is_race else [*markers, *starts]
    lines = axis_highlight(scene.light, grid, style)
    behind = [*below, *ghosts, *_minima(scene, grid, style), *lines, *runs, *inside.arrows]
    return [*behind, *ends, *inside.step, *exits, *inside.words, *lit]


def _exit_arrows(scene: Landscape, grid: Grid, room: QRectF, labels: LabelPlacer, *, is_race: bool) -> list[Painted]:
    """The arrows of the steps that leave the box, the first run's on top, and over them their labels."""
    arrows: list[Painted] = []
    words: list[Painted] = []
    for path in scene.paths:
        if path.arrow is not None:
            colour = labels.style.palette.runs[path.style] if is_race else labels.style.palette.warning
            parts = arrow_things(path.arrow, colour, DASHES[path.style] if is_race else (), grid, room, labels)
            words += [part for part in parts if isinstance(part, Words)]
            arrows = [*(part for part in parts if not isinstance(part, Words)), *arrows]
    return [*arrows, *words]


def _layout_and_legend(scene: Landscape, legend: Legend, size: QSize, style: Style) -> tuple[_Layout, list[Painted]]:
    """The layout, the colour bar, and the legend: beside the square where its texts fit, else above it."""
    width = float(size.width())
    layout = _layout(size, scene.surface, style)
    beside = _beside(scene, legend, layout, width, style)
    if beside is not None:
        return layout, beside
    margin = MARGIN / 2 * style.unit
    small = style
    for part in LEGEND_SIZES:
        small = replace(style, unit=part * style.unit)
        above = row_legend(legend, (margin, margin, width - 2 * margin, MOST_ABOVE * size.height()), small)
        if not above.shortened:
            break
    layout = _layout(size, scene.surface, style, above.height + margin)
    return layout, [*above.things, *(_beside(scene, NO_LEGEND, layout, width, style) or ())]


def _layout(size: QSize, surface: Surface, style: Style, above: float = 0.0) -> _Layout:
    """The largest square that fits into the pane with its axis labels, centred together with the column beside it.

    above: pixels reserved at the top of the pane.
    """
    unit, around = style.unit, margins(surface, style)
    around.setTop(around.top() + above)
    side = largest_side(size.width(), size.height(), around)
    room = size.width() - around.left() - side - around.right()
    notes_beside = room >= NOTES_WIDTH * unit
    column = min(room, WIDEST * unit) if notes_beside else BAR_WIDTH * unit if room >= BAR_WIDTH * unit else 0.0
    begin = round((size.width() - around.left() - side - around.right() - column) / 2 + around.left())
    height = around.top() + side + around.bottom()
    grid = square(QPointF(begin, round(around.top() + (size.height() - height) / 2)), side, surface, style)
    area = grid.area
    beside = QRectF(area.right() + around.right(), area.top(), column - MARGIN * unit, side) if column else QRectF()
    return _Layout(grid, beside, notes_beside)


def _notes(landscape: Landscape, layout: _Layout, style: Style) -> list[Words]:
    """The notes at the bottom of the column beside the square, or on a plate in its lower left corner.

    The last ones, which matter least, are left out where they would take too much height. Those of several runs go to
    the upper left corner if the loss is higher in the lower one, since paths leave where the loss is high.
    """
    unit, font, colour = style.unit, style.text, style.palette.text
    heights, several = landscape.surface.heights, len(landscape.paths) > 1
    if layout.notes_beside:
        place, inset, part, at_top = layout.column, 0.0, MOST_BESIDE, False
    else:
        at_top = several and bool(heights[0, 0] > heights[0, -1])
        place, inset, part = layout.grid.area, 11 * unit, MOST_OF_RUNS if several else MOST_ON_PLATE
    text, size = "", QSizeF()
    for count in range(1, len(landscape.notes) + 1):
        longer = "\n".join(landscape.notes[:count])
        width, height = wrapped_size(font, longer, place.width() - 2 * inset)
        needed = QSizeF(math.ceil(width) + 1, math.ceil(height))
        if count == 1 or needed.height() <= place.height() * part:
            text, size = longer, needed
    if not text:
        return []
    left = place.left() + inset
    top = place.top() + inset if at_top else place.bottom() - inset - size.height()
    words = Words(text, QRectF(QPointF(left, top), size), font, colour, align=Qt.AlignmentFlag.AlignLeft, wrap=True)
    if layout.notes_beside:
        return [words]
    around = words.rect.adjusted(-5 * unit, -2 * unit, 5 * unit, 3 * unit)
    return [Words("", around, font, colour, faded(style.palette.pane, 0.82)), words]


def _beside(scene: Landscape, legend: Legend, layout: _Layout, width: float, style: Style) -> list[Painted] | None:
    """The colour bar in the column beside the square, above the notes if they are there too, and the legend.

    The legend is right of the bar or, if the pane (``width`` pixels wide) is too narrow, above it. None if its texts
    fit in neither place without being shortened.
    """
    place, unit = layout.column, style.unit
    if place.isEmpty():
        return None if legend.entries else []
    height = place.height() * (1.0 - MOST_BESIDE if layout.notes_beside else 1.0)
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


def _minima(scene: Landscape, grid: Grid, style: Style) -> list[Painted]:
    """A white star at each known minimum."""
    stars = [star(grid.place(float(x), float(y)), STAR * style.unit) for x, y, _ in scene.minima]
    return [Shape(outline, style.pen("#05080c", 1.4), faded("#ffffff", 1.0)) for outline in stars]


def _minimum_line(scene: Landscape, grid: Grid, labels: LabelPlacer | None, style: Style) -> list[Painted]:
    """The line of minima in the style of the star, labelled if there is a placer."""
    if not len(scene.minimum_line):
        return []
    begin, end = (grid.place(float(x), float(y)) for x, y, _ in scene.minimum_line)
    pens = (style.pen("#05080c", 5.6), style.pen("#ffffff", 2.8))
    things: list[Painted] = [Shape(line(begin, end), pen, clip=grid.area) for pen in pens]
    if labels is not None:
        things.append(_line_words(begin, end, labels))
    return things


def _line_words(begin: QPointF, end: QPointF, labels: LabelPlacer) -> Words:
    """What the line of minima is, beside one of its points where that covers the least; shorter in a small square."""
    style = labels.style
    text = ANY_POINT if width_of(style.text, ANY_POINT) + 8 * style.unit <= labels.room.width() else LINE_OF_MINIMA
    part = np.linspace(0.0, 1.0, LINE_POINTS)[:, None]
    points = (1.0 - part) * (begin.x(), begin.y()) + part * (end.x(), end.y())
    clear = replace(labels, obstacles=np.concatenate([labels.obstacles, points]))
    tried = [clear.beside(text, QPointF(*point), 8 * style.unit) for point in points[6:-6:6].tolist()]
    words = tried[int(clear.covered(word.rect for word in tried).argmin())]
    labels.taken.append(words.rect)
    return words


def _first_box(scene: Landscape, grid: Grid, style: Style, labels: LabelPlacer | None) -> list[Painted]:
    """The outline of the first box, labelled if there is a placer; a larger square if the box is too small to see."""
    if scene.first_box is None or not len(scene.first_box):
        return []
    places = scene.first_box.astype(np.float64)
    corners = arrayToQPolygonF(grid.xs(places[:, 0]), grid.ys(places[:, 1]))
    bounds, least = corners.boundingRect(), SMALLEST_OUTLINE * style.unit
    outline = polygon(corners.toList())
    if max(bounds.width(), bounds.height()) < least:
        outline = box(QRectF(bounds.center().x() - least / 2, bounds.center().y() - least / 2, least, least))
    things: list[Painted] = [Shape(outline, style.pen("#05080c", 3.6)), Shape(outline, style.pen("#ffffff", 1.6))]
    if labels is not None:
        bounds = outline.boundingRect()
        distance = max(bounds.width(), bounds.height()) / 2 + 6 * style.unit
        things.append(labels.put("first view", bounds.center(), distance))
    return things
