"""The data pane's picture: the data with lines and residuals, histograms, and notes."""

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gdviz.core.box import Box
from gdviz.core.data.dataset import Dataset
from gdviz.core.descent.recording import Recording
from gdviz.core.frozen import frozen
from gdviz.core.problems.capabilities import HasData
from gdviz.panes.data.batch import batch_rows
from gdviz.panes.data.density import MAX_RESIDUALS, Density, Histogram, summary
from gdviz.panes.landscape import zoom
from gdviz.presentation.column_names import axis_names, in_sentence, relation
from gdviz.presentation.curves import clip_segments
from gdviz.presentation.highlight import DataHighlight, Highlight, Sample
from gdviz.presentation.look import DataPane, Look, View
from gdviz.presentation.minima import best_fit_name, known_lines
from gdviz.presentation.numbers import format_number, join_words, quantity
from gdviz.presentation.run_names import STYLES, short_names
from gdviz.presentation.scaling import Wordings, own_line_wordings, scale_wordings

MAX_START_SPANS = 60.0
"""An initial line further away than this many half heights of the data is left out, or the data would look flat."""
MAX_ZOOM_LEVEL = 2
"""The most zoom levels by which the plot grows for runs other than the first: to five times its height."""

Line = tuple[float, float, float, float]
"""A straight line clipped to the plot: x0, y0, x1, y1."""


def data_note(
    data: Dataset, lines: Sequence[NDArray[np.float64]], is_drawn: Sequence[bool], names: Sequence[str], residuals: int
) -> str:
    """The note on these lines, each (slope, intercept); empty if there is nothing to say.

    names: of the runs, empty for a single one. residuals: how many are drawn.
    """
    notes = []
    if residuals and data.rows > MAX_RESIDUALS:
        notes.append(f"residuals of every {_ordinal(-(-data.rows // MAX_RESIDUALS))} row")
    if len(lines) == 1:
        return "; ".join([*notes, *([] if is_drawn[0] else [_off_plot_note(lines[0], data)])])
    missing = [(name, line) for name, line, drawn in zip(names, lines, is_drawn, strict=True) if not drawn]
    gone = [name for name, line in missing if not np.isfinite(line).all()]
    off = [name for name, line in missing if np.isfinite(line).all()]
    if off:
        notes.append(f"{join_words(off)}: the line{'s are' if len(off) > 1 else ' is'} off the plot")
    if gone:
        whose = "their" if len(gone) > 1 else "its"
        notes.append(f"{join_words(gone)}: no line any more, {whose} parameters are not finite")
    return "; ".join(notes)


def _off_plot_note(line: NDArray[np.float64], data: Dataset) -> str:
    """Why the only line is missing from the plot, and where it is."""
    if not np.isfinite(line).all():
        return "there is no line any more: its parameters are not finite"
    low, high = summary(data).x
    middle = low / 2 + high / 2
    with np.errstate(over="ignore"):
        value = float(line[0] * middle + line[1])
    x, y = map(in_sentence, axis_names(data))
    return f"the line is off the plot: {y} = {format_number(value, 3)} at {x} = {format_number(middle, 2)}"


def _ordinal(number: int) -> str:
    """2nd, 3rd, 20,000th."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{ending}"


@frozen(eq=False)
class DataPicture:
    """The data with their lines, or the histograms of x, y and the noise.

    true_line, best_line, current_lines (style, line): clipped to the ranges; None if unknown or outside.
    residuals: float64, shape (m, 2, 2): from each point to the current line of the first run, clipped to the range.
    note: text on the plot ("the line is off the plot: ..."), may be empty. density: of the rows, if they are too many
    for a dot each. light: what the tape highlights. is_missing: whether any run's line is off the plot; the note says
    whose. styles: of all runs, the live one first. has_best: whether the best line is known, on the plot or not.
    best_name: what it is called.
    scales: how x and y were standardised, each empty if it was not. own_line: the line of the first run in the data's
    own units, empty if both axes have them. batch: the indices of the rows that the live run's next step sees, where
    each row is a dot; None if it sees all. known_lines: the minimum's and the true parameters in numbers.
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
    light: DataHighlight | None = None
    is_missing: bool = False
    styles: tuple[int, ...] = (0,)
    has_best: bool = True
    scales: tuple[Wordings, Wordings] = ((), ())
    own_line: Wordings = ()
    best_name: str = "best fit"
    batch: NDArray[np.int64] | None = None
    known_lines: Wordings = ()

    @property
    def description(self) -> str:
        """What is shown in words, for those who cannot see it."""
        what = "histograms of " if self.mode is DataPane.HISTOGRAMS else ""
        names = join_words([histogram.title for histogram in self.histograms]) if what else relation(self.data)
        rows = quantity(self.data.rows, "row")
        return "; ".join(filter(None, [f"{what}{names or 'y against x'}, {rows}", "" if what else self.note]))


