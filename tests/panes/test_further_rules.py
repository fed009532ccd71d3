"""What the panes say of rules that gdviz does not have, above all where no limit is known."""

from functools import cache

import numpy as np
import pytest

from gdviz.controls.rate_scale import scale_of, zone_labels, zone_parts
from gdviz.core.analysis.basins import NOT_FINITE, basin_map
from gdviz.core.analysis.phase_map import MapGrid, phase_map
from gdviz.core.analysis.range_test import as_range_test
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant, RangeTest
from gdviz.core.problems.surfaces import Himmelblau
from gdviz.panes.basins.picture import build_basin_picture
from gdviz.panes.formula.pane import FormulaPane
from gdviz.panes.formula.picture import ONLY_A_RUN, build_formula_picture
from gdviz.panes.range_test.suggestions import SuggestionsPane
from gdviz.panes.rate_map.picture import build_map_picture
from gdviz.panes.rate_map.plot import MapPlot
from gdviz.panes.tape.pane import TapePane
from gdviz.panes.tape.picture import build_tape_picture
from gdviz.presentation.batch_notes import batch_notes
from gdviz.presentation.look import Look, TapeLook
from gdviz.presentation.numbers import bracketed, format_fixed
from gdviz.presentation.run_names import difference
from gdviz.session.controls import Zones, zones
from tests.frames import labels, make_frame, show_frame, with_pictures
from tests.panes.range_test.frames import rate_frame
from tests.panes.support import assert_words_stand_clear
from tests.recordings import lecture
from tests.seams import RULES, Backtracking, Broken, DecayedMomentum, Newton, SignDescent

WITHOUT_LIMIT = [Backtracking(), SignDescent()]
BATCHES = [None, 10]
GRID = MapGrid(1e-3, 10.0, 24, (1, 2, 5, 10, 20))
NO_LIMIT = "no limit is known"
FORMULA = Look(switched_on=frozenset({"formula"}))


@cache
def run(rule, rate=0.5, steps=20, batch_size=None):
    return record(lecture(rate, steps=steps, optimizer=rule, batch_size=batch_size))


# The arithmetic and the tape


@pytest.mark.parametrize("batch_size", BATCHES)
def test_decay_has_a_line_for_the_buffer_and_the_direction_each(batch_size):
    recording, buffer = run(DecayedMomentum(0.5, 0.25), batch_size=batch_size), np.zeros(2)
    for step in range(4):
        lines = build_tape_picture(recording, step).update
        slopes, point = recording.gradients[step], recording.points[step]
        following = np.float32(0.5) * buffer + slopes
        for index, name in enumerate("wb"):
            before, after, at = (format_fixed(pair[index]) for pair in (buffer, following, point))
            slope, direction = (format_fixed(pair[index]) for pair in (slopes, recording.directions[step]))
            sum_of = f"− {slope[1:]}" if slope.startswith("−") else f"+ {slope}"
            shown = f"0.5·v_{name} + ∂L/∂{name} = 0.5·{bracketed(before)} {sum_of} = {after}"
            assert lines[index] == f"v_{name} ← {shown}"
            shown = f"v_{name} + 0.25·{name} = {after} + 0.25·{bracketed(at)} = {direction}"
            assert lines[2 + index] == f"d_{name} = {shown}"
            update = " ".join(lines[4 + index].split())
            lead, _, rest = update.partition("0.5·")
            assert lead == f"{name} ← {name} − lr·d_{name} = {at} − "
            used = float(rest.partition(" ")[0].strip("()").replace("−", "-"))
            assert used == pytest.approx(float(recording.directions[step, index]), abs=5e-4)
        buffer = following


@pytest.mark.parametrize("batch_size", BATCHES)
def test_a_line_search_tells_the_size_that_it_found(batch_size):
    recording = run(Backtracking(), 1.0, batch_size=batch_size)
    for step in range(5):
        first = build_tape_picture(recording, step).update[0]
        slope, direction = recording.gradients[step, 0], recording.directions[step, 0]
        size = f"{direction / slope:g}"
        assert first == f"d_w = {size}·∂L/∂w = {size}·{bracketed(format_fixed(slope))} = {format_fixed(direction)}"


