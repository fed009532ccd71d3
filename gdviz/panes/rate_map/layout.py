"""How the map of rate and steps is laid out: title and axes, the losses as an image, the legend of its colours."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QImage

from gdviz.core.analysis.rate_limit import NO_LIMIT
from gdviz.core.precision import Precision
from gdviz.panes.rate_map.ground import MapGround
from gdviz.panes.rate_map.picture import MapPicture
from gdviz.panes.rate_map.regions import REGION_WORDS, Region
from gdviz.plotting.axes_layout import MARGIN, Axes, lay_out_axes, title_bottom, title_words, x_name_words
from gdviz.plotting.colour_bar import framed_image, labelled_bar
from gdviz.plotting.image_cache import image_of, pack_colours
from gdviz.plotting.pane import Grid
from gdviz.plotting.placement import left_aligned, right_aligned
from gdviz.plotting.shapes import Painted, Words
from gdviz.plotting.style import Style, height_of
from gdviz.plotting.text import width_of
from gdviz.plotting.textures import falling, rising
from gdviz.plotting.ticks import log_ticks
from gdviz.presentation.numbers import power_of_ten
from gdviz.presentation.palette import colour_table

TITLE = "LEARNING RATE AND STEPS"
ACROSS, UP, BOTH = "learning rate", "steps", "steps over learning rate"
COLOUR = ("loss above the minimum, in parts of the start's", "loss above the minimum")
"""What the colours mean, and shorter; the second also where the start's loss cannot be measured by."""
OF_LOSS = ("loss; no minimum is known", "loss")
"""The same where no minimum is known."""
NARROW = 400.0
"""A pane of fewer units has no room for the legend."""
BAR, SWATCH = 15.0, 22.0
"""The widths of the colour bar and of a sample of the hatching, in units."""
DECADES = 6.0
"""The colours reach so many powers of ten below and above the start."""
WIDTH = 1.3
"""Of the lines of the hatching, in units."""
INFINITE, NAN = 1, 2
"""In place of a colour, all of which are opaque: an infinite loss, one that is not a number; 0 is not computed."""
_LOW, _HIGH = f"≤{power_of_ten(-round(DECADES))}", f"≥{power_of_ten(round(DECADES))}"
_HATCHED = ((REGION_WORDS[Region.INFINITE], INFINITE, np.isposinf), (REGION_WORDS[Region.NAN], NAN, np.isnan))


@dataclass(frozen=True, eq=False)
class MapLayout:
    """The axes, the texts around them, and the column for the legend, empty where there is none."""

    grid: Grid
    words: tuple[Words, ...]
    column: QRectF


def map_layout(size: QSize, ground: MapGround, style: Style) -> MapLayout:
    """The title in the first row; the name of the vertical axis and that of the colours in the second."""
    unit, width = style.unit, float(size.width())
    with_legend = width >= NARROW * unit
    beside = max(legend_width(style), width_of(style.text, ACROSS)) + MARGIN * unit if with_legend else 0.0
    top = title_bottom(style) + height_of(style.text)
    axes = Axes(ground.x_range, ground.y_range, log_ticks, log_ticks)
    grid = lay_out_axes(QRectF(0.0, 0.0, width - beside, float(size.height())), top, axes, style)
    words = title_words(TITLE, _addition(ground), width, style)
    if with_legend:
        # The name of the horizontal axis stands in the row of its numbers, behind them.
        row = x_name_words(grid, ACROSS, style).rect.top()
        words += _second_row(ground, width, style)
        words.append(left_aligned(width - beside, row, ACROSS, style.text, style.palette.quiet))
    else:
        words.append(left_aligned(MARGIN * unit, title_bottom(style), BOTH, style.text, style.palette.quiet))
    left, area = grid.area.right() + 12 * unit, grid.area
    column = QRectF(left, area.top(), width - left - MARGIN * unit, area.height()) if with_legend else QRectF()
    return MapLayout(grid, tuple(words), column)


def _addition(ground: MapGround) -> str:
    """What stands beside the title: that no limit is known, for a rule without known limits.

    Other rules may have limits here and there, which the slider shows, but none that holds for the whole map.
    """
    is_known = ground.phase_map.experiment.optimizer.stability_limit(1.0) is not None
    return "" if is_known or ground.wall is not None else f"({NO_LIMIT})"


def note_words(picture: MapPicture, width: float, style: Style) -> list[Words]:
    """At the right end of the title's row, as far as there is room: which runs are outside, how much is computed."""
    unit, margin, outside, computing = style.unit, MARGIN * style.unit, picture.outside, picture.note
    taken = title_words(TITLE, _addition(picture.ground), width, style)[-1].rect.right()
    room = width - taken - margin - 16 * unit
    ways = [[*outside, computing], outside, [f"{outside[0]}, and others"] if len(outside) > 1 else outside[:1]]
    texts = [", ".join(part for part in way if part) for way in ways]
    fitting = [text for text in texts if text and width_of(style.text, text) <= room]
    if not fitting:
        return []
    top = 4 * unit + (height_of(style.title) - height_of(style.text)) / 2
    colour = style.palette.warning if outside else style.palette.accent
    return [right_aligned(width - margin, top, fitting[0], style.text, colour)]


