"""How the window looks and fits: Present, black screen, size of text, theme, small screens, without OpenGL."""

from itertools import combinations, pairwise
from types import SimpleNamespace

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QToolTip, QWidget

from gdviz.main_window import appearance
from gdviz.main_window.window import MainWindow
from gdviz.panes.bars.header import HeaderBar
from gdviz.panes.loss.plot import LossPlot
from gdviz.panes.surface.view import LandscapeView
from gdviz.presentation.look import TEXT_SCALES, Theme
from gdviz.presentation.palette import PALETTES
from gdviz.stage.stage import Stage
from gdviz.widgets.theme import TEXT_SIZE, apply_theme
from tests.main_window.actions import press, settle, told
from tests.main_window.conftest import close


def test_present_shows_nothing_but_the_lecture(qtbot, window):
    press(qtbot, window, Qt.Key.Key_F5)
    assert window.isFullScreen()
    assert not window.menuBar().isVisible()
    assert not any(dock.isVisible() for dock in window.docks)
    press(qtbot, window, Qt.Key.Key_Right)
    settle(qtbot, window, 1)
    press(qtbot, window, Qt.Key.Key_Escape)
    assert not window.isFullScreen()
    assert window.menuBar().isVisible()
    scenarios, controls = window.docks
    assert scenarios.isVisible()
    qtbot.waitUntil(lambda: not controls.visibleRegion().isEmpty())
    assert scenarios.visibleRegion().isEmpty()


def test_the_switch_of_present_is_right_however_it_was_left(qtbot, window):
    for key in (Qt.Key.Key_F5, Qt.Key.Key_Escape, Qt.Key.Key_F5, Qt.Key.Key_F5):
        press(qtbot, window, key)
        qtbot.waitUntil(lambda: window.commands["present"].isChecked() == window.isFullScreen())
    assert not window.isFullScreen()


def test_the_step_is_never_cut_whatever_the_size_of_the_window(qtbot, window):
    for size in ((784, 520), (960, 560), (1700, 1000), (1280, 720), (1024, 640)):
        window.resize(*size)
        (label,) = (label for label in window.playback_bar.findChildren(QLabel) if " / " in label.text())
        assert label.fontMetrics().horizontalAdvance(label.text()) <= label.width()


class Turns(QTimer):
    """Notes how often the window's thread has been given to others, and what happens in which turn."""

    def __init__(self, window):
        super().__init__(window, interval=0)
        self.number, self.happened = 0, []
        self.timeout.connect(self._count)
        self.start()

    def _count(self):
        self.number += 1

    def noted(self, name, function):
        """The function, with a note of each call."""

        def call(*args, **kwargs):
            self.happened.append((name, self.number))
            return function(*args, **kwargs)

        return call


def test_another_size_of_text_styles_draws_and_paints_in_different_turns(qtbot, window, monkeypatch):
    """All in one would freeze the window for too long; what is due in between is done in between."""
    window.resize(1280, 720)
    qtbot.waitUntil(lambda: window.font().pixelSize() == TEXT_SIZE and window.updatesEnabled())
    turns = Turns(window)
    monkeypatch.setattr(appearance, "apply_theme", turns.noted("style", apply_theme))
    for kind in (LandscapeView, LossPlot):
        monkeypatch.setattr(kind, "_draw", turns.noted(kind.__name__, kind._draw))
    monkeypatch.setattr(HeaderBar, "paint", turns.noted("paint", HeaderBar.paint))
    window.resize(1920, 1080)
    assert window.font().pixelSize() == TEXT_SIZE
    qtbot.waitUntil(lambda: window.font().pixelSize() == round(1.5 * TEXT_SIZE) and window.updatesEnabled())
    turns.stop()
    names, numbers = zip(*turns.happened, strict=True)
    assert sorted(names) == sorted(["style", "LandscapeView", "LossPlot", "paint"]), "each once, not in the old style"
    assert (names[0], names[-1]) == ("style", "paint")
    assert all(one < other for one, other in pairwise(numbers)), turns.happened


def test_another_size_of_text_is_laid_out_before_it_is_painted(qtbot, window, monkeypatch):
    """Inner layouts tell the outer ones their new sizes one by one, and Qt would paint everything in between."""
    window.resize(1280, 720)
    qtbot.waitUntil(lambda: window.font().pixelSize() == TEXT_SIZE and window.updatesEnabled())
    sizes, paint = [], HeaderBar.paint
    monkeypatch.setattr(HeaderBar, "paint", lambda *how: (sizes.append(window.stage.size()), paint(*how)))
    window.session.set_look(text_scale=1.3)
    qtbot.waitUntil(lambda: len(sizes) == 1)
    qtbot.wait(100)
    assert {window.stage.size()} == set(sizes)