@pytest.mark.parametrize("rule", [kind() for kind in (*RULES, Broken)], ids=str)
@pytest.mark.parametrize("batch_size", BATCHES)
def test_the_tape_has_room_for_what_a_rule_says(new_pane, rule, batch_size):
    recording, pane = run(rule, 0.5, batch_size=batch_size), new_pane(TapePane, 960, 800, 1.4)
    for step in (0, 5, 7):
        picture = build_tape_picture(recording, step)
        assert picture.update_lines == len(picture.update)
        show_frame(pane, with_pictures(make_frame(look=Look(tape=TapeLook())), tape=picture))
        assert set(picture.update) <= set(labels(pane))
        assert_words_stand_clear(pane)


def test_numbers_that_break_are_shown_as_what_they_are():
    lines = build_tape_picture(run(Broken()), 6).update
    assert lines[0] == "d_w = 6·∂L/∂w = 6·NaN = NaN"
    assert lines[2] == "w ← w − lr·d_w =  NaN − 0.5·NaN    =  NaN"
    assert build_tape_picture(run(Broken()), 5).update[2].endswith("− 0.5·NaN    =  NaN")


# The slider


def texts(found, width=1200.0):
    return [label.text for label in zone_labels(found, scale_of(found), width, 8.0, lambda text: 8.0 * len(text))]


@pytest.mark.parametrize("rule", WITHOUT_LIMIT, ids=str)
@pytest.mark.parametrize("batch_size", BATCHES)
def test_the_slider_says_that_no_limit_is_known(rule, batch_size):
    found = zones(lecture(0.5, optimizer=rule, batch_size=batch_size), (0.0, 0.0))
    assert zone_parts(found, scale_of(found)) == ()
    assert texts(found) == [NO_LIMIT]
    assert texts(zones(Experiment(Himmelblau(), rule), (3.0, 2.0))) == [f"{NO_LIMIT} locally"]


def test_where_only_the_limit_is_known_the_slider_shows_that():
    found = zones(lecture(0.5, optimizer=DecayedMomentum()), (0.0, 0.0))
    assert [part.name for part in zone_parts(found, scale_of(found))] == ["diverge"]
    assert texts(found) == ["limit 1.46", "diverge"]
    assert texts(zones(lecture(0.5, optimizer=Newton()), (0.0, 0.0))) == [
        "steady",
        "overshoots from 1",
        "zigzag",
        "limit 2",
        "diverge",
    ]
    assert texts(Zones(None, 30.0, here=True)) == []


# The map of rates


@pytest.mark.parametrize("rule", WITHOUT_LIMIT, ids=str)
@pytest.mark.parametrize(("width", "height", "unit"), [(480, 260, 0.8), (730, 500, 0.95), (1100, 800, 1.7)])
def test_the_map_says_that_no_limit_is_known(new_pane, rule, width, height, unit):
    pane, recording = new_pane(MapPlot, width, height, unit), run(rule)
    chart = phase_map(recording.experiment, GRID)
    show_frame(pane, with_pictures(make_frame(look=Look(pane="map")), map=build_map_picture(chart, (recording,), 7)))
    assert f"({NO_LIMIT})" in labels(pane)
    assert not any("limit" in text for text in labels(pane) if text != f"({NO_LIMIT})")
    assert_words_stand_clear(pane)


def test_where_a_wall_says_it_the_map_has_no_word_of_it(new_pane):
    pane, recording = new_pane(MapPlot, 730, 500, 0.95), run(Newton())
    chart = phase_map(recording.experiment, GRID)
    show_frame(pane, with_pictures(make_frame(look=Look(pane="map")), map=build_map_picture(chart, (recording,), 7)))
    assert "limit 2" in labels(pane)
    assert f"({NO_LIMIT})" not in labels(pane)


