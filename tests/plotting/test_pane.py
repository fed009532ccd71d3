"""What all panes share: they draw once, before they are painted or asked, however much has changed before."""

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from gdviz.plotting.pane import PlotPane
from gdviz.plotting.placement import left_aligned
from gdviz.presentation.look import Look


class Counted(PlotPane[str]):
    """A pane that notes what it draws, and in which unit."""

    def __init__(self):
        super().__init__()
        self.drawn = []

    def _draw(self, picture, style):
        self.drawn.append((picture, style.unit, self.width()))
        self._show_grids((), style)
        self._show_front([left_aligned(0.0, 0.0, picture, style.text, style.palette.text)])


@pytest.fixture
def pane(qtbot):
    pane = Counted()
    qtbot.addWidget(pane)
    pane.resize(300, 200)
    pane.show()
    qtbot.waitExposed(pane)
    return pane


def change_everything(pane):
    pane.show_picture("before", Look())
    pane.set_unit(1.5)
    for width in (310, 320, 330):
        pane.resize(width, 200)
    pane.show_picture("after", Look())


def test_it_is_drawn_once_when_it_is_painted(pane):
    change_everything(pane)
    assert pane.drawn == []
    pane.grab()
    pane.grab()
    assert pane.drawn == [("after", 1.5, 330)]


def test_what_it_is_asked_is_true_before_it_is_painted(pane):
    change_everything(pane)
    assert [words.text for words in pane.words] == ["after"]
    assert pane.grids == ()
    assert len(pane.drawn) == 1


def test_on_a_screen_with_other_pixels_it_is_drawn_anew(pane):
    change_everything(pane)
    pane.grab()
    QApplication.sendEvent(pane, QEvent(QEvent.Type.DevicePixelRatioChange))
    pane.grab()
    assert len(pane.drawn) == 2


def test_a_hidden_pane_draws_nothing(pane, qtbot):
    pane.hide()
    change_everything(pane)
    qtbot.wait(50)
    assert pane.drawn == []


def test_what_fails_reaches_the_one_who_asks(pane, monkeypatch):
    def fail(picture, style):
        raise RuntimeError("no")

    monkeypatch.setattr(pane, "_draw", fail)
    pane.show_picture("some", Look())
    with pytest.raises(RuntimeError):
        pane.draw()
