"""The data pane: the data with their lines, or as histograms."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QWidget

from gdviz.panes.data.histograms import HistogramRow
from gdviz.panes.data.lines import LinePlot
from gdviz.panes.data.picture import DataPicture
from gdviz.plotting.pane import PlotPane
from gdviz.plotting.shapes import Words
from gdviz.presentation.legend import NO_LEGEND, Legend
from gdviz.presentation.look import DataPane, Look


class DataPlot(QWidget):
    """Shows the data in the picture's mode."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line_plot = LinePlot(self)
        self.histograms = HistogramRow(self)
        self.histograms.hide()

    def show_picture(self, picture: DataPicture, look: Look, legend: Legend = NO_LEGEND) -> None:
        """Draw this picture."""
        histograms = picture.mode is DataPane.HISTOGRAMS
        shown, other = (self.histograms, self.line_plot) if histograms else (self.line_plot, self.histograms)
        other.hide()
        shown.resize(self.size())
        shown.show_picture(picture, look, legend)
        shown.show()
        self.setAccessibleDescription(picture.description)

    def set_unit(self, pixels: float) -> None:
        """Set how large text and lines are: 1.0 makes a title 18 pixels high."""
        for pane in (self.line_plot, self.histograms):
            pane.set_unit(pixels)

    def draw(self) -> None:
        """Draw what has changed in the visible pane."""
        self.shown.draw()

    def paint(self, painter: QPainter) -> None:
        """Paint the visible pane at the painter's origin."""
        self.shown.paint(painter)

    @property
    def shown(self) -> PlotPane[DataPicture]:
        """The pane of the current mode."""
        return self.line_plot if self.histograms.isHidden() else self.histograms

    @property
    def words(self) -> tuple[Words, ...]:
        """The texts in the picture, without the numbers at the ticks."""
        return self.shown.words

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Resize both panes."""
        super().resizeEvent(event)
        for pane in (self.line_plot, self.histograms):
            pane.resize(self.size())

    def minimumSizeHint(self) -> QSize:
        """The smallest legible size."""
        return self.line_plot.minimumSizeHint()
