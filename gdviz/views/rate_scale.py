"""The logarithmic scale of learning rates: where a rate stands, its zones, and where their labels find room."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from gdviz.model.controls import Zones
from gdviz.model.text import format_number

LOW, HIGH = 1e-5, 20.0
_DECADES = math.log10(HIGH / LOW)
CRAWL, ZIGZAG, DIVERGE = "crawl", "zigzag", "diverge"
NO_LIMIT = "no limit is known here"

Measure = Callable[[str], float]
"""From a text to its width."""


def fraction_of(rate: float) -> float:
    """Where the rate stands, from 0 at LOW to 1 at HIGH; rates beyond stand at the end (0 and negative ones at LOW)."""
    if not rate > LOW:
        return 0.0
    return min(1.0, math.log10(rate / LOW) / _DECADES)


def rate_at(fraction: float) -> float:
    """The rate of three digits that stands nearest to there."""
    rate = LOW * 10.0 ** (min(1.0, max(0.0, fraction)) * _DECADES)
    return min(HIGH, float(f"{rate:.3g}"))


def notched(rate: float, notches: float) -> float:
    """The rate times 1.1 for each notch; one on the scale stays on it, and 0 gets onto it."""
    if rate == 0.0:
        return LOW if notches > 0 else 0.0
    changed = float(f"{rate * 1.1**notches:.6g}")
    return min(HIGH, max(LOW, changed)) if LOW <= rate <= HIGH else changed


@dataclass(frozen=True)
class Zone:
    """A part of the scale, by fractions of it."""

    name: str
    begin: float
    end: float


def zone_parts(zones: Zones) -> tuple[Zone, ...]:
    """The zones that have a part of the scale, from left to right; none where no limit is known."""
    if zones.overshoot is None or zones.limit is None:
        return ()
    limit = fraction_of(zones.limit)
    overshoot = min(fraction_of(zones.overshoot), limit)
    parts = (Zone(CRAWL, 0.0, overshoot), Zone(ZIGZAG, overshoot, limit), Zone(DIVERGE, limit, 1.0))
    return tuple(part for part in parts if part.end > part.begin)


@dataclass(frozen=True)
class Label:
    """A text and its extent, in pixels."""

    text: str
    left: float
    right: float


@dataclass(frozen=True)
class _Line:
    """One line of text of a given width, in which ``gap`` is kept free between two texts."""

    width: float
    gap: float
    measure: Measure

    def around(self, middle: float, text: str, begin: float, end: float) -> list[Label]:
        """The text around there, moved as far as needed to lie between begin and end; nothing if it cannot."""
        extent = self.measure(text)
        begin, end = max(begin, 0.0), min(end, self.width)
        if extent > end - begin:
            return []
        left = min(max(middle - extent / 2, begin), end - extent)
        return [Label(text, left, left + extent)]

    def before(self, end: float, texts: Iterable[str]) -> list[Label]:
        """The first of the texts that fits before there."""
        fitting = [text for text in texts if self.measure(text) <= end]
        return [Label(fitting[0], end - self.measure(fitting[0]), end)] if fitting else []

    def behind(self, begin: float, texts: Iterable[str], end: float) -> list[Label]:
        """The first of the texts that fits behind there and before the end."""
        fitting = [text for text in texts if begin + self.measure(text) <= end]
        return [Label(fitting[0], begin, begin + self.measure(fitting[0]))] if fitting else []


def zone_labels(zones: Zones, width: float, gap: float, measure: Measure) -> list[Label]:
    """The names of the zones and the rates between them, in one line; what has no room is shortened or left out.

    gap: what is kept free between two texts. The name of the narrow zone may stand out a little over its ends; the
    labels beside it then give way, and a rate gives way to the name of the zone behind it.
    """
    line = _Line(width, gap, measure)
    parts = zone_parts(zones)
    if not parts:
        return line.around(width / 2, NO_LIMIT, 0.0, width)
    begin = max((part.end for part in parts if part.name == CRAWL), default=0.0) * width
    end = min((part.begin for part in parts if part.name == DIVERGE), default=1.0) * width
    spill = 2.5 * gap
    zigzag = line.around((begin + end) / 2, ZIGZAG, begin - spill, end + spill) if end > begin else []
    left = min([begin - gap / 2, *(label.left - gap for label in zigzag)])
    right = max([end + gap / 2, *(label.right + gap for label in zigzag)])
    overshoot = line.before(left, _rate_texts(zones.names[0], zones.overshoot, zones.here))
    room = width - (gap + measure(DIVERGE) if width - end > measure(DIVERGE) else 0.0)
    limit = line.behind(right, _rate_texts(zones.names[1], zones.limit, zones.here), room)
    crawl_end = min([left, *(label.left - gap for label in overshoot)])
    diverge_begin = max([right, *(label.right + gap for label in limit)])
    crawl = line.around(begin / 2, CRAWL, 0.0, crawl_end) if begin > 0 else []
    diverge = line.around((end + width) / 2, DIVERGE, diverge_begin, width) if end < width else []
    return [*crawl, *overshoot, *zigzag, *limit, *diverge]


def _rate_texts(name: str, rate: float | None, here: bool) -> list[str]:
    """What can be said of a rate between two zones, the longest first; nothing where it is not on the scale."""
    if rate is None or not LOW < rate < HIGH:
        return []
    suffix = " here" if here else ""
    return [f"{name} {format_number(rate, 3)}{suffix}", name.removesuffix(" =").removesuffix(" from") + suffix]
