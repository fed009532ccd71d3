"""Decides which labels are painted where, so that none overlap."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage

from gdviz.core.weak_cache import weak_cache
from gdviz.panes.landscape.landscape import Arrow, Landscape, Light
from gdviz.panes.landscape.multiples import wordings
from gdviz.panes.surface.geometry.camera import HEIGHT, Lens, to_world
from gdviz.panes.surface.geometry.mesh import polyline
from gdviz.panes.surface.geometry.render_state import MARKER_SIZE, TEXT_SIZE, RenderState
from gdviz.panes.surface.items.highlight import highlighted_axis, highlighted_line
from gdviz.panes.surface.items.inside import HEAD, colour_of
from gdviz.panes.surface.items.markers import HIGHLIGHT_RADIUS, START_RADIUS
from gdviz.panes.surface.items.paths import ARROW_HEAD, place_arrow
from gdviz.panes.surface.labels.axis_labels import LabelCandidate, axis_label_candidates
from gdviz.panes.surface.labels.placement import (
    first_free,
    free_place,
    spot,
    square,
    to_whole_boxes,
)
from gdviz.panes.surface.labels.run_legend import PADDING, LegendStyle, heading_image, place_legend, strip_image
from gdviz.panes.surface.labels.text import WORDS, label, style
from gdviz.plotting.label_space import NOWHERE, Array, LabelSpace, Places, Point, around, boxes_inside, points_between
from gdviz.plotting.strip import flowed, strip_height
from gdviz.plotting.style import STAR_RADIUS
from gdviz.presentation.legend import Legend
from gdviz.presentation.look import Look
from gdviz.presentation.minima import ANY_POINT

PlacedImage = tuple[QImage, int, int]
"""An image with its left and top pixel."""

NOTES_SCALE = 0.92
"""The text size of notes and legend relative to the labels'."""
MARKER_REACH, RING_REACH = 0.7 * MARKER_SIZE, HIGHLIGHT_RADIUS + 3.0
"""Units from the place of a run's marker, and of what is highlighted, within which no label stands."""
SPACING = 0.4
"""Distance of points along a line that labels keep off, in text heights."""
BELOW_FIRST = ((0, 1), (0.7, 0.7), (-0.7, 0.7), (1, 0), (-1, 0), (0.7, -0.7), (-0.7, -0.7), (0, -1))
"""The order in which places around a marker are tried: a path runs above the surface, wherever it goes."""
AROUND_FIRST_BOX = ((-1, 1), (1, 1), (0, 1), (-0.7, 0.7), (0.7, 0.7), (-1, 0), (1, 0), (0, -1))
"""The order around the first box: corners first, since the label of the start, which is in it, stands below."""
FURTHER = (0.0, 0.7, 2.1)
"""How much further away than nearest labels are tried, in text heights."""
AROUND_ARROW = ((0, -1), (0, 1), (0.8, -0.6), (-0.8, -0.6), (0.8, 0.6), (-0.8, 0.6), (-1, 0), (1, 0))
"""The order in which places around an arrowhead are tried."""
ALONG_LINE = (0.5, 0.35, 0.65, 0.2, 0.8, 0.05, 0.95)
"""The parts of a line of minima beside which its label is tried."""
SAME_HEIGHT = 1e-6
"""Minima that differ less in height, which is 0 to 1 in the box, are equally low but for rounding."""


