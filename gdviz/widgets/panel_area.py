"""Holds a panel of fixed width in a dock, and lets it be scrolled up and down where the window is low."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QStyle, QWidget


class PanelArea(QScrollArea):
    """As wide as its panel and a scroll bar, so that neither a scroll bar nor a longer number moves the stage."""

    def __init__(self, panel: QWidget) -> None:
        """``panel`` has a ``set_unit`` that gives it its fixed width."""
        super().__init__()
        self._panel = panel
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidget(panel)

    def set_unit(self, unit: float) -> None:
        """Scale the panel and its place by that factor."""
        self._panel.set_unit(unit)  # type: ignore[attr-defined]
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        self.setFixedWidth(self._panel.minimumWidth() + bar)
