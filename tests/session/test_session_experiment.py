"""Another experiment in a session: of the whole run, or of the rate from a step on."""

import math
import time
from dataclasses import replace

import pytest

from gdviz.core.data.settings import DataSettings
from gdviz.core.descent.schedules import Constant
from gdviz.session import edits
from tests.recordings import lecture
from tests.session.driving import LONG, is_whole_and_right

pytestmark = pytest.mark.unmeasured  # dear to measure; what it meets is met elsewhere


@pytest.mark.parametrize(
    "change",
    [
        lambda session: session.apply(edits.change, steps=350),
        lambda session: session.apply(edits.change, start=(2.0, 2.0)),
        lambda session: session.apply(edits.set_optimizer, "momentum", {"momentum": 0.8}),
        lambda session: session.apply(edits.set_optimizer, "nesterov", {}),
        lambda session: session.apply(edits.set_precision, "float64"),
        lambda session: session.set_data(DataSettings(rows=30, noise=0.5, seed=1)),
        lambda session: session.set_learning_rate(0.05),
        lambda session: session.set_learning_rate(0.0),
        lambda session: session.set_learning_rate(-0.1),
        lambda session: session.set_learning_rate(1e30),
    ],
)
def test_a_change_is_computed_anew_and_the_place_is_kept(driven, change):
    before = driven.at(40).session.state.experiment
    change(driven.session)
    assert driven.session.state.experiment != before
    assert is_whole_and_right(driven.finish())
    assert driven.session.player.frame.step == 40


def test_fewer_steps_than_the_place(driven):
    driven.at(150).session.apply(edits.change, steps=20)
    assert is_whole_and_right(driven.finish())
    assert driven.session.player.frame.step == 20


@pytest.mark.parametrize("name", ["rosenbrock", "himmelblau"])
def test_another_problem_starts_where_it_suits(driven, name):
    session = driven.at(40).session
    session.set_problem(name)
    assert is_whole_and_right(driven.finish())
    problem = session.state.experiment.problem
    assert problem.name == name
    assert session.state.experiment.start == problem.start
    assert session.state.experiment.schedule == Constant(problem.suggested_learning_rate)
    assert session.player.frame.step == 0
    assert "data" not in session.player.frame.pictures
    assert problem.title in driven.notices[-1]
    recording = session.runs.live
    session.set_data(DataSettings(rows=5))
    assert session.runs.live is recording


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda session: session.set_learning_rate(math.nan), "learning rate"),
        (lambda session: session.set_learning_rate(math.inf), "learning rate"),
        (lambda session: session.set_learning_rate(1e300), "learning rate"),
        (lambda session: session.scale_learning_rate(math.inf), "learning rate"),
        (lambda session: session.apply(edits.change, steps=0), "steps"),
        (lambda session: session.apply(edits.change, steps=10**7), "steps"),
        (lambda session: session.apply(edits.change, start=(math.nan, 0.0)), "start"),
        (lambda session: session.apply(edits.change, start=(0.0, 1e39)), "start"),
        (lambda session: session.apply(edits.set_optimizer, "adam's", {}), "optimizer"),
        (lambda session: session.apply(edits.set_optimizer, "momentum", {"momentum": 1.5}), "momentum"),
        (lambda session: session.set_data(DataSettings(slope=1e38, intercept=3.4e38)), "data"),
    ],
)
def test_what_cannot_be_is_said_and_everything_stays(driven, change, word):
    session = driven.at(12).session
    frame, recording, experiment, told = (
        session.player.frame,
        session.runs.live,
        session.state.experiment,
        len(driven.controls),
    )
    change(session)
    assert len(driven.notices) == 1
    assert word in driven.notices[0]
    assert "\n" not in driven.notices[0]
    assert session.player.frame is frame
    assert session.runs.live is recording
    assert session.state.experiment is experiment
    assert not session.runs.runner.is_running
    # The controls are shown as they stand, so that a field goes back.
    assert len(driven.controls) == told + 1
    before, after = driven.controls[-2:]
    assert after == replace(before, refusals=before.refusals + 1)


def test_while_playing_a_rate_counts_from_the_shown_step(driven):
    session = driven.at(20).session
    session.player.toggle_play()
    session.set_learning_rate(0.5)
    assert driven.notices == ["learning rate 0.5 from step 20 on"]
    assert [session.state.experiment.schedule(step) for step in (0, 19, 20, 200)] == [0.9, 0.9, 0.5, 0.5]
    assert driven.controls[-1].learning_rate == 0.5
    assert driven.controls[-1].step == 20  # and not 0 until something is computed
    assert is_whole_and_right(driven.finish())
    assert session.player.frame.step == 20
    assert session.player.playback.playing
    driven.tick(1.0)
    assert session.player.frame.step == 24


def test_at_rest_a_rate_counts_for_the_whole_run(driven):
    driven.at(20).session.set_learning_rate(0.5)
    assert driven.session.state.experiment == lecture(0.5)
    assert driven.notices == []
    assert is_whole_and_right(driven.finish())


def test_from_here_if_so_chosen(driven):
    session = driven.session
    session.apply(edits.set_changes_from_here, True)
    assert driven.controls[-1].changes_from_here
    session.set_learning_rate(0.8)
    assert session.state.experiment == lecture(0.8)
    driven.finish().at(60)
    session.set_learning_rate(0.1)
    assert session.state.experiment.schedule.changes == ((60, 0.1),)
    assert is_whole_and_right(driven.finish())
    driven.at(30)
    session.scale_learning_rate(0.5)
    assert session.state.experiment.schedule.changes == ((30, 0.4),)
    assert is_whole_and_right(driven.finish())
    session.apply(edits.set_changes_from_here, False)
    session.set_learning_rate(0.2)
    assert session.state.experiment == lecture(0.2)


def test_a_rate_is_scaled_from_what_it_is_now(driven):
    session = driven.at(20).session
    session.player.toggle_play()
    for _ in range(3):  # as fast as a key repeats, before anything is computed
        session.scale_learning_rate(0.5)
    assert session.state.experiment.schedule.changes == ((20, pytest.approx(0.9 / 8)),)
    assert driven.controls[-1].learning_rate == pytest.approx(0.9 / 8)
    assert is_whole_and_right(driven.finish())


def test_the_place_is_kept_while_a_slow_run_is_recomputed(drive):
    driven = drive(LONG).finish().at(39_000)
    session = driven.session
    session.player.toggle_play()
    for rate in (0.2, 0.3, 0.4):
        session.set_learning_rate(rate)
        assert session.state.experiment.schedule.changes == ((39_000, rate),)
        assert len(session.runs.live) > 30_000  # what stays the same is not computed again
        time.sleep(0.002)
        driven.tick()  # computed up to somewhere before the place; the next change comes in the middle
    assert is_whole_and_right(driven.finish())
    assert session.player.frame.step == 39_000


def test_a_rate_after_another_problem_counts_from_its_start(driven):
    session = driven.at(100).session
    session.player.toggle_play()
    session.set_problem("himmelblau")
    session.set_learning_rate(0.02)
    assert session.state.experiment.schedule == Constant(0.02)
    assert is_whole_and_right(driven.finish())
