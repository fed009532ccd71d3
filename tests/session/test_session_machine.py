"""Whatever is done to a session in whatever order, what is shown is a moment of the run that is shown."""

import math
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from gdviz.animation.playback import BASE_SPEED, SPEEDS
from gdviz.core.data.settings import DataSettings
from gdviz.core.descent.schedules import Constant, RangeTest
from gdviz.core.problems.capabilities import HasData
from gdviz.core.problems.reductions import REDUCTIONS
from gdviz.core.problems.regression import LinearRegression
from gdviz.panes.registry import optional_panes
from gdviz.presentation.arithmetic import arithmetic
from gdviz.presentation.look import DataPane, LossScale, View
from gdviz.session import edits
from gdviz.session.loading import data_generator as data_maker
from tests.recordings import equal
from tests.session.machine import UsedSession, recorded, wait_for_data

MANY = 40
"""So many rows are generated in a thread here."""
RATES = st.sampled_from([0.0, -0.1, 0.05, 0.5, 0.9, 1.0, 10.0, 1e30, math.nan, math.inf])


class AnyUse(UsedSession):
    """Whatever is done in whatever order, what is shown is a moment of the run of the recipe that is shown."""

    @rule(seconds=st.sampled_from([0.0, 0.016, 0.1, 1.0, 30.0]), computed=st.booleans())
    def let_time_pass(self, seconds, computed):
        if computed:
            self.session.runs.runner.channel.finished.wait(5)
            wait_for_data(self.session.timeline.generator)
        self.clock.now += seconds
        self.session.tick()
        if self.session.runs.last_step < 0:
            return
        session, frame = self.session, self.frames[-1]
        assert frame is session.player.frame
        assert frame.step == session.player.playback.step == session.controls().step
        assert frame.look == session.state.look
        assert frame.arithmetic == arithmetic(session.runs.live, min(frame.step, session.runs.live.last_step))
        assert equal(frame, self.shown().frame(session.player.moment, pace=BASE_SPEED * session.player.playback.speed))
        if not (session.is_busy):
            assert not session.timer.isActive()
            assert session.player.moment == frame.step

    @rule()
    def pin(self):
        session = self.session
        is_new = not any(session.state.experiment.is_same_run(experiment) for experiment, _ in self.pins)
        if is_new and len(self.pins) < 3 and not isinstance(session.state.experiment.schedule, RangeTest):
            self.pins.append((session.state.experiment, session.state.style))
        session.apply(edits.pin)

    @rule(place=st.integers(0, 2))
    def unpin(self, place):
        if place < len(self.pins):
            del self.pins[place]
            self.session.apply(edits.unpin, place)

    @rule()
    def unpin_all(self):
        self.pins = []
        self.session.apply(edits.unpin_all)

    @rule()
    def race(self):
        before = self.session.state.experiment
        self.session.apply(edits.race)
        if not isinstance(before.schedule, RangeTest):
            rates = [0.01, 0.1, 0.7, 0.9]
            runs = [before.with_learning_rate(rate) for rate in rates]
            if isinstance(before.schedule, Constant):
                assert runs == [replace(before, schedule=Constant(rate)) for rate in rates]
            live = runs.index(before) if before in runs else 3
            self.pins = [(run, style) for style, run in enumerate(runs) if style != live]
            assert self.session.state.experiment == runs[live]
            assert [run.schedule.base_rate for run in runs] == rates
            assert self.session.state.style == live

    @rule()
    def play_or_pause(self):
        self.session.player.toggle_play()

    @rule(steps=st.sampled_from([1, 1, 1, -1, 10, -10]))
    def step(self, steps):
        self.session.player.step_by(steps)

    @rule(step=st.integers(-3, 120))
    def seek(self, step):
        self.session.player.seek(step)

    @rule()
    def seek_the_end(self):
        self.session.player.seek_end()

    @rule(rate=RATES)
    def set_rate(self, rate):
        before = self.session.state.experiment
        self.session.set_learning_rate(rate)
        if not math.isfinite(rate):
            assert self.session.state.experiment is before

    @rule(factor=st.sampled_from([1.1, 0.1, 10.0]))
    def scale_rate(self, factor):
        self.session.scale_learning_rate(factor)

    @rule(chosen=st.booleans())
    def from_here(self, chosen):
        self.session.apply(edits.set_changes_from_here, chosen)

    @rule(steps=st.sampled_from([-1, 0, 1, 9, 40, 100]))
    def change_steps(self, steps):
        self.session.apply(edits.change, steps=steps)

    @rule(start=st.sampled_from([(0.0, -1.0), (3.0, 3.0), (1e30, -1e30), (math.nan, 0.0), (1e39, 0.0)]))
    def change_start(self, start):
        self.session.apply(edits.change, start=start)

    @rule(name=st.sampled_from(["constant", "plateau", "cycle", "range-test"]))
    def change_schedule(self, name):
        self.session.apply(edits.set_schedule, name, {})

    @rule(name=st.sampled_from(["float32", "float64"]))
    def change_precision(self, name):
        self.session.apply(edits.set_precision, name)

    @rule(name=st.sampled_from(["gd", "momentum", "nesterov", "none such"]), momentum=st.sampled_from([0.5, 1.0]))
    def change_optimizer(self, name, momentum):
        self.session.apply(edits.set_optimizer, name, {} if name == "gd" else {"momentum": momentum})

    @rule(name=st.sampled_from(["linear-regression", "rosenbrock", "himmelblau", "two-wells"]))
    def change_problem(self, name):
        before = self.session.state.experiment
        self.session.set_problem(name)
        if self.session.state.experiment is not before:
            self.wished = None
        assert self.session.state.experiment.problem.name == name or self.pins
        assert self.session.state.experiment is before or before.problem.name != name

    @rule(rows=st.sampled_from([1, 7, MANY, MANY + 1]), noise=st.sampled_from([0.0, 2.0]), comes=st.booleans())
    def change_data(self, rows, noise, comes):
        settings = DataSettings(rows=rows, noise=noise)
        self.session.set_data(settings)
        if rows < MANY or not isinstance(self.session.state.experiment.problem, LinearRegression):
            self.wished = None
        elif not self.pins:
            self.wished = settings
        if comes:
            self.let_time_pass(0.016, True)

    @rule(size=st.sampled_from([None, 1, 7, 50]), seed=st.sampled_from([0, 3]))
    def change_batches(self, size, seed):
        before = self.session.state.experiment
        self.session.apply(edits.change, batch_size=size, seed=seed)
        rows = before.problem.data.rows if isinstance(before.problem, HasData) else 0
        taken_up = (before.batch_size, before.seed) if (size or 0) > rows else (size, seed)
        assert (self.session.state.experiment.batch_size, self.session.state.experiment.seed) == taken_up

    @rule(reduction=st.sampled_from(REDUCTIONS))
    def change_reduction(self, reduction):
        self.session.apply(edits.set_reduction, reduction)

    @rule()
    def begin_or_end_a_range_test(self):
        self.session.apply(edits.toggle_range_test)

    @rule(number=st.sampled_from([2, 9, 60]), fresh_steps=st.sampled_from([0, 2]), stops=st.booleans())
    def change_the_range_test(self, number, fresh_steps, stops):
        self.session.apply(edits.set_range_test, RangeTest(1e-3, 20.0, number, fresh_steps, stops=stops))

    @rule(rate=RATES)
    def take_rate(self, rate):
        self.session.apply(edits.adopt_rate, rate)

    @rule(rate=RATES, step=st.sampled_from([0, 5, 90]))
    def go_to_a_cell(self, rate, step):
        self.session.show_run(rate, step)

    @rule(ghost=st.booleans())
    def ask(self, ghost):
        self.session.set_look(ghost=ghost)

    @rule(name=st.sampled_from([pane.name for pane in optional_panes()]))
    def switch_a_pane(self, name):
        self.session.apply(edits.toggle_pane, name)

    @rule()
    def reset(self):
        self.pins, self.wished = self.others(), None
        self.session.reset()

    @rule(view=st.sampled_from(View), scale=st.sampled_from(LossScale), pane=st.sampled_from(DataPane))
    def look(self, view, scale, pane):
        self.session.set_look(view=view, loss_scale=scale, data_pane=pane)

    @rule(speed=st.sampled_from(SPEEDS))
    def set_speed(self, speed):
        self.session.player.set_speed(speed)

    @rule()
    def stop_computing(self):
        self.session.stop_computing()
        self.wished = None

    @rule(to_end=st.booleans())
    def undo(self, to_end):
        self.go_through_history(self.session.undo, self.past, self.future, to_end)

    @rule(to_end=st.booleans())
    def redo(self, to_end):
        self.go_through_history(self.session.redo, self.future, self.past, to_end)

    def go_through_history(self, go, left, reached, to_end):
        """Each move leads to the state, and to the step, that were there before."""
        waiting, self.wished = self.session.timeline.pending_edit, None
        if waiting is not None and waiting.is_newest and go == self.session.undo:
            state = self.session.state
            self.session.undo()  # only of the data that are on their way
            assert self.session.state is state
            assert not self.session.timeline.generator.is_busy
        elif waiting is not None:
            self.session.stop_computing()
        moment = begin = self.session.state, self.session.player.target_step
        for _ in range(len(left) if to_end else min(len(left), 1)):
            reached.append(moment)
            moment = left.pop()
            go()  # whether or not the data for the last one are generated by now
        if moment is not begin:
            state, step = moment
            self.settle()
            assert self.session.state.with_view_of(state) == state
            # A run that was stopped ends there, also where one was on the way to a later step of it.
            assert self.session.player.playback.step == min(step, self.session.runs.last_step)
            assert not self.session.player.playback.playing
        self.last, self.pins = self.session.state, list(self.session.state.pinned)

    @rule(first=st.sampled_from(["undo", "redo"]), stops=st.booleans())
    def change_ones_mind(self, first, stops):
        """Undone and redone at once, or stopped while data are generated for it: nothing has changed."""
        session, state = self.session, self.session.state
        if self.wished is not None or not (self.past if first == "undo" else self.future):
            return
        back, forth = (session.undo, session.redo) if first == "undo" else (session.redo, session.undo)
        back()
        if stops and session.timeline.generator.is_busy:
            session.stop_computing()
        else:
            forth()
        self.settle()
        assert session.state.with_view_of(state) == state
        self.last = session.state

    @rule(rates=st.lists(RATES, min_size=1, max_size=4))
    def drag_the_rate(self, rates):
        self.session.timeline.begin_drag()
        for rate in rates:
            self.session.set_learning_rate(rate)
        self.session.timeline.end_drag()


@pytest.mark.unmeasured  # random use is no measure of what is tested, and measuring it takes as long again
def test_any_use(qapp, monkeypatch, further_schedules):
    monkeypatch.setattr(data_maker, "AT_ONCE", MANY - 1)
    run_state_machine_as_test(
        AnyUse,
        settings=settings(
            max_examples=200, stateful_step_count=15, deadline=None, suppress_health_check=[HealthCheck.too_slow]
        ),
    )


@pytest.fixture(autouse=True)
def forget():
    yield
    recorded.cache_clear()
