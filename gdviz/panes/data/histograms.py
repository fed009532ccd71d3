"""The histograms of the data side by side, with a shared axis of counts."""

from collections.abc import Sequence
from itertools import chain, pairwise

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPen

from gdviz.panes.data.density import Histogram
from gdviz.panes.data.picture import DataPicture
from gdviz.plotting.axes_layout import Axes, lay_out_axes, title_bottom, title_words
from gdviz.plotting.pane import Grid, PlotPane
from gdviz.plotting.shapes import Shape, Words, box
from gdviz.plotting.style import Style, faded, height_of
from gdviz.plotting.text import widest_fitting, width_of
from gdviz.plotting.ticks import Ticks, linear_ticks, whole_ticks

TITLE = "DISTRIBUTION OF THE DATA"
MOST_HISTOGRAMS = 3
"""The most histograms: x, y and the noise."""


class HistogramRow(PlotPane[DataPicture]):
    """Shows the data in the mode HISTOGRAMS."""

    def _draw(self, picture: DataPicture, style: Style) -> None:
        if not picture.histograms:
            return
        histograms = picture.histograms[:MOST_HISTOGRAMS]
        grids = self._arranged(histograms, style)
        bars = [_bars(histogram, grid, style) for histogram, grid in zip(histograms, grids, strict=True)]
        self._show_grids(grids, style, chain(*bars))
        scales = dict(zip("xy", picture.scales, strict=True))
        titles = [
            _heading((*scales.get(histogram.title, ()), histogram.title), grid, style)
            for histogram, grid in zip(histograms, grids, strict=True)
        ]
        pane_title = title_words(TITLE, "", float(self.width()), style)
        self._show_front([*pane_title, *titles, _count_axis_name(grids[0], style)])

    def _arranged(self, histograms: tuple[Histogram, ...], style: Style) -> list[Grid]:
        """The grids, equally wide except for the count labels of the first."""
        most = max(int(histogram.counts.max()) for histogram in histograms)
        top = title_bottom(style) + height_of(style.text)
        labels = width_of(style.number, f"{most:,}")
        width = (self.width() - labels) / len(histograms)
        grids = []
        for index, histogram in enumerate(histograms):
            left, right = labels + index * width, labels + (index + 1) * width
            room = QRectF(0.0 if index == 0 else left, 0.0, right if index == 0 else width, float(self.height()))
            grids.append(lay_out_axes(room, top, _axes(histogram, most, index == 0), style))
        return grids


def _bars(histogram: Histogram, grid: Grid, style: Style) -> list[Shape]:
    """The bars, separated by lines in the pane's colour, or by gaps of whole pixels if that is transparent."""
    edges = [grid.x(edge) for edge in histogram.edges.tolist()]
    pen: QPen | None = style.pen(style.palette.pane, 1.0)
    gap = 0.0
    if style.palette.see_through:
        edges, pen, gap = [float(round(edge)) for edge in edges], None, float(max(1, round(style.unit)))
    brush = faded(style.palette.accent, 0.85)
    columns = zip(pairwise(edges), histogram.counts.tolist(), strict=True)
    bars = [QRectF(QPointF(left, grid.y(count)), QPointF(right - gap, grid.y(0.0))) for (left, right), count in columns]
    return [Shape(box(bar), pen, brush, clip=grid.area, crisp=True) for bar in bars]


def _axes(histogram: Histogram, most: int, labelled: bool) -> Axes:
    low, high = float(histogram.edges[0]), float(histogram.edges[-1])
    padding = 0.04 * (high - low)
    counts = whole_ticks if labelled else _without_labels
    return Axes((low - padding, high + padding), (0.0, max(1.0, 1.08 * most)), linear_ticks, counts)


def _without_labels(low: float, high: float, most: int) -> Ticks:
    return Ticks(tuple((value, "") for value, _ in whole_ticks(low, high, most).major))


def _heading(titles: Sequence[str], grid: Grid, style: Style) -> Words:
    """The first of the titles that fits, or the last one, centred above a histogram."""
    rect = QRectF(grid.area.left(), title_bottom(style), grid.area.width(), height_of(style.text))
    title = widest_fitting(style.text, titles, rect.width()) or titles[-1]
    return Words(title, rect, style.text, style.palette.text)


def _count_axis_name(grid: Grid, style: Style) -> Words:
    """The name of the axis of counts, above its tick labels."""
    width = width_of(style.text, "count")
    left = max(4 * style.unit, grid.area.left() - width)
    rect = QRectF(left, title_bottom(style), width, height_of(style.text))
    return Words("count", rect, style.text, style.palette.quiet)
