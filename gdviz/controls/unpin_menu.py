"""The menu of pinned runs, each with its colour and marker; choosing one unpins it."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QWidget

from gdviz.plotting.shapes import marker
from gdviz.presentation.palette import Palette
from gdviz.widgets.plain import escape_mnemonic

ICON = 32  # pixels on a side; shown at half that size


class UnpinMenu(QMenu):
    """Lists the runs in the order in which they were pinned."""

    chosen = Signal(int)  # the index of the run to unpin

    def __init__(self, parent: QWidget | None = None) -> None:
        """Empty and disabled until runs are shown."""
        super().__init__("Unpin one run", parent)
        self._shown: tuple[object, ...] = ()
        self.setEnabled(False)

    def show_runs(self, names: Sequence[str], styles: Sequence[int], palette: Palette) -> None:
        """List the runs, each with its colour and marker."""
        shown = (tuple(names), tuple(styles), palette)
        if shown == self._shown:
            return
        self._shown = shown
        self.clear()
        self.setEnabled(bool(names))
        for index, (name, style) in enumerate(zip(names, styles, strict=True)):
            action = self.addAction(_icon(style, palette), escape_mnemonic(name))
            action.setIconVisibleInMenu(True)
            action.triggered.connect(lambda checked=False, index=index: self.chosen.emit(index))


def _icon(style: int, palette: Palette) -> QIcon:
    """Return the marker of a run as an icon."""
    pixmap = QPixmap(ICON, ICON)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillPath(marker(style, QPointF(ICON / 2, ICON / 2), 0.36 * ICON), QColor(palette.runs[style]))
    painter.end()
    return QIcon(pixmap)