def test_sizes_that_come_while_the_window_is_restyled_are_not_lost(qtbot, window, monkeypatch):
    window.resize(1280, 720)
    qtbot.waitUntil(lambda: window.font().pixelSize() == TEXT_SIZE and window.updatesEnabled())

    def apply(*how):
        window.session.set_look(text_scale=1.5, theme=Theme.DARK)
        apply_theme(*how)

    monkeypatch.setattr(appearance, "apply_theme", apply)
    window.session.set_look(text_scale=1.3)
    qtbot.waitUntil(lambda: window.font().pixelSize() == round(1.5 * TEXT_SIZE) and window.updatesEnabled())
    assert window.palette().window().color().name() == PALETTES[Theme.DARK].background


def test_a_restyle_that_fails_leaves_a_window_that_paints(qtbot, window, monkeypatch):
    window.resize(1280, 720)
    qtbot.waitUntil(lambda: window.font().pixelSize() == TEXT_SIZE and window.updatesEnabled())
    monkeypatch.setattr(appearance, "apply_theme", lambda *how: 1 / 0)
    with qtbot.captureExceptions() as exceptions:
        window.session.set_look(text_scale=1.3)
        qtbot.waitUntil(lambda: bool(exceptions))
    assert window.updatesEnabled()


def test_nothing_is_cut_or_overlaps_on_the_smallest_screen(qtbot, open_window):
    window = open_window(size=(784, 520))
    for panels in (True, False):
        for dock in window.docks:
            dock.setVisible(panels)
        qtbot.waitUntil(lambda panels=panels: window.docks[1].isVisible() == panels)
        assert (window.width(), window.height()) == (784, 520)
        parts = [window.menuBar(), window.stage, window.rate_bar, window.playback_bar, window.statusBar()]
        inside = [part for bar in parts for part in (bar, *bar.findChildren(QWidget)) if part.isVisible()]
        for part in inside:
            assert window.rect().contains(QRect(part.mapTo(window, QPoint()), part.size())), part
        for bar in parts[1:4]:
            assert bar.size().expandedTo(bar.minimumSizeHint()) == bar.size(), bar
        for above, below in pairwise(parts):
            assert above.mapTo(window, above.rect().bottomLeft()).y() < below.mapTo(window, QPoint()).y()
        on_stage = [part for part in window.stage.children() if isinstance(part, QWidget) and part.isVisible()]
        assert len(on_stage) == 5
        for one, other in combinations(on_stage, 2):
            assert not one.geometry().intersects(other.geometry()), (one, other)


def test_panels_of_a_large_screen_close_on_a_small_one(open_window, monkeypatch):
    close(open_window(size=(1280, 720)))
    small = SimpleNamespace(availableSize=lambda: QSize(800, 600))
    monkeypatch.setattr(MainWindow, "screen", lambda window: small)
    window = open_window(size=(784, 520))
    assert [dock.isVisible() for dock in window.docks] == [False, False]
    for dock in window.docks:
        dock.show()
    close(window)
    window = open_window(size=(784, 520))
    assert [dock.isVisible() for dock in window.docks] == [True, True], "it is as it was left on such a screen"


def test_black_screen(qtbot, window):
    press(qtbot, window, Qt.Key.Key_B)
    picture = window.grab().toImage()
    assert {picture.pixelColor(x, y).lightness() for x in (5, 600, 1200) for y in (5, 300, 700)} == {0}
    press(qtbot, window, Qt.Key.Key_B)
    assert not window.black_screen.isVisible()


def test_the_switch_of_the_black_screen_is_right(qtbot, window):
    for leave in (
        lambda: press(qtbot, window, Qt.Key.Key_Escape),
        lambda: qtbot.mouseClick(window.black_screen, Qt.MouseButton.LeftButton),
        lambda: press(qtbot, window, Qt.Key.Key_B),
    ):
        press(qtbot, window, Qt.Key.Key_B)
        assert window.commands["black"].isChecked()
        leave()
        assert not window.commands["black"].isChecked()


