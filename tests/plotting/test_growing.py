"""A curve that grows is the curve that would be stroked as a whole, and most of it is stroked only once."""

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from gdviz.plotting.curves import STEPS_PER_PIECE, dots, stroked
from gdviz.plotting.growing import COLUMNS, Backdrop, Curve, GrowingCurves
from gdviz.plotting.shapes import Shape, paint_all
from gdviz.plotting.style import Style
from gdviz.presentation.look import Theme
from gdviz.presentation.palette import DASHES, PALETTES

RECT, AREA = QRectF(0, 0, 420, 160), QRectF(10, 10, 400, 140)
STEPS = np.arange(200)
SHAPES = {
    "falling": 20.0 + 120.0 * np.exp(-STEPS / 30.0),
    "oscillating": 80.0 + 60.0 * np.cos(2.4 * STEPS) * np.exp(-STEPS / 150.0),
    "leaving": 60.0 + 8.0 * (STEPS - 100.0),
    "with a gap": np.where((STEPS > 60) & (STEPS < 80), np.nan, 30.0 + 90.0 * np.exp(-STEPS / 50.0)),
}


class Artist:
    """Paints a backdrop that is nowhere uniform, and counts how often."""

    def __init__(self):
        self.times = 0

    def __call__(self, painter):
        self.times += 1
        painter.fillRect(RECT, QColor("white"))
        for column in range(0, 420, 3):
            painter.fillRect(QRectF(column, 0, 1, 160), QColor(column % 256, 200, 120))


def curve(name, count, style, spacing=1.9):
    places = np.stack([AREA.left() + spacing * STEPS[:count], SHAPES[name][:count]], axis=1)
    pen = Style(PALETTES[Theme.LIGHT], 1.16).pen(PALETTES[Theme.LIGHT].runs[style], 2.4, DASHES[style])
    return Curve(places, pen)


def painted(paint, ratio=1.0):
    image = QImage(round(RECT.width() * ratio), round(RECT.height() * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor("blue"))
    painter = QPainter(image)
    paint(painter)
    painter.end()
    return image


def as_a_whole(curves):
    def paint(painter):
        Artist()(painter)
        for places, pen, marks in curves:
            paint_all(painter, [*stroked(places, pen, AREA), *([marks] if marks is not None else [])])

    return paint


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("style", range(4))
def test_it_is_painted_as_if_it_did_not_grow(qapp, name, style, ratio):
    growing, artist = GrowingCurves(), Artist()
    for count in (1, 2, 30, 31, 75, 76, 77, 120, 199, 200, 50):
        curves = [curve(name, count, style), curve("falling", count, 0)]
        growing.show(curves, AREA)
        backdrop = Backdrop(RECT, "plain", artist, is_opaque=True)
        image = painted(lambda painter, backdrop=backdrop: growing.paint(painter, backdrop), ratio)
        assert image == painted(as_a_whole(curves), ratio), count


def test_what_is_kept_is_painted_anew_when_the_curve_begins_to_be_stroked_in_pieces(qapp):
    growing, backdrop = GrowingCurves(), Backdrop(RECT, "plain", Artist(), is_opaque=True)
    begin, places = 18, np.stack([AREA.left() + 1.9 * STEPS, np.full(len(STEPS), 80.0)], axis=1)
    places[begin:, 1] += 20.0 * (-1.0) ** STEPS[begin:]
    pen = curve("falling", 1, 0).pen
    for count in range(begin + STEPS_PER_PIECE - 4, begin + STEPS_PER_PIECE + 8):
        drawn = Curve(places[:count], pen)
        growing.show([drawn], AREA)
        assert painted(lambda painter: growing.paint(painter, backdrop)) == painted(as_a_whole([drawn])), count


def test_what_is_kept_is_painted_once_until_the_curve_has_grown_by_some_columns(qapp):
    growing, artist = GrowingCurves(), Artist()
    backdrop = Backdrop(RECT, "plain", artist, is_opaque=True)
    for count in range(100, 200):
        growing.show([curve("falling", count, 0)], AREA)
        painted(lambda painter: growing.paint(painter, backdrop))
    assert 1 < artist.times <= 2 + 100 * 1.9 / COLUMNS


def test_another_backdrop_or_past_is_painted_anew(qapp):
    growing, artist = GrowingCurves(), Artist()

    def show(drawn, key="plain"):
        growing.show([drawn], AREA)
        backdrop = Backdrop(RECT, key, artist, is_opaque=True)
        assert painted(lambda painter: growing.paint(painter, backdrop)) == painted(as_a_whole([drawn]))

    one, other = curve("falling", 150, 0), curve("oscillating", 150, 0)
    for drawn, key in ((one, "plain"), (other, "plain"), (other, "next"), (curve("oscillating", 150, 1), "next")):
        before = artist.times
        show(drawn, key)
        assert artist.times == before + 1


def test_dots_between_gaps_stay_on_their_own_curve(qapp):
    marks = Shape(dots(np.array([[60.0, 80.0], [62.0, 82.0]]), 5.0), brush=QColor("red"))
    curves = [curve("oscillating", 150, 0)._replace(dots=marks), curve("falling", 150, 1)]
    growing = GrowingCurves()
    growing.show(curves, AREA)
    backdrop = Backdrop(RECT, "plain", Artist(), is_opaque=True)
    assert painted(lambda painter: growing.paint(painter, backdrop)) == painted(as_a_whole(curves))


def test_a_see_through_backdrop_has_nothing_kept(qapp):
    growing, artist = GrowingCurves(), Artist()
    growing.show([curve("falling", 150, 0)], AREA)
    for times in (1, 2):
        painted(lambda painter: growing.paint(painter, Backdrop(RECT, "plain", artist, is_opaque=False)))
        assert artist.times == times