def build_data_picture(
    recordings: tuple[Recording, ...],
    step: int,
    look: Look,
    styles: Sequence[int] = STYLES,
    highlight: Highlight | None = None,
) -> DataPicture | None:
    """The data of the first recording with the current line of each, and the rows of ``highlight`` marked.

    None for a problem without data.
    """
    problem = recordings[0].experiment.problem
    if not isinstance(problem, HasData):
        return None
    data, known = problem.data, summary(problem.data)
    lines = [_recent_lines(recording, step)[-1] for recording in recordings]
    plot = _plot_box(recordings, step, look.view)
    drawn = [_clipped(_pair(line), plot) for line in lines]
    residuals, is_drawn = _residuals(data, lines[0], plot), [line is not None for line in drawn]
    return DataPicture(
        look.data_pane,
        data,
        (plot.low[0], plot.high[0]),
        (plot.low[1], plot.high[1]),
        _clipped(data.true_line, plot) if data.true_line else None,
        _clipped(problem.minima[0], plot) if problem.minima else None,
        tuple((style, line) for style, line in zip(styles, drawn, strict=False) if line is not None),
        residuals,
        known.histograms if look.data_pane is DataPane.HISTOGRAMS else (),
        data_note(data, lines, is_drawn, short_names(recordings), len(residuals)),
        known.density,
        _light(data, _pair(lines[0]), plot, highlight) if highlight is not None else None,
        not all(is_drawn),
        tuple(styles[: len(lines)]),
        bool(problem.minima),
        scale_wordings(data),
        (*own_line_wordings(data, *_pair(lines[0]), "now"), *own_line_wordings(data, *_pair(lines[0]))[1:]),
        best_fit_name(problem),
        batch_rows(recordings[0], step),
        known_lines(problem),
    )


def _pair(line: NDArray[np.float64]) -> tuple[float, float]:
    return float(line[0]), float(line[1])


def _plot_box(recordings: tuple[Recording, ...], step: int, view: View) -> Box:
    """The box that the plot shows: close around the data once the lines are near them, else including the first lines.

    When following, it grows vertically with the line of the first run, by the zoom levels of the landscape, and a
    little with those of the others. A line further away than that is ignored: one run at 1e24 would flatten the data
    and the lines that fit.
    """
    problem = recordings[0].experiment.problem
    assert isinstance(problem, HasData)
    close, (live, *others) = _close_box(problem.data), recordings
    first = _first_box([recording.points[0].astype(np.float64) for recording in recordings], close)
    levels = {other: level for other in others if (level := _current_zoom_level(other, step, first)) is not None}
    if all(_is_near_data(recording, step, close) for recording in (live, *levels)):
        return close
    if view is View.HOLD:
        return first
    level = max([_zoom_level(live, step, first), *levels.values()])
    while not math.isfinite(2.0 * first.half[1] * zoom.factor(level)):  # the height must not overflow
        level -= 1
    return Box(first.centre, (first.half[0], first.half[1] * zoom.factor(level)))


def _zoom_level(recording: Recording, step: int, first: Box) -> int:
    """The highest zoom level that the line has needed so far, relative to the first box."""
    last = min(step, recording.last_step)
    key = "data", first  # another history than that of a landscape with this box
    return zoom.zoom_level_for(recording, last, key, lambda lines: np.abs(_heights(lines, first)).max(axis=1))


def _current_zoom_level(recording: Recording, step: int, first: Box) -> int | None:
    """The lowest level that holds the current line and the one before; None if it is above MAX_ZOOM_LEVEL."""
    with np.errstate(over="ignore", invalid="ignore"):
        reach = float(np.abs(_heights(_recent_lines(recording, step), first)).max())
    return next((level for level in range(MAX_ZOOM_LEVEL + 1) if reach <= zoom.factor(level)), None)