def _second_row(ground: MapGround, width: float, style: Style) -> list[Words]:
    """The name of the vertical axis at its left end, and what the colours mean at its right end."""
    quiet, text, margin, top = style.palette.quiet, style.text, MARGIN * style.unit, title_bottom(style)
    words = [left_aligned(margin, top, UP, text, quiet)]
    room = width - margin - words[0].rect.right() - 16 * style.unit
    above = COLOUR if ground.from_start else COLOUR[1:]
    meanings = above if ground.phase_map.experiment.problem.minima else OF_LOSS
    fitting = [line for line in meanings if width_of(text, line) <= room]
    return [*words, *(right_aligned(width - margin, top, line, text, quiet) for line in fitting[:1])]


@lru_cache(maxsize=4)
def map_image(ground: MapGround, size: tuple[int, int], unit: float, colour: str) -> QImage:
    """The map over the whole of its axes, see-through where there is no colour.

    unit, colour: how many pixels the unit of the hatching has, and what colour it is.
    """
    across = _middles(ground.x_range, size[0])
    pixels = ground.sampled(_coloured(ground.values), across, _middles(ground.y_range, size[1]))[::-1]
    for kind in (INFINITE, NAN):
        where = pixels == kind
        if where.any():
            pixels[where] = _hatching(kind, size, unit, colour)[where]
    return image_of(pixels)


def _middles(ends: tuple[float, float], count: int) -> NDArray[np.float64]:
    """The positions on an axis of the middles of so many pixels."""
    return ends[0] + (np.arange(count) + 0.5) / count * (ends[1] - ends[0])


def _coloured(values: NDArray[np.float32]) -> NDArray[np.uint32]:
    """0xffRRGGBB for each cell, or what stands in its place; shape as the values'."""
    places = np.nan_to_num((values + DECADES) * (255.0 / (2.0 * DECADES)), nan=0.0, posinf=255.0, neginf=0.0)
    pixels = pack_colours(colour_table(256))[np.rint(np.clip(places, 0.0, 255.0)).astype(np.intp)]
    for _, kind, is_so in _HATCHED:
        pixels[is_so(values)] = kind
    return pixels


@lru_cache(maxsize=8)
def _hatching(kind: int, size: tuple[int, int], unit: float, colour: str) -> NDArray[np.uint32]:
    """Rising lines for INFINITE, crossed ones for NAN; premultiplied colours, shape (height, width)."""
    x, y = np.arange(size[0])[None, :] / unit, np.arange(size[1])[:, None] / unit
    covered = rising(x, y, unit, WIDTH)
    if kind == NAN:
        covered = np.maximum(covered, falling(x, y, unit, WIDTH))
    shades = pack_colours(np.linspace(0.0, 1.0, 256)[:, None] * np.array(QColor(colour).getRgb()))
    return shades[np.rint(covered * 255).astype(np.intp)]


def legend_width(style: Style) -> float:
    """How wide the legend is in pixels, the distance to the plot not counted."""
    bar = (BAR + 7) * style.unit + max(width_of(style.number, label) for label in (_LOW, _HIGH, "start"))
    hatched = (SWATCH + 6) * style.unit + max(width_of(style.text, name) for name, _, _ in _HATCHED)
    return max(bar, hatched, *(width_of(style.text, f"in {precision}:") for precision in Precision))


def map_legend(ground: MapGround, place: QRectF, ratio: float, style: Style) -> list[Painted]:
    """The colour bar, and below it room for the samples of what is hatched, so that the bar never moves."""
    rows = height_of(style.text) * (1 + len(_HATCHED))
    least = 5 * height_of(style.number)
    if place.height() < least:
        return []
    # In a low pane the samples are left out: the regions are named on the map too.
    with_samples = place.height() - rows - 12 * style.unit >= least
    height = place.height() - (rows + 12 * style.unit if with_samples else 0.0)
    bar = QRectF(place.left(), place.top(), BAR * style.unit, height)
    labels = _labels(ground.from_start, bar.height() / height_of(style.number))
    places = [(bar.top() + bar.height() * (1 - (decade + DECADES) / (2 * DECADES)), label) for decade, label in labels]
    things = labelled_bar(bar, places, style)
    if with_samples:
        things += _hatched(ground, place.left(), place.bottom() - rows, ratio, style)
    return things


def _labels(from_start: bool, lines: float) -> list[tuple[float, str]]:
    """The decade at which each label stands: all even ones if there is room for so many lines."""
    middle = [(-2.0, "1 %"), (0.0, "start")] if from_start else [(0.0, "1")]
    least = [(-DECADES, _LOW), *middle, (DECADES, _HIGH)]
    if lines < 2 * DECADES * 0.65:
        return least
    known = {round(decade) for decade, _ in least}
    even = range(-round(DECADES), round(DECADES) + 1, 2)
    return [*least, *((float(decade), power_of_ten(decade)) for decade in even if decade not in known)]


def _hatched(ground: MapGround, left: float, top: float, ratio: float, style: Style) -> list[Painted]:
    """A heading with the precision, whose limits these are, and samples of the hatchings that are on the map."""
    unit, height, palette = style.unit, height_of(style.text), style.palette
    there = [(name, kind) for name, kind, is_so in _HATCHED if is_so(ground.values).any()]
    if not there:
        return []
    heading = f"in {ground.phase_map.experiment.precision}:"
    things: list[Painted] = [left_aligned(left, top, heading, style.text, palette.quiet)]
    for name, kind in there:
        top += height
        place = QRectF(left, top + 3 * unit, SWATCH * unit, height - 6 * unit)
        size = (round(place.width() * ratio), round(place.height() * ratio))
        things += framed_image(image_of(_hatching(kind, size, unit * ratio, palette.warning)), place, style)
        things.append(left_aligned(left + (SWATCH + 6) * unit, top, name, style.text, palette.text))
    return things
