"""The logarithmic scale of learning rates, and its zones with their labels."""

import math
from collections.abc import Callable, Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from gdviz.core.analysis.rate_limit import NO_LIMIT, OWN_LENGTH, rate_range_around
from gdviz.core.frozen import frozen
from gdviz.plotting.style import mix
from gdviz.presentation.numbers import format_number
from gdviz.presentation.palette import Palette
from gdviz.session.controls import Zones

LOWEST, HIGHEST = 1e-5, 20.0
"""The usual ends of the scale; they move if the limit is near or beyond them."""
CRAWL, STEADY, ZIGZAG, DIVERGE = "crawl", "steady", "zigzag", "diverge"
OF_BATCHES = "limit of batches"
_LOCALLY = " locally"
"""Said of rates that hold near the start only."""
BELOW = (CRAWL, STEADY), (CRAWL,)
"""The zones before the one that overshoots, and before the steady one."""


@frozen
class Scale:
    """From the rate ``low`` to the rate ``high``, both above 0."""

    low: float = LOWEST
    high: float = HIGHEST

    @property
    def _decades(self) -> float:
        return math.log10(self.high / self.low)

    def fraction_of(self, rate: float) -> float:
        """Return the position of a rate, from 0 at the low end to 1 at the high end, clamped."""
        if not rate > self.low:
            return 0.0
        return min(1.0, math.log10(rate / self.low) / self._decades)

    def rate_at(self, fraction: float) -> float:
        """Return the rate at a position, rounded to three digits."""
        rate = self.low * 10.0 ** (min(1.0, max(0.0, fraction)) * self._decades)
        return min(self.high, float(f"{rate:.3g}"))

    def scaled_by_notches(self, rate: float, notches: float) -> float:
        """Return the rate times 1.1 per notch; a rate on the scale stays on it, and 0 moves onto it."""
        if rate == 0.0:
            return self.low if notches > 0 else 0.0
        changed = float(f"{rate * 1.1**notches:.6g}")
        return min(self.high, max(self.low, changed)) if self.low <= rate <= self.high else changed

    @property
    def exponents(self) -> range:
        """The exponents of the powers of ten on the scale."""
        return range(math.ceil(math.log10(self.low) - 1e-9), math.floor(math.log10(self.high)) + 1)


def scale_of(zones: Zones) -> Scale:
    """Return a scale that shows the zones; the usual one if the limit depends on the point."""
    return Scale(*rate_range_around(None if zones.here else zones.limit, LOWEST, HIGHEST))


@frozen
class Zone:
    """A part of the scale, in fractions of its length."""

    name: str
    begin: float
    end: float


def zone_parts(zones: Zones, scale: Scale) -> tuple[Zone, ...]:
    """Return the zones that are visible on the scale, from left to right; none if no limit is known."""
    if zones.limit is None:
        return ()
    limit = scale.fraction_of(zones.limit)
    parts = [Zone(DIVERGE, limit, 1.0)]
    if zones.overshoot is not None:
        overshoot = min(scale.fraction_of(zones.overshoot), limit)
        crawling = 0.0 if zones.crawling is None else min(scale.fraction_of(zones.crawling), overshoot)
        slow = [Zone(CRAWL, 0.0, crawling), Zone(STEADY, crawling, overshoot)]
        parts = [*slow, Zone(ZIGZAG, overshoot, limit), *parts]
    return tuple(part for part in parts if part.end > part.begin)


@frozen
class Label:
    """A text and its extent, in pixels."""

    text: str
    left: float
    right: float


