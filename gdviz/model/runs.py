"""The runs that are shown: the live one, which a change of the recipe computes anew, and the pinned ones beside it."""

from gdviz.core.experiment import Experiment
from gdviz.core.recording import Recording
from gdviz.core.schedules import RangeTest
from gdviz.model.pinned import Pin, Pinned, drained
from gdviz.model.race import STYLES, difference
from gdviz.model.runner import FrameGate, Runner


class Runs:
    """Owns the threads that compute the runs: the live one's here, the others' in ``pinned``."""

    def __init__(self, experiment: Experiment) -> None:
        """Nothing is computed before `start`."""
        self.gate = FrameGate()
        """To be closed while a frame is composed: the threads wait before it."""
        self.pinned = Pinned(self.gate)
        self.runner = Runner(self.gate)
        self.live = Recording(experiment)

    @property
    def experiment(self) -> Experiment:
        """The recipe of the live run."""
        return self.live.experiment

    def start(self, experiment: Experiment, from_step: int = 0) -> None:
        """Compute another live run, which is the same as this one up to ``from_step``."""
        recording, begin = self.live.cut(experiment, from_step) if from_step else (Recording(experiment), None)
        self.runner = self.pinned.follow(experiment, self.runner)
        self.live = recording
        self.runner.start(experiment, begin)

    def stop(self) -> None:
        """Stop the threads; the steps computed so far stay."""
        self.runner.stop()
        self.pinned.stop()

    def drain(self) -> list[str]:
        """Record the steps that have come; the tracebacks of the threads that have failed."""
        failed = drained(self.runner, self.live)
        return [*filter(None, [failed]), *self.pinned.drain(self.runner)]

    @property
    def beside(self) -> tuple[Pin, ...]:
        """The pinned runs that are shown."""
        return self.pinned.beside(self.experiment)

    @property
    def shown(self) -> tuple[tuple[Recording, ...], tuple[int, ...]]:
        """The recordings with at least one step, the live one first, and the style of each."""
        pins = [pin for pin in self.beside if len(pin.recording)]
        # Nobody compares a range test with anything.
        own = STYLES[0] if isinstance(self.experiment.schedule, RangeTest) else self.pinned.style
        return (self.live, *(pin.recording for pin in pins)), (own, *(pin.style for pin in pins))

    @property
    def pinned_names(self) -> tuple[str, ...]:
        """What the pinned runs are called, in the order in which they were pinned."""
        pinned = [pin.experiment for pin in self.pinned.pins]
        is_pinned = any(run.is_same_run(self.experiment) for run in pinned)
        runs = pinned if is_pinned else [*pinned, self.experiment]
        return difference(runs).names[: len(pinned)] if len(runs) > 1 else ("this run",) * len(pinned)

    @property
    def is_computing(self) -> bool:
        """Whether steps of the live run or a pinned one may still come."""
        return self.runner.is_running or self.pinned.is_computing

    @property
    def end_step(self) -> int:
        """The last step of the longest run that is shown."""
        return max(experiment.steps for experiment in (self.experiment, *(pin.experiment for pin in self.beside)))

    @property
    def last_step(self) -> int:
        """The last step that can be shown by now (-1 for none): runs that are still growing are waited for."""
        runs = [(self.live, self.runner), *((pin.recording, pin.runner) for pin in self.beside)]
        growing = [run.last_step for run, runner in runs if runner.is_running and not run.is_complete]
        return min(growing) if growing else max(run.last_step for run, _ in runs)
