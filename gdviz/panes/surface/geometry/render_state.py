"""Everything that a rendering of the view depends on."""

from functools import lru_cache

from PySide6.QtGui import QColor

from gdviz.core.frozen import frozen
from gdviz.panes.landscape.landscape import Landscape
from gdviz.panes.surface.geometry.camera import Lens, lens
from gdviz.presentation.legend import Legend
from gdviz.presentation.look import Look
from gdviz.presentation.palette import Palette, palette_of

TEXT_SIZE = 20.0
"""Height of the text in units."""
LINE_WIDTH = 3.2
"""Width of a path in units."""
MARKER_SIZE = 15.0
"""Diameter of the marker of the current step in units."""

Colour = tuple[float, float, float, float]


@lru_cache(maxsize=64)
def rgba(colour: str, alpha: float = 1.0) -> Colour:
    """Convert a colour ``#rrggbb`` to four numbers from 0 to 1, for OpenGL."""
    parsed = QColor(colour)
    return parsed.redF(), parsed.greenF(), parsed.blueF(), alpha


def blend(first: str, second: str, part: float) -> Colour:
    """Return the opaque colour that is ``part`` of the way from the first to the second."""
    a, b = rgba(first), rgba(second)
    return tuple(x + part * (y - x) for x, y in zip(a, b, strict=True))  # type: ignore[return-value]


@frozen(eq=False)
class RenderState:
    """A landscape, its look, and the lens through which it is seen.

    unit: in pixels. samples: per pixel, for smooth edges of the surface; 0 for one in the middle of each.
    """

    landscape: Landscape
    look: Look
    legend: Legend
    lens: Lens
    unit: float
    samples: int = 0

    @property
    def is_small(self) -> bool:
        """Whether it is one of several pictures side by side, of one run each."""
        return len(self.legend.entries) == 1

    @property
    def palette(self) -> Palette:
        """The colours of the look."""
        return palette_of(self.look)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the picture in pixels."""
        return float(self.lens.width), float(self.lens.height)


def render_state(
    landscape: Landscape,
    look: Look,
    legend: Legend,
    width: int,
    height: int,
    unit: float,
    samples: int = 0,
    heading: float = 0.0,
) -> RenderState:
    """Return the state for a picture of this size, with a heading of this height above; all in pixels."""
    text = TEXT_SIZE * unit
    top, bottom = min(1.3 * text, 0.08 * height), min(1.7 * text, 0.1 * height)
    margins = min(3.4 * text, 0.13 * width), max(top, heading), bottom
    return RenderState(landscape, look, legend, lens(look.camera, width, height, margins), unit, samples)