def zone_labels(zones: Zones, scale: Scale, width: float, gap: float, measure: Callable[[str], float]) -> list[Label]:
    """Return the zone names and the rates between them, on one line; what does not fit is shortened or left out.

    gap: the minimum space between two texts. measure: returns the width of a text. The name of the zigzag zone may
    overhang its ends a little; its neighbours then give way, and a rate gives way to the name of the zone to its right,
    unless it is the limit of batches.
    """

    def placed(texts: Sequence[str], middle: float, begin: float, end: float) -> list[Label]:
        """Return the first text that fits between begin and end, as near to ``middle`` as possible."""
        begin, end = max(begin, 0.0), min(end, width)
        for text in texts:
            if (extent := measure(text)) <= end - begin:
                left = min(max(middle - extent / 2, begin), end - extent)
                return [Label(text, left, left + extent)]
        return []

    if zones.without_rate:
        texts = [f"no learning rate: {zones.without_rate}", zones.without_rate, OWN_LENGTH, "sets its own step length"]
        return placed(texts, width / 2, 0.0, width)
    if zones.limit is None:
        return placed([f"{NO_LIMIT}{_LOCALLY}" if zones.here else NO_LIMIT], width / 2, 0.0, width)
    parts = {part.name: part for part in zone_parts(zones, scale)}
    begin, crawling = (
        max((parts[name].end * width for name in names if name in parts), default=0.0) for names in BELOW
    )
    end = parts[DIVERGE].begin * width if DIVERGE in parts else width
    overhang = 2.5 * gap
    zigzag = placed([ZIGZAG], (begin + end) / 2, begin - overhang, end + overhang) if ZIGZAG in parts else []
    left = min([begin - gap / 2, *(label.left - gap for label in zigzag)])
    right = max([end + gap / 2, *(label.right + gap for label in zigzag)])
    # Runs that diverge before they overshoot, as with small batches, have no overshoot rate.
    overshoots = zones.overshoot is not None and zones.overshoot < zones.limit
    overshoot = placed(_rate_texts(zones, 0, scale) if overshoots else [], left, 0.0, left)
    behind = gap + measure(DIVERGE)
    # The limit of batches does not give way: only its label tells it apart from the limit of all rows.
    gives_way = not zones.names[1].startswith(OF_BATCHES) and width - end > behind - gap
    limit = placed(_rate_texts(zones, 1, scale), right, right, width - behind if gives_way else width)
    slow_end = min([left, *(label.left - gap for label in overshoot)])
    diverge_begin = max([right, *(label.right + gap for label in limit)])
    crawl = placed([CRAWL], crawling / 2, 0.0, min(slow_end, crawling + gap)) if CRAWL in parts else []
    steady_begin = max([crawling - gap, *(label.right + gap for label in crawl)])
    steady = placed([STEADY], (crawling + begin) / 2, steady_begin, slow_end) if STEADY in parts else []
    diverge = placed([DIVERGE], (end + width) / 2, diverge_begin, width) if end < width else []
    return [*crawl, *steady, *overshoot, *zigzag, *limit, *diverge]


def _rate_texts(zones: Zones, index: int, scale: Scale) -> list[str]:
    """Return the labels of the overshoot rate (index 0) or the limit (1), longest first; none if off the scale."""
    name, rate = zones.names[index], (zones.overshoot, zones.limit)[index]
    if rate is None or not scale.low < rate < scale.high:
        return []
    here, number = _LOCALLY if zones.here else "", format_number(rate, 3)
    short = f"limit {number}" if name.startswith(OF_BATCHES) else name.removesuffix(" =").removesuffix(" from")
    return [f"{name} {number}{here}", f"{short}{here}"]


def paint_zone(painter: QPainter, part: QRectF, name: str, palette: Palette, unit: float) -> None:
    """Fill a zone: plain for crawl, empty for steady, a zigzag line for zigzag, dark stripes for diverge."""
    painter.save()
    painter.setClipRect(part)
    fills = {
        STEADY: QColor(palette.pane),
        ZIGZAG: mix(palette.accent, palette.pane, 0.25),
        DIVERGE: mix(palette.warning, palette.pane, 0.3),
    }
    painter.fillRect(part, fills.get(name, mix(palette.grid, palette.pane, 0.5)))
    if name == ZIGZAG:
        painter.setPen(QPen(QColor(palette.accent), 1.8 * unit, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawPolyline(_zigzag(part, 4.0 * unit))
    elif name == DIVERGE:
        painter.setPen(QPen(mix(palette.warning, palette.pane, 0.8), 2 * unit))
        painter.drawLines(_stripes(part, 7.0 * unit))
    painter.restore()


def _zigzag(part: QRectF, stride: float) -> QPolygonF:
    count = math.ceil(part.width() / stride) + 1
    low, high = part.bottom() - part.height() / 4, part.top() + part.height() / 4
    return QPolygonF([QPointF(part.left() + k * stride, low if k % 2 else high) for k in range(count)])


def _stripes(part: QRectF, stride: float) -> list[QLineF]:
    height, count = part.height(), math.ceil((part.width() + part.height()) / stride) + 1
    feet = (part.left() - height + k * stride for k in range(count))
    return [QLineF(foot, part.bottom(), foot + height, part.top()) for foot in feet]
