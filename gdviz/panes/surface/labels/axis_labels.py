"""The labels of the axes, and where each would best be: they stand still while the path grows."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage

from gdviz.panes.landscape.landscape import Surface
from gdviz.panes.surface.geometry import axes
from gdviz.panes.surface.geometry.camera import Lens
from gdviz.panes.surface.geometry.render_state import TEXT_SIZE
from gdviz.panes.surface.labels.placement import beside, kept_in
from gdviz.panes.surface.labels.text import NUMBERS, WORDS, Style, label, style
from gdviz.presentation.palette import Palette


@dataclass(frozen=True, eq=False)
class LabelCandidate:
    """A label and the places at which it may be, in pixels; if required, it must be somewhere."""

    image: QImage
    places: tuple[QRectF, ...]
    required: bool


@lru_cache(maxsize=8)
def axis_label_candidates(
    lens: Lens, surface: Surface, unit: float, palette: Palette, lit: int = -1
) -> tuple[LabelCandidate, ...]:
    """The names of the axes, then the numbers at the ticks; lit: the place of the axis whose name is lit."""
    placed_axes = axes.place(lens, surface)
    text = TEXT_SIZE * unit
    numbers = style(NUMBERS, text, palette)
    words = tuple(style(WORDS, 1.15 * text, palette, strong=True, lit=axis == lit) for axis in range(3))
    return *_names(lens, placed_axes, text, words, numbers), *_numbers(lens, placed_axes, numbers)


def _names(
    lens: Lens, placed_axes: tuple[axes.PlacedAxis, ...], text: float, words: tuple[Style, ...], numbers: Style
) -> Iterable[LabelCandidate]:
    pane = QRectF(0.0, 0.0, lens.width, lens.height)
    *on_floor, loss = placed_axes
    for placed, named in zip(on_floor, words, strict=False):
        image = label(placed.axis.name, named)
        gap = _room_for_numbers(lens, placed, text, numbers) + 0.2 * text
        start, way = placed.line[0], placed.line[1] - placed.line[0]
        pixels = lens.project([start + part * way for part in (0.5, 0.62, 0.38, 0.75, 0.25)]).tolist()
        places = tuple(kept_in(pane, beside(pixel, image, gap, placed.away)) for pixel in pixels)
        yield LabelCandidate(image, places, True)
    image = label(loss.axis.name, words[2])
    above = beside(lens.project(loss.line[1]).tolist(), image, 0.5 * text, (0.0, -1.0))
    yield LabelCandidate(image, (kept_in(pane, above),), True)


def _room_for_numbers(lens: Lens, placed: axes.PlacedAxis, text: float, numbers: Style) -> float:
    """Pixels from the axis to the far side of its tick labels."""
    widest = max((label(tick.label, numbers).width() for tick in placed.ticks), default=0)
    mark = 0.8 * axes.TICK_LENGTH * lens.scale
    return float(mark + abs(placed.away[0]) * widest + abs(placed.away[1]) * 0.9 * text)


def _numbers(lens: Lens, placed_axes: tuple[axes.PlacedAxis, ...], numbers: Style) -> Iterable[LabelCandidate]:
    for placed in placed_axes:
        for tick, end in zip(placed.ticks, lens.project(placed.ends).tolist(), strict=True):
            image = label(tick.label, numbers)
            yield LabelCandidate(image, (beside(end, image, 0.0, placed.away),), False)
