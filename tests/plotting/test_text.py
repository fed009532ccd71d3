"""The measuring of text."""

import pytest
from PySide6.QtGui import QFontMetricsF

from gdviz.plotting import text as text_module
from gdviz.plotting.text import number_font, text_font, width_of


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
