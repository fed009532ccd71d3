"""A view that is deleted after its test, and what the tests of the surface share."""

import gc

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QImage
from PySide6.QtOpenGL import QOpenGLFramebufferObject

from gdviz.panes.surface.geometry.render_state import render_state
from tests.frames import landscape_of, show_frame

SIZE, UNIT = (740, 500), 0.85


@pytest.fixture
def view(qtbot):
    from gdviz.panes.surface.opengl.setup import opengl_problem
    from gdviz.panes.surface.view import LandscapeView

    assert opengl_problem() is None
    made = LandscapeView()
    made.resize(*SIZE)
    yield made
    made.close()
    delete(made)


def delete(*widgets):
    """Delete them now, and not when Qt next has time."""
    for widget in widgets:
        widget.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def framebuffers():
    """Those that are alive."""
    gc.collect()
    return [thing for thing in gc.get_objects() if type(thing) is QOpenGLFramebufferObject]


def image(view, frame, size=SIZE, unit=UNIT, samples=0):
    """A frame as the view renders it."""
    view.set_unit(unit)
    show_frame(view, frame)
    return view.render_image(*size, samples)


def picture(view, frame, size=SIZE, unit=UNIT, samples=0):
    """The same as an array of shape (height, width, 3)."""
    return pixels(image(view, frame, size, unit, samples))


def pixels(image):
    """Red, green, blue of a picture, shape (height, width, 3)."""
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).astype(int)


def patch(picture, point, reach=5):
    """The pixels around a place, the rounded x and y of which are given."""
    x, y = np.round(point).astype(int)
    return picture[y - reach : y + reach + 1, x - reach : x + reach + 1]


def state_of(frame, size=SIZE, unit=UNIT):
    """What the picture of a frame depends on."""
    return render_state(*landscape_of(frame), *size, unit)


def rects(layout):
    """Left, top, right and bottom of all labels of a layout."""
    return [(left, top, left + image.width(), top + image.height()) for image, left, top in layout.placed]


def overlap(one, other):
    """Whether two such rectangles have more than an edge in common."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
