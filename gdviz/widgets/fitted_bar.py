"""The base of the bars below the stage: one that is too narrow for its contents makes them smaller."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

MOST_TRIES = 3
"""What is needed does not shrink quite as the unit does."""


class FittedBar(QWidget):
    """Subclasses scale everything in ``_scale``, and call `fit` when their texts need another width."""

    _wanted = 1.0

    def set_unit(self, unit: float) -> None:
        """Scale everything by a factor, or by the largest at which it fits."""
        self._wanted = unit
        self.fit()

    def fit(self) -> None:
        """Scale everything as wanted, smaller where there is no room."""
        unit, layout = self._wanted, self.layout()
        for _ in range(MOST_TRIES):
            self._scale(unit)
            if layout is None or not self.isVisible():
                return
            layout.invalidate()
            needed = layout.minimumSize().width()
            if needed <= self.width():
                return
            unit *= 0.97 * self.width() / needed

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the contents to the new width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.fit()

    def _scale(self, unit: float) -> None:
        raise NotImplementedError
