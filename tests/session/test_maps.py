"""Which map is wanted, and the thread that computes it."""

import threading
from dataclasses import replace

import pytest

from gdviz.core.analysis.phase_map import default_grid, phase_map
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant, RangeTest
from gdviz.core.errors import InputError
from gdviz.core.problems.surfaces import Himmelblau, TwoWells
from gdviz.panes.basins import entry as basins
from gdviz.panes.rate_map import background
from gdviz.panes.rate_map import entry as rate_map
from gdviz.panes.rate_map.regions import classify
from gdviz.panes.registry import PANES
from gdviz.presentation.look import LANDSCAPES, Look
from gdviz.scene.scene import Scene
from gdviz.session.latest_task import Outcome
from gdviz.session.maps import ChartRunner, chart_request, with_charts
from tests.recordings import lecture

WELLS = Experiment(TwoWells(), schedule=Constant(0.1), start=(1.8, 1.0), steps=60)


@pytest.fixture
def runner():
    made = ChartRunner()
    yield made
    made.stop()


@pytest.fixture(autouse=True)
def short_maps(monkeypatch):
    """Maps of few cells: what is tested here is which and when, not how large."""
    monkeypatch.setattr(rate_map, "FINE_COLUMNS", 20)
    monkeypatch.setattr(rate_map, "COARSE_COLUMNS", 5)
    monkeypatch.setattr(basins, "FINE_SIDE", 12)
    monkeypatch.setattr(basins, "COARSE_SIDE", 5)


def taken(runner, is_enough):
    """Wait for a chart."""
    for _ in range(2000):
        outcome = runner.take()
        assert outcome is None or outcome.result is runner.chart
        if runner.chart is not None and is_enough(runner.chart):
            return runner.chart
        threading.Event().wait(0.005)
    raise AssertionError("it does not come")


def test_the_landscapes_need_no_map():
    assert all(chart_request(pane, WELLS, fine=True) is None for pane in LANDSCAPES)


def test_rate_and_length_of_the_run_do_not_change_its_map():
    first = chart_request("map", lecture(0.9), fine=True)
    assert first == chart_request("map", lecture(0.1, steps=50), fine=True)
    assert first != chart_request("map", lecture(0.9), fine=False)
    assert first != chart_request("map", lecture(0.9, start=(1.0, 1.0)), fine=True)
    assert first != chart_request("map", lecture(1e-9), fine=True), "the grid holds the run's own rate"


def test_the_start_does_not_change_the_map_of_starting_points():
    first = chart_request("basins", WELLS, fine=True)
    assert first == chart_request("basins", replace(WELLS, start=(0.3, 0.2)), fine=True)
    assert first != chart_request("basins", replace(WELLS, schedule=Constant(0.11)), fine=True)


def test_a_quadratic_has_no_map_of_starts():
    assert PANES["basins"].refusal(lecture(0.9)) == (
        "Linear regression has a single minimum, reached from every start; choose another problem"
    )
    assert "end it (W)" in PANES["basins"].refusal(replace(WELLS, schedule=RangeTest(), steps=50))
    assert chart_request("basins", lecture(0.9), fine=True) is None
    with pytest.raises(InputError, match="single minimum"):
        with_charts(Scene("a", (record(lecture(0.9)),), Look(pane="basins")))


@pytest.mark.parametrize("pane", ["map", "basins"])
def test_a_scene_for_a_file_gets_its_complete_map_once(pane):
    scene = with_charts(Scene("a", (record(WELLS),), Look(pane=pane)))
    assert scene.chart.is_complete
    assert with_charts(scene) is scene
    other = replace(scene, recordings=(record(replace(WELLS, schedule=Constant(0.12), start=(1.0, 1.0))),))
    assert with_charts(other) is not other, "the map is of another run"


@pytest.mark.parametrize("pane", ["map", "basins"])
def test_first_a_coarse_map_then_the_fine_one(runner, pane):
    sizes = []

    def is_fine(chart):
        size = chart.grid.columns if pane == "map" else chart.side
        if size not in sizes:
            sizes.append(size)
        return size == (20 if pane == "map" else 12)

    runner.follow(pane, WELLS)
    chart = taken(runner, is_fine)
    assert chart.is_complete
    assert chart_request(pane, WELLS, fine=True).is_answered_by(chart)
    assert sizes[-1] > 5
    assert not runner.is_busy


