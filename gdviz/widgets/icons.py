"""The icons of the buttons: our SVG files in the colour of the theme, independent of the system's icon themes."""

from functools import lru_cache

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from gdviz.core.scenarios.library import resources

SIZES = (16, 20, 24, 28, 32, 36, 40, 44, 48, 56, 64, 80, 96)
"""In device pixels: what buttons ask for at the usual scalings; Qt scales down from the next larger one."""
DISABLED_OPACITY = 0.35


@lru_cache(maxsize=64)
def icon(name: str, colour: str) -> QIcon:
    """The icon of that name (``play``, ``step-back``, ...) with everything black in it in ``colour``."""
    drawing = (resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8").replace("#000000", colour)
    renderer = QSvgRenderer(QByteArray(drawing.encode()))
    result = QIcon()
    for size in SIZES:
        result.addPixmap(_drawn(renderer, size, 1.0), QIcon.Mode.Normal)
        result.addPixmap(_drawn(renderer, size, DISABLED_OPACITY), QIcon.Mode.Disabled)
    return result


def _drawn(renderer: QSvgRenderer, size: int, opacity: float) -> QPixmap:
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setOpacity(opacity)
    renderer.render(painter)
    painter.end()
    return pixmap
