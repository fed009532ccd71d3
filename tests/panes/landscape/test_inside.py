"""The arrows of a step: what they are, how long they are drawn, what is said of them, and how they grow."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdviz.core.box import Box
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.optimizers import Momentum, make_optimizer
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant
from gdviz.core.precision import Precision
from gdviz.core.problems.surfaces import Rosenbrock
from gdviz.panes.landscape.directions import GRADIENT_TONE, RULE_TONE, STEP_TONE, Direction
from gdviz.panes.landscape.inside import LONGEST, SHORTEST, build_inside, common_factor, grown, step_vectors
from gdviz.panes.landscape.landscape import height_at, sample_surface
from gdviz.panes.landscape.multiples import multiples
from gdviz.presentation.look import Look, View
from gdviz.scene.scene import Scene
from tests.core.descent.test_every_rule import each_rule, of
from tests.recordings import LECTURE, equal, invented, lecture, recorded

NAMES = {
    "gd": ["−gradient", "step"],
    "momentum": ["−gradient", "−v", "step"],
    "nesterov": ["−gradient", "−v", "−d", "step"],
    "adagrad": ["−gradient", "−d", "step"],
    "rmsprop": ["−gradient", "−d", "step"],
    "adadelta": ["−gradient", "−d", "step"],
    "adam": ["−gradient", "−m̂", "−d", "step"],
    "lion": ["−gradient", "−c", "−d", "step"],
    "rprop": ["−gradient", "step"],
    "newton": ["−gradient", "step"],
    "armijo": ["−gradient", "step"],
    "exact": ["−gradient", "step"],
    "bfgs": ["−gradient", "−p", "step"],
    "conjugate-gradient": ["−gradient", "−p", "step"],
}


def inside(recording, step, part=0.0, box=None):
    surface = sample_surface(recording.experiment.problem, box or recording.experiment.problem.box)
    return build_inside(recording, step, surface, surface.box, part, 0)


def way(direction, box):
    """From the point to the tip, in units of the parameters."""
    ends = direction.line[[0, -1], :2].astype(np.float64)
    return (ends[1] - ends[0]) * box.half


@pytest.mark.parametrize(("name", "names"), NAMES.items())
def test_the_arrows_are_those_of_the_rule_in_the_order_of_its_arithmetic(name, names):
    assert [vector.name for vector in step_vectors(record(of(make_optimizer(name, {}))), 3)] == names


def test_a_weight_decay_is_on_the_way():
    decaying = record(of(make_optimizer("adam", {"weight_decay": 0.1})))
    assert [vector.name for vector in step_vectors(decaying, 3)] == ["−gradient", "−g", "−m̂", "−d", "step"]
    wanted = -(decaying.gradients[3] + np.float32(0.1) * decaying.points[3])
    np.testing.assert_allclose(step_vectors(decaying, 3)[1].values, wanted, rtol=1e-6)


def test_the_gradient_of_a_batch_is_called_so():
    assert step_vectors(record(lecture(0.1, batch_size=10)), 0)[0].name == "−batch gradient"


@each_rule
@pytest.mark.parametrize("precision", Precision)
def test_the_step_ends_where_the_run_goes_on(rule, precision):
    recording = record(of(rule, precision=precision))
    for step in range(0, 29, 7):
        first, *_, last = step_vectors(recording, step)
        assert (first.tone, last.tone) == (GRADIENT_TONE, STEP_TONE)
        np.testing.assert_array_equal(first.values, -recording.gradients[step].astype(np.float64))
        assert (recording.points[step] + last.values.astype(precision.dtype)).tolist() == recording.points[
            step + 1
        ].tolist()


@each_rule
def test_the_rules_direction_always_has_the_same_tone(rule):
    *_, last, _ = step_vectors(record(of(rule)), 5)
    if rule.scales_with_rate and last.tone != GRADIENT_TONE:
        assert last.tone == RULE_TONE


def test_all_but_the_step_share_one_factor_in_parameter_space():
    problem = Rosenbrock()
    wide = Box((0.0, 0.0), (2.0, 40.0))
    recording = record(
        Experiment(problem, Momentum(), Constant(1e-3), (-1.0, 2.0), steps=10, precision=Precision.FLOAT64)
    )
    surface = sample_surface(problem, wide)
    found = build_inside(recording, 4, surface, wide, 0.0, 0)
    vectors = {vector.name: vector.values for vector in step_vectors(recording, 4)}
    factors = {one.name: way(one, wide) / vectors[one.name] for one in found.directions if one.name in vectors}
    assert "the others ×" in found.note
    said = float(found.note.partition("×")[2].partition(";")[0])
    for name, factor in factors.items():
        wanted = 1.0 if name == "step" else said
        np.testing.assert_allclose(factor, wanted, rtol=1e-3)
    sizes = [np.hypot(*(way(one, wide) / wide.half)) for one in found.directions if one.tone != STEP_TONE]
    assert 0.39 * LONGEST <= max(sizes) <= 1.0001 * LONGEST


@given(st.lists(st.floats(1e-300, 1e300), min_size=1, max_size=4))
def test_the_factor_is_round_and_the_longest_arrow_fits(sizes):
    factor = common_factor(sizes)
    assert f"{factor:.0e}"[0] in "125"
    assert float(f"{factor:.0e}") == factor
    # From 0.3 to 0.75 of half the box, or a little more for the factor of just that length.
    assert 0.39 * LONGEST <= factor * max(sizes) <= 1.000001 * LONGEST


def test_nothing_is_as_long_as_it_is_not():
    assert common_factor([0.0, np.inf, np.nan]) == common_factor([])
    assert 0 < common_factor([]) <= 1


def test_the_arrows_lie_on_the_surface_and_the_step_is_straight():
    recording = recorded("momentum")
    surface = sample_surface(LECTURE, LECTURE.box)
    gradient, rule, step = inside(record(lecture(0.1, optimizer=Momentum())), 2).directions
    for one in (gradient, rule):
        np.testing.assert_allclose(one.line[:, 2], height_at(LECTURE, surface, one.line[:, :2]), atol=1e-5)
    assert len(step.line) == 2
    assert recording is recorded("momentum")


def test_an_arrow_that_leaves_the_box_is_cut_off_there_and_this_is_said():
    found = inside(record(lecture(10.0)), 0)
    step = found.directions[-1]
    assert step.is_cut
    assert np.abs(step.line[-1, :2]).max() == 1.0
    assert found.note == "next step in true length; −gradient ×0.5; step cut off at the edge"


def test_a_gradient_of_zero_and_short_steps_are_said():
    assert inside(invented(points=[LECTURE.minima[0]] * 3), 0).note == "−gradient and step are 0"
    short = inside(record(lecture(1e-5)), 0)
    assert short.note == "−gradient ×0.5; step is too short to draw"
    assert [one.name for one in short.directions] == ["−gradient"]
    assert all(np.ptp(one.line[:, :2]) >= SHORTEST / 2 for one in short.directions)


def test_without_a_step_the_arrows_that_share_the_factor_are_named():
    short = inside(record(lecture(1e-5, optimizer=make_optimizer("momentum", {}))), 2)
    assert short.note.startswith("−gradient and −v ×")
    assert "the others" not in short.note


def test_a_point_out_of_view_or_off_every_map_has_no_arrows():
    ten = recorded("ten")
    assert (inside(ten, 5).directions, inside(ten, 5).note) == ((), "the point is out of view")
    assert (inside(ten, 150).directions, inside(ten, 150).note) == ((), "")


@each_rule
@pytest.mark.parametrize("view", View)
def test_every_moment_of_every_rule_can_be_drawn(rule, view):
    recording = record(of(rule, rate=0.9))
    scene = Scene("", (recording,), Look(inside=True, view=view))
    for moment in (0, 0.2, 1.5, 7, 29.9, 30):
        for one in scene.frame(moment).landscape.inside.directions:
            assert np.isfinite(one.line).all()
            assert np.abs(one.line[:, :2]).max() <= 1.0
            assert 0.0 <= one.grown <= 1.0


# A step in its parts


def test_one_arrow_after_the_other_grows_and_on_the_step_all_are_there():
    recording = record(lecture(0.1, optimizer=Momentum()))
    scene = Scene("", (recording,), Look(inside=True))
    parts = [scene.frame(3 + number / 60).landscape.inside for number in range(61)]
    sizes = np.array([[one.grown for one in part.directions] for part in parts])
    assert sizes[0].tolist() == sizes[60].tolist() == [1.0, 1.0, 1.0]
    between = sizes[1:60]
    assert (np.diff(between, axis=0) >= 0).all()
    assert between[18].tolist() == [1.0, 0.0, 0.0]
    assert between[38].tolist() == [1.0, 1.0, 0.0]
    assert between[-1].tolist() == [1.0, 1.0, 1.0]
    assert all(any(0 < size < 1 for size in column) for column in between.T)


def test_whole_moments_are_those_without_arrows_but_for_the_arrows():
    for name in ("tenth", "ten", "momentum"):
        with_arrows, without = (Scene("", (recorded(name),), Look(inside=on)) for on in (True, False))
        for step in (0, 3, 200):
            plain, shown = without.frame(step), with_arrows.frame(step)
            assert plain.landscape.inside is None
            assert shown.landscape.notes[-len(plain.landscape.notes) :] == plain.landscape.notes
            rows = plain.landscape.note_rows
            # Labels of earlier boxes stand below as many rows.
            same = {"note_rows": rows, "before": plain.landscape.before}
            bare = replace(shown.landscape, inside=None, notes=plain.landscape.notes, **same)
            pictures = {**shown.pictures, "surface": bare}
            assert equal(replace(shown, look=plain.look, landscape=bare, pictures=pictures), plain)


def test_after_the_last_step_nothing_is_on_its_way():
    short, long = record(lecture(0.1, steps=4)), record(lecture(0.2, steps=9))
    scene = Scene("", (short, long), Look(inside=True))
    assert {one.grown for one in scene.frame(6.5).landscape.inside.directions} == {1.0}


def test_the_scale_stands_still_while_the_box_grows():
    scene = Scene("", (recorded("ten"),), Look(inside=True))
    step = next(step for step in range(50) if scene.box_changes_after(step))
    notes = [scene.frame(step + part).landscape.notes[0].split(";")[:2] for part in (0.0, 0.2, 0.5, 0.9)]
    assert all(a == b for a, b in pairwise(notes))


def test_what_is_drawn_of_an_arrow_grows_evenly_from_the_point():
    line = np.column_stack([np.linspace(0.0, 0.8, 33), np.zeros(33), np.ones(33)]).astype(np.float32)
    for part in (0.001, 0.25, 0.3, 0.999):
        drawn = Direction("", 0, line, part).drawn
        np.testing.assert_allclose(drawn[-1], (0.8 * part, 0.0, 1.0), atol=1e-6)
        assert drawn[0].tolist() == line[0].tolist()
    assert Direction("", 0, line).drawn is line
    assert not len(Direction("", 0, line, 0.0).drawn)


@given(st.floats(0.0, 1.0, exclude_max=True), st.integers(1, 5))
def test_never_do_two_arrows_grow_at_once(part, count):
    sizes = [grown(part, place, count) for place in range(count)]
    assert sorted(sizes, reverse=True) == sizes
    assert sum(0 < size < 1 for size in sizes) <= 1


# Several runs


def test_in_a_race_the_live_run_has_the_arrows():
    runs = tuple(record(lecture(rate)) for rate in (0.1, 0.7))
    frame = Scene("", runs, Look(inside=True), styles=(2, 0)).frame(3)
    arrows = frame.landscape.inside
    assert arrows.style == 2
    assert frame.landscape.notes[0] == f"arrows of 0.1: {arrows.note}"
    np.testing.assert_array_equal(arrows.directions[0].line[0, :2], np.float32(frame.landscape.paths[0].current[:2]))
    each = multiples(frame.landscape, frame.legend)
    assert [one.landscape.inside is not None for one in each] == [one.legend.live == 2 for one in each]
    (live,) = (one.landscape for one in each if one.landscape.inside)
    assert live.notes[-1] == arrows.scale == "arrows ×1, step ×1"
