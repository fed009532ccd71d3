"""The bar of messages: what it shows, for how long, how it is closed, and how well it can be read."""

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QWidget

from gdviz.presentation.look import Theme
from gdviz.presentation.palette import PALETTES
from gdviz.widgets import message_bar as module
from gdviz.widgets.message_bar import MessageBar, Tone
from tests.widgets.hostile_text import HOSTILE, labels_that_guess

AREA = QRect(10, 20, 600, 300)


@pytest.fixture
def bar(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.resize(700, 400)
    made = MessageBar(parent)
    made.place(AREA, 1.0, PALETTES[Theme.LIGHT])
    with qtbot.waitExposed(parent):
        parent.show()
    yield made
    parent.close()


def test_it_is_hidden_while_there_is_nothing_to_say(bar):
    assert not bar.isVisible()
    bar.set_message("open", ("it cannot be read",), Tone.REFUSAL)
    assert (bar.isVisible(), bar.text) == (True, "it cannot be read")
    bar.set_message("open", (), Tone.REFUSAL)
    assert (bar.isVisible(), bar.text) == (False, "")


def test_a_message_takes_the_place_of_one_of_its_topic(bar):
    bar.set_message("open", ("first",), Tone.REFUSAL)
    bar.set_message("edit", ("second",), Tone.REFUSAL)
    bar.set_message("open", ("third", "fourth"), Tone.REFUSAL)
    assert bar.text == "second\nthird\nfourth"
    bar.set_message("edit", (), Tone.REFUSAL)
    assert bar.text == "third\nfourth"


def test_the_button_closes_it_but_for_what_goes_on(qtbot, bar):
    bar.set_message("reading", ("reading a file",), Tone.PROGRESS)
    assert not bar.button.isVisible()
    assert not bar.can_be_dismissed
    bar.set_message("open", ("it cannot be read",), Tone.REFUSAL)
    assert bar.can_be_dismissed
    qtbot.mouseClick(bar.button, Qt.MouseButton.LeftButton)
    assert bar.text == "reading a file"
    bar.set_message("reading", (), Tone.PROGRESS)
    assert not bar.isVisible()


def test_a_note_goes_when_there_was_time_to_read_it_and_a_refusal_stays(qtbot, bar, monkeypatch):
    monkeypatch.setattr(module, "NOTE_MILLISECONDS", 1)
    monkeypatch.setattr(module, "MILLISECONDS_PER_CHARACTER", 0)
    bar.set_message("open", ("it cannot be read",), Tone.REFUSAL)
    bar.set_message("data", ("three rows are left out",), Tone.NOTE)
    qtbot.waitUntil(lambda: bar.text == "it cannot be read")


def test_it_lies_over_the_top_and_grows_with_its_text(bar):
    bar.set_message("open", ("short",), Tone.REFUSAL)
    low = bar.height()
    assert bar.geometry() == QRect(10, 20, 600, low)
    bar.set_message("open", ("many words " * 25,), Tone.REFUSAL)
    assert bar.height() > low
    bar.set_message("open", ("x" * 250,), Tone.REFUSAL)  # one word
    assert bar.height() > low
    bar.place(AREA, 2.0, PALETTES[Theme.LIGHT])
    assert bar.height() > 2 * low
    bar.place(QRect(0, 0, 300, 300), 1.0, PALETTES[Theme.LIGHT])
    assert (bar.x(), bar.width()) == (0, 300)


def test_its_text_is_plain_and_on_one_line_each(bar):
    bar.set_message("open", (HOSTILE, "a\nb\x1b"), Tone.REFUSAL)
    assert bar.text == f"{HOSTILE}\na\\nb\\x1b"
    assert labels_that_guess(bar) == []


def test_it_has_names_for_those_who_cannot_see_it(bar):
    bar.set_message("open", ("it cannot be read",), Tone.REFUSAL)
    assert bar.accessibleName() == "message"
    assert bar.button.accessibleName() == "close the message"
    assert any(child.accessibleName() == "it cannot be read" for child in bar.findChildren(QWidget))


@pytest.mark.parametrize("theme", list(Theme))
def test_a_refusal_is_told_from_a_note_by_its_stripe(bar, theme):
    palette = PALETTES[theme]
    bar.place(AREA, 1.0, palette)
    for tone, colour in ((Tone.NOTE, palette.accent), (Tone.REFUSAL, palette.warning)):
        bar.set_message("open", ("words",), tone)
        image = bar.grab().toImage()
        assert image.pixelColor(2, 5).name() == colour
        assert image.pixelColor(image.width() - 2, 2).name() == palette.pane