def test_what_is_not_wanted_any_more_is_not_computed_on(runner):
    runner.follow("map", lecture(0.9))
    runner.follow("map", replace(lecture(0.9), start=(2.0, 2.0)))
    chart = taken(runner, lambda chart: chart.is_complete and chart.grid.columns == 20)
    assert chart.experiment.start == (2.0, 2.0)
    runner.follow("surface", lecture(0.9))
    assert runner.chart is None
    assert not runner.is_busy


def test_the_same_wish_is_not_computed_twice(runner):
    runner.follow("map", lecture(0.9))
    chart = taken(runner, lambda chart: chart.is_complete and chart.grid.columns == 20)
    runner.follow("map", lecture(0.5))
    assert not runner.is_busy
    assert runner.chart is chart


def test_a_map_that_was_there_is_there_again_at_once(runner):
    runner.follow("map", lecture(0.9))
    chart = taken(runner, lambda chart: chart.is_complete and chart.grid.columns == 20)
    runner.follow("surface", lecture(0.9))
    assert runner.chart is None
    runner.follow("map", lecture(0.5))
    assert runner.chart is chart
    assert not runner.is_busy


@pytest.mark.parametrize(
    ("error", "told"),
    [(InputError("too many cells"), Outcome(refusal="too many cells")), (ZeroDivisionError("x"), None)],
)
def test_why_there_is_no_map_is_told_once(runner, monkeypatch, error, told):
    def fail(*_):
        raise error

    monkeypatch.setattr(rate_map.phase_map, "compute", fail)
    runner.follow("map", lecture(0.9))
    for _ in range(2000):
        found = runner.take()
        if found is not None:
            break
        threading.Event().wait(0.005)
    assert found == told or "ZeroDivisionError" in found.error
    assert runner.take() is None
    assert not runner.is_busy


def test_why_there_was_no_map_is_not_told_of_the_next_one(runner, monkeypatch, caplog):
    def fail(*_):
        raise InputError("too many cells")

    with monkeypatch.context() as patched, caplog.at_level("INFO"):
        patched.setattr(rate_map.phase_map, "compute", fail)
        runner.follow("map", lecture(0.9))
        for _ in range(2000):
            if "map ended" in caplog.text:
                break
            threading.Event().wait(0.005)
        assert "map ended" in caplog.text
    assert runner.is_busy  # with what it has to tell
    runner.follow("surface", lecture(0.9))
    assert not runner.is_busy
    assert runner.take() is None


def test_stopping_waits_for_the_thread():
    runner = ChartRunner()
    runner.follow("map", lecture(0.9))
    runner.stop()
    assert not [thread for thread in threading.enumerate() if thread.name == "gdviz maps"]
    runner.stop()


def test_the_map_of_the_window_is_that_of_the_command_line(runner):
    runner.follow("map", lecture(0.9))
    chart = taken(runner, lambda chart: chart.is_complete and chart.grid.columns == 20)
    alone = phase_map(lecture(0.9), default_grid(lecture(0.9), 20))
    assert chart.losses.tobytes() == alone.losses.tobytes()
    assert (chart.needed == alone.needed).all()


def test_the_window_finds_the_regions_of_a_map_that_its_thread_classified(runner, monkeypatch):
    threads = []

    def classified(*arguments):
        threads.append(threading.current_thread().name)
        return classify(*arguments)

    monkeypatch.setattr(background, "classify", classified)
    recordings = (record(lecture(0.9)),)
    runner.follow("map", recordings[0].experiment)
    chart = taken(runner, lambda chart: chart.is_complete and chart.grid.columns == 20)
    assert Scene("T", recordings, Look(pane="map"), chart).frame(3).pictures["map"].background.phase_map is chart
    assert set(threads) == {"gdviz maps"}


def test_himmelblau_has_a_map_of_starting_points():
    assert PANES["basins"].refusal(Experiment(Himmelblau(), schedule=Constant(0.01))) is None
