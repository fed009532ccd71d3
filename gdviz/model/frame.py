"""A frame: the frozen value with everything that is drawn at one moment, ready to be painted.

Coordinates in the landscape are those of the unit box: the two parameters in [-1, 1], the height in [0, 1]. They were
computed in double precision and clipped; nothing here is non-finite or beyond 1e3 unless it says so.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from gdviz.core.basins import BasinMap
from gdviz.core.box import Box
from gdviz.core.dataset import Dataset
from gdviz.core.verdict import Verdict
from gdviz.model.formula_picture import FormulaPicture
from gdviz.model.look import DataPane, Look, LossScale
from gdviz.model.map_picture import MapPicture
from gdviz.model.rate_picture import RatePicture
from gdviz.model.tape_picture import TapePicture


@dataclass(frozen=True)
class Tick:
    """A tick of an axis: its place in unit-box coordinates and its label."""

    position: float
    label: str


@dataclass(frozen=True)
class Axis:
    """The name of what an axis shows, and its ticks."""

    name: str
    ticks: tuple[Tick, ...]


@dataclass(frozen=True, eq=False)
class Surface:
    """The loss sampled over a box. One object for one problem and box, so that `is` tells whether it is the same.

    heights: float32, shape (n, n), the loss above ``base`` as a part of ``span``, in [0, 1]; heights[i, j] belongs to
    the i-th of n equally spaced values of the first parameter and the j-th of the second, both from -1 to 1.
    slopes: float32, shape (n, n, 2), the derivatives of the height by the two unit-box coordinates.
    base, span: the loss at height 0, and the loss at height 1 above it.
    """

    box: Box
    heights: NDArray[np.float32]
    slopes: NDArray[np.float32]
    base: float
    span: float
    axes: tuple[Axis, Axis, Axis]
    """First parameter (positions in [-1, 1]), second parameter (same), loss (positions in [0, 1])."""


@dataclass(frozen=True, eq=False)
class Arrow:
    """The step that leaves the box: from inside to the tip just beyond the wall, and what is said about it."""

    tail: tuple[float, float, float]
    wall: tuple[float, float, float]
    """Where the step goes through the wall."""
    tip: tuple[float, float, float]
    label: str


@dataclass(frozen=True, eq=False)
class RunPath:
    """The descent path of one run up to the frame's step.

    style: which colour, dash and marker (0 to 3).
    segments: float32, shape (m, 2, 3): the visible parts of the steps, clipped at the walls of the box.
    dots: float32, shape (k, 3): the points of the steps that lie in the box.
    start, current: where the run began and where it is now; None where that is outside of the box or not finite.
    arrow: the step that leaves the box; None if the path is inside.
    ghost: float32, shape (g, 2, 3): the visible parts of the next steps, where the look asks for them.
    """

    style: int
    segments: NDArray[np.float32]
    dots: NDArray[np.float32]
    start: tuple[float, float, float] | None
    current: tuple[float, float, float] | None
    arrow: Arrow | None
    ghost: NDArray[np.float32] = field(default_factory=lambda: np.empty((0, 2, 3), np.float32))


@dataclass(frozen=True, eq=False)
class Landscape:
    """What the large pane shows, as a surface or as a contour.

    minima: float32, shape (k, 3), the known minima inside the box.
    first_box: float32, shape (m, 3), the outline of the first box as a closed line on the surface, or None while the
    box is still the first one.
    notes: lines of text for the lower left corner, the most important first.
    """

    surface: Surface
    paths: tuple[RunPath, ...]
    minima: NDArray[np.float32]
    first_box: NDArray[np.float32] | None
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Well:
    """A known minimum.

    index: its place in ``problem.minima``, which decides its colour. name: its coordinates. place: where it is, in
    unit-box coordinates of the map, None if that is outside.
    """

    index: int
    name: str
    place: tuple[float, float] | None


@dataclass(frozen=True, eq=False)
class BasinPicture:
    """What the map of starting points shows.

    basins: the map, whose grid of starting points spans the box of ``surface``; None while nothing of it is computed.
    surface: the loss over that box, for the names and ticks of its axes.
    paths: the runs up to the frame's step, in coordinates of that box.
    wells: the known minima. steps: the numbers of steps that are drawn lightest and darkest, logarithmically between.
    scale: what lightest and darkest mean, in lines of words; empty where no run ends in a minimum.
    nowhere, not_finite: what the two areas are called in which no run ends in a minimum, empty where there is none.
    conditions: the rate and the number of steps for which the map holds. progress: what is still to come of it.
    """

    basins: BasinMap | None
    surface: Surface
    paths: tuple[RunPath, ...]
    wells: tuple[Well, ...]
    steps: tuple[int, int]
    scale: tuple[str, ...]
    nowhere: str
    not_finite: str
    conditions: str
    progress: str


@dataclass(frozen=True, eq=False)
class LossCurve:
    """The loss of one run up to the frame's step; losses are finite float64 in the picture's scale, as are steps.

    ``values`` is log10(loss) on a logarithmic axis (of the loss above the lowest known minimum where that is below 0),
    and loss / 10**exponent on a linear one; NaN makes a gap.
    """

    style: int
    steps: NDArray[np.float64]
    values: NDArray[np.float64]
    current: tuple[float, float] | None


@dataclass(frozen=True)
class Mark:
    """A step at which something stopped being a number: a vertical line with a label and a tooltip."""

    step: int
    label: str
    explanation: str


@dataclass(frozen=True, eq=False)
class LossPicture:
    """Loss against step.

    step_range: the shown steps. value_range: the shown values, in the scale of the curves' values (see LossCurve).
    exponent: on a linear axis the values are in units of 10**exponent (0 on a logarithmic one).
    minimum: the value of the lowest known minimum, None where it cannot be shown on this scale.
    hatched: the stretches of steps, from and to, in which no finite loss can be drawn: there the plot is hatched.
    note: a line for the plot, empty if there is nothing to say.
    """

    scale: LossScale
    curves: tuple[LossCurve, ...]
    step_range: tuple[float, float]
    value_range: tuple[float, float]
    exponent: int
    minimum: float | None
    marks: tuple[Mark, ...]
    hatched: tuple[tuple[float, float], ...]
    note: str


@dataclass(frozen=True, eq=False)
class Histogram:
    """How often a value fell into each of the bins between the edges."""

    title: str
    edges: NDArray[np.float64]
    counts: NDArray[np.int64]


Line = tuple[float, float, float, float]
"""A straight line clipped to the plot: x0, y0, x1, y1."""


@dataclass(frozen=True, eq=False)
class DataPicture:
    """The data with their lines, or the histograms of x, y and the noise.

    true_line, best_line, current_lines (style, line): clipped to the ranges; None where not known or outside.
    residuals: float64, shape (m, 2, 2): from each point to the current line of the first run, clipped to the range.
    note: a line for the plot ("the line is above the plot: ..."), empty if there is nothing to say.
    """

    mode: DataPane
    data: Dataset
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    true_line: Line | None
    best_line: Line | None
    current_lines: tuple[tuple[int, Line], ...]
    residuals: NDArray[np.float64]
    histograms: tuple[Histogram, ...]
    note: str


@dataclass(frozen=True)
class Header:
    """The line above the panes."""

    title: str
    verdict: Verdict
    precision: str
    odometer: str
    """By how much the view has grown, "view x1" at first."""
    counter: str
    """"step 4 / 200"."""


@dataclass(frozen=True, eq=False)
class Frame:
    """Everything that is drawn at one moment. ``data`` is None for a problem without data."""

    step: int
    look: Look
    header: Header
    landscape: Landscape
    loss: LossPicture
    data: DataPicture | None
    arithmetic: tuple[str, str]
    """The update of the two parameters in numbers, one line each."""
    rate: RatePicture | None = None
    """Of a range test: it stands in the place of the loss against the step."""
    map: MapPicture | None = None
    """Where the look asks for that pane, as the following two."""
    basins: BasinPicture | None = None
    formula: FormulaPicture | None = None
    tape: TapePicture | None = None
