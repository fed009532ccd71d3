"""A session under any use: what the test expects of it, and what must hold after each action."""

import functools
import threading
import time
from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant

from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import RangeTest
from gdviz.core.scenarios.scenario import Scenario
from gdviz.scene.scene import Scene
from gdviz.session.session import Session
from tests.recordings import lecture, same_columns
from tests.session.driving import Clock, pinned_of

recorded = functools.lru_cache(maxsize=512)(record)
OTHERS = (lecture(0.5, steps=90),)


class UsedSession(RuleBasedStateMachine):
    """A session, what is pinned, what can be undone and redone, and which data it waits for."""

    def __init__(self):
        super().__init__()
        self.failures, self.frames = [], []
        self.clock = Clock()
        self.session = Session(Scenario("Any", lecture(0.9, steps=70)), clock=self.clock)
        self.pins, self.wished = [], None
        self.past, self.future = [], []
        self.session.failed.connect(self.failures.append)
        self.session.player.frame_changed.connect(self.frames.append)

    # Nothing can be given other data beside runs that are pinned: half of all sessions begin without.
    @initialize(others=st.sampled_from([(), OTHERS]))
    def open(self, others):
        self.session.start()
        self.last = self.first = self.session.state
        self.step = 0
        self.session.open(replace(self.first.scenario, others=others))
        self.pins = self.others()

    def others(self):
        return list(zip(self.session.state.scenario.others, (1, 2, 3), strict=False))

    def shown(self):
        """The scene, from what was pinned: the live run once, and nothing beside a range test."""
        session, styles = self.session, [self.session.state.style]
        runs = [session.runs.live]
        if isinstance(session.state.experiment.schedule, RangeTest):
            return Scene(session.state.title, tuple(runs), session.state.look, trials=session.runs.trials)
        for (experiment, style), pinned in zip(self.pins, pinned_of(session), strict=True):
            if not session.state.experiment.is_same_run(experiment):
                runs.append(pinned)
                styles.append(style)
        return Scene(session.state.title, tuple(runs), session.state.look, styles=tuple(styles))

    def settle(self):
        """Until what is generated and computed is there."""
        session, deadline = self.session, time.monotonic() + 10
        while session.timeline.generator.is_busy or session.runs.is_computing or session.player.is_seeking:
            wait_for_data(session.timeline.generator)
            session.runs.runner.channel.finished.wait(5)
            session.tick()
            assert time.monotonic() < deadline

    def teardown(self):
        self.session.close()

    @invariant()
    def what_was_done_can_be_undone_and_nothing_else(self):
        session = self.session
        if session.state.with_view_of(self.last) != self.last:
            self.past.append((self.last, self.step))
            self.future.clear()
        self.last, self.step = session.state, session.player.target_step
        history = session.timeline.history
        assert (len(history.past), len(history.future)) == (len(self.past), len(self.future))
        assert bool(session.timeline.redo_name) == bool(self.future)
        assert bool(session.timeline.undo_name) == (bool(self.past) or session.timeline.pending_edit is not None)
        assert (self.past[0][0] if self.past else self.last.with_view_of(self.first)) == self.first

    @invariant()
    def what_is_recorded_is_the_run_of_the_recipe(self):
        session = self.session
        assert self.failures == []
        assert session.runs.live.experiment == session.state.experiment
        assert same_columns(session.runs.live, recorded(session.state.experiment), len(session.runs.live))

    @invariant()
    def it_stands_on_a_step(self):
        session = self.session
        assert session.player.playback.step >= 0
        assert session.player.playback.playing or session.player.moment == session.player.playback.step
        controls = session.controls()
        assert 0 <= controls.step <= session.runs.end_step == controls.end
        assert controls.pinned == session.state.pinned_names
        assert (controls.undo_name, controls.redo_name) == (session.timeline.undo_name, session.timeline.redo_name)
        assert session.timer.isActive() or not session.is_busy

    @invariant()
    def what_is_pinned_stays_and_is_told_apart(self):
        session, pinned = self.session, pinned_of(self.session)
        assert list(session.state.pinned) == self.pins
        assert [run.experiment for run in pinned] == [experiment for experiment, _ in self.pins]
        for run in pinned:
            assert same_columns(run, recorded(run.experiment), len(run))
            assert run.experiment.problem == session.state.experiment.problem
        if not isinstance(session.state.experiment.schedule, RangeTest):
            styles = [style for _, style in self.pins]
            same = [style for run, style in self.pins if session.state.experiment.is_same_run(run)]
            assert len(set(styles)) == len(styles) <= 3
            assert same == [session.state.style] or (not same and session.state.style not in styles)
            assert {session.state.style, *styles} <= {0, 1, 2, 3}
        assert len(session.state.pinned_names) == len(pinned)

    @invariant()
    def data_that_are_made_are_taken_up_once_and_others_never(self):
        session, settings = self.session, self.wished
        if session.timeline.generator.is_busy:
            assert settings is not None
            assert (
                session.timeline.generator.progress is None or session.timeline.generator.progress.settings == settings
            )
            return
        assert session.timeline.generator.progress is None
        self.wished = None
        if settings is not None and not self.pins and (session.state.experiment.batch_size or 0) <= settings.rows:
            assert session.state.experiment.problem.data.settings == settings


def wait_for_data(maker):
    deadline = time.monotonic() + 5
    while maker.progress is not None:
        threading.Event().wait(0.001)
        assert time.monotonic() < deadline
