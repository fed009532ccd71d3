"""Which labels are painted where, so that none covers another."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage

from gdviz.panes.landscape.landscape import Arrow, Light, RunPath
from gdviz.panes.surface.geometry.camera import HEIGHT, to_world
from gdviz.panes.surface.geometry.mesh import polyline
from gdviz.panes.surface.geometry.render_state import MARKER_SIZE, TEXT_SIZE, RenderState
from gdviz.panes.surface.items.highlight import lit_axis, lit_line
from gdviz.panes.surface.items.markers import LIT, START
from gdviz.panes.surface.items.paths import ARROW_HEAD, place_arrow
from gdviz.panes.surface.labels.axis_labels import axis_label_candidates
from gdviz.panes.surface.labels.placement import EIGHT_WAYS, Point, beside, free_place, kept_in, points_in, square
from gdviz.panes.surface.labels.run_legend import LegendStyle, heading, place_legend
from gdviz.panes.surface.labels.text import WORDS, label, plate, style
from gdviz.plotting.placement import LabelSpace

Placed = tuple[QImage, int, int]
"""A picture of a text with its left and top pixel."""

NOTES = 0.92
"""The size of the text of notes and legend, relative to that of the labels."""
BESIDE_HEAD = ((0, -1), (0, 1), (0.8, -0.6), (-0.8, -0.6), (0.8, 0.6), (-0.8, 0.6), (-1, 0), (1, 0))
"""In which order the places around an arrowhead are tried."""


class Layout:
    """Decides for one state which labels are painted where; the most important are placed first."""

    def __init__(self, state: RenderState) -> None:
        """Lay out all labels into ``placed``."""
        self._state = state
        self._board = LabelSpace(QRectF(0.0, 0.0, *state.size), [], np.empty((0, 2)))
        self._text = TEXT_SIZE * state.unit
        self._small = LegendStyle(state.palette, NOTES * self._text)
        self.placed: list[Placed] = []
        landscape, lit = state.landscape, state.landscape.light
        if state.is_small:
            self._heading()
        else:
            self._notes()
            if state.legend.entries:
                self._take(*place_legend(state.lens, landscape.surface, state.legend, state.unit, self._small))
        for path in landscape.paths:
            self._keep_off(path)
        axis = lit.axis if lit else -1
        candidates = axis_label_candidates(state.lens, landscape.surface, state.unit, state.palette, axis)
        shown = [path.arrow for path in landscape.paths if path.arrow is not None]
        if shown:  # their labels rather leave the numbers of the axes their places
            numbers = [points_in(candidate.places[0]) for candidate in candidates if not candidate.required]
            self._avoid(*numbers)
        for arrow in shown:
            self._arrow(arrow)
        if lit is not None and lit.place is not None:
            self._lit(lit, self._pixel(lit.place))
        if not state.is_small:
            self._markers()
        for candidate in candidates:
            self._put(candidate.image, candidate.places, required=candidate.required)

    def _notes(self) -> None:
        """The notes in the lower left corner."""
        notes = tuple(note for note in self._state.landscape.notes if note)
        if not notes:
            return
        width, height = self._state.size
        small = style(WORDS, NOTES * self._text, self._state.palette)
        image = plate(notes, small, round(0.56 * width), round(0.2 * height))
        edge = round(0.4 * self._text)
        left, top = edge, round(height) - image.height() - edge
        self._board.taken.append(QRectF(0.0, top - edge, left + image.width() + edge, image.height() + 2 * edge))
        self.placed.append((image, left, top))

    def _heading(self) -> None:
        """Line, marker and name of the run of a small picture, and below these its notes."""
        state, (entry,) = self._state, self._state.legend.entries
        notes = ", ".join(state.landscape.notes)
        image = heading(entry, state.legend.name(entry), notes, state.lens.width, self._small)
        self._take(image, QRectF(image.rect()))

    def _keep_off(self, path: RunPath) -> None:
        """Keep labels off the markers of a path, and rather off its line."""
        for place, radius in ((path.current, 0.7 * MARKER_SIZE), (path.start, START)):
            if place is not None:
                self._board.taken.append(square(self._pixel(place), radius * self._state.unit))
        self._avoid_lines(path.segments[:: len(path.segments) // 100 or 1])
        self._avoid_lines(path.ghost)

    def _arrow(self, arrow: Arrow) -> None:
        """Keep labels off the arrow, and put its own beside the head."""
        placed, unit = place_arrow(self._state, arrow), self._state.unit
        forward = np.array([np.cos(placed.angle), np.sin(placed.angle)])
        middle = (np.array(placed.tip) - ARROW_HEAD * unit * forward).tolist()
        self._board.taken.append(square(middle, ARROW_HEAD * unit))
        self._avoid_lines(placed.shaft)
        if arrow.label:
            image = self._image(arrow.label, warning=True)
            self._put_inside(image, [beside(middle, image, (ARROW_HEAD + 2.0) * unit, way) for way in BESIDE_HEAD])

    def _lit(self, light: Light, pixel: Point) -> None:
        """Name what the tape highlights, at its ring."""
        radius = (LIT + 3.0) * self._state.unit
        self._board.taken.append(square(pixel, radius))
        for begin, end in (*lit_axis(self._state, light), *lit_line(light)):
            self._avoid_lines(polyline(np.linspace(begin, end, 9)))
        image = self._image(light.label, lit=True)
        self._put_inside(image, self._near_and_far(pixel, image, radius))

    def _markers(self) -> None:
        """Name start, minima and first box; not in one of several small pictures, which the words would cover."""
        landscape, unit = self._state.landscape, self._state.unit
        if landscape.first_box is not None:
            self._first_box(self._state.lens.project(to_world(landscape.first_box)))
        starts = [path.start for path in landscape.paths if path.start is not None]
        if starts:
            self._beside(starts[0], "start", (START + 1.0) * unit)
        lowest = min((place[2] for place in landscape.minima.tolist()), default=0.0)
        # Of more than two the crosses say it; all their names would cover the surface.
        for place in landscape.minima.tolist()[: 2 if len(landscape.minima) == 2 else 1]:
            self._beside(place, "minimum" if place[2] == lowest else "local minimum", 8.0 * unit)

    def _first_box(self, outline: NDArray[np.float64]) -> None:
        """Put a label below, above, right or left of its outline, shape (m, 2), in pixels."""
        image = self._image("first view")
        (left, top), (right, bottom) = outline.min(axis=0).tolist(), outline.max(axis=0).tolist()
        x, y, gap = (left + right) / 2.0, (top + bottom) / 2.0, 5.0 * self._state.unit
        sides = (((x, bottom), (0, 1)), ((x, top), (0, -1)), ((right, y), (1, 0)), ((left, y), (-1, 0)))
        places = [beside(point, image, each, way) for each in (gap, gap + self._text) for point, way in sides]
        self._put(image, places, required=True)

    def _beside(self, place: Sequence[float], text: str, gap: float) -> None:
        image = self._image(text)
        self._put(image, self._near_and_far(self._pixel(place), image, gap), required=False)

    def _image(self, text: str, *, warning: bool = False, lit: bool = False) -> QImage:
        return label(text, style(WORDS, self._text, self._state.palette, warning=warning, lit=lit))

    def _near_and_far(self, pixel: Point, image: QImage, gap: float) -> list[QRectF]:
        """The places around a pixel, those close to it first."""
        return [beside(pixel, image, each, way) for each in (gap, gap + 0.7 * self._text) for way in EIGHT_WAYS]

    def _put_inside(self, image: QImage, places: Sequence[QRectF]) -> None:
        """Put a label that must be somewhere, moved into the pane."""
        self._put(image, [kept_in(self._board.room, place) for place in places], required=True)

    def _put(self, image: QImage, places: Sequence[QRectF], *, required: bool) -> None:
        rect = free_place(self._board, places, forced=required)
        if rect is not None:
            self._take(image, rect)

    def _take(self, image: QImage, rect: QRectF) -> None:
        """Have the label painted there, and keep all others away from it."""
        self._board.taken.append(rect)
        self.placed.append((image, int(rect.left()), int(rect.top())))

    def _avoid_lines(self, segments: NDArray[np.float32]) -> None:
        """Keep labels rather off segments of shape (m, 2, 3), in unit-box coordinates."""
        ends = self._state.lens.project(to_world(segments))
        part = ((np.arange(8) + 0.5) / 8)[:, None, None]
        self._avoid((ends[:, 0] + part * (ends[:, 1] - ends[:, 0])).reshape(-1, 2))

    def _avoid(self, *pixels: NDArray[np.float64]) -> None:
        """Keep labels rather off these, shape (n, 2)."""
        self._board.obstacles = np.concatenate([self._board.obstacles, *pixels])

    def _pixel(self, place: Sequence[float]) -> Point:
        x, y, height = place
        return self._state.lens.pixel((x, y, height * HEIGHT))
