"""The histograms of the data side by side, with a shared axis of counts."""

from itertools import chain, pairwise

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QWidget

from gdviz.panes.data.axis_names import Name, Text, first_tooltip, heading
from gdviz.panes.data.density import Histogram
from gdviz.panes.data.picture import DataPicture
from gdviz.panes.data.tooltips import bar_text
from gdviz.plotting.axes_layout import Axes, lay_out_axes, title_bottom, title_words
from gdviz.plotting.pane import Grid, PlotPane
from gdviz.plotting.shapes import Shape, Words, box
from gdviz.plotting.style import Style, faded, height_of
from gdviz.plotting.text import width_of
from gdviz.plotting.ticks import Ticks, linear_ticks, whole_ticks
from gdviz.presentation.column_names import axis_names, whole_names
from gdviz.widgets.plain import handles_tooltip

TITLE = "DISTRIBUTION OF THE DATA"
MOST_HISTOGRAMS = 3
"""The most histograms: x, y and the noise."""


class HistogramRow(PlotPane[DataPicture]):
    """Shows the data in the mode HISTOGRAMS."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._titles: list[Name] = []

    def _draw(self, picture: DataPicture, style: Style) -> None:
        if not picture.histograms:
            return
        histograms = picture.histograms[:MOST_HISTOGRAMS]
        grids = self._arranged(histograms, style)
        bars = [_bars(histogram, grid, style) for histogram, grid in zip(histograms, grids, strict=True)]
        self._show_grids(grids, style, chain(*bars))
        pane_title, counts = title_words(TITLE, "", float(self.width()), style), _count_axis_name(grids[0], style)
        rooms = [_heading_room(grid, counts.rect, style) for grid in grids]
        names, whole = axis_names(picture.data), whole_names(picture.data)
        others = (Text(histogram.title, histogram.title) for histogram in histograms[len(names) :])
        shown = (*map(Text, names, whole), *others)
        self._titles = [heading(text, room, style) for text, room in zip(shown, rooms, strict=True)]
        self._show_front([*pane_title, *(title.words for title in self._titles), counts])

    def event(self, event: QEvent) -> bool:
        """Show as a tooltip the full text of a shortened title, or the count of the bar under the pointer."""
        return handles_tooltip(event, self, self.tooltip_at) or super().event(event)

    def tooltip_at(self, place: QPointF) -> str:
        """The tooltip there; empty if there is none."""
        self.draw()
        return first_tooltip(place, *(title.tooltip_at for title in self._titles), self._bar_tooltip)

    def _bar_tooltip(self, place: QPointF) -> str:
        histograms = self.picture.histograms[:MOST_HISTOGRAMS] if self.picture is not None else ()
        for histogram, grid in zip(histograms, self.grids, strict=False):
            value, _ = grid.values(place)
            if grid.area.contains(place) and histogram.edges[0] <= value < histogram.edges[-1]:
                return bar_text(histogram, int(np.searchsorted(histogram.edges, value, side="right")) - 1)
        return ""

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


def _heading_room(grid: Grid, counts: QRectF, style: Style) -> QRectF:
    """The room above a histogram for its title, clear of the name of the axis of counts on both sides."""
    room = QRectF(grid.area.left(), title_bottom(style), grid.area.width(), height_of(style.text))
    covered = max(0.0, counts.right() + 8 * style.unit - room.left()) if room.intersects(counts) else 0.0
    return room.adjusted(covered, 0.0, -covered, 0.0)


def _count_axis_name(grid: Grid, style: Style) -> Words:
    """The name of the axis of counts, above its tick labels."""
    width = width_of(style.text, "count")
    left = max(4 * style.unit, grid.area.left() - width)
    rect = QRectF(left, title_bottom(style), width, height_of(style.text))
    return Words("count", rect, style.text, style.palette.quiet)
