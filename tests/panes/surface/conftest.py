"""A view that is deleted after its test, and pictures as arrays."""

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QImage


@pytest.fixture
def view(qtbot):
    from gdviz.panes.surface.opengl.setup import opengl_problem
    from gdviz.panes.surface.view import LandscapeView

    assert opengl_problem() is None
    made = LandscapeView()
    made.resize(740, 500)
    yield made
    made.close()
    made.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def pixels(image):
    """Red, green, blue of a picture, shape (height, width, 3)."""
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).astype(int)


def near(picture, colour, tolerance=40):
    """Which pixels have about a colour ``#rrggbb``, shape (height, width)."""
    wanted = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return np.abs(picture - wanted).max(axis=-1) <= tolerance
