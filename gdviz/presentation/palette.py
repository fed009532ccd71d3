"""The colours, dashes and markers of the two themes, and the colour map of the surface, as plain values.

Runs: Okabe and Ito, "Color Universal Design" (2008), chosen so that each has a contrast of 3:1 or better with the
background. Surface: cividis, Nunez, Anderton and Renslow, PLOS ONE 13 (2018), sampled at nine points.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gdviz.core.frozen import frozen
from gdviz.presentation.look import Look, Theme


@frozen
class Palette:
    """Colours as ``#rrggbb``: window, pane and text backgrounds, text, quiet text and lines, and the runs."""

    background: str
    pane: str
    text: str
    quiet: str
    grid: str
    accent: str
    warning: str
    runs: tuple[str, str, str, str]
    points: str
    truth: str
    inside: tuple[str, str, str, str]
    """The gradient, the direction of the rule, and what leads to it, as arrows; the step has the colour of its run."""
    see_through: bool = False
    """Whether the backgrounds are left out.

    Those that keep what is drawn readable (plates of labels, text on a dark badge) stay.
    """

    def backdrop(self, colour: str) -> str:
        """``background`` or ``pane`` as the fill behind everything; left out, it is the transparent ``#00rrggbb``."""
        return f"#00{colour[1:]}" if self.see_through else colour


PALETTES = {
    Theme.LIGHT: Palette(
        background="#ffffff",
        pane="#f5f6f8",
        text="#111418",
        quiet="#4c5561",
        grid="#cfd5dc",
        accent="#0072b2",
        warning="#a33d00",
        runs=("#d55e00", "#0072b2", "#009e73", "#111111"),
        points="#3c4652",
        truth="#009e73",
        inside=("#b0127b", "#00697a", "#6a4fbf", "#7a5c00"),
    ),
    Theme.DARK: Palette(
        background="#0e131a",
        pane="#161d27",
        text="#f2f2f2",
        quiet="#a9b4c2",
        grid="#34404e",
        accent="#56b4e9",
        warning="#ffb27a",
        runs=("#e69f00", "#56b4e9", "#f0e442", "#f2f2f2"),
        points="#c3ccd6",
        truth="#4fd1a8",
        inside=("#ff7ec0", "#4fe3e0", "#b9a5ff", "#d8c27a"),
    ),
}

_SEE_THROUGH = {theme: replace(palette, see_through=True) for theme, palette in PALETTES.items()}


def palette_of(look: Look) -> Palette:
    """The colours of a look: those of its theme, with the backgrounds left out if it is transparent."""
    return (_SEE_THROUGH if look.transparent else PALETTES)[look.theme]


DASHES: tuple[tuple[float, ...], ...] = ((), (6.0, 3.0), (2.0, 2.0), (8.0, 3.0, 2.0, 3.0))
"""The dash pattern of each run, in line widths; empty is a solid line."""

INSIDE_DASHES: tuple[tuple[float, ...], ...] = ((5.0, 2.0), (2.0, 1.4), (5.0, 1.6, 1.2, 1.6), (1.2, 1.4))
"""The dash pattern of those arrows, in line widths; the step is a solid line."""

MARKERS = ("o", "s", "t", "d")
"""The marker of each run: circle, square, triangle, diamond."""

_CIVIDIS = "00224e 1a386f 424e6c 616670 7d7c78 9b9476 bcae6b deca57 fee838"

COLOUR_DECADES = 2.0
"""Colour is logarithmic in the height: the darkest is reached this many decades below the top of the box."""


def colour_position(heights: NDArray[np.floating]) -> NDArray[np.floating]:
    """The position on the colour map of a height in [0, 1]: 1 at height 1, 0 at 10^-COLOUR_DECADES and below."""
    with np.errstate(divide="ignore"):
        position: NDArray[np.floating] = np.clip(1.0 + np.log10(heights) / COLOUR_DECADES, 0.0, 1.0)
    return position


def colour_table(size: int = 256) -> NDArray[np.uint8]:
    """The colour map as a table of shape (size, 3): red, green and blue from 0 to 255."""
    colours = np.frombuffer(bytes.fromhex(_CIVIDIS), np.uint8).reshape(-1, 3)
    places = np.linspace(0.0, len(colours) - 1.0, size)
    channels = [np.interp(places, np.arange(len(colours)), channel) for channel in colours.T]
    return np.stack(channels, axis=1).round().astype(np.uint8)


CONTOUR_LEVELS = 14


def contour_phase(heights: NDArray[np.floating]) -> NDArray[np.floating]:
    """A contour line runs where this is an integer: at the heights (k / CONTOUR_LEVELS)^2.

    The levels are denser at the bottom, so that the ellipses of a quadratic are evenly spaced.
    """
    phase: NDArray[np.floating] = np.sqrt(np.clip(heights, 0.0, None)) * CONTOUR_LEVELS
    return phase
