"""Text in a panel: it never decides its width, and is laid out as usual where its words fit."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QHelpEvent

from gdviz.plotting.text import text_font
from gdviz.widgets.dialogs import ErrorDialog
from gdviz.widgets.plain import ZERO_WIDTH_SPACE, PlainLabel, WrappedLabel, plain_tooltip, with_break_points
from tests.widgets.hostile_text import hide_tip, tip_label


def made(kind, text, qtbot):
    label = kind()
    qtbot.addWidget(label)
    label.setWordWrap(True)
    label.setAlignment(WrappedLabel().alignment())
    label.setMargin(10)
    label.setFont(text_font(15, bold=True))
    label.setText(text)
    return label


@pytest.mark.parametrize("text", ["Why does the loss grow, and 0.9 < 1? " * 5, "One & two\nthree", "a  b   c " * 20])
def test_honest_words_look_as_in_any_label(qtbot, text):
    usual, ours = made(PlainLabel, text, qtbot), made(WrappedLabel, text, qtbot)
    for width in (150, 213, 260, 391):
        height = usual.heightForWidth(width)
        assert ours.heightForWidth(width) == height
        for label in (usual, ours):
            label.resize(width, height)
        assert ours.grab().toImage() == usual.grab().toImage()


def test_a_word_of_a_thousand_letters_is_broken(qtbot):
    short, long = made(WrappedLabel, "short", qtbot), made(WrappedLabel, "W" * 1000, qtbot)
    assert long.minimumSizeHint().width() == short.minimumSizeHint().width() == 0
    assert long.heightForWidth(260) > 30 * (short.heightForWidth(260) - 20)
    long.resize(260, 100)
    long.show()
    long.event(QHelpEvent(QHelpEvent.Type.ToolTip, QPoint(5, 5), long.mapToGlobal(QPoint(5, 5))))
    assert tip_label().width() < 1000
    hide_tip()


def test_letters_stay_whole():
    family = "👨‍👩‍👧‍👦"
    assert with_break_points(f"a{family}e\u0301\udcff").split(ZERO_WIDTH_SPACE) == ["a", family, "e\u0301", "\udcff"]
    assert ZERO_WIDTH_SPACE not in plain_tooltip("honest " * 50)


def test_a_long_traceback_does_not_widen_its_dialog(qtbot):
    dialog = ErrorDialog(f"Traceback\nValueError: {'W' * 500}")
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.width() == 640
