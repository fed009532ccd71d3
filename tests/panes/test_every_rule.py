"""What the panes say of every rule that gdviz has: tape, legend, notes, maps and ghost."""

import re

import numpy as np
import pytest

from gdviz.core.analysis.basins import basin_map
from gdviz.core.analysis.range_test import as_range_test
from gdviz.core.analysis.rate_limit import NO_LIMIT, OWN_LENGTH
from gdviz.core.descent.optimizers import OPTIMIZERS
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant, RangeTest
from gdviz.core.precision import Precision
from gdviz.core.problems.surfaces import Himmelblau
from gdviz.panes.basins.picture import build_basin_picture
from gdviz.panes.formula.picture import build_formula_picture
from gdviz.panes.landscape.ghost import GHOST_STEPS, next_points
from gdviz.panes.range_test.picture import build_rate_picture
from gdviz.panes.tape.pane import TapePane
from gdviz.panes.tape.picture import build_tape_picture
from gdviz.presentation.batch_notes import batch_notes
from gdviz.presentation.look import Look, TapeLook
from gdviz.presentation.run_names import difference
from tests.frames import labels, make_frame, show_frame, with_pictures
from tests.panes.support import assert_words_stand_clear
from tests.recordings import lecture
from tests.seams import WITH_RATE

KINDS = tuple(OPTIMIZERS.values())
LINEAR = ("gd", "momentum", "nesterov")
NUMBER = re.compile(r"−?(?:\d+\.\d{3}|\d[\d.e−]*)$")


def run(kind, **fields):
    rule = kind()
    return lecture(0.05 if rule.takes_learning_rate else 1.0, **{"optimizer": rule, "steps": 40, **fields})


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("batch_size", [None, 10])
@pytest.mark.parametrize(("width", "height", "unit"), [(700, 660, 0.95), (960, 800, 1.4)])
def test_the_tape_has_room_for_what_a_rule_says(new_pane, kind, batch_size, width, height, unit):
    recording, pane = record(run(kind, batch_size=batch_size)), new_pane(TapePane, width, height, unit)
    for step in (0, 7):
        picture = build_tape_picture(recording, step)
        assert picture.update_lines == len(picture.update)
        assert all(NUMBER.search(line) for line in picture.update)
        show_frame(pane, with_pictures(make_frame(look=Look(tape=TapeLook())), tape=picture))
        assert set(picture.update) <= set(labels(pane))
        assert_words_stand_clear(pane)


@pytest.mark.parametrize("kind", KINDS)
def test_the_ghost_is_the_runs_own_future(kind):
    recording = record(run(kind))
    np.testing.assert_array_equal(next_points(recording, 9), recording.points[9 : 10 + GHOST_STEPS])


def test_all_have_names_of_their_own_in_a_legend():
    texts = difference([run(kind) for kind in KINDS]).texts
    assert {"Adam", "Newton's method", "momentum 0.9"} <= set(texts)
    assert len(set(texts)) == len(KINDS)
    assert max(map(len, texts)) <= 30


@pytest.mark.parametrize("kind", KINDS)
def test_the_notes_of_a_batch_say_what_is_known(kind):
    first = batch_notes(run(kind, batch_size=10), 20)[0]
    if kind.name in LINEAR:
        assert "limit of batches" in first
    else:
        assert first == (NO_LIMIT if kind.takes_learning_rate else OWN_LENGTH)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.name not in LINEAR])
def test_the_formula_says_why_it_does_not_tell_the_steps(kind):
    answer = build_formula_picture(record(run(kind, steps=1)), 0).answer
    if answer.reason != "as recorded in this run":  # as of a rule that is there after one step
        known = "" if not kind.takes_learning_rate else f"{NO_LIMIT}, and "
        assert answer.reason == f"{known}no formula tells the steps of this rule, only a run"


@pytest.mark.parametrize("kind", WITH_RATE)
@pytest.mark.parametrize("fresh_steps", [0, 5])
def test_the_range_test_says_what_is_known_of_the_limit(kind, fresh_steps):
    swept = as_range_test(run(kind), RangeTest(number=60, fresh_steps=fresh_steps))
    told = build_rate_picture(record(swept), swept.steps).truth
    others = ("a larger end", "fresh start") if kind.name == "rprop" else ("a larger end",)
    is_other = any(words in told for words in others)
    assert told.startswith("No limit is known for this rule. ") == (kind.name not in LINEAR) or is_other


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not kind.needs_quadratic])
def test_the_map_of_starting_points_is_that_of_the_rule(kind):
    rule = kind()
    experiment = lecture(0.01 if rule.takes_learning_rate else 1.0, problem=Himmelblau(), optimizer=rule, steps=12)
    chart = basin_map(experiment, experiment.problem.box, 7)
    picture = build_basin_picture(chart, (record(experiment),), 3)
    rate = ", 12 steps" if not rule.takes_learning_rate else " at learning rate 0.01, 12 steps"
    assert picture.conditions == f"{'' if kind.name == 'gd' else rule.title}{rate}".strip()


def test_a_rate_of_zero_moves_nothing_unless_it_is_only_the_first_size():
    for kind in WITH_RATE:
        moved = np.diff(record(run(kind, schedule=Constant(0.0), steps=3, precision=Precision.FLOAT64)).points, axis=0)
        assert moved.any() == (not kind.scales_with_rate)
        assert np.abs(moved).max() == pytest.approx(0.0, abs=2e-6)  # Rprop's smallest size is 1e-6