def _is_near_data(recording: Recording, step: int, close: Box) -> bool:
    """Whether the current line and the one before are near the data."""
    ends = [close.normalised(_ends(line, close)) for line in _recent_lines(recording, step)]
    return bool((np.abs(ends) <= 1.0).all())


def _recent_lines(recording: Recording, step: int) -> NDArray[np.float64]:
    """The line at a step and, if there is one, the line before, shape (1 or 2, 2)."""
    last = min(step, recording.last_step)
    return np.asarray(recording.points[max(0, last - 1) : last + 1], np.float64)


def _first_box(lines: Sequence[NDArray[np.float64]], close: Box) -> Box:
    """A box around data and first lines, with margins above and below, so that the first overshoots are visible."""
    found = [_ends(line, close)[:, 1] for line in lines]
    near = [ends for ends in found if np.abs(ends - close.centre[1]).max() / close.half[1] <= MAX_START_SPANS]
    if not near:
        return close
    ends = np.concatenate(near)
    low, high = min(close.low[1], float(ends.min())), max(close.high[1], float(ends.max()))
    return Box((close.centre[0], (low + high) / 2), (close.half[0], (high - low) / 2 * 1.25))


def _heights(lines: NDArray[np.float64], box: Box) -> NDArray[np.float64]:
    """Where lines, shape (n, 2), meet both sides of the box, shape (n, 2), from -1 at its bottom to 1 at its top."""
    sides = np.array([box.low[0], box.high[0]])
    return np.asarray((lines[:, :1] * sides + lines[:, 1:] - box.centre[1]) / box.half[1])


def _close_box(data: Dataset) -> Box:
    spans = summary(data).x, summary(data).y
    half_x, half_y = ((high - low) / 2 or max(abs(high), 1.0) / 2 for low, high in spans)
    (left, right), (low, high) = spans
    return Box(((left + right) / 2, (low + high) / 2), (half_x * 1.08, half_y * 1.6))


def _ends(line: NDArray[np.float64], box: Box) -> NDArray[np.float64]:
    """Where the line y = slope * x + intercept meets both sides of the box, shape (2, 2)."""
    x = np.array([box.low[0], box.high[0]])
    with np.errstate(over="ignore", invalid="ignore"):
        return np.stack([x, line[0] * x + line[1]], axis=1)


# The true and the best line are the same in all frames with the same box.
@lru_cache(maxsize=64)
def _clipped(line: tuple[float, float], box: Box) -> Line | None:
    ends = box.normalised(_ends(np.array(line), box))
    if not np.isfinite(ends).all():
        return None
    first, last, visible = clip_segments(ends[:1], ends[1:])
    if not visible[0]:
        return None
    (x0, y0), (x1, y1) = box.denormalised([first[0], last[0]]).tolist()
    return (x0, y0, x1, y1)


def _residuals(data: Dataset, line: NDArray[np.float64], box: Box) -> NDArray[np.float64]:
    stride = -(-data.rows // MAX_RESIDUALS)
    x, y = (column.astype(np.float64) for column in data.at(slice(None, None, stride)))
    with np.errstate(over="ignore", invalid="ignore"):
        fitted = line[0] * x + line[1]
    fitted = np.clip(fitted, box.low[1], box.high[1])
    segments = np.stack([x, y, x, fitted], axis=1).reshape(-1, 2, 2)
    return np.asarray(segments[np.isfinite(segments).all(axis=(1, 2))])


def _light(data: Dataset, line: tuple[float, float], box: Box, highlight: Highlight) -> DataHighlight:
    """What the tape highlights, with its sample rows; a prediction outside the box is None."""
    found = []
    for row in dict.fromkeys(highlight.samples):  # a batch may have drawn one twice
        x, y = (float(column[0]) for column in data.at(np.array([row - 1])))
        predicted = line[0] * x + line[1]
        is_inside = math.isfinite(predicted) and box.low[1] <= predicted <= box.high[1]
        found.append(Sample(row, x, y, predicted if is_inside else None))
    return DataHighlight(highlight.meaning, tuple(found))
