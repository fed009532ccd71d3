"""A page of lines on a pane: text and marks from top to bottom."""

from dataclasses import dataclass, field
from functools import lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF

from gdviz.plotting.shapes import Painted, Words
from gdviz.plotting.axes_layout import MARGIN
from gdviz.plotting.style import Style, height_of
from gdviz.plotting.text import width_of


@dataclass
class Page:
    """What is put on a pane from top to bottom, ``y`` being where it goes on.

    gap: between two parts, in units. still, moving: what is the same in most frames, and what is not. right: how far to
    the right it reaches; beyond ``width`` the page is too narrow.
    """

    style: Style
    width: float
    y: float
    gap: float
    still: list[Painted] = field(default_factory=list)
    moving: list[Painted] = field(default_factory=list)
    right: float = 0.0

    @property
    def left(self) -> float:
        """Where text begins."""
        return MARGIN * self.style.unit

    def line(self, text: str, font: QFont, colour: str, moves: bool = False) -> None:
        """A line of text, in several lines where the pane is too narrow."""
        room = self.width - 2 * self.left
        wrap = width_of(font, text) > room
        size = _wrapped_height(font, text, room) if wrap else height_of(font)
        words = Words(
            text, QRectF(self.left, self.y, room, size), font, colour, align=Qt.AlignmentFlag.AlignLeft, wrap=wrap
        )
        (self.moving if moves else self.still).append(words)
        self.y += size

    def spaced(self) -> None:
        """Leave the gap between two parts."""
        self.y += self.gap * self.style.unit


@lru_cache(maxsize=512)
def _wrapped_height(font: QFont, text: str, width: float) -> float:
    """How many pixels high the text is in lines of that width."""
    bounds = QFontMetricsF(font).boundingRect(QRectF(0.0, 0.0, width, 1e4), int(Qt.TextFlag.TextWordWrap), text)
    return float(bounds.height())
