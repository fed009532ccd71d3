"""The measuring of text."""

from itertools import product

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QPainter

from gdviz.plotting import text as text_module
from gdviz.plotting.text import number_font, outline_of, text_font, width_of


@pytest.mark.parametrize("font", [text_font, number_font])
def test_text_without_an_exponent_is_measured_once(qapp, font, monkeypatch):
    """The tape measures hundreds of texts, each in several sizes."""
    monkeypatch.setattr(text_module, "_small", lambda font: pytest.fail("there is no exponent to measure"))
    width_of.cache_clear()
    for text in ("1.234", "learning rate", ""):
        assert width_of(font(17), text) == QFontMetricsF(font(17)).horizontalAdvance(text)


def test_an_exponent_is_as_wide_as_small_digits(qapp):
    font = number_font(20)
    small = number_font(round(text_module.SUPERSCRIPT_SIZE * 20))
    expected = QFontMetricsF(font).horizontalAdvance("10") + QFontMetricsF(small).horizontalAdvance("-7")
    assert width_of(font, "10⁻⁷") == pytest.approx(expected, abs=1.0)


@pytest.mark.parametrize("family", [text_font, number_font])
def test_an_outline_does_not_depend_on_what_else_was_drawn(qapp, family):
    """Qt rounds outlines by what the font has drawn before, so that a label made anew would have other last bits."""
    font = QFont(family(20))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    before = outline_of("minimum 2·10⁷", QPointF(3.0, 20.0), font)
    image = QImage(400, 60, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(image)
    for size, italic in product(range(8, 40), (False, True)):
        other = QFont(font)
        other.setPixelSize(size)
        other.setItalic(italic)
        painter.setFont(other)
        painter.drawText(10, 30, "minimum 2·10")
    painter.end()
    assert outline_of("minimum 2·10⁷", QPointF(3.0, 20.0), font) == before
