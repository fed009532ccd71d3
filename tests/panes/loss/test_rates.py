"""The strip of the learning rates above the loss: where it is, what it shows, and that it stands still."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QToolTip

from gdviz.core.analysis.rate_limit import global_stability_limit
from gdviz.core.descent.optimizers import Momentum, make_optimizer
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant, fitted_settings, make_schedule, selectable_schedules
from gdviz.core.precision import Precision
from gdviz.core.problems.surfaces import Rosenbrock
from gdviz.core.scenarios.library import load_scenario
from gdviz.panes.loss import plot as plot_module
from gdviz.panes.loss.picture import build_loss_picture
from gdviz.panes.loss.plot import LossPlot
from gdviz.panes.loss.rates import MOST_SAMPLES, build_rate_strip
from gdviz.panes.loss.strip import NAME, strip_names
from gdviz.plotting.shapes import circle
from gdviz.presentation.look import Look, StepScale, Theme, View
from gdviz.presentation.palette import PALETTES
from gdviz.presentation.run_names import STYLES
from tests.frames import SIZES, around, labels, make_frame, pixels, resembles, show_frame
from tests.panes.support import ask_for_tip, assert_words_stand_clear
from tests.recordings import lecture

NAMES = [name for name in selectable_schedules() if name != "constant"]
each = pytest.mark.parametrize("name", NAMES)


@cache
def run(name, rate=0.9, steps=200, momentum=False, warm_up=0, **rest):
    """A recorded run of the lecture's problem with the schedule, fitted to it."""
    optimizer = {"optimizer": Momentum()} if momentum else {}
    settings = fitted_settings(name, {"warmup_steps": warm_up}, Constant(rate), steps, momentum)
    return record(lecture(rate, schedule=make_schedule(name, rate, settings), steps=steps, **optimizer, **rest))


def strip(*recordings, step=100):
    return build_rate_strip(recordings, step, STYLES)


def test_where_no_rate_varies_there_is_none():
    assert strip(record(lecture(0.9, steps=20)), record(lecture(0.1, steps=20)), step=20) is None
    assert build_loss_picture((record(lecture(0.9, steps=20)),), 20, Look()).rates is None
    beside = strip(record(lecture(0.9)), run("cosine"))
    assert len(beside.curves) == 2


@pytest.mark.parametrize("name", ["newton", "rprop"])
def test_a_rule_that_does_not_read_the_rates_is_not_on_it(name):
    schedule = Constant(1.0) if name == "newton" else run("free").experiment.schedule
    without = record(lecture(1.0, optimizer=make_optimizer(name, {}), schedule=schedule))
    assert strip(without) is None
    for runs in ((without, run("free")), (run("free"), without)):
        found, style = strip(*runs), STYLES[0 if runs[1] is without else 1]
        assert [curve.style for curve in found.curves] == [style]
        assert found.value_range == strip(run("free")).value_range
        assert bool(found.handles) == (runs[1] is without)  # only the live run can be dragged


@each
def test_up_to_the_step_it_is_what_was_used_and_beyond_what_is_known(name):
    recording = run(name, warm_up=10)
    found = strip(recording, step=60)
    (curve,) = found.curves
    used = recording.learning_rates[:61].astype(np.float64)
    np.testing.assert_allclose(curve.values, np.log10(used) if found.is_log else used)
    assert curve.current == (60.0, curve.values[-1])
    schedule = recording.experiment.schedule
    assert curve.is_known == schedule.is_predetermined
    if schedule.is_predetermined:
        rates = np.array([schedule(step) for step in range(201)])
        np.testing.assert_allclose(curve.all_values, np.log10(rates) if found.is_log else rates)


@each
@pytest.mark.parametrize("momentum", [False, True])
def test_the_axis_stands_still_and_holds_everything(name, momentum):
    recording = run(name, momentum=momentum)
    strips = [strip(recording, step=step) for step in (0, 1, 50, 199, 200)]
    assert len({(one.is_log, one.value_range) for one in strips}) == 1
    low, high = strips[0].value_range
    for one in strips:
        drawn = [*(curve.values for curve in one.curves), *(curve.all_values for curve in one.curves)]
        for values in (*drawn, *(limit.values for limit in one.limits)):
            assert ((values >= low) & (values <= high)).all()