class Layout:
    """The placed labels of one render state; the most important are placed first."""

    def __init__(self, state: RenderState, *, is_earlier: bool = False) -> None:
        """Lay out all labels into ``placed``; those of an earlier box without what is around the surface."""
        self._state = state
        room, reach = QRectF(0.0, 0.0, *state.size), MARKER_REACH * state.unit
        landscape = state.landscape
        before = landscape.before
        kept = {} if before is None else _chosen(before, state.look, state.legend, state.lens, state.unit)
        self._board = LabelSpace(room, [], NOWHERE, reach=reach, kept=kept, stays=landscape.is_between)
        self._text = TEXT_SIZE * state.unit
        self._small = LegendStyle(state.palette, NOTES_SCALE * self._text)
        self.placed: list[PlacedImage] = []
        if state.is_small:
            self._heading()
        else:
            strip = strip_height(landscape.note_rows, self._small.font)
            self._board.taken.append(QRectF(0.0, 0.0, room.width(), strip))
            if not is_earlier:
                self._notes(strip)
                if state.legend.entries:
                    things = state.lens, landscape.surface, state.legend, state.unit, self._small, strip
                    self._add(*place_legend(*things))
        self._keep_clear_of_marks()
        if not is_earlier:
            self._axes()
        if not state.is_small:
            self._markers()
        if not is_earlier:
            self._passing()

    @property
    def chosen(self) -> Places:
        """Which of its candidates each label has taken."""
        return self._board.chosen

    def _passing(self) -> None:
        """Place what comes and goes: last, so that nothing else moves for it."""
        landscape = self._state.landscape
        if landscape.is_between:
            for image, rect in self._placed(self._axis_labels(landscape), [], required=False):
                self._add(image, rect)
        for path in landscape.paths:
            if path.arrow is not None and path.arrow.label:
                self._arrow(path.arrow)
        self._inside()
        if landscape.light is not None and landscape.light.place is not None:
            self._highlight(landscape.light, self._pixel(landscape.light.place))

    def _keep_clear_of_marks(self) -> None:
        """Keep labels off all markers, and preferably off lines and off where markers have been."""
        landscape, unit = self._state.landscape, self._state.unit
        for path in landscape.paths:
            for place, radius in ((path.current, MARKER_REACH), (path.start, START_RADIUS)):
                if place is not None:
                    self._board.taken.append(square(self._pixel(place), radius * unit))
            if path.arrow is not None:
                self._board.taken.append(square(self._head(path.arrow), ARROW_HEAD * unit))
            self._avoid_lines(path.segments)
            self._avoid_lines(path.ghost)
        dots = [self._state.lens.project(to_world(path.stops)) for path in landscape.paths]
        self._board.passed = np.concatenate([NOWHERE, *dots])
        stars = map(self._pixel, landscape.minima.tolist())
        self._board.taken += [square(star, STAR_RADIUS * unit) for star in stars]
        self._avoid_lines(polyline(landscape.minimum_line))
        for direction in landscape.inside.shown if landscape.inside is not None else ():
            self._board.taken.append(square(self._pixel(direction.line[-1].tolist()), HEAD * unit))
        if landscape.light is not None and landscape.light.place is not None:
            self._board.taken.append(square(self._pixel(landscape.light.place), RING_REACH * unit))

    def _axes(self) -> None:
        """Place the names of the axes and the numbers, which every other label keeps off.

        While the box grows, the names stand where they will, and the numbers, which move, are not yet placed.
        """
        landscape = self._state.landscape
        next_box = landscape.before if landscape.is_between else None
        candidates = self._axis_labels(landscape if next_box is None else next_box)
        numbers = self._placed(candidates, [], required=False)
        names = self._placed(candidates, [rect for _, rect in numbers], required=True)
        for image, rect in [*names, *(numbers if next_box is None else ())]:
            self._add(image, rect)

    def _axis_labels(self, landscape: Landscape) -> tuple[LabelCandidate, ...]:
        state, light = self._state, self._state.landscape.light
        axis = light.axis if light else -1
        return axis_label_candidates(state.lens, landscape.surface, state.unit, state.palette, axis)

    def _placed(
        self, candidates: Iterable[LabelCandidate], reserved: Iterable[QRectF], *, required: bool
    ) -> list[tuple[QImage, QRectF]]:
        """Return labels of the axes with their places: those that are required, or the others."""
        board, found = LabelSpace(self._board.room, [*self._board.taken, *reserved], NOWHERE), []
        for candidate in candidates:
            if candidate.required is required:
                rect = first_free(board, candidate.whole_places, forced=required)
                if rect is not None:
                    board.taken.append(rect)
                    found.append((candidate.image, rect))
        return found

    def _notes(self, height: float) -> None:
        """Place the notes in a strip of that height along the top."""
        look, rows = self._small, self._state.landscape.note_rows
        inset = PADDING * look.size
        width = self._board.room.width() - 2 * inset
        lines = flowed(self._state.landscape.notes, look.font, width, rows)
        if lines:
            self.placed.append((strip_image(tuple(lines), look, round(width), round(height)), round(inset), 0))

    def _heading(self) -> None:
        """Place line, marker and name of a small picture's run, with its notes below."""
        state, (entry,) = self._state, self._state.legend.entries
        names, notes = state.legend.names(entry), wordings(state.landscape.notes)
        image = heading_image(entry, names, notes, state.lens.width, self._small)
        self._add(image, QRectF(image.rect()))

    def _head(self, arrow: Arrow) -> Point:
        """Return the middle of an arrow's head."""
        placed = place_arrow(self._state, arrow)
        forward = np.array([np.cos(placed.angle), np.sin(placed.angle)])
        x, y = (np.array(placed.tip) - ARROW_HEAD * self._state.unit * forward).tolist()
        return x, y

    def _arrow(self, arrow: Arrow) -> None:
        """Place an arrow's label beside its head."""
        middle, unit = self._head(arrow), self._state.unit
        self._avoid_lines(place_arrow(self._state, arrow).shaft)
        for text in (arrow.label, *arrow.shorter):
            image = self._image(text, warning=True)
            if image.width() <= self._state.lens.width:
                break
        gap = (ARROW_HEAD + 2.0) * unit
        self._place_inside(text, image, around(spot(middle), image.width(), image.height(), [gap], AROUND_ARROW))

    def _inside(self) -> None:
        """Label the arrows of the next step at their tips; all labels keep off the arrows, also while they grow."""
        state, inside = self._state, self._state.landscape.inside
        if inside is None:
            return
        for direction in inside.directions:
            self._avoid_lines(polyline(direction.line[:: max(1, len(direction.line) // 8)]))
        for direction in inside.shown:
            tip = self._pixel(direction.line[-1].tolist())
            face = replace(style(WORDS, self._text, state.palette, accent=True), colour=colour_of(state, direction))
            image = label(direction.name, face)
            self._place_inside(
                direction.name, image, self._candidate_places(spot(tip), image, (HEAD + 1.0) * state.unit)
            )

    def _highlight(self, light: Light, pixel: Point) -> None:
        """Label what the tape highlights, at its ring."""
        for begin, end in (*highlighted_axis(self._state, light), *highlighted_line(light)):
            self._avoid_lines(polyline(np.linspace(begin, end, 9)))
        image = self._image(light.label, accent=True)
        self._place_inside(
            light.label, image, self._candidate_places(spot(pixel), image, RING_REACH * self._state.unit)
        )

    def _markers(self) -> None:
        """Label start, minima and first box; not in small pictures, which the labels would cover."""
        landscape, unit = self._state.landscape, self._state.unit
        starts = [path.start for path in landscape.paths if path.start is not None]
        if starts:
            self._label_beside(starts[0], "start", (START_RADIUS + 1.0) * unit)
        self._minimum_line(landscape.minimum_line)
        lowest = min((place[2] for place in landscape.minima.tolist()), default=0.0)
        # More than two are marked by stars alone; their labels would cover the surface.
        for place in landscape.minima.tolist()[: 2 if len(landscape.minima) == 2 else 1]:
            name = "minimum" if place[2] - lowest < SAME_HEIGHT else "local minimum"
            self._label_beside(place, name, (STAR_RADIUS + 1.0) * unit)
        if landscape.first_box is not None:
            self._first_box(self._state.lens.project(to_world(landscape.first_box)))

    def _minimum_line(self, line: NDArray[np.float32]) -> None:
        """Label a line of minima beside one of its points, its ends of shape (0 or 2, 3)."""
        if not len(line):
            return
        image, gap = self._image(ANY_POINT), 8.0 * self._state.unit
        points = [(line[0] + part * (line[1] - line[0])).tolist() for part in ALONG_LINE]
        places = [self._candidate_places(spot(self._pixel(point)), image, gap) for point in points]
        self._place(ANY_POINT, image, np.concatenate(places), required=False)

    def _first_box(self, outline: NDArray[np.float64]) -> None:
        """Label the first box outside of its outline, shape (m, 2), in pixels."""
        (left, top), (right, bottom) = outline.min(axis=0).tolist(), outline.max(axis=0).tolist()
        # It may be smaller than the ring at the start.
        least, (x, y) = START_RADIUS * self._state.unit, ((left + right) / 2.0, (top + bottom) / 2.0)
        named = QRectF(left, top, right - left, bottom - top).united(QRectF(x - least, y - least, 2 * least, 2 * least))
        image = self._image("first view")
        places = self._candidate_places(named, image, 5.0 * self._state.unit, AROUND_FIRST_BOX)
        self._place("first view", image, places, required=True)

    def _label_beside(self, place: Sequence[float], text: str, gap: float) -> None:
        image = self._image(text)
        self._place(text, image, self._candidate_places(spot(self._pixel(place)), image, gap), required=False)

    def _image(self, text: str, *, warning: bool = False, accent: bool = False) -> QImage:
        return label(text, style(WORDS, self._text, self._state.palette, warning=warning, accent=accent))

    def _candidate_places(self, named: QRectF, image: QImage, gap: float, ways: Sequence[Point] = BELOW_FIRST) -> Array:
        """Return the boxes around what a label names in whole pixels, nearest first, shape (n, 4)."""
        gaps = [gap + further * self._text for further in FURTHER]
        return to_whole_boxes(around(named, image.width(), image.height(), gaps, ways))

    def _place_inside(self, name: str, image: QImage, boxes: Array) -> None:
        """Place a required label, moved into the pane."""
        self._place(name, image, to_whole_boxes(boxes_inside(boxes, self._board.room)), required=True)

    def _place(self, name: str, image: QImage, boxes: Array, *, required: bool) -> None:
        """Place a label at one of these boxes, in whole pixels, shape (n, 4)."""
        rect = free_place(self._board, name, boxes, forced=required)
        if rect is not None:
            self._add(image, rect)

    def _add(self, image: QImage, rect: QRectF) -> None:
        """Add a label at a place, and keep all others off it."""
        self._board.taken.append(rect)
        self.placed.append((image, int(rect.left()), int(rect.top())))

    def _avoid_lines(self, segments: NDArray[np.float32]) -> None:
        """Keep labels preferably off segments of shape (m, 2, 3), in unit-box coordinates."""
        if not len(segments):
            return
        points = points_between(self._state.lens.project(to_world(segments)), SPACING * self._text)
        self._board.obstacles = np.concatenate([self._board.obstacles, points])

    def _pixel(self, place: Sequence[float]) -> Point:
        x, y, height = place
        return self._state.lens.pixel((x, y, height * HEIGHT))


@weak_cache(2)
def _chosen(landscape: Landscape, look: Look, legend: Legend, lens: Lens, unit: float) -> Places:
    """Return the places that the labels of a landscape take."""
    return Layout(RenderState(landscape, look, legend, lens, unit), is_earlier=True).chosen
