"""The histograms of the data side by side, on one axis of counts."""

import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QWidget

from gdviz.model.frame import Frame, Histogram
from gdviz.views.layer import Words
from gdviz.views.layout import Axes, arranged, title_bottom, title_words
from gdviz.views.plot_pane import Grid, PlotPane
from gdviz.views.plot_parts import Style, faded, height_of
from gdviz.views.raised import width_of
from gdviz.views.ticks import Ticks, linear_ticks, whole_ticks

TITLE = "DISTRIBUTION OF THE DATA"
MOST = 3
"""The most histograms there are: x, y and the noise."""


class HistogramRow(PlotPane):
    """Shows ``frame.data`` in the mode HISTOGRAMS."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, plots=MOST)
        self._bars = [pg.BarGraphItem(x0=[], x1=[], height=[]) for _ in self.plots]
        for plot, bars in zip(self.plots, self._bars, strict=True):
            plot.box.addItem(bars, ignoreBounds=True)

    def _draw(self, frame: Frame, style: Style) -> None:
        if frame.data is None or not frame.data.histograms:
            return
        histograms = frame.data.histograms[:MOST]
        grids = self._arranged(histograms, style)
        self._show_grids(grids, style)
        for bars, histogram in zip(self._bars, histograms, strict=False):
            pen, brush = style.pen(style.palette.pane, 1.0), faded(style.palette.accent, 0.85)
            edges = histogram.edges
            bars.setOpts(x0=edges[:-1], x1=edges[1:], height=histogram.counts, y0=0, pen=pen, brush=brush)
        titles = [_heading(histogram.title, grid, style) for histogram, grid in zip(histograms, grids, strict=True)]
        pane_title = title_words(TITLE, "", float(self.width()), style)
        self._show_front([*pane_title, *titles, _count_words(grids[0], style)])

    def _arranged(self, histograms: tuple[Histogram, ...], style: Style) -> list[Grid]:
        """The plots, equally wide but for the labels of the counts at the first."""
        most = max(int(histogram.counts.max()) for histogram in histograms)
        top = title_bottom(style) + height_of(style.text)
        labels = width_of(style.number, f"{most:,}")
        width = (self.width() - labels) / len(histograms)
        grids = []
        for index, histogram in enumerate(histograms):
            left, right = labels + index * width, labels + (index + 1) * width
            room = QRectF(0.0 if index == 0 else left, 0.0, right if index == 0 else width, float(self.height()))
            grids.append(arranged(room, top, _axes(histogram, most, index == 0), style))
        return grids


def _axes(histogram: Histogram, most: int, labelled: bool) -> Axes:
    low, high = float(histogram.edges[0]), float(histogram.edges[-1])
    padding = 0.04 * (high - low)
    counts = whole_ticks if labelled else _without_labels
    return Axes((low - padding, high + padding), (0.0, max(1.0, 1.08 * most)), linear_ticks, counts, y_labels=labelled)


def _without_labels(low: float, high: float, most: int) -> Ticks:
    return Ticks(tuple((value, "") for value, _ in whole_ticks(low, high, most).major))


def _heading(title: str, grid: Grid, style: Style) -> Words:
    """The title of one histogram, centred above it."""
    rect = QRectF(grid.area.left(), title_bottom(style), grid.area.width(), height_of(style.text))
    return Words(title, rect, style.text, style.palette.text)


def _count_words(grid: Grid, style: Style) -> Words:
    """The name of the axis of counts, above its numbers."""
    width = width_of(style.text, "count")
    left = max(4 * style.unit, grid.area.left() - width)
    rect = QRectF(left, title_bottom(style), width, height_of(style.text))
    return Words("count", rect, style.text, style.palette.quiet)