def test_text_grows_and_stays_in_its_limits(qtbot, window):
    before = window.stage.header.height()
    press(qtbot, window, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert window.stage.header.height() > before
    for _ in range(30):
        press(qtbot, window, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    assert window.stage.header.height() > 0.5 * before
    press(qtbot, window, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert window.stage.header.height() == before


def test_the_status_bar_is_as_high_as_before_once_the_text_is(qtbot, window):
    """It is as high as even the hidden progress of an export, which has to follow."""
    bar = window.statusBar()
    before = bar.height(), window.stage.size()
    for scale in (2.0, 1.5, 1.0):
        window.session.set_look(text_scale=scale)
        qtbot.waitUntil(lambda scale=scale: window.font().pixelSize() == round(scale * TEXT_SIZE))
        assert window.exports.progress.font() == bar.font()
    qtbot.waitUntil(lambda: (bar.height(), window.stage.size()) == before)


def test_the_theme_is_everywhere(qtbot, window):
    for _ in range(2):
        press(qtbot, window, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
        palette = PALETTES[window.session.state.look.theme]
        picture = window.stage.picture()
        assert picture.pixelColor(1, 1).name() == palette.background
        assert picture.pixelColor(window.stage.surface.x() + 3, window.stage.surface.y() + 3).name() == palette.pane
    assert window.session.state.look.theme is Theme.LIGHT


def test_a_change_of_theme_is_painted_in_a_turn_of_its_own(qtbot, window):
    class Paints(QObject):
        count = 0

        def eventFilter(self, watched, event):
            self.count += event.type() is QEvent.Type.Paint
            return False

    paints = Paints()
    for part in (window, window.stage.header):
        part.installEventFilter(paints)
    window.stage.header.update()
    window.commands["theme"].trigger()
    QCoreApplication.sendPostedEvents()
    assert paints.count == 0
    qtbot.waitUntil(lambda: paints.count == 2)
    shown = window.grab().toImage()
    assert shown.pixelColor(1, shown.height() - 1).name() == PALETTES[Theme.DARK].background
    window.stage.header.update()
    qtbot.waitUntil(lambda: paints.count > 2)


def test_whatever_opens_has_the_style_sheet(qtbot, window):
    """It is the window's, so that a dialog without a parent would have none."""
    window.show_error("Traceback\nRuntimeError: on purpose")
    for name in ("keys", "about", "choose_race", "export_animation"):
        window.commands[name].trigger()
    for dock in window.docks:
        dock.setFloating(True)
    QToolTip.showText(window.geometry().center(), "a tooltip", window.stage)
    opened = [one for one in QApplication.topLevelWidgets() if one.isVisible() and not isinstance(one, Stage)]
    assert len(opened) == 1 + 5 + len(window.docks) + 1
    assert {one.style().metaObject().className() for one in opened} == {"QStyleSheetStyle"}
    QToolTip.hideText()
    for dialog in window.findChildren(QDialog):
        dialog.reject()


def test_without_opengl_the_contour_takes_the_place(qtbot, open_window):
    window = open_window(no_surface="there is no OpenGL on this machine")
    assert window.stage.surface is None
    assert window.stage.panes["contour"].isVisible()
    said = " ".join(label.text() for label in window.statusBar().findChildren(QLabel))
    assert "there is no OpenGL on this machine" in said
    press(qtbot, window, Qt.Key.Key_V)
    assert "the surface is not available" in told(window)
    press(qtbot, window, Qt.Key.Key_Right)
    settle(qtbot, window, 1)


def test_a_window_remembers_how_it_looked(qtbot, open_window):
    first = open_window()
    press(qtbot, first, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    first.docks[0].close()
    close(first)
    second = open_window()
    assert second.session.state.look.theme is Theme.DARK
    assert second.docks[0].isHidden()


def test_a_dock_that_floats_has_a_frame(qtbot, window):
    dock = window.docks[0]
    dock.setFloating(True)
    dock.resize(300, 400)
    dock.show()
    qtbot.waitExposed(dock)
    image = dock.grab().toImage()
    border = QColor("#7e858d")
    for x in (0, image.width() - 1):
        seen = image.pixelColor(x, image.height() // 2)
        assert max(abs(seen.red() - border.red()), abs(seen.blue() - border.blue())) < 30


def test_at_the_largest_text_nothing_in_the_bars_overlaps_or_is_cut(qtbot, window):
    window.session.set_look(text_scale=TEXT_SCALES[1])
    qtbot.waitUntil(lambda: QApplication.font().pixelSize() > 20)

    def all_stand_apart():
        for bar in (window.rate_bar, window.playback_bar):
            places = [
                part.geometry() for part in bar.findChildren(QWidget) if part.isVisible() and part.parent() is bar
            ]
            assert len(places) >= 4
            assert all(bar.rect().contains(place) for place in places)
            assert not [pair for pair in combinations(places, 2) if pair[0].intersects(pair[1])]

    qtbot.waitUntil(all_stand_apart)
