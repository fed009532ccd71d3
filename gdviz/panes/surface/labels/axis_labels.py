"""The labels of the axes, and where each would best be: they stand still while the path grows."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtGui import QImage

from gdviz.panes.landscape.landscape import Surface
from gdviz.panes.surface.geometry import axes
from gdviz.panes.surface.geometry.camera import Lens
from gdviz.panes.surface.geometry.render_state import TEXT_SIZE
from gdviz.panes.surface.labels.placement import Point, beside
from gdviz.panes.surface.labels.text import NUMBERS, WORDS, Style, label, style
from gdviz.presentation.palette import Palette


@dataclass(frozen=True, eq=False)
class LabelCandidate:
    """A label and the centres at which it may be, in pixels; if required, it must be somewhere."""

    image: QImage
    centres: tuple[Point, ...]
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
    first, second, loss = placed_axes
    for placed, named in zip((first, second), words, strict=False):
        image = label(placed.axis.name, named)
        gap = _room_for_numbers(lens, placed, text, numbers) + 0.2 * text
        start, way = placed.line[0], placed.line[1] - placed.line[0]
        pixels = lens.project([start + part * way for part in (0.5, 0.62, 0.38, 0.75, 0.25)]).tolist()
        middles = [beside((x, y), size(image), gap, placed.away) for x, y in pixels]
        yield LabelCandidate(image, tuple(kept_in(lens, middle, image) for middle in middles), True)
    image = label(loss.axis.name, words[2])
    x, y = lens.project(loss.line[1]).tolist()
    above = beside((x, y), size(image), 0.5 * text, (0.0, -1.0))
    yield LabelCandidate(image, (kept_in(lens, above, image),), True)


def _room_for_numbers(lens: Lens, placed: axes.PlacedAxis, text: float, numbers: Style) -> float:
    """Pixels from the axis to the far side of its tick labels."""
    widest = max((label(tick.label, numbers).width() for tick in placed.ticks), default=0)
    mark = 0.8 * axes.TICK_LENGTH * lens.scale
    return float(mark + abs(placed.away[0]) * widest + abs(placed.away[1]) * 0.9 * text)


def _numbers(lens: Lens, placed_axes: tuple[axes.PlacedAxis, ...], numbers: Style) -> Iterable[LabelCandidate]:
    for placed in placed_axes:
        for tick, (x, y) in zip(placed.ticks, lens.project(placed.ends).tolist(), strict=True):
            image = label(tick.label, numbers)
            yield LabelCandidate(image, (beside((x, y), size(image), 0.0, placed.away),), False)


def kept_in(lens: Lens, middle: Point, image: QImage) -> Point:
    """The nearest middle with which the whole picture is in the pane."""
    across, down = size(image)
    x = min(max(middle[0], across / 2.0), lens.width - across / 2.0)
    return x, min(max(middle[1], down / 2.0), lens.height - down / 2.0)


def size(image: QImage) -> tuple[float, float]:
    """Width and height of a picture."""
    return float(image.width()), float(image.height())
