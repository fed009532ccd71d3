"""Layout of the map of rate and steps: title and axes, the losses as an image, and the colour legend."""

from functools import lru_cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QImage

from gdviz.core.analysis.rate_limit import NO_LIMIT, stability_limit
from gdviz.core.frozen import frozen
from gdviz.core.precision import Precision
from gdviz.panes.rate_map.background import MapBackground
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
X_NAME, Y_NAME, BOTH_NAMES = "learning rate", "steps", "steps over learning rate"
RELATIVE_MEANINGS = ("loss above the minimum, in parts of the start's", "loss above the minimum")
"""What the colours mean, long and short; only the short one where losses are not relative to the start's."""
LOSS_MEANINGS = ("loss; no minimum is known", "loss")
"""The same if no minimum is known."""
LEAST_LEGEND_PANE = 400.0
"""In a pane narrower than this, in units, there is no legend."""
BAR_WIDTH, SAMPLE_WIDTH = 15.0, 22.0
"""Widths of the colour bar and of a hatching sample, in units."""
DECADES = 6.0
"""The colour scale spans this many decades below and above the start."""
HATCHING_WIDTH = 1.3
"""Line width of the hatching, in units."""
INFINITE, NAN = 1, 2
"""Codes in place of a colour (which are all opaque): an infinite loss, NaN; 0 is not computed."""
_LOW, _HIGH = f"≤{power_of_ten(-round(DECADES))}", f"≥{power_of_ten(round(DECADES))}"
_HATCHED = ((REGION_WORDS[Region.INFINITE], INFINITE, np.isposinf), (REGION_WORDS[Region.NAN], NAN, np.isnan))


@frozen(eq=False)
class MapLayout:
    """The axes, the texts around them, and the legend's column, empty if there is no legend."""

    grid: Grid
    words: tuple[Words, ...]
    column: QRectF


def map_layout(size: QSize, background: MapBackground, style: Style) -> MapLayout:
    """The title in the first row; the names of the vertical axis and of the colours in the second."""
    unit, width = style.unit, float(size.width())
    with_legend = width >= LEAST_LEGEND_PANE * unit
    beside = max(legend_width(style), width_of(style.text, X_NAME)) + MARGIN * unit if with_legend else 0.0
    top = title_bottom(style) + height_of(style.text)
    axes = Axes(background.x_range, background.y_range, log_ticks, log_ticks)
    grid = lay_out_axes(QRectF(0.0, 0.0, width - beside, float(size.height())), top, axes, style)
    words = title_words(TITLE, _title_addition(background), width, style)
    if with_legend:
        # The horizontal axis is named in the row of its tick labels, after them.
        row = x_name_words(grid, X_NAME, style).rect.top()
        words += _second_row(background, width, style)
        words.append(left_aligned(width - beside, row, X_NAME, style.text, style.palette.quiet))
    else:
        words.append(left_aligned(MARGIN * unit, title_bottom(style), BOTH_NAMES, style.text, style.palette.quiet))
    left, area = grid.area.right() + 12 * unit, grid.area
    column = QRectF(left, area.top(), width - left - MARGIN * unit, area.height()) if with_legend else QRectF()
    return MapLayout(grid, tuple(words), column)


def _title_addition(background: MapBackground) -> str:
    """The text beside the title: that no limit is known, for a rule, or an order of batches, without known limits.

    Other rules may have local limits, which the slider shows, but none that holds for the whole map.
    """
    is_known = stability_limit(background.phase_map.experiment, 1.0) is not None
    return "" if is_known or background.limit is not None else f"({NO_LIMIT})"


def status_words(picture: MapPicture, width: float, style: Style) -> list[Words]:
    """Right-aligned in the title's row, as far as it fits: which runs are off the map, and how much is computed."""
    unit, margin, outside, computing = style.unit, MARGIN * style.unit, picture.outside, picture.note
    taken = title_words(TITLE, _title_addition(picture.background), width, style)[-1].rect.right()
    room = width - taken - margin - 16 * unit
    ways = [[*outside, computing], outside, [f"{outside[0]}, and others"] if len(outside) > 1 else outside[:1]]
    texts = [", ".join(part for part in way if part) for way in ways]
    fitting = [text for text in texts if text and width_of(style.text, text) <= room]
    if not fitting:
        return []
    top = 4 * unit + (height_of(style.title) - height_of(style.text)) / 2
    colour = style.palette.warning if outside else style.palette.accent
    return [right_aligned(width - margin, top, fitting[0], style.text, colour)]


def _second_row(background: MapBackground, width: float, style: Style) -> list[Words]:
    """The name of the vertical axis on the left, and what the colours mean on the right."""
    quiet, text, margin, top = style.palette.quiet, style.text, MARGIN * style.unit, title_bottom(style)
    words = [left_aligned(margin, top, Y_NAME, text, quiet)]
    room = width - margin - words[0].rect.right() - 16 * style.unit
    above = RELATIVE_MEANINGS if background.from_start else RELATIVE_MEANINGS[1:]
    meanings = above if background.phase_map.experiment.problem.minima else LOSS_MEANINGS
    fitting = [line for line in meanings if width_of(text, line) <= room]
    return [*words, *(right_aligned(width - margin, top, line, text, quiet) for line in fitting[:1])]