def test_it_is_logarithmic_where_much_of_it_is_small():
    is_log = {name: strip(run(name)).is_log for name in NAMES}
    assert {name for name, log in is_log.items() if log} >= {"step", "multi-step", "exponential"}
    assert not any(is_log[name] for name in ("cosine", "cosine-restarts", "cyclic", "one-cycle", "polynomial", "free"))
    assert strip(record(lecture(0.9).with_learning_rate(0.01, 100))).is_log
    assert not strip(record(lecture(0.9).with_learning_rate(-0.01, 100))).is_log
    assert not strip(record(lecture(0.9).with_learning_rate(0.0, 100))).is_log
    assert strip(record(lecture(0.0).with_learning_rate(0.0, 1))).value_range[0] < 0.0


@pytest.mark.parametrize(
    "rates", [(1e308, -1.7e308, 0.5), (1e308, 1e308, 1e308), (0.0, 0.0, 0.0), (-1e-300, 0, 1e-300)]
)
def test_rates_at_the_ends_of_double_precision(plot, rates):
    schedule = make_schedule("free", 0.1, {"points": tuple(zip((0, 4, 9), rates, strict=True))})
    recording = record(lecture(0.1, schedule=schedule, steps=9, precision=Precision.FLOAT64))
    low, high = strip(recording, step=9).value_range
    assert np.isfinite([low, high, high - low]).all()
    assert low < high
    shown(plot, recording, step=9)
    assert len(plot.grids) == 2


def test_the_limit_is_a_line_with_its_name():
    (limit,) = strip(run("cosine")).limits
    known = global_stability_limit(run("cosine").experiment)
    assert (limit.style, limit.label) == (None, "2/L = 0.775")
    assert limit.values.tolist() == [known, known]
    assert strip(run("cosine", rate=0.1)).limits == ()
    assert len(strip(run("cosine"), run("step")).limits) == 1


def test_a_limit_follows_the_momentum_of_the_schedule():
    recording = run("one-cycle", momentum=True)
    (limit,) = strip(recording).limits
    at = {step: global_stability_limit(recording.experiment.at(int(step))) for step in limit.steps}
    assert limit.values.tolist() == pytest.approx(list(at.values()))
    assert limit.values.max() > limit.values.min() * 1.01
    assert limit.label == "limit: 1.43 to 1.51"


def test_runs_with_limits_of_their_own_have_a_line_each():
    found = strip(run("cosine"), run("cosine", momentum=True), step=50)
    assert [limit.style for limit in found.limits] == [0, 1]
    found = strip(run("cosine"), run("cosine", momentum=True), run("step"), step=50)
    assert [limit.style for limit in found.limits] == [None, 1]


def test_where_no_limit_is_known_there_is_no_line():
    recording = record(lecture(0.001, problem=Rosenbrock(), schedule=make_schedule("cosine", 0.001, {}), steps=20))
    assert strip(recording, step=9).limits == ()


def test_a_million_steps_are_some_thousand_points():
    schedule = make_schedule("step", 0.9, {"step_size": 10_000})
    (curve,) = strip(record(lecture(0.9, schedule=schedule, steps=20_000)), step=20_000).curves
    assert len(curve.all_steps) <= MOST_SAMPLES
    assert len(curve.steps) <= 3 * MOST_SAMPLES


# As drawn


@pytest.fixture
def plot(new_pane):
    return new_pane(LossPlot, 560, 300)


def shown(plot, *recordings, step=100, **look):
    look = Look(**look)
    show_frame(plot, make_frame(loss=build_loss_picture(recordings, step, look), look=look))
    return plot


