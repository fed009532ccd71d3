"""The look of the window: its fonts grow with it from the first time on."""

import pytest
from PySide6.QtWidgets import QApplication, QMainWindow, QToolButton

from gdviz.presentation.look import Theme
from gdviz.widgets.theme import TEXT_SIZE, apply_theme


@pytest.fixture
def application(qapp):
    """The application without a look, and afterwards with the one that it had."""
    sheet, font, palette = qapp.styleSheet(), QApplication.font(), qapp.palette()
    qapp.setStyleSheet("")
    yield qapp
    qapp.setStyleSheet(sheet)
    qapp.setFont(font)
    qapp.setPalette(palette)


def test_existing_widgets_get_the_size_of_text_at_once(qtbot, application):
    window = QMainWindow()
    qtbot.addWidget(window)
    menu, button = window.menuBar(), QToolButton(window)
    menu.addMenu("File")
    window.show()
    for unit in (1.25, 1.0, 1.5):
        apply_theme(application, Theme.LIGHT, unit)
        assert menu.font().pixelSize() == button.font().pixelSize() == round(TEXT_SIZE * unit)
