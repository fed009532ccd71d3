"""A frame: the frozen value with everything that is drawn at one moment, ready to be painted.

What is drawn was computed in double precision and clipped; nothing here is non-finite or beyond 1e3 unless it says so.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gdviz.core.analysis.basins import BasinMap
from gdviz.core.problems.dataset import Dataset
from gdviz.core.analysis.verdict import Kind, Verdict
from gdviz.panes.data.density import Density, Histogram
from gdviz.panes.formula.picture import FormulaPicture
from gdviz.panes.landscape.landscape import Landscape, RunPath, Surface
from gdviz.presentation.look import DataPane, Look, LossScale
from gdviz.panes.rate_map.picture import MapPicture
from gdviz.presentation.run_names import NO_LEGEND, Legend
from gdviz.panes.range_test.picture import RatePicture
from gdviz.panes.tape.picture import TapePicture
from gdviz.panes.tape.rows import Meaning


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
    noise_floors: of each mini-batch run that has one, its style and the value around which it settles.
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
    noise_floors: tuple[tuple[int, float], ...] = ()


Line = tuple[float, float, float, float]
"""A straight line clipped to the plot: x0, y0, x1, y1."""


@dataclass(frozen=True)
class Sample:
    """A row of the data that the tape shows, counted from 1; predicted: by the line, None if outside of the plot."""

    row: int
    x: float
    y: float
    predicted: float | None


@dataclass(frozen=True)
class DataLight:
    """What the tape says of the data: its sample rows and, if one points at a row of it, what that means."""

    meaning: Meaning | None
    samples: tuple[Sample, ...]


@dataclass(frozen=True, eq=False)
class DataPicture:
    """The data with their lines, or the histograms of x, y and the noise.

    true_line, best_line, current_lines (style, line): clipped to the ranges; None where not known or outside.
    residuals: float64, shape (m, 2, 2): from each point to the current line of the first run, clipped to the range.
    note: a line for the plot ("the line is above the plot: ..."), empty if there is nothing to say.
    density: of the rows, where they are too many for a dot each.
    light: what the tape says of the data, while that is shown.
    is_missing: whether the line of a run is not on the plot; the note says whose.
    styles: of all runs, the live one first, also of those whose line is not on the plot.
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
    density: Density | None = None
    light: DataLight | None = None
    is_missing: bool = False
    styles: tuple[int, ...] = (0,)


@dataclass(frozen=True)
class Standing:
    """One of several runs in a word: its style, what it is called, and the verdict on it."""

    style: int
    name: str
    kind: Kind


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
    runs: tuple[Standing, ...] = ()
    """Several runs in the order of their styles; empty for a single one, of which the verdict tells."""
    top_rung: int = 0
    """The highest rung of `gdviz.panes.landscape.zoom` that the odometer comes to, at whatever step."""
    last_counter: str = ""
    """The counter at the last step: none of the run is longer."""


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
    legend: Legend = NO_LEGEND
    """Of several runs: what differs between them; without entries for a single one."""