# The range test


@pytest.mark.parametrize("rule", WITHOUT_LIMIT, ids=str)
@pytest.mark.parametrize("fresh_steps", [0, 5])
def test_the_range_test_says_that_no_limit_is_known(new_pane, rule, fresh_steps):
    swept = as_range_test(lecture(0.5, optimizer=rule), RangeTest(number=60, fresh_steps=fresh_steps))
    pane, shown = new_pane(SuggestionsPane, 520, 215, 0.85), rate_frame(record(swept))
    show_frame(pane, shown)
    assert "limit" not in labels(pane)
    assert shown.pictures["rates"].truth in labels(pane)
    assert shown.pictures["rates"].truth.startswith("No limit is known for this rule. ")
    assert len(shown.pictures["rates"].truth) <= 200
    assert_words_stand_clear(pane)


def test_on_a_surface_it_is_the_surface_that_has_no_limit():
    swept = as_range_test(Experiment(Himmelblau(), SignDescent()), RangeTest(number=60))
    assert rate_frame(record(swept)).pictures["rates"].truth.startswith("This loss has no one limit")


# The analytic solution


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        (SignDescent(), f"{NO_LIMIT}, and no formula tells the steps of this rule, only a run"),
        (Newton(), "no formula tells the steps of this rule, only a run"),
    ],
    ids=str,
)
def test_the_formula_says_why_it_does_not_tell_the_steps(rule, why):
    answer = build_formula_picture(run(rule, 1e-3), 3).answer
    assert (answer.steps, answer.reason) == ("not within these 20 steps", why)
    arrived = build_formula_picture(run(Newton(), 0.5), 3).answer
    assert (arrived.steps, arrived.reason) == ("4 steps", "as recorded in this run")
    surface = record(Experiment(Himmelblau(), rule, steps=1))
    assert build_formula_picture(surface, 0).answer.reason == ONLY_A_RUN


@pytest.mark.parametrize(("width", "height", "unit"), [(520, 215, 0.85), (566, 220, 0.935), (860, 380, 1.4)])
def test_there_is_room_for_why(new_pane, width, height, unit):
    pane, recording = new_pane(FormulaPane, width, height, unit), run(SignDescent(), 1e-3)
    picture = build_formula_picture(recording, 3)
    show_frame(pane, with_pictures(make_frame(look=FORMULA), formula=picture))
    assert picture.answer.reason in labels(pane)
    assert_words_stand_clear(pane)


def test_a_run_whose_numbers_broke_never_arrives():
    answer = build_formula_picture(run(Broken(1.0), 0.1), 3).answer
    assert (answer.steps, answer.reason) == ("never in this run", "the loss is not finite from step 2 on")


# Names


def test_each_rule_is_called_as_it_calls_itself():
    runs = [lecture(0.5, optimizer=kind()) for kind in RULES]
    assert difference(runs).texts == (
        "Backtracking",
        "Sign descent",
        "Damped Newton",
        "decayed momentum 0.9",
        "counted means",
    )


@pytest.mark.parametrize("rule", WITHOUT_LIMIT, ids=str)
def test_the_notes_of_a_batch_say_that_no_limit_is_known(rule):
    assert batch_notes(lecture(0.5, optimizer=rule, batch_size=10), 20) == (NO_LIMIT, "2 epochs of 100 rows")


@pytest.mark.parametrize("kind", [*RULES, Broken])
def test_the_map_of_starting_points_is_that_of_the_rule(kind):
    experiment = Experiment(Himmelblau(), kind(), Constant(0.01), steps=12)
    chart = basin_map(experiment, experiment.problem.box, 9)
    picture = build_basin_picture(chart, (record(experiment),), 3)
    assert picture.conditions == f"{kind.title} at learning rate 0.01, 12 steps"
    assert picture.not_finite == ("diverges" if (chart.minimum == NOT_FINITE).any() else "")
    assert (chart.minimum == NOT_FINITE).all() == (kind is Broken)
