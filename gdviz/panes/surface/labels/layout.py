"""Which labels are painted where, so that none covers another."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from gdviz.panes.landscape.landscape import Arrow, Light, RunPath
from gdviz.panes.surface.geometry import arrows
from gdviz.panes.surface.geometry.camera import HEIGHT, to_world
from gdviz.panes.surface.geometry.mesh import polyline
from gdviz.panes.surface.geometry.shot import MARKER_SIZE, TEXT_SIZE, Shot
from gdviz.panes.surface.items.highlight import lit_axis, lit_line
from gdviz.panes.surface.items.markers import LIT, START
from gdviz.panes.surface.labels.axis_labels import Wish, kept_in, size, wishes
from gdviz.panes.surface.labels.placement import Board, Point, around, beside, square
from gdviz.panes.surface.labels.run_legend import KeyStyle, heading, key_place, points_in
from gdviz.panes.surface.labels.text import WORDS, label, plate, style

Placed = tuple[QImage, int, int]
"""A picture of a text with its left and top pixel."""

NOTES = 0.92
"""The size of the text of notes and legend in that of the labels."""
BESIDE_HEAD = ((0, -1), (0, 1), (0.8, -0.6), (-0.8, -0.6), (0.8, 0.6), (-0.8, 0.6), (-1, 0), (1, 0))
"""In which order the places around an arrowhead are tried."""


class Layout:
    """Decides for one shot which labels are painted where; the most important are placed first."""

    def __init__(self, shot: Shot) -> None:
        """Lay out all labels into ``placed``."""
        self._shot = shot
        self._board = Board(*shot.size)
        self._text = TEXT_SIZE * shot.unit
        self.placed: list[Placed] = []
        if shot.is_small:
            self._heading()
        else:
            self._notes()
            self._legend()
        for path in shot.landscape.paths:
            self._keep_off(path)
        lit = shot.landscape.light
        standing = wishes(shot.lens, shot.landscape.surface, shot.unit, shot.palette, lit.axis if lit else -1)
        arrows_shown = [path.arrow for path in shot.landscape.paths if path.arrow is not None]
        if arrows_shown:  # their labels rather leave the numbers of the axes their places
            numbers = [points_in(wish.middles[0], size(wish.image)) for wish in standing if not wish.forced]
            self._board.ink(np.concatenate([np.empty((0, 2)), *numbers]))
        for arrow in arrows_shown:
            self._arrow(arrow)
        if lit is not None:
            self._lit(lit)
        if not shot.is_small:
            self._markers()
        for wish in standing:
            self._put(wish)

    def _notes(self) -> None:
        """The notes in the lower left corner."""
        notes = tuple(note for note in self._shot.landscape.notes if note)
        if not notes:
            return
        width, height = self._shot.size
        small = style(WORDS, NOTES * self._text, self._shot.palette)
        image = plate(notes, small, round(0.56 * width), round(0.2 * height))
        edge = round(0.4 * self._text)
        left, top = edge, round(height) - image.height() - edge
        self._board.take((0, top - edge, left + image.width() + edge, round(height)))
        self.placed.append((image, left, top))

    def _legend(self) -> None:
        """The legend, where nothing else is if there is such a place."""
        shot = self._shot
        if not shot.legend.entries:
            return
        look = KeyStyle(shot.palette, NOTES * self._text)
        image, rect = key_place(shot.lens, shot.landscape.surface, shot.legend, shot.unit, look)
        self._board.take(rect)
        self.placed.append((image, rect[0], rect[1]))

    def _heading(self) -> None:
        """Line, marker and name of the run of a small picture, and below these its notes."""
        shot, (entry,) = self._shot, self._shot.legend.entries
        look = KeyStyle(shot.palette, NOTES * self._text)
        name, notes = shot.legend.name(entry), ", ".join(shot.landscape.notes)
        image = heading(entry, name, notes, shot.lens.width, look)
        self._board.take((0, 0, image.width(), image.height()))
        self.placed.append((image, 0, 0))

    def _keep_off(self, path: RunPath) -> None:
        """Keep labels off the markers of a path, and rather off its line."""
        for place, radius in ((path.current, 0.7 * MARKER_SIZE), (path.start, START)):
            if place is not None:
                self._board.take(square(self._pixel(place), radius * self._shot.unit))
        self._ink(path.segments[:: len(path.segments) // 100 or 1])
        self._ink(path.ghost)

    def _arrow(self, arrow: Arrow) -> None:
        placed, unit = arrows.place(self._shot, arrow), self._shot.unit
        forward = np.array([np.cos(placed.angle), np.sin(placed.angle)])
        middle = _point(np.array(placed.tip) - arrows.HEAD * unit * forward)
        self._board.take(square(middle, arrows.HEAD * unit))
        self._ink(placed.shaft)
        if arrow.label:
            image = label(arrow.label, style(WORDS, self._text, self._shot.palette, warning=True))
            middles = around(middle, size(image), (arrows.HEAD + 2.0) * unit, BESIDE_HEAD)
            kept = tuple(kept_in(self._shot.lens, place, image) for place in middles)
            self._put(Wish(image, kept, True))

    def _lit(self, light: Light) -> None:
        """Name what the tape speaks of, at its ring."""
        if light.place is None:
            return
        image = label(light.label, style(WORDS, self._text, self._shot.palette, lit=True))
        pixel, radius = self._pixel(light.place), (LIT + 3.0) * self._shot.unit
        self._board.take(square(pixel, radius))
        for begin, end in (*lit_axis(self._shot, light), *lit_line(light)):
            self._ink(polyline(np.linspace(begin, end, 9)))
        near, far = (around(pixel, size(image), gap) for gap in (radius, radius + 0.7 * self._text))
        kept = (kept_in(self._shot.lens, middle, image) for middle in (*near, *far))
        self._put(Wish(image, tuple(kept), True))

    def _markers(self) -> None:
        """Name start, minima and first box; not in one of several small pictures, which the words would cover."""
        landscape, unit = self._shot.landscape, self._shot.unit
        if landscape.first_box is not None:
            self._around_outline("first view", self._shot.lens.project(to_world(landscape.first_box)))
        starts = [path.start for path in landscape.paths if path.start is not None]
        if starts:
            self._beside(starts[0], "start", (START + 1.0) * unit)
        lowest = min((place[2] for place in landscape.minima.tolist()), default=0.0)
        # Of more than two the crosses say it; all their names would cover the surface.
        for place in landscape.minima.tolist()[: 2 if len(landscape.minima) == 2 else 1]:
            self._beside(place, "minimum" if place[2] == lowest else "local minimum", 8.0 * unit)

    def _around_outline(self, text: str, outline: NDArray[np.float64]) -> None:
        """Put a label below, above, right or left of the outline of the first box, shape (m, 2), in pixels."""
        image = label(text, style(WORDS, self._text, self._shot.palette))
        (left, top), (right, bottom) = outline.min(axis=0).tolist(), outline.max(axis=0).tolist()
        x, y, gap = (left + right) / 2.0, (top + bottom) / 2.0, 5.0 * self._shot.unit
        sides = (((x, bottom), (0, 1)), ((x, top), (0, -1)), ((right, y), (1, 0)), ((left, y), (-1, 0)))
        gaps = (gap, gap + self._text)
        middles = tuple(beside(point, size(image), g, way) for g in gaps for point, way in sides)
        self._put(Wish(image, middles, True))

    def _beside(self, place: Sequence[float], text: str, gap: float) -> None:
        image = label(text, style(WORDS, self._text, self._shot.palette))
        pixel = self._pixel(place)
        near, far = (around(pixel, size(image), g) for g in (gap, gap + 0.7 * self._text))
        self._put(Wish(image, (*near, *far), False))

    def _put(self, wish: Wish) -> None:
        rect = self._board.put(size(wish.image), wish.middles, forced=wish.forced)
        if rect is not None:
            self.placed.append((wish.image, rect[0], rect[1]))

    def _ink(self, segments: NDArray[np.float32]) -> None:
        self._board.ink(_along(self._shot.lens.project(to_world(segments))))

    def _pixel(self, place: Sequence[float]) -> Point:
        x, y, height = place
        return self._shot.lens.pixel((x, y, height * HEIGHT))


def _along(segments: NDArray[np.float64]) -> NDArray[np.float64]:
    """Pixels on segments of shape (m, 2, 2), as shape (8 m, 2)."""
    part = ((np.arange(8) + 0.5) / 8)[:, None, None]
    return (segments[:, 0] + part * (segments[:, 1] - segments[:, 0])).reshape(-1, 2)


def _point(pair: NDArray[np.float64]) -> Point:
    return float(pair[0]), float(pair[1])
