"""Rules that gdviz does not have, registered as one is: chosen, set and seen in every pane."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from gdviz.core.analysis.basins import basin_map
from gdviz.core.analysis.phase_map import MapGrid, phase_map
from gdviz.core.analysis.range_test import as_range_test
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant, RangeTest
from gdviz.core.precision import Precision
from gdviz.core.problems.surfaces import Himmelblau
from gdviz.presentation.look import Look, TapeLook
from gdviz.scene.scene import Scene
from tests.controls_shown import commit, field
from tests.main_window.actions import press
from tests.main_window.conftest import wait_computed
from tests.recordings import lecture, same_columns
from tests.seams import RULES, Broken

ALL = [*RULES, Broken]
FORMULA = Look(switched_on=frozenset({"formula"}))
GRID = MapGrid(1e-3, 10.0, 24, (1, 2, 5, 10))


@pytest.mark.parametrize("kind", ALL)
def test_it_is_chosen_and_set_in_the_window(qtbot, further_rules, open_window, kind):
    window = open_window()
    before = window.session.state.experiment
    combo = window.control_panel.optimizer.kind.choice
    combo.setCurrentText(kind.title)
    combo.activated.emit(combo.currentIndex())
    wait_computed(qtbot, window)
    assert window.session.state.experiment == replace(before, optimizer=kind())
    for name in vars(kind()):
        commit(qtbot, field(window.control_panel, name.replace("_", " ")), "0.5")
        wait_computed(qtbot, window)
    rule = kind(**dict.fromkeys(vars(kind()), 0.5))
    assert same_columns(window.session.runs.live, record(replace(before, optimizer=rule)))
    for key in (Qt.Key.Key_W, Qt.Key.Key_W, Qt.Key.Key_A, Qt.Key.Key_T, Qt.Key.Key_G, Qt.Key.Key_P, Qt.Key.Key_Right):
        press(qtbot, window, key)
        wait_computed(qtbot, window)
        assert window.stage.frame.header.verdict.sentence
    assert window.session.state.experiment.optimizer == rule


def scenes(kind, precision, batch_size):
    """A scene for each pane, of runs that differ in the rate."""
    runs = [
        lecture(rate, steps=12, optimizer=kind(), precision=precision, batch_size=batch_size) for rate in (0.5, 0.1)
    ]
    first, second = (record(experiment) for experiment in runs)
    sweep = record(as_range_test(runs[0], RangeTest(number=40)))
    for look in (
        Look(ghost=True),
        Look(pane="contour", ghost=True),
        FORMULA,
        Look(tape=TapeLook(lit=3)),
    ):
        yield Scene("Run", (first,), look)
    yield Scene("Sweep", (sweep,), Look())
    yield Scene("Race", (first, second), Look(multiples=True))
    yield replace(Scene("Map", (first, second), Look(pane="map")), chart=phase_map(runs[0], GRID))
    wells = Experiment(Himmelblau(), kind(), Constant(0.01), steps=12, precision=precision)
    basins = basin_map(wells, wells.problem.box, 16)
    yield replace(Scene("Basins", (record(wells),), Look(pane="basins")), chart=basins)


@pytest.mark.parametrize(("precision", "batch_size"), [("float32", None), ("float64", 10)])
@pytest.mark.parametrize("kind", ALL)
def test_every_pane_draws_it(still, kind, precision, batch_size):
    """Drawing raises nothing, and no two moments of a run look alike."""
    for scene in scenes(kind, Precision(precision), batch_size):
        pictures = [still.picture(scene.frame(step), 640, 400, samples=0) for step in (0, 8)]
        assert pictures[0] != pictures[1], scene.title
