"""What stands around the map of rate and steps: title, axes with their names, and beside them the legend."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize

from gdviz.core.analysis.rate_limit import NO_LIMIT
from gdviz.core.precision import Precision
from gdviz.panes.rate_map.ground import MapGround
from gdviz.panes.rate_map.image import DECADES, INFINITE, NAN, hatched_image
from gdviz.panes.rate_map.picture import MapPicture
from gdviz.panes.rate_map.regions import REGION_WORDS, Region
from gdviz.plotting.axes_layout import MARGIN, Axes, arranged, title_bottom, title_words, x_name_words
from gdviz.plotting.image_cache import ramp
from gdviz.plotting.pane import Grid
from gdviz.plotting.placement import text_from, text_to
from gdviz.plotting.shapes import LEFT, Painted, Raster, Shape, Words, box, line
from gdviz.plotting.style import Style, height_of
from gdviz.plotting.text import width_of
from gdviz.plotting.ticks import log_ticks
from gdviz.presentation.numbers import power_of_ten

TITLE = "LEARNING RATE AND STEPS"
ACROSS, UP, BOTH = "learning rate", "steps", "steps over learning rate"
COLOUR = ("loss above the minimum, in parts of the start's", "loss above the minimum")
"""What the colours mean, and shorter; the second also where there is nothing to be parts of."""
OF_LOSS = ("loss; no minimum is known", "loss")
"""The same where there is nothing that it could be above."""
NARROW = 400.0
"""In a pane of fewer units there is no room for the legend."""
BAR, SWATCH = 15.0, 22.0
"""The widths of the colour bar and of a sample of the hatching, in units."""
_LOW, _HIGH = f"≤{power_of_ten(-round(DECADES))}", f"≥{power_of_ten(round(DECADES))}"
_HATCHED = ((Region.INFINITE, INFINITE, np.isposinf), (Region.NAN, NAN, np.isnan))


@dataclass(frozen=True, eq=False)
class MapLayout:
    """The axes; the texts around them; the column for the legend, of no width where there is none."""

    grid: Grid
    words: tuple[Words, ...]
    column: QRectF


def map_layout(size: QSize, ground: MapGround, style: Style) -> MapLayout:
    """The title in the first row; the name of the vertical axis and that of the colours in the second."""
    unit, width = style.unit, float(size.width())
    with_key = width >= NARROW * unit
    beside = max(legend_width(style), width_of(style.text, ACROSS)) + MARGIN * unit if with_key else 0.0
    top = title_bottom(style) + height_of(style.text)
    axes = Axes(ground.x_range, ground.y_range, log_ticks, log_ticks)
    grid = arranged(QRectF(0.0, 0.0, width - beside, float(size.height())), top, axes, style)
    words = title_words(TITLE, _addition(ground), width, style)
    if with_key:
        # The name of the horizontal axis stands in the row of its numbers, behind them.
        row = x_name_words(grid, ACROSS, style).rect.top()
        words += _second_row(width, _colour(ground), style)
        words.append(text_from(width - beside, row, ACROSS, style.text, style.palette.quiet))
    else:
        words.append(text_from(MARGIN * unit, title_bottom(style), BOTH, style.text, style.palette.quiet))
    left = grid.area.right() + 12 * unit
    column = QRectF(left, grid.area.top(), width - left - MARGIN * unit, grid.area.height()) if with_key else QRectF()
    return MapLayout(grid, tuple(words), column)


def _addition(ground: MapGround) -> str:
    """What stands beside the title: of a rule without known limits that there is none.

    Of others there may be limits here and there, which the slider says, but none that holds for the whole map.
    """
    is_known = ground.phase_map.experiment.optimizer.stability_limit(1.0) is not None
    return "" if is_known or ground.wall is not None else f"({NO_LIMIT})"


def note_words(picture: MapPicture, width: float, style: Style) -> list[Words]:
    """At the right end of the title's row: which runs are outside, and how much is computed; what there is room for."""
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
    return [text_to(width - margin, top, fitting[0], style.text, colour)]


def _colour(ground: MapGround) -> tuple[str, ...]:
    """What the colours mean, the longest way first."""
    if not ground.phase_map.experiment.problem.minima:
        return OF_LOSS
    return COLOUR if ground.from_start else COLOUR[1:]


