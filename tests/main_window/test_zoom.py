"""Zooming to the path and equal axes, as a person uses them."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from gdviz.core.problems.first_boxes import box_with_equal_axes
from gdviz.presentation.look import BoxChoice, Look, View
from gdviz.scene.scene import Scene
from tests.data_sets import DATA_SETS
from tests.main_window.actions import CONTROL, drag_start, is_hand_at, press, settle
from tests.main_window.conftest import wait_computed


def box(window):
    """The box that is shown."""
    return window.stage.frame.landscape.surface.box


def noticed(window):
    """What the status bar says."""
    return window.statusBar().currentMessage()


@pytest.fixture
def kilometres(tmp_path):
    """A table of unscaled data."""
    path = tmp_path / "kilometres.csv"
    path.write_text("x,y\n" + "".join(f"{x},{y}\n" for x, y in zip(*DATA_SETS["kilometres"], strict=True)))
    return str(path)


def places(window):
    """The path so far, in coordinates of the box."""
    frame, live = window.stage.frame, window.session.runs.live
    return box(window).normalised(live.points[: frame.step + 1].astype(np.float64))


def test_z_fills_the_picture_with_the_path_at_every_step_and_zooms_back(qtbot, open_window, kilometres):
    window = open_window(kilometres)
    first = window.session.state.experiment.problem.box
    assert box(window) == first
    press(qtbot, window, Qt.Key.Key_Z)
    assert window.commands["zoom"].isChecked()
    assert noticed(window) == "zoomed to the path so far; Z zooms back"
    assert box(window) == first  # nothing has moved yet
    for step in (1, 2, 3):
        press(qtbot, window, Qt.Key.Key_Right)
        settle(qtbot, window, step)
        seen = places(window)
        assert np.abs(seen).max() <= 0.9 + 1e-6
        assert (np.ptp(seen, axis=0) > 0.5).all()
        assert window.stage.frame.header.zoom_label == "zoomed to path"
        (path,) = window.stage.frame.landscape.paths
        assert path.arrow is None
        assert not any("view" in note for note in window.stage.frame.landscape.notes)
    press(qtbot, window, Qt.Key.Key_Z)
    assert not window.commands["zoom"].isChecked()
    assert box(window) == first
    assert window.stage.frame.header.zoom_label == "view ×1"


def test_nothing_leaves_the_view_of_a_run_that_diverges(qtbot, window):
    press(qtbot, window, Qt.Key.Key_Z)
    for step in range(1, 7):
        press(qtbot, window, Qt.Key.Key_Right)
        settle(qtbot, window, step)
        (path,) = window.stage.frame.landscape.paths
        assert path.arrow is None
        assert path.current is not None
        assert len(path.dots) == step + 1
    press(qtbot, window, Qt.Key.Key_H)
    assert noticed(window) == "the view holds still; the landscape stays zoomed to the path (Z)"
    assert window.stage.frame.landscape.paths[0].arrow is None
    press(qtbot, window, Qt.Key.Key_Z)
    assert box(window) == window.session.state.experiment.problem.box
    assert window.stage.frame.landscape.paths[0].arrow is not None


def test_it_can_be_undone_and_redone_and_stays_for_the_next_scenario(qtbot, window):
    press(qtbot, window, Qt.Key.Key_Z)
    assert window.commands["undo"].text() == "Undo zoom to the path"
    press(qtbot, window, Qt.Key.Key_Z, CONTROL)
    assert window.session.state.look.box is BoxChoice.START
    assert not window.commands["zoom"].isChecked()
    window.commands["redo"].trigger()
    assert window.session.state.look.box is BoxChoice.PATH
    press(qtbot, window, Qt.Key.Key_PageDown)
    wait_computed(qtbot, window)
    assert window.session.state.look.box is BoxChoice.PATH
    assert window.commands["zoom"].isChecked()


def test_on_a_map_it_says_what_is_zoomed(qtbot, window):
    press(qtbot, window, Qt.Key.Key_M)
    press(qtbot, window, Qt.Key.Key_Z)
    assert noticed(window) == "the surface and the contour are zoomed to the path (V shows them)"


def test_equal_axes_are_a_choice(qtbot, open_window, kilometres):
    window = open_window(kilometres)
    problem = window.session.state.experiment.problem
    press(qtbot, window, Qt.Key.Key_End)
    settle(qtbot, window, 200)
    note = next(note for note in window.stage.frame.landscape.notes if note.startswith("to the minimum"))
    assert note.endswith("\u00a0in\u00a0w, 8501\u00a0in\u00a0b")  # no line ends within a distance
    window.commands["equal_axes"].trigger()
    assert window.commands["equal_axes"].isChecked()
    assert box(window) == box_with_equal_axes(problem)
    assert box(window).half[0] == box(window).half[1]
    press(qtbot, window, Qt.Key.Key_Z)
    assert box(window).half[0] == box(window).half[1]
    press(qtbot, window, Qt.Key.Key_Z)
    assert window.commands["undo"].text() == "Undo zoom back"
    window.commands["equal_axes"].trigger()
    assert box(window) == problem.box


def test_where_the_axes_are_equal_anyway_that_is_said(window):
    before = box(window)
    window.commands["equal_axes"].trigger()
    assert noticed(window) == "the axes are equal here anyway: both parameters have the same scale"
    assert box(window) == before


@pytest.mark.parametrize("pane", ["surface", "contour"])
def test_a_start_that_is_dragged_stays_in_the_box_in_which_it_was_grabbed(qtbot, window, pane):
    window.session.set_look(pane=pane, box=BoxChoice.PATH)
    press(qtbot, window, Qt.Key.Key_Right)
    settle(qtbot, window, 1)
    shown = window.stage.panes[pane] if pane == "contour" else window.stage.surface
    grabbed = box(window)
    place = next(
        QPoint(x, y)
        for y in range(10, shown.height(), 8)
        for x in range(10, shown.width(), 8)
        if is_hand_at(shown, QPoint(x, y))
    )
    edge = place
    qtbot.mousePress(shown, Qt.MouseButton.LeftButton, pos=place)
    for turn in range(15):  # outwards, and back and forth at the edge, where the box would grow each time
        edge = place + QPoint(20 * min(turn, 13) - turn % 2, 0)
        qtbot.mouseMove(shown, edge)
        wait_computed(qtbot, window)
    qtbot.mouseRelease(shown, Qt.MouseButton.LeftButton, pos=edge)
    assert window.session.state.experiment.start != (0.0, -1.0)
    assert grabbed.scaled(1.0 + 1e-6).contains(window.session.state.experiment.start)


def test_the_start_can_be_dragged_while_zoomed(qtbot, window):
    press(qtbot, window, Qt.Key.Key_Z)
    press(qtbot, window, Qt.Key.Key_Right)
    settle(qtbot, window, 1)
    with qtbot.waitSignal(window.stage.surface.start_dragged):
        drag_start(qtbot, window.stage.surface)
    wait_computed(qtbot, window)
    assert np.abs(places(window)).max() <= 0.9 + 1e-6


def test_a_window_opens_as_the_command_line_asks(open_window, kilometres):
    window = open_window(kilometres, box=BoxChoice.PATH, equal_axes=True)
    assert window.commands["zoom"].isChecked()
    assert window.commands["equal_axes"].isChecked()
    assert box(window) == box_with_equal_axes(window.session.state.experiment.problem)


def test_what_is_shown_is_what_is_exported(qtbot, window):
    press(qtbot, window, Qt.Key.Key_Z)
    press(qtbot, window, Qt.Key.Key_End)
    settle(qtbot, window, 200)
    recording = window.session.runs.live
    frame = Scene("", (recording,), Look(box=BoxChoice.PATH, view=View.HOLD)).frame(200)
    assert frame.landscape.surface is window.stage.frame.landscape.surface
