"""Which labels are painted where, so that none covers another."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from gdviz.panes.landscape.landscape import Arrow, Light, RunPath
from gdviz.panes.surface.geometry import arrows
from gdviz.panes.surface.geometry.camera import HEIGHT, to_world
from gdviz.panes.surface.geometry.mesh import polyline
from gdviz.panes.surface.geometry.render_state import MARKER_SIZE, TEXT_SIZE, RenderState
from gdviz.panes.surface.items.highlight import lit_axis, lit_line
from gdviz.panes.surface.items.markers import LIT, START
from gdviz.panes.surface.labels.axis_labels import LabelCandidate, axis_label_candidates, kept_in, size
from gdviz.panes.surface.labels.placement import Board, Point, around, beside, square
from gdviz.panes.surface.labels.run_legend import LegendStyle, heading, place_legend, points_in
from gdviz.panes.surface.labels.text import WORDS, label, plate, style

Placed = tuple[QImage, int, int]
"""A picture of a text with its left and top pixel."""

NOTES = 0.92
"""The size of the text of notes and legend in that of the labels."""
BESIDE_HEAD = ((0, -1), (0, 1), (0.8, -0.6), (-0.8, -0.6), (0.8, 0.6), (-0.8, 0.6), (-1, 0), (1, 0))
"""In which order the places around an arrowhead are tried."""


class Layout:
    """Decides for one state which labels are painted where; the most important are placed first."""

    def __init__(self, state: RenderState) -> None:
        """Lay out all labels into ``placed``."""
        self._state = state
        self._board = Board(*state.size)
        self._text = TEXT_SIZE * state.unit
        self.placed: list[Placed] = []
        if state.is_small:
            self._heading()
        else:
            self._notes()
            self._legend()
        for path in state.landscape.paths:
            self._keep_off(path)
        lit = state.landscape.light
        lit_axis = lit.axis if lit else -1
        candidates = axis_label_candidates(state.lens, state.landscape.surface, state.unit, state.palette, lit_axis)
        self._arrows([path.arrow for path in state.landscape.paths if path.arrow is not None], candidates)
        if lit is not None:
            self._lit(lit)
        if not state.is_small:
            self._markers()
        for candidate in candidates:
            self._put(candidate)

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
        self._board.take((0, top - edge, left + image.width() + edge, round(height)))
        self.placed.append((image, left, top))

    def _legend(self) -> None:
        """The legend, where nothing else is if there is such a place."""
        state = self._state
        if not state.legend.entries:
            return
        look = LegendStyle(state.palette, NOTES * self._text)
        image, rect = place_legend(state.lens, state.landscape.surface, state.legend, state.unit, look)
        self._board.take(rect)
        self.placed.append((image, rect[0], rect[1]))

    def _heading(self) -> None:
        """Line, marker and name of the run of a small picture, and below these its notes."""
        state, (entry,) = self._state, self._state.legend.entries
        look = LegendStyle(state.palette, NOTES * self._text)
        name, notes = state.legend.name(entry), ", ".join(state.landscape.notes)
        image = heading(entry, name, notes, state.lens.width, look)
        self._board.take((0, 0, image.width(), image.height()))
        self.placed.append((image, 0, 0))

    def _keep_off(self, path: RunPath) -> None:
        """Keep labels off the markers of a path, and rather off its line."""
        for place, radius in ((path.current, 0.7 * MARKER_SIZE), (path.start, START)):
            if place is not None:
                self._board.take(square(self._pixel(place), radius * self._state.unit))
        self._ink(path.segments[:: len(path.segments) // 100 or 1])
        self._ink(path.ghost)

    def _arrows(self, shown: Sequence[Arrow], candidates: Sequence[LabelCandidate]) -> None:
        """The labels of arrows, which rather leave the numbers of the axes their places."""
        if shown:
            for number in (candidate for candidate in candidates if not candidate.required):
                self._board.ink(points_in(number.centres[0], size(number.image)))
        for arrow in shown:
            self._arrow(arrow)

    def _arrow(self, arrow: Arrow) -> None:
        placed, unit = arrows.place(self._state, arrow), self._state.unit
        forward = np.array([np.cos(placed.angle), np.sin(placed.angle)])
        x, y = (np.array(placed.tip) - arrows.HEAD * unit * forward).tolist()
        middle = (x, y)
        self._board.take(square(middle, arrows.HEAD * unit))
        self._ink(placed.shaft)
        if arrow.label:
            image = self._image(arrow.label, warning=True)
            self._put_inside(image, around(middle, size(image), (arrows.HEAD + 2.0) * unit, BESIDE_HEAD))

    def _lit(self, light: Light) -> None:
        """Name what the tape highlights, at its ring."""
        if light.place is None:
            return
        pixel, radius = self._pixel(light.place), (LIT + 3.0) * self._state.unit
        self._board.take(square(pixel, radius))
        for begin, end in (*lit_axis(self._state, light), *lit_line(light)):
            self._ink(polyline(np.linspace(begin, end, 9)))
        image = self._image(light.label, lit=True)
        self._put_inside(image, self._near_and_far(pixel, image, radius))

    def _markers(self) -> None:
        """Name start, minima and first box; not in one of several small pictures, which the words would cover."""
        landscape, unit = self._state.landscape, self._state.unit
        if landscape.first_box is not None:
            self._around_outline("first view", self._state.lens.project(to_world(landscape.first_box)))
        starts = [path.start for path in landscape.paths if path.start is not None]
        if starts:
            self._beside(starts[0], "start", (START + 1.0) * unit)
        lowest = min((place[2] for place in landscape.minima.tolist()), default=0.0)
        # Of more than two the crosses say it; all their names would cover the surface.
        for place in landscape.minima.tolist()[: 2 if len(landscape.minima) == 2 else 1]:
            self._beside(place, "minimum" if place[2] == lowest else "local minimum", 8.0 * unit)

    def _around_outline(self, text: str, outline: NDArray[np.float64]) -> None:
        """Put a label below, above, right or left of the outline of the first box, shape (m, 2), in pixels."""
        image = self._image(text)
        (left, top), (right, bottom) = outline.min(axis=0).tolist(), outline.max(axis=0).tolist()
        x, y, gap = (left + right) / 2.0, (top + bottom) / 2.0, 5.0 * self._state.unit
        sides = (((x, bottom), (0, 1)), ((x, top), (0, -1)), ((right, y), (1, 0)), ((left, y), (-1, 0)))
        gaps = (gap, gap + self._text)
        centres = tuple(beside(point, size(image), g, way) for g in gaps for point, way in sides)
        self._put(LabelCandidate(image, centres, True))

    def _beside(self, place: Sequence[float], text: str, gap: float) -> None:
        image = self._image(text)
        self._put(LabelCandidate(image, tuple(self._near_and_far(self._pixel(place), image, gap)), False))

    def _image(self, text: str, *, warning: bool = False, lit: bool = False) -> QImage:
        return label(text, style(WORDS, self._text, self._state.palette, warning=warning, lit=lit))

    def _near_and_far(self, pixel: Point, image: QImage, gap: float) -> list[Point]:
        """The centres around a pixel, those close to it first."""
        return [*around(pixel, size(image), gap), *around(pixel, size(image), gap + 0.7 * self._text)]

    def _put_inside(self, image: QImage, centres: Sequence[Point]) -> None:
        """Put a label that must be somewhere, moved into the pane."""
        inside = tuple(kept_in(self._state.lens, centre, image) for centre in centres)
        self._put(LabelCandidate(image, inside, True))

    def _put(self, candidate: LabelCandidate) -> None:
        rect = self._board.put(size(candidate.image), candidate.centres, forced=candidate.required)
        if rect is not None:
            self.placed.append((candidate.image, rect[0], rect[1]))

    def _ink(self, segments: NDArray[np.float32]) -> None:
        self._board.ink(_along(self._state.lens.project(to_world(segments))))

    def _pixel(self, place: Sequence[float]) -> Point:
        x, y, height = place
        return self._state.lens.pixel((x, y, height * HEIGHT))


def _along(segments: NDArray[np.float64]) -> NDArray[np.float64]:
    """Pixels on segments of shape (m, 2, 2), as shape (8 m, 2)."""
    part = ((np.arange(8) + 0.5) / 8)[:, None, None]
    return (segments[:, 0] + part * (segments[:, 1] - segments[:, 0])).reshape(-1, 2)
