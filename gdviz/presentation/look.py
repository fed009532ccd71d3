"""How a scene is looked at: the choices of the viewer that are part of the picture."""

from dataclasses import dataclass
from enum import StrEnum


class Theme(StrEnum):
    """Light for projectors, dark for recordings."""

    LIGHT = "light"
    DARK = "dark"


class DataPane(StrEnum):
    """What the data pane shows."""

    LINE = "line"
    HISTOGRAMS = "histograms"


class LossScale(StrEnum):
    """The scale of the loss axis."""

    LOG = "log"
    LINEAR = "linear"


class View(StrEnum):
    """Whether the box jumps after a path that leaves it, or stays."""

    FOLLOW = "follow"
    HOLD = "hold"


SURFACE, CONTOUR = LANDSCAPES = ("surface", "contour")
"""The names of the panes that show the loss over the two parameters."""
TEXT_SCALES = (0.7, 1.8)
"""The smallest and the largest text that still fits."""
ELEVATIONS = (5.0, 89.0)
"""Degrees above the surface between which it is looked at."""
DISTANCES = (2.5, 9.0)
"""The nearest and the farthest camera, in half box widths."""


@dataclass(frozen=True)
class Camera:
    """Where the surface is seen from: degrees around and above it, and the distance in half box widths."""

    azimuth: float = -60.0
    elevation: float = 32.0
    distance: float = 4.6


@dataclass(frozen=True)
class TapeLook:
    """How the tape is looked at: which of its rows is pointed at, and whether finite differences stand beside it."""

    lit: int | None = None
    checked: bool = False


@dataclass(frozen=True)
class Look:
    """All choices of the viewer; two equal looks on the same recordings give the same picture."""

    theme: Theme = Theme.LIGHT
    pane: str = SURFACE
    """The name of the large pane; `gdviz.panes.registry` has all panes."""
    data_pane: DataPane = DataPane.LINE
    loss_scale: LossScale = LossScale.LOG
    view: View = View.FOLLOW
    text_scale: float = 1.0
    camera: Camera = Camera()
    ghost: bool = False
    """Whether the next steps are drawn, dashed."""
    switched_on: frozenset[str] = frozenset()
    """The names of the panes that are switched on beside the large one, but for those with a field of their own."""
    tape: TapeLook | None = None
    """Whether, and how, the tape of the step stands in the place of the landscape."""
    transparent: bool = False
    """Whether what is behind the picture shines through its background."""
    multiples: bool = False
    """Whether each of several runs has a surface, or a contour, of its own."""
