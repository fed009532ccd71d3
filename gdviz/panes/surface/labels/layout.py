"""Decides which labels are painted where, so that none overlap."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QImage

from gdviz.panes.landscape.landscape import Arrow, Light, RunPath
from gdviz.panes.landscape.multiples import wordings
from gdviz.panes.surface.geometry.camera import HEIGHT, to_world
from gdviz.panes.surface.geometry.mesh import polyline
from gdviz.panes.surface.geometry.render_state import MARKER_SIZE, TEXT_SIZE, RenderState
from gdviz.panes.surface.items.highlight import highlighted_axis, highlighted_line
from gdviz.panes.surface.items.inside import HEAD, colour_of
from gdviz.panes.surface.items.markers import CROSS_RADIUS, HIGHLIGHT_RADIUS, START_RADIUS
from gdviz.panes.surface.items.paths import ARROW_HEAD, place_arrow
from gdviz.panes.surface.labels.axis_labels import axis_label_candidates
from gdviz.panes.surface.labels.placement import (
    Point,
    beside,
    free_place,
    moved_into,
    places_around,
    points_in,
    square,
    to_whole_pixels,
)
from gdviz.panes.surface.labels.run_legend import LegendStyle, heading_image, place_legend
from gdviz.panes.surface.labels.text import WORDS, label, plate, plate_edge, plate_font, style
from gdviz.plotting.placement import LabelSpace
from gdviz.plotting.style import height_of
from gdviz.plotting.text import width_of
from gdviz.presentation.minima import ANY_POINT

PlacedImage = tuple[QImage, int, int]
"""An image with its left and top pixel."""

NOTES_SCALE = 0.92
"""The text size of notes and legend relative to the labels'."""
AROUND_ARROW = ((0, -1), (0, 1), (0.8, -0.6), (-0.8, -0.6), (0.8, 0.6), (-0.8, 0.6), (-1, 0), (1, 0))
"""The order in which places around an arrowhead are tried."""
ALONG_LINE = (0.5, 0.35, 0.65, 0.2, 0.8, 0.05, 0.95)
"""The parts of a line of minima beside which its label is tried."""
SAME_HEIGHT = 1e-6
"""Minima that differ less in height, which is 0 to 1 in the box, are equally low but for rounding."""