@pytest.mark.parametrize("theme", Theme)
def test_solid_up_to_the_step_and_faint_beyond(plot, theme):
    shown(plot, run("polynomial", rate=0.5), view=View.HOLD, theme=theme)
    below, above = plot.grids
    assert (above.area.left(), above.area.right()) == (below.area.left(), below.area.right())
    assert above.area.bottom() < below.area.top()
    colour, image = PALETTES[theme].runs[0], pixels(plot)
    schedule = run("polynomial", rate=0.5).experiment.schedule
    solid, faint = (around(image, above.place(step, schedule(step)), 1) for step in (50, 160))
    assert resembles(solid, colour).any()
    assert not resembles(faint, colour).any()
    assert not resembles(faint, PALETTES[theme].background).all()


@pytest.mark.parametrize(("width", "height", "unit"), SIZES)
@each
def test_its_words_stand_clear(plot, name, width, height, unit):
    plot.resize(width, height)
    plot.set_unit(unit)
    shown(plot, run(name), step=200)
    assert_words_stand_clear(plot)
    has_strip = len(plot.grids) == 2
    assert ("RATE AND LOSS AGAINST STEP" in labels(plot), "LOSS AGAINST STEP" in labels(plot)) == (
        has_strip,
        not has_strip,
    )


@each
def test_its_names_do_not_move(plot, name):
    places = set()
    for step in (20, 90, 150, 200):
        shown(plot, run(name), step=step, view=View.HOLD)
        names = [words for words in plot.words if NAME in words.text or words.text.startswith("2/L")]
        places.add(tuple((words.text, words.rect.getRect()) for words in names))
    assert len(places) == 1


@each
def test_the_places_of_its_names_are_looked_for_once_for_all_steps(plot, name, monkeypatch):
    """With four runs that takes longer than all else in the pane; other runs, size or colours need other names."""
    looked = []

    def counted(*how):
        looked.append(how)
        return strip_names(*how)

    monkeypatch.setattr(plot_module, "strip_names", counted)
    for step in (20, 90, 150, 200):
        shown(plot, run(name), step=step, view=View.HOLD).draw()
    assert len(looked) == 1
    shown(plot, run(name, rate=0.8), view=View.HOLD).draw()
    assert len(looked) == 2
    shown(plot, run(name, rate=0.8), view=View.HOLD, theme=Theme.DARK).draw()
    plot.resize(500, 300)
    shown(plot, run(name, rate=0.8), view=View.HOLD, theme=Theme.DARK).draw()
    assert len(looked) == 4


def test_its_name_stands_clear_of_the_markers_on_their_way(plot):
    runs = [run(name) for name in ("cosine-restarts", "cyclic", "exponential", "reduce-on-plateau")]
    for step in (1, 3, 5):
        show_frame(plot, make_frame(build_loss_picture(runs, step, Look())))
        name = next(words.rect for words in plot.words if words.text.startswith(NAME))
        strip, grid = plot.picture.rates, plot.grids[1]
        for place in (grid.place(*curve.current) for curve in strip.curves):
            assert not name.intersects(circle(place, 5.5 * plot._unit).boundingRect()), step


def test_the_name_of_a_limit_stands_off_the_lines_where_it_can(plot):
    scenario = load_scenario("one-cycle")
    runs = [record(experiment) for experiment in (scenario.experiment, *scenario.others)]
    plot.resize(330, 440)
    plot.set_unit(0.86)
    shown(plot, *runs, step=30)
    name = next(words.rect for words in plot.words if words.text.startswith("2/L"))
    for curve in plot.picture.rates.curves:
        places = map(plot.grids[1].place, curve.all_steps.tolist(), curve.all_values.tolist())
        assert not any(name.contains(place) for place in places)


def test_a_short_logarithmic_axis_has_more_than_one_number(plot):
    """There was 0.05 alone."""
    shown(plot, run("inverse-sqrt", rate=0.1, momentum=True))
    assert len(plot.grids[1].y_ticks.major) >= 2


def test_a_click_in_it_goes_to_the_step(plot, qtbot):
    shown(plot, run("cosine"), view=View.HOLD, step_scale=StepScale.LINEAR)
    (_, above), heard = plot.grids, []
    plot.step_clicked.connect(heard.append)
    qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=QPoint(round(above.x(50)), round(above.area.center().y())))
    assert heard == [pytest.approx(50, abs=1)]


