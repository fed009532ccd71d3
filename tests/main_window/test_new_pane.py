"""A pane that is registered, and nothing else, has its menu, key, option, captions, edits and exports."""

import pytest
from PIL import Image
from PySide6.QtCore import Qt

from gdviz.animation.animation import Animation
from gdviz.animation.captions import alternative_text
from gdviz.cli.main import run
from gdviz.core.descent.recording import record
from gdviz.core.scenarios.library import load_scenario
from gdviz.main_window.help import keys_html
from gdviz.panes.entry import Place
from gdviz.panes.registry import PANES, switches
from gdviz.presentation.look import Look
from gdviz.scene.scene import Scene
from tests.main_window.actions import CONTROL, activate, open_dialog, press, told
from tests.main_window.conftest import wait_computed
from tests.slope_pane import KEY, register

ALT = Qt.KeyboardModifier.AltModifier
EVERYWHERE = list(Place)
USUAL = {Place.ABOVE: "data", Place.BELOW: "loss"}
SMALL = ("--size", "480x300", "--steps", "0:2", "--pace", "every-step", "--samples", "0")


def looks_for(place):
    """The look that shows it, and without it."""
    return PANES["slope"].switched(Look(), True), Look()


@pytest.fixture(params=EVERYWHERE, ids=lambda place: place.name.lower())
def place(request, monkeypatch):
    register(monkeypatch, request.param)
    return request.param


@pytest.fixture
def above(monkeypatch):
    register(monkeypatch)


def gdviz(capsys, *arguments):
    code = run([str(argument) for argument in arguments])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_its_key_shows_it_in_its_place_and_undo_takes_it_back(qtbot, place, window):
    stage, action = window.stage, window.commands["slope"]
    usual = stage.surface if place in (Place.LARGE, Place.LEADING) else stage.panes[USUAL[place]]
    corner = usual.geometry().topLeft()
    press(qtbot, window, Qt.Key.Key_J, ALT)
    pane = stage.panes["slope"]
    assert pane.isVisible()
    assert pane.geometry().topLeft() == corner
    assert usual.isVisible() == (place is Place.LEADING), "it moves up beside it"
    assert action.isChecked()
    assert "step 0: the gradient is 3.508 long" in [words.text for words in pane.words]
    assert window.commands["undo"].text() == ("Undo slope" if place is Place.LARGE else "Undo show slope")
    press(qtbot, window, Qt.Key.Key_Z, CONTROL)
    assert usual.isVisible()
    assert not pane.isVisible()
    assert not action.isChecked()


def test_its_menu_and_the_list_of_keys_have_it(above, window):
    (view,) = [menu for menu in window.menuBar().actions() if menu.text() == "&View"]
    texts = [action.text() for action in view.menu().actions()]
    beside = [entry.switch.text for entry in switches(Place.ABOVE)]
    assert texts[texts.index(beside[0]) :][: len(beside)] == beside == ["Analytic solution", *beside[1:-1], "Slope"]
    assert f"<b>{KEY}</b>" in keys_html(1280)
    assert window.stage.panes["slope"].accessibleName() == "Slope"
    assert window.commands["slope"].toolTip() == f"How steep is it here? ({KEY})"
    assert not window.commands["slope"].autoRepeat()


def test_two_panes_for_one_place_take_turns(qtbot, above, window):
    press(qtbot, window, Qt.Key.Key_A)
    press(qtbot, window, Qt.Key.Key_J, ALT)
    assert window.stage.panes["slope"].isVisible()
    assert not window.commands["formula"].isChecked()
    assert window.commands["undo"].text() == "Undo hide analytic solution, show slope"
    press(qtbot, window, Qt.Key.Key_A)
    assert not window.stage.panes["slope"].isVisible()
    assert not window.commands["slope"].isChecked()


@pytest.mark.parametrize("place", [Place.LARGE, Place.ABOVE])
def test_where_there_is_none_this_is_said(qtbot, place, open_window, monkeypatch):
    register(monkeypatch, place)
    window = open_window()
    press(qtbot, window, Qt.Key.Key_J, ALT)
    window.session.set_problem("himmelblau")
    wait_computed(qtbot, window)
    assert not window.stage.panes["slope"].isVisible()
    assert not window.commands["slope"].isChecked()
    press(qtbot, window, Qt.Key.Key_J, ALT)
    assert told(window) == "only a bowl has one slope everywhere; use another problem"
    assert not window.stage.panes["slope"].isVisible()


def test_a_range_test_takes_its_place(qtbot, above, window):
    press(qtbot, window, Qt.Key.Key_J, ALT)
    press(qtbot, window, Qt.Key.Key_W)
    qtbot.waitUntil(lambda: "suggestions" in window.stage.frame.pictures)
    assert not window.stage.panes["slope"].isVisible()
    assert not window.commands["slope"].isChecked()


def test_the_export_dialog_previews_it(qtbot, above, window):
    plain = open_dialog(qtbot, window)
    without = plain.first.image
    plain.reject()
    activate(qtbot, window)
    press(qtbot, window, Qt.Key.Key_J, ALT)
    dialog = open_dialog(qtbot, window)
    assert dialog.first.image != without
    assert "frames, about" in dialog.summary.text()
    dialog.reject()


def option_of(place):
    return ("--pane", "slope") if place is Place.LARGE else ("--slope",)


@pytest.mark.usefixtures("qapp")
def test_the_command_line_draws_a_clip_with_it(place, capsys, tmp_path):
    with_it, without = tmp_path / "slope.webp", tmp_path / "plain.webp"
    code, printed, _ = gdviz(capsys, "render", "point-nine", "-o", with_it, *SMALL, *option_of(place), "--dry-run")
    assert (code, printed.split(",")[0]) == (0, f"{with_it}: 3 frames at 30 per second")
    for target, options in ((with_it, (*option_of(place), "--captions")), (without, ())):
        assert gdviz(capsys, "render", "point-nine", "-o", target, *SMALL, *options)[0] == 0
    assert with_it.with_suffix(".vtt").read_text().startswith("WEBVTT")
    frames = []
    for target in (with_it, without):
        with Image.open(target) as clip:
            assert clip.n_frames == 3
            frames.append(clip.convert("RGB").tobytes())
    assert frames[0] != frames[1]


def test_the_command_line_explains_it_and_where_there_is_none(place, capsys, tmp_path):
    with pytest.raises(SystemExit):
        run(["render", "--help"])
    assert "slope" in capsys.readouterr().out
    option = option_of(place)
    target = tmp_path / "a.png"
    code, _, told = gdviz(capsys, "render", "two-wells", "-o", target, *option)
    assert (code, told) == (2, f"gdviz: {option[0]}: only a bowl has one slope everywhere; use another problem\n")


def test_of_two_panes_for_one_place_the_command_line_takes_one(above, capsys, tmp_path):
    code, _, told = gdviz(capsys, "render", "point-nine", "-o", tmp_path / "a.png", "--slope", "--formula")
    assert (code, told) == (2, "gdviz: --slope: conflicts with --formula; use one of them\n")


def test_the_text_for_those_who_do_not_see_it_has_it(place):
    run = record(load_scenario("point-nine").experiment)
    with_it, without = (
        alternative_text(Animation(Scene("Title", (run,), look), (0.0, 1.0), 30)) for look in looks_for(place)
    )
    assert "slope" in with_it.lower()
    assert "slope" not in without.lower()