class Layout:
    """The placed labels of one render state; the most important are placed first."""

    def __init__(self, state: RenderState) -> None:
        """Lay out all labels into ``placed``."""
        self._state = state
        self._board = LabelSpace(QRectF(0.0, 0.0, *state.size), [], np.empty((0, 2)))
        self._text = TEXT_SIZE * state.unit
        self._small = LegendStyle(state.palette, NOTES_SCALE * self._text)
        self.placed: list[PlacedImage] = []
        landscape, highlighted = state.landscape, state.landscape.light
        half = landscape.surface.box.half
        scales_differ = not state.is_small and half[0] != half[1]
        if state.is_small:
            self._heading()
        else:
            self._notes(scales_differ)
            if state.legend.entries:
                self._add(*place_legend(state.lens, landscape.surface, state.legend, state.unit, self._small))
        for path in landscape.paths:
            self._keep_clear_of(path)
        # The crosses of minima, which the labels of a start or an exit not far away would cover.
        crosses = map(self._pixel, landscape.minima.tolist())
        self._board.taken += [square(cross, CROSS_RADIUS * state.unit) for cross in crosses]
        axis = highlighted.axis if highlighted else -1
        candidates = axis_label_candidates(state.lens, landscape.surface, state.unit, state.palette, axis)
        shown = [path.arrow for path in landscape.paths if path.arrow is not None]
        if shown:  # their labels should avoid the axes' numbers
            numbers = [points_in(candidate.places[0]) for candidate in candidates if not candidate.required]
            self._avoid(*numbers)
        for arrow in shown:
            self._arrow(arrow)
        self._inside()
        if highlighted is not None and highlighted.place is not None:
            self._highlight(highlighted, self._pixel(highlighted.place))
        if not state.is_small:
            self._markers()
        if scales_differ:  # numbers have one place each, and names several
            candidates = tuple(sorted(candidates, key=lambda candidate: candidate.required))
        for candidate in candidates:
            self._place(candidate.image, candidate.whole_places, required=candidate.required)

    def _notes(self, is_split: bool) -> None:
        """Place the notes in the lower left corner.

        is_split: whether labels may be right of their first line. With axes of different scales it is short and the
        second one long, which would leave hardly a number to the first axis.
        """
        notes = tuple(note for note in self._state.landscape.notes if note)
        if not notes:
            return
        width, height = self._state.size
        small = style(WORDS, NOTES_SCALE * self._text, self._state.palette)
        room = round(0.56 * width), round(0.2 * height)
        image, face = plate(notes, small, *room), plate_font(notes, small, *room)
        edge = round(0.4 * self._text)
        left, top = edge, round(height) - image.height() - edge
        if not is_split:
            self._board.taken.append(QRectF(0.0, top - edge, left + image.width() + edge, image.height() + 2 * edge))
            self.placed.append((image, left, top))
            return
        first, short = int(height_of(face)), round(width_of(face, notes[0])) + 2 * plate_edge(small)
        upper = QRect(0, 0, min(short, image.width()), first)
        for part in (upper, image.rect().adjusted(0, first, 0, 0)):
            self._board.taken.append(QRectF(part).translated(left, top).adjusted(-edge, 0.0, edge, edge))
            self.placed.append((image.copy(part), left, top + part.top()))

    def _heading(self) -> None:
        """Place line, marker and name of a small picture's run, with its notes below."""
        state, (entry,) = self._state, self._state.legend.entries
        names, notes = state.legend.names(entry), wordings(state.landscape.notes)
        image = heading_image(entry, names, notes, state.lens.width, self._small)
        self._add(image, QRectF(image.rect()))

    def _keep_clear_of(self, path: RunPath) -> None:
        """Keep labels off a path's markers, and preferably off its line."""
        for place, radius in ((path.current, 0.7 * MARKER_SIZE), (path.start, START_RADIUS)):
            if place is not None:
                self._board.taken.append(square(self._pixel(place), radius * self._state.unit))
        self._avoid_lines(path.segments[:: len(path.segments) // 100 or 1])
        self._avoid_lines(path.ghost)

    def _arrow(self, arrow: Arrow) -> None:
        """Keep labels off an arrow, and place its own beside the head."""
        placed, unit = place_arrow(self._state, arrow), self._state.unit
        forward = np.array([np.cos(placed.angle), np.sin(placed.angle)])
        middle = (np.array(placed.tip) - ARROW_HEAD * unit * forward).tolist()
        self._board.taken.append(square(middle, ARROW_HEAD * unit))
        self._avoid_lines(placed.shaft)
        if arrow.label:
            for text in (arrow.label, *arrow.shorter):
                image = self._image(text, warning=True)
                if image.width() <= self._state.lens.width:
                    break
            self._place_inside(image, [beside(middle, image, (ARROW_HEAD + 2.0) * unit, way) for way in AROUND_ARROW])

    def _inside(self) -> None:
        """Label the arrows of the next step at their tips; all labels keep off the arrows, also while they grow."""
        state, inside = self._state, self._state.landscape.inside
        if inside is None:
            return
        self._board.taken += [
            square(self._pixel(place), CROSS_RADIUS * state.unit) for place in state.landscape.minima.tolist()
        ]
        for direction in inside.directions:
            self._avoid_lines(polyline(direction.line[:: max(1, len(direction.line) // 8)]))
        for direction in inside.shown:
            tip = self._pixel(direction.line[-1].tolist())
            self._board.taken.append(square(tip, HEAD * state.unit))
            face = replace(style(WORDS, self._text, state.palette, accent=True), colour=colour_of(state, direction))
            image = label(direction.name, face)
            self._place_inside(image, self._candidate_places(tip, image, (HEAD + 1.0) * state.unit))

    def _highlight(self, light: Light, pixel: Point) -> None:
        """Label what the tape highlights, at its ring."""
        radius = (HIGHLIGHT_RADIUS + 3.0) * self._state.unit
        self._board.taken.append(square(pixel, radius))
        for begin, end in (*highlighted_axis(self._state, light), *highlighted_line(light)):
            self._avoid_lines(polyline(np.linspace(begin, end, 9)))
        image = self._image(light.label, accent=True)
        self._place_inside(image, self._candidate_places(pixel, image, radius))

    def _markers(self) -> None:
        """Label start, minima and first box; not in small pictures, which the labels would cover."""
        landscape, unit = self._state.landscape, self._state.unit
        if landscape.first_box is not None:
            self._first_box(self._state.lens.project(to_world(landscape.first_box)))
        starts = [path.start for path in landscape.paths if path.start is not None]
        if starts:
            self._label_beside(starts[0], "start", (START_RADIUS + 1.0) * unit)
        self._minimum_line(landscape.minimum_line)
        lowest = min((place[2] for place in landscape.minima.tolist()), default=0.0)
        # More than two are marked by crosses alone; their labels would cover the surface.
        for place in landscape.minima.tolist()[: 2 if len(landscape.minima) == 2 else 1]:
            name = "minimum" if place[2] - lowest < SAME_HEIGHT else "local minimum"
            self._label_beside(place, name, 8.0 * unit)

    def _minimum_line(self, line: NDArray[np.float32]) -> None:
        """Label a line of minima beside one of its points, its ends of shape (0 or 2, 3)."""
        if not len(line):
            return
        self._avoid_lines(polyline(np.linspace(line[0], line[1], 25)))
        image = self._image(ANY_POINT)
        points = [(line[0] + part * (line[1] - line[0])).tolist() for part in ALONG_LINE]
        places = [
            place
            for point in points
            for place in self._candidate_places(self._pixel(point), image, 8.0 * self._state.unit)
        ]
        self._place(image, places, required=False)

    def _first_box(self, outline: NDArray[np.float64]) -> None:
        """Label the first box below, above, right or left of its outline, shape (m, 2), in pixels."""
        image = self._image("first view")
        (left, top), (right, bottom) = outline.min(axis=0).tolist(), outline.max(axis=0).tolist()
        x, y, gap = (left + right) / 2.0, (top + bottom) / 2.0, 5.0 * self._state.unit
        sides = (((x, bottom), (0, 1)), ((x, top), (0, -1)), ((right, y), (1, 0)), ((left, y), (-1, 0)))
        places = [beside(point, image, each, way) for each in (gap, gap + self._text) for point, way in sides]
        self._place(image, [to_whole_pixels(place) for place in places], required=True)

    def _label_beside(self, place: Sequence[float], text: str, gap: float) -> None:
        image = self._image(text)
        self._place(image, self._candidate_places(self._pixel(place), image, gap), required=False)

    def _image(self, text: str, *, warning: bool = False, accent: bool = False) -> QImage:
        return label(text, style(WORDS, self._text, self._state.palette, warning=warning, accent=accent))

    def _candidate_places(self, pixel: Point, image: QImage, gap: float) -> tuple[QRectF, ...]:
        """Return the places around a pixel in whole pixels, nearest first."""
        return places_around(pixel, image.width(), image.height(), gap, 0.7 * self._text)

    def _place_inside(self, image: QImage, places: Sequence[QRectF]) -> None:
        """Place a required label, moved into the pane."""
        moved = [to_whole_pixels(moved_into(self._board.room, place)) for place in places]
        self._place(image, moved, required=True)

    def _place(self, image: QImage, places: Sequence[QRectF], *, required: bool) -> None:
        """Place a label at one of these places, in whole pixels."""
        rect = free_place(self._board, places, forced=required)
        if rect is not None:
            self._add(image, rect)

    def _add(self, image: QImage, rect: QRectF) -> None:
        """Add a label at a place, and keep all others off it."""
        self._board.taken.append(rect)
        self.placed.append((image, int(rect.left()), int(rect.top())))

    def _avoid_lines(self, segments: NDArray[np.float32]) -> None:
        """Keep labels preferably off segments of shape (m, 2, 3), in unit-box coordinates."""
        ends = self._state.lens.project(to_world(segments))
        part = ((np.arange(8) + 0.5) / 8)[:, None, None]
        self._avoid((ends[:, 0] + part * (ends[:, 1] - ends[:, 0])).reshape(-1, 2))

    def _avoid(self, *pixels: NDArray[np.float64]) -> None:
        """Keep labels preferably off these pixels, shape (n, 2)."""
        self._board.obstacles = np.concatenate([self._board.obstacles, *pixels])

    def _pixel(self, place: Sequence[float]) -> Point:
        x, y, height = place
        return self._state.lens.pixel((x, y, height * HEIGHT))