def test_in_a_small_pane_the_loss_stands_alone(plot):
    shown(plot, run("cosine"))
    assert len(plot.grids) == 2
    plot.resize(300, 150)
    shown(plot, run("cosine"))
    assert len(plot.grids) == 1
    assert plot.grid.area.contains(QPointF(plot.grid.area.center()))


# The handles of a free schedule

POINTS = ((0, 0.1), (50, 0.6), (200, 0.2))


def free(warm_up=0, points=POINTS):
    schedule = make_schedule("free", 0.1, {"points": points, "warmup_steps": warm_up})
    return record(lecture(0.1, schedule=schedule, steps=200))


@pytest.mark.parametrize("warm_up", [0, 30])
def test_the_handles_are_the_points_of_the_live_run(warm_up):
    found = strip(free(warm_up), run("cosine"))
    assert found.handles == tuple((step + warm_up, rate) for step, rate in POINTS)
    assert strip(run("cosine"), free(warm_up)).handles == ()


def test_the_axis_has_room_for_the_handles_only_where_they_can_be_dragged():
    rprop = record(replace(free().experiment, optimizer=make_optimizer("rprop", {})))
    for one, has_room in ((free(), True), (rprop, False)):
        picture = build_loss_picture((one,), 3, Look())
        assert bool(picture.rates and picture.rates.handles) == has_room
        assert (picture.step_range[1] == 200) == has_room


def dragged(plot, begin, *places):
    """Press, move and release the mouse; what the plot says of it."""
    heard = []
    plot.handle_pressed.connect(lambda: heard.append("pressed"))
    plot.handle_dragged.connect(lambda *to: heard.append(to))
    plot.handle_released.connect(lambda: heard.append("released"))
    plot.step_clicked.connect(lambda step: heard.append(("clicked", step)))
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    kinds = QEvent.Type
    events = [(kinds.MouseButtonPress, begin, left), *((kinds.MouseMove, place, none) for place in places)]
    for kind, place, button in [*events, (kinds.MouseButtonRelease, places[-1], left)]:
        QApplication.sendEvent(plot, QMouseEvent(kind, place, place, button, left, Qt.KeyboardModifier.NoModifier))
    return heard


@pytest.mark.parametrize("warm_up", [0, 30])
def test_a_handle_is_dragged_to_a_step_and_rate(plot, warm_up):
    shown(plot, free(warm_up), view=View.HOLD)
    grid = plot.grids[1]
    heard = dragged(plot, grid.place(50 + warm_up, 0.6), grid.place(70, 0.5), grid.place(120, -5.0))
    assert (heard[0], heard[-1]) == ("pressed", "released")
    (index, step, rate), (_, last, lowest) = heard[1:-1]
    assert (index, step, last) == (1, pytest.approx(70, abs=1), pytest.approx(120, abs=1))
    assert (rate, lowest) == (pytest.approx(0.5, abs=0.02), 0.0)


def test_handles_of_steps_still_to_come_can_be_dragged(plot):
    shown(plot, free(), step=3)
    heard = dragged(plot, plot.grids[1].place(200, 0.2), plot.grids[1].place(200, 0.4))
    assert heard[1] == (2, 200, pytest.approx(0.4, abs=0.02))


def test_beside_a_handle_a_press_goes_to_the_step(plot):
    shown(plot, free(), view=View.HOLD)
    grid = plot.grids[1]
    heard = dragged(plot, grid.place(120, 0.6), grid.place(130, 0.1))
    assert heard == [("clicked", pytest.approx(120, abs=1))]


def test_a_handle_that_is_hovered_tells_its_rate(plot, no_tip_left):
    shown(plot, free(), view=View.HOLD)
    ask_for_tip(plot, plot.grids[1].place(50, 0.6))
    assert QToolTip.text() == "learning rate 0.6 at step 50; drag it"
