"""A check box whose box grows with its text and can be seen in both themes; the style's can not."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QCheckBox, QWidget

from gdviz.widgets.plain import set_tooltip

BOX, ROOM = 0.82, 0.5
"""The side of the box, and the room between it and the text, in heights of the text."""
TICK = ((0.22, 0.52), (0.42, 0.72), (0.78, 0.30))


class CheckBox(QCheckBox):
    """Drawn from the window's palette: a filled box with a tick where it is checked."""

    def __init__(self, text: str, hint: str, parent: QWidget | None = None) -> None:
        """``text`` may name a key with an ampersand; ``hint`` is the tooltip."""
        super().__init__(text, parent)
        set_tooltip(self, hint)

    def sizeHint(self) -> QSize:
        """Box, room and text."""
        metrics = QFontMetrics(self.font())
        text = metrics.size(Qt.TextFlag.TextShowMnemonic, self.text())
        return QSize(text.width() + round((BOX + ROOM) * metrics.height()) + 2, round(1.3 * metrics.height()))

    def minimumSizeHint(self) -> QSize:
        """Nothing of it is ever cut."""
        return self.sizeHint()

    def hitButton(self, position: object) -> bool:  # noqa: N802
        """The whole of it can be clicked."""
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        """The box, the tick and the text, and a stronger border with the focus."""
        height = QFontMetrics(self.font()).height()
        side = BOX * height
        box = QRectF(1.5, (self.height() - side) / 2, side, side)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        border = self._colour(QPalette.ColorRole.Highlight if self.hasFocus() else QPalette.ColorRole.Dark)
        painter.setPen(QPen(border, (2.0 if self.hasFocus() else 1.0) * height / 17))
        filled = QPalette.ColorRole.Highlight if self.isChecked() else QPalette.ColorRole.Base
        painter.setBrush(self._colour(filled))
        painter.drawRoundedRect(box, 0.2 * side, 0.2 * side)
        if self.isChecked():
            painter.setPen(QPen(self._colour(QPalette.ColorRole.Base), 0.13 * side))
            painter.drawPolyline([box.topLeft() + QPointF(x * side, y * side) for x, y in TICK])
        painter.setPen(self._colour(QPalette.ColorRole.WindowText))
        left = round(side + ROOM * height)
        flags = Qt.AlignmentFlag.AlignVCenter.value | Qt.TextFlag.TextShowMnemonic.value
        painter.drawText(self.rect().adjusted(left, 0, 0, 0), flags, self.text())
        painter.end()

    def _colour(self, role: QPalette.ColorRole) -> QColor:
        colour = self.palette().color(role)
        if not self.isEnabled() and role is QPalette.ColorRole.Dark:
            # Fusion gives what is disabled no fainter border of its own.
            colour.setAlphaF(0.5)
        return colour