def _second_row(width: float, colour: Sequence[str], style: Style) -> list[Words]:
    """The name of the vertical axis at its left end, and what the colours mean at its right end."""
    quiet, text, margin, top = style.palette.quiet, style.text, MARGIN * style.unit, title_bottom(style)
    words = [text_from(margin, top, UP, text, quiet)]
    room = width - margin - words[0].rect.right() - 16 * style.unit
    fitting = [line for line in colour if width_of(text, line) <= room]
    return [*words, *(text_to(width - margin, top, line, text, quiet) for line in fitting[:1])]


def legend_width(style: Style) -> float:
    """How wide the legend is in pixels, the distance to the plot not counted."""
    bar = (BAR + 7) * style.unit + max(width_of(style.number, label) for label in (_LOW, _HIGH, "start"))
    names = [REGION_WORDS[region] for region, _, _ in _HATCHED]
    hatched = (SWATCH + 6) * style.unit + max(width_of(style.text, name) for name in names)
    return max(bar, hatched, *(width_of(style.text, f"in {precision}:") for precision in Precision))


def map_legend(ground: MapGround, place: QRectF, ratio: float, style: Style) -> list[Painted]:
    """The colour bar, and below it the samples of what is hatched; the bar stays where it is when these come."""
    rows = height_of(style.text) * (1 + len(_HATCHED))
    least = 5 * height_of(style.number)
    if place.height() < least:
        return []
    # In a low pane the samples are left out: the regions have their names too.
    with_samples = place.height() - rows - 12 * style.unit >= least
    height = place.height() - (rows + 12 * style.unit if with_samples else 0.0)
    bar = QRectF(place.left(), place.top(), BAR * style.unit, height)
    things: list[Painted] = [Raster(ramp(), bar), Shape(box(bar), style.pen(style.palette.quiet, 1.0))]
    for decade, label in _labels(ground.from_start, bar.height() / height_of(style.number)):
        y = bar.top() + bar.height() * (1 - (decade + DECADES) / (2 * DECADES))
        things += _tick(QPointF(bar.right(), y), label, style)
    if with_samples:
        below = QRectF(place.left(), place.bottom() - rows, place.width(), rows)
        things += _hatched(ground, below, ratio, style)
    return things


def _labels(from_start: bool, lines: float) -> list[tuple[float, str]]:
    """The decade at which each label stands: all even ones if there is room for so many lines."""
    least = [(-DECADES, _LOW), (-2.0, "1 %"), (0.0, "start"), (DECADES, _HIGH)]
    if not from_start:
        least = [(-DECADES, _LOW), (0.0, "1"), (DECADES, _HIGH)]
    if lines < 2 * DECADES * 0.65:
        return least
    known = {round(decade) for decade, _ in least}
    between = [decade for decade in range(-round(DECADES), round(DECADES) + 1, 2) if decade not in known]
    return [*least, *((float(decade), power_of_ten(decade)) for decade in between)]


def _tick(place: QPointF, label: str, style: Style) -> list[Painted]:
    unit, height = style.unit, height_of(style.number)
    rect = QRectF(place.x() + 7 * unit, place.y() - height / 2, width_of(style.number, label), height)
    dash = Shape(line(place, place + QPointF(4 * unit, 0.0)), style.pen(style.palette.quiet, 1.0))
    return [dash, Words(label, rect, style.number, style.palette.text, align=LEFT)]


def _hatched(ground: MapGround, place: QRectF, ratio: float, style: Style) -> list[Painted]:
    """A heading with the precision, in which the numbers end, and the samples of what there is in the map."""
    unit, height = style.unit, height_of(style.text)
    there = [(region, kind) for region, kind, is_so in _HATCHED if is_so(ground.values).any()]
    if not there:
        return []
    heading = f"in {ground.phase_map.experiment.precision}:"
    lines = [(heading, place.left(), style.palette.quiet)]
    lines += [(REGION_WORDS[region], place.left() + (SWATCH + 6) * unit, style.palette.text) for region, _ in there]
    things: list[Painted] = [
        text_from(left, place.top() + row * height, text, style.text, colour)
        for row, (text, left, colour) in enumerate(lines)
    ]
    for row, (_, kind) in enumerate(there, 1):
        swatch = QRectF(place.left(), place.top() + row * height + 3 * unit, SWATCH * unit, height - 6 * unit)
        size = (round(swatch.width() * ratio), round(swatch.height() * ratio))
        image = hatched_image(kind, size, unit * ratio, style.palette.warning)
        things += [Raster(image, swatch), Shape(box(swatch), style.pen(style.palette.quiet, 1.0))]
    return things
