"""The look of a scene: the viewer's choices that are part of the picture."""

from enum import StrEnum

from gdviz.core.frozen import frozen


class Theme(StrEnum):
    """Light for projectors, dark for recordings."""

    LIGHT = "light"
    DARK = "dark"


class DataPane(StrEnum):
    """What is shown in the place of the data: they themselves, or the effective rates of the run."""

    LINE = "line"
    HISTOGRAMS = "histograms"
    RATE = "rate"


class LossScale(StrEnum):
    """The scale of the loss axis."""

    LOG = "log"
    LINEAR = "linear"


class StepScale(StrEnum):
    """The scale of the axis of steps."""

    LINEAR = "linear"
    LOG = "log"


class View(StrEnum):
    """Whether the box grows to follow a path that leaves it, or stays."""

    FOLLOW = "follow"
    HOLD = "hold"


class BoxChoice(StrEnum):
    """Which part of the two parameters the landscape shows: that around the start and the minimum, or the path."""

    START = "start"
    PATH = "path"


SURFACE, CONTOUR = LANDSCAPES = ("surface", "contour")
"""The panes that show the loss over the two parameters."""
TEXT_SCALES = (0.7, 1.8)
"""The smallest and the largest text that fits."""
ELEVATIONS = (5.0, 89.0)
"""The range of the camera's elevation, in degrees."""
DISTANCES = (2.5, 9.0)
"""The nearest and the farthest camera, in half box widths."""


@frozen
class Camera:
    """The viewpoint of the surface: azimuth and elevation in degrees, and the distance in half box widths."""

    azimuth: float = -60.0
    elevation: float = 32.0
    distance: float = 4.6


@frozen
class TapeLook:
    """The look of the tape: which row the pointer is on, and whether finite differences are shown."""

    lit: int | None = None
    checked: bool = False


@frozen
class Look:
    """All choices of the viewer; two equal looks on the same recordings give the same picture."""

    theme: Theme = Theme.LIGHT
    pane: str = SURFACE
    """The name of the large pane; `gdviz.panes.registry` has all panes."""
    data_pane: DataPane = DataPane.LINE
    loss_scale: LossScale = LossScale.LOG
    step_scale: StepScale = StepScale.LINEAR
    view: View = View.FOLLOW
    text_scale: float = 1.0
    camera: Camera = Camera()
    ghost: bool = False
    """Whether the next steps are drawn, dashed."""
    inside: bool = False
    """Whether gradient, rule and step are drawn as arrows at the current point, and a step is played in its parts."""
    switched_on: frozenset[str] = frozenset()
    """The panes switched on beside the large one, except those with a field of their own."""
    tape: TapeLook | None = None
    """Whether, and how, the tape of the step replaces the landscape."""
    transparent: bool = False
    """Whether the background is transparent."""
    multiples: bool = False
    """Whether each of several runs has a surface, or a contour, of its own."""
    same_view: bool = False
    """Whether these show all the same box, in place of the box of each run's own path."""
    box: BoxChoice = BoxChoice.START
    equal_axes: bool = False
    """Whether both parameters have the same scale even where their first box has two."""

    @property
    def landscape_view(self) -> View:
        """Whether the landscape's box grows: one that is zoomed to the path always holds it."""
        return View.FOLLOW if self.box is BoxChoice.PATH else self.view

    @property
    def has_own_boxes(self) -> bool:
        """Whether each of several runs is shown in the box of its own path."""
        return self.multiples and not self.same_view

    @property
    def plays_parts(self) -> bool:
        """Whether there are arrows to be seen growing between two steps."""
        return self.inside and self.pane in LANDSCAPES
