"""The key of the map of rate and steps: which part of the start's loss a colour stands for, and what is hatched."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt

from gdviz.core.precision import Precision
from gdviz.panes.rate_map.ground import MapGround
from gdviz.panes.rate_map.image import DECADES, INFINITE, NAN, hatched_image, ramp
from gdviz.panes.rate_map.regions import REGION_WORDS, Region
from gdviz.plotting.shapes import Painted, Raster, Shape, Words, box, line
from gdviz.plotting.style import Style, height_of
from gdviz.plotting.text import width_of
from gdviz.presentation.numbers import power_of_ten

BAR, SWATCH = 15.0, 22.0
"""The widths of the colour bar and of a sample of the hatching, in units."""
_LOW, _HIGH = f"≤{power_of_ten(-round(DECADES))}", f"≥{power_of_ten(round(DECADES))}"
_HATCHED = ((Region.INFINITE, INFINITE, np.isposinf), (Region.NAN, NAN, np.isnan))


def key_width(style: Style) -> float:
    """How wide the key is in pixels, the distance to the plot not counted."""
    bar = (BAR + 7) * style.unit + max(width_of(style.number, label) for label in (_LOW, _HIGH, "start"))
    names = [REGION_WORDS[region] for region, _, _ in _HATCHED]
    hatched = (SWATCH + 6) * style.unit + max(width_of(style.text, name) for name in names)
    return max(bar, hatched, *(width_of(style.text, f"in {precision}:") for precision in Precision))


def map_key(ground: MapGround, place: QRectF, ratio: float, style: Style) -> list[Painted]:
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
    align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    dash = Shape(line(place, place + QPointF(4 * unit, 0.0)), style.pen(style.palette.quiet, 1.0))
    return [dash, Words(label, rect, style.number, style.palette.text, align=align)]


def _hatched(ground: MapGround, place: QRectF, ratio: float, style: Style) -> list[Painted]:
    """A heading with the precision, in which the numbers end, and the samples of what there is in the map."""
    unit, height = style.unit, height_of(style.text)
    there = [(region, kind) for region, kind, is_so in _HATCHED if is_so(ground.values).any()]
    if not there:
        return []
    heading = f"in {ground.phase_map.experiment.precision}:"
    lines = [(heading, place.left(), style.palette.quiet)]
    lines += [(REGION_WORDS[region], place.left() + (SWATCH + 6) * unit, style.palette.text) for region, _ in there]
    things: list[Painted] = []
    for row, (text, left, colour) in enumerate(lines):
        rect = QRectF(left, place.top() + row * height, width_of(style.text, text), height)
        things.append(Words(text, rect, style.text, colour, align=Qt.AlignmentFlag.AlignLeft))
    for row, (_, kind) in enumerate(there, 1):
        swatch = QRectF(place.left(), place.top() + row * height + 3 * unit, SWATCH * unit, height - 6 * unit)
        size = (round(swatch.width() * ratio), round(swatch.height() * ratio))
        image = hatched_image(kind, size, unit * ratio, style.palette.warning)
        things += [Raster(image, swatch), Shape(box(swatch), style.pen(style.palette.quiet, 1.0))]
    return things
