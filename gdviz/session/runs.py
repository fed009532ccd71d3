"""The runs of a state, and the threads that compute them."""

from gdviz.core.analysis.trial_runs import TrialRuns
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.loop import descend
from gdviz.core.descent.recording import Recording
from gdviz.panes.range_test.entry import trial_request
from gdviz.presentation.run_names import STYLES
from gdviz.session.maps import ChartRunner
from gdviz.session.runner import Descend, Runner
from gdviz.session.state import State


class Runs:
    """Computes the runs that a state shows, the live and the pinned ones, each identified by its experiment."""

    def __init__(self, state: State) -> None:
        """Compute nothing before `follow`."""
        self.descend: Descend = descend
        """The loop of new threads; tests replace it with a failing one."""
        self.runner = Runner()
        """That of the live run."""
        self.live = Recording(state.experiment)
        """The live run, as far as it is computed."""
        self.state = state
        """The state being computed."""
        self.trial_runner = ChartRunner("gdviz trials")
        """What becomes of the rates that a range test suggests, computed once it is recorded."""
        self.pinned: dict[Experiment, tuple[Recording, Runner]] = {}
        """The pinned runs as far as they are computed, in the order of pinning."""
        self._left: list[Runner] = []

    def follow(self, state: State, from_step: int = 0, restart: bool = False) -> None:
        """Start the runs that are new, and stop those that are gone.

        from_step: up to here the new live run equals the old one. restart: recompute even what exists.
        """
        before, self.state = self.state, state
        wanted = [experiment for experiment, _ in state.pinned]
        # A pinned run keeps its own thread, even where the live run is the same.
        old = {} if restart else {before.experiment: (self.live, self.runner), **self.pinned}
        is_other = restart or state.experiment != before.experiment
        # A pinned run that becomes the live one is taken over as far as it is computed.
        taken = self.pinned.get(state.experiment) if is_other and not restart and not from_step else None
        for recording, runner in self.pinned.values():
            is_kept = not restart and (recording.experiment in wanted or (taken is not None and recording is taken[0]))
            if not is_kept and runner is not self.runner:
                runner.leave()
                self._left.append(runner)
        self._left = [runner for runner in self._left if runner.is_ending]
        self.pinned = {one: old[one] if one in old else self._start_run(one) for one in wanted}
        if not is_other:
            return
        self.trial_runner.request(())
        self.trial_runner.forget_others(state.experiment.problem)
        if taken is not None:
            self._take_over(*taken)
            return
        begin = None
        old_live, self.live = self.live, Recording(state.experiment)
        if from_step:
            self.live, begin = old_live.fork(state.experiment, from_step)
        if any(runner is self.runner for _, runner in self.pinned.values()):
            self.runner = Runner(self.descend)
        self.runner.start(state.experiment, begin)

    def _take_over(self, recording: Recording, runner: Runner) -> None:
        """Make a pinned run the live one; the thread of the old one goes on where that is pinned now."""
        if runner is not self.runner and not any(other is self.runner for _, other in self.pinned.values()):
            self.runner.leave()
            self._left.append(self.runner)
        self.live, self.runner = recording, runner

    def _start_run(self, experiment: Experiment) -> tuple[Recording, Runner]:
        recording, runner = Recording(experiment), Runner(self.descend)
        runner.start(experiment)
        return recording, runner

    def leave(self) -> None:
        """Stop the threads without waiting long; the steps computed so far stay."""
        active = self._active()
        for _, runner in active:
            runner.channel.stopping.set()  # so that all end at the same time
        for recording, runner in active:
            # No recording is left without its start, if that is to be had soon.
            if len(recording) or recording.experiment.batch_size is not None:
                runner.leave()
            else:
                runner.stop()

    def stop(self) -> None:
        """Stop the threads and wait for them to end."""
        runners = [*(runner for _, runner in self._active()), *self._left]
        for runner in runners:
            runner.channel.stopping.set()  # so that all end at the same time
        for runner in runners:
            runner.stop()
        self._left = []

    def drain(self) -> tuple[list[str], list[str]]:
        """Record the steps that have arrived and join finished threads; return why any failed."""
        refusals, errors = list[str | None](), list[str | None]()
        for recording, runner in self._active():
            channel = runner.channel
            finished = channel.finished.is_set()  # checked first: then this drain is the last
            for chunk in channel.drain():
                recording.append(chunk)
            if finished and runner.is_running:
                runner.take_end()
                refusals.append(channel.refusal)
                errors.append(channel.error)
                if recording is self.live and (tried := trial_request(recording)) is not None:
                    self.trial_runner.request((tried,))
        return list(filter(None, refusals)), list(filter(None, errors))

    def _active(self) -> list[tuple[Recording, Runner]]:
        others = [one for one in self.pinned.values() if one[1] is not self.runner]
        return [(self.live, self.runner), *others]

    @property
    def _shown_pins(self) -> list[tuple[Recording, Runner, int]]:
        return [(*self.pinned[experiment], style) for experiment, style in self.state.shown_pins]

    @property
    def shown(self) -> tuple[tuple[Recording, ...], tuple[int, ...]]:
        """The recordings with at least one step, the live one first, and the style of each."""
        runs = [(recording, style) for recording, _, style in self._shown_pins if len(recording)]
        # A range test is compared with nothing.
        own = STYLES[0] if self.state.is_range_test else self.state.style
        return (self.live, *(one for one, _ in runs)), (own, *(style for _, style in runs))

    @property
    def trials(self) -> TrialRuns | None:
        """What becomes of the suggested rates, as far as it is computed."""
        chart = self.trial_runner.chart
        return chart if isinstance(chart, TrialRuns) else None

    @property
    def is_computing(self) -> bool:
        """Whether any of the runs may still gain steps."""
        return any(runner.is_running for _, runner in self._active())

    @property
    def end_step(self) -> int:
        """The last step of the longest run shown."""
        return max(self.live.experiment.steps, *(experiment.steps for experiment, _ in self.state.shown_pins), 0)

    @property
    def progress(self) -> str:
        """How far the runs are: "64 of 200 steps"."""
        of_pinned = " of the longest run" if self.state.shown_pins else ""
        return f"{max(0, self.last_step):,} of {self.end_step:,} steps{of_pinned}"

    @property
    def last_step(self) -> int:
        """The last step that can be shown so far (-1 for none); runs that are still growing are waited for."""
        runs = [(self.live, self.runner), *((recording, runner) for recording, runner, _ in self._shown_pins)]
        growing = [run.last_step for run, runner in runs if runner.is_running and not run.is_complete]
        return min(growing) if growing else max(run.last_step for run, _ in runs)
