"""The style of the plots: its pens are as wide on a sharp screen as on any other."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QPainter

from gdviz.plotting.style import Style
from gdviz.presentation.palette import PALETTES


@pytest.mark.parametrize("ratio", [1, 2, 3])
@pytest.mark.parametrize("dashes", [(), (4.0, 2.0)])
def test_a_line_has_its_width_at_every_ratio_of_device_pixels(qapp, ratio, dashes):
    image = QImage(40 * ratio, 40 * ratio, QImage.Format.Format_Grayscale8)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.setPen(Style(next(iter(PALETTES.values())), 2.0).pen("#000000", 3.0, dashes))
    painter.drawLine(QPointF(0.0, 20.0), QPointF(40.0, 20.0))
    painter.end()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    assert np.count_nonzero(rows[:, 10 * ratio] < 128) == 6 * ratio