@lru_cache(maxsize=1)
def map_image(background: MapBackground, size: tuple[int, int], unit: float, colour: str) -> QImage:
    """The map over the full range of its axes, transparent where nothing is computed.

    unit, colour: pixels per unit of the hatching, and its colour.
    """
    across, up = (_pixel_centres(*each) for each in zip((background.x_range, background.y_range), size, strict=True))
    pixels = background.sampled(_cell_colours(background.values), across, up[::-1])
    for kind in (INFINITE, NAN):
        where = pixels == kind
        if where.any():
            pixels[where] = _shades(colour)[_hatching(kind, size, unit)[where]]
    return image_of(pixels)


def _pixel_centres(ends: tuple[float, float], count: int) -> NDArray[np.float64]:
    """The axis positions of the centres of ``count`` pixels."""
    return ends[0] + (np.arange(count) + 0.5) / count * (ends[1] - ends[0])


def _cell_colours(values: NDArray[np.float32]) -> NDArray[np.uint32]:
    """0xffRRGGBB or a code for each cell, same shape as ``values``."""
    places = np.nan_to_num((values + DECADES) * (255.0 / (2.0 * DECADES)), nan=0.0, posinf=255.0, neginf=0.0)
    pixels = pack_colours(colour_table(256))[np.rint(np.clip(places, 0.0, 255.0)).astype(np.intp)]
    for _, kind, is_so in _HATCHED:
        pixels[is_so(values)] = kind
    return pixels


@lru_cache(maxsize=4)  # two in the map, two as samples
def _hatching(kind: int, size: tuple[int, int], unit: float) -> NDArray[np.uint8]:
    """How much each pixel is covered, of 255, shape (height, width): by rising lines for INFINITE, crossed for NAN."""
    (width, height), origin = size, np.zeros((1, 1))
    # Every row is the one above, shifted by a pixel: all are parts of one long row.
    along, against = (np.arange(first, first + width + height - 1)[None, :] / unit for first in (0, 1 - height))
    rows = _in_rows(rising(along, origin, unit, HATCHING_WIDTH), width)
    if kind == NAN:
        rows = np.maximum(rows, _in_rows(falling(against, origin, unit, HATCHING_WIDTH), width)[::-1])
    return rows


def _shades(colour: str) -> NDArray[np.uint32]:
    """The premultiplied colour of each of 256 coverages."""
    return pack_colours(np.linspace(0.0, 1.0, 256)[:, None] * np.array(QColor(colour).getRgb()))


def _in_rows(covered: NDArray[np.floating], width: int) -> NDArray[np.uint8]:
    """All rows of that width in a long one, in steps of a pixel: 0 to 255 for the coverage from 0 to 1."""
    return sliding_window_view(np.rint(covered[0] * 255).astype(np.uint8), width)


def legend_width(style: Style) -> float:
    """The legend's width in pixels, without its distance from the plot."""
    bar = (BAR_WIDTH + 7) * style.unit + max(width_of(style.number, label) for label in (_LOW, _HIGH, "start"))
    hatched = (SAMPLE_WIDTH + 6) * style.unit + max(width_of(style.text, name) for name, _, _ in _HATCHED)
    return max(bar, hatched, *(width_of(style.text, f"in {precision}:") for precision in Precision))


def map_legend(background: MapBackground, place: QRectF, ratio: float, style: Style) -> list[Painted]:
    """The colour bar, with room below for the hatching samples even if there are none, so that the bar never moves."""
    rows = height_of(style.text) * (1 + len(_HATCHED))
    least = 5 * height_of(style.number)
    if place.height() < least:
        return []
    # A low pane has no samples: the regions are named on the map too.
    with_samples = place.height() - rows - 12 * style.unit >= least
    height = place.height() - (rows + 12 * style.unit if with_samples else 0.0)
    bar = QRectF(place.left(), place.top(), BAR_WIDTH * style.unit, height)
    labels = _labels(background.from_start, bar.height() / height_of(style.number))
    places = [(bar.top() + bar.height() * (1 - (decade + DECADES) / (2 * DECADES)), label) for decade, label in labels]
    things = labelled_bar(bar, places, style)
    if with_samples:
        things += _hatched(background, place.left(), place.bottom() - rows, ratio, style)
    return things


def _labels(from_start: bool, lines: float) -> list[tuple[float, str]]:
    """The decade and text of each label: all even decades if ``lines`` of text have room."""
    middle = [(-2.0, "1 %"), (0.0, "start")] if from_start else [(0.0, "1")]
    least = [(-DECADES, _LOW), *middle, (DECADES, _HIGH)]
    if lines < 2 * DECADES * 0.65:
        return least
    known = {round(decade) for decade, _ in least}
    even = range(-round(DECADES), round(DECADES) + 1, 2)
    return [*least, *((float(decade), power_of_ten(decade)) for decade in even if decade not in known)]


def _hatched(background: MapBackground, left: float, top: float, ratio: float, style: Style) -> list[Painted]:
    """A heading with the precision, whose range is exceeded there, and a sample of each hatching on the map."""
    unit, height, palette = style.unit, height_of(style.text), style.palette
    there = [(name, kind) for name, kind, is_so in _HATCHED if is_so(background.values).any()]
    if not there:
        return []
    heading = f"in {background.phase_map.experiment.precision}:"
    things: list[Painted] = [left_aligned(left, top, heading, style.text, palette.quiet)]
    for name, kind in there:
        top += height
        place = QRectF(left, top + 3 * unit, SAMPLE_WIDTH * unit, height - 6 * unit)
        size = (round(place.width() * ratio), round(place.height() * ratio))
        things += framed_image(image_of(_shades(palette.warning)[_hatching(kind, size, unit * ratio)]), place, style)
        things.append(left_aligned(left + (SAMPLE_WIDTH + 6) * unit, top, name, style.text, palette.text))
    return things
