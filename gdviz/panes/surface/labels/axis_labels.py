"""The labels of the axes and their preferred places, which do not move while the path grows."""

from functools import cached_property, lru_cache

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage

from gdviz.core.frozen import frozen
from gdviz.panes.landscape.landscape import Surface
from gdviz.panes.surface.geometry import axes
from gdviz.panes.surface.geometry.camera import Lens
from gdviz.panes.surface.geometry.render_state import TEXT_SIZE
from gdviz.panes.surface.labels.placement import beside, moved_into, to_whole_pixels
from gdviz.panes.surface.labels.text import NUMBERS, WORDS, Style, label, style
from gdviz.presentation.palette import Palette

NAME_GAP = 0.8
"""The gap between the top of the axis of the loss and its name, in text heights: clear of a number at its end."""
NEAR, USUAL = 0.3, "00"
"""The name of an axis leaves room for the tick labels so near to its middle, and for one as wide as this."""


@frozen(eq=False)
class LabelCandidate:
    """A label and its candidate places, in pixels; a required one must be placed somewhere."""

    image: QImage
    places: tuple[QRectF, ...]
    required: bool

    @cached_property
    def whole_places(self) -> tuple[QRectF, ...]:
        """The candidate places in whole pixels."""
        return tuple(map(to_whole_pixels, self.places))


@lru_cache(maxsize=8)
def axis_label_candidates(
    lens: Lens, surface: Surface, unit: float, palette: Palette, highlighted: int = -1
) -> tuple[LabelCandidate, ...]:
    """Return the names of the axes, then the tick labels; highlighted: the index of a highlighted axis."""
    placed_axes, text, pane = axes.place(lens, surface), TEXT_SIZE * unit, QRectF(0.0, 0.0, lens.width, lens.height)
    numbers, candidates = style(NUMBERS, text, palette), []
    for index, placed in enumerate(placed_axes):
        name = label(placed.axis.name, style(WORDS, 1.15 * text, palette, strong=True, accent=index == highlighted))
        if index < 2:
            gap = _tick_label_extent(lens, placed, text, numbers) + 0.2 * text
            start, way = placed.line[0], placed.line[1] - placed.line[0]
            pixels = lens.project([start + part * way for part in (0.5, 0.62, 0.38, 0.75, 0.25)]).tolist()
            places = [beside(pixel, name, gap, placed.away) for pixel in pixels]
        else:  # the loss axis has its name on top
            places = [beside(lens.project(placed.line[1]).tolist(), name, NAME_GAP * text, (0.0, -1.0))]
        candidates.append(LabelCandidate(name, tuple(moved_into(pane, place) for place in places), True))
    for placed in placed_axes:
        for tick, end in zip(placed.ticks, lens.project(placed.ends).tolist(), strict=True):
            number = label(tick.label, numbers)
            place = beside(end, number, 0.0, placed.away)
            candidates.append(LabelCandidate(number, (place, moved_into(pane, place)), False))
    return tuple(candidates)


def _tick_label_extent(lens: Lens, placed: axes.PlacedAxis, text: float, numbers: Style) -> float:
    """Return the pixels from the axis to the far side of its tick labels, near the middle, where the name stands.

    In a box that grows those are narrow, while the others become wider and wider.
    """
    near = [tick.label for tick in placed.ticks if abs(tick.position) < NEAR]
    widest = max(label(text, numbers).width() for text in (USUAL, *near))
    mark = 0.8 * axes.TICK_LENGTH * lens.scale
    return float(mark + abs(placed.away[0]) * widest + abs(placed.away[1]) * 0.9 * text)
