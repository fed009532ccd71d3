"""The image of many thin vertical lines covers what the lines cover."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from gdviz.panes.data.layers import vertical_lines_image

SIZE = (40, 30)
GREEN = QColor("#00ff00")


def alphas(image):
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    return rows[:, :, 3].astype(int)


@given(x=st.floats(5, 35), ends=st.tuples(st.floats(-10, 40), st.floats(-10, 40)), width=st.floats(0.3, 5))
def test_a_line_covers_its_length_times_its_width(x, ends, width):
    image = vertical_lines_image(np.array([[x, *ends]]), width, GREEN, SIZE)
    low, high = np.clip(sorted(ends), 0, SIZE[1])
    touched = (width + 2) * (high - low + 2)
    assert abs(alphas(image).sum() / 255 - (high - low) * width) <= touched / 255


@given(st.lists(st.tuples(*[st.floats(-60, 60)] * 3), max_size=20), st.floats(0.3, 9))
def test_whatever_the_lines_the_picture_has_only_their_colour(lines, width):
    image = vertical_lines_image(np.array(lines).reshape(-1, 3), width, GREEN, SIZE)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(SIZE[1], SIZE[0], 4)
    assert (rows[:, :, 1] == rows[:, :, 3]).all()
    assert not rows[:, :, [0, 2]].any()


def test_no_lines_are_an_empty_picture():
    assert not alphas(vertical_lines_image(np.empty((0, 3)), 1.0, GREEN, SIZE)).any()


def test_two_lines_on_each_other_are_as_dark_as_one():
    line = [20.0, 3.0, 17.0]
    one, two = (vertical_lines_image(np.array(lines), 3.0, GREEN, SIZE) for lines in ([line], [line, line]))
    assert (alphas(one)[4:16, 19:21] == 255).all()
    assert alphas(one)[4:16].max() == alphas(two)[4:16].max()


@pytest.mark.parametrize("width", [0.7, 1.16, 2.5])
def test_it_looks_as_a_painter_would_draw_it(width):
    lines = np.array([[3.0, 2.2, 20.0], [10.4, 25.0, 4.0], [17.77, 0.5, 29.5], [30.0, -5.0, 50.0]])
    colour = QColor("#D55E00")
    colour.setAlphaF(0.5)
    drawn = QImage(*SIZE, QImage.Format.Format_ARGB32_Premultiplied)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    for x, begin, end in lines.tolist():
        painter.drawLine(QPointF(x, begin), QPointF(x, end))
    painter.end()
    made = vertical_lines_image(lines, width, colour, SIZE)
    bits = [np.frombuffer(image.constBits(), np.uint8).astype(int) for image in (drawn, made)]
    # Qt reckons with lines of a pixel and less in steps of a sixty-fourth of a pixel.
    assert np.abs(bits[0] - bits[1]).max() <= 10
