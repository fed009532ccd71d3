"""How the rates that one can pick are drawn, on the plot and beside their names: colour, dashes and size of each."""

from PySide6.QtGui import QPen

from gdviz.plotting.style import Style
from gdviz.presentation.palette import Palette

_DASHES: dict[str, tuple[float, ...]] = {
    "minimum": (),
    "tenth": (5.0, 2.5),
    "steep": (1.2, 1.6),
    "valley": (6.0, 2.0, 1.5, 2.0),
    "slide": (2.5, 2.0),
    "limit": (),
    "best": (8.0, 1.5),
}
"""In line widths; empty for a solid line."""
_WIDTHS = {"minimum": 2.6, "tenth": 2.6, "limit": 3.6, "best": 2.4}
"""In units; the others are thinner."""

LEAST_UNITS = (360.0, 200.0)
"""A pane with such rates is at least so many units wide and high."""


def pick_colour(name: str, palette: Palette) -> str:
    """The colour of a pick's line and name: the lecturer's rule, the others of the curve, and what is known without."""
    if name in ("minimum", "tenth"):
        return palette.accent
    return {"limit": palette.warning, "best": palette.truth}.get(name, palette.quiet)


def pick_pen(name: str, style: Style) -> QPen:
    """The pen of a pick's line."""
    return style.pen(pick_colour(name, style.palette), _WIDTHS.get(name, 2.0), _DASHES[name])
