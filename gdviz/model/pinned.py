"""The pinned runs beside the live one: which they are, their styles, and the threads that still compute them."""

from collections.abc import Sequence
from dataclasses import dataclass

from gdviz.core.errors import InputError
from gdviz.core.experiment import Experiment
from gdviz.core.problem import Problem
from gdviz.core.recording import Recording
from gdviz.core.scenario import MOST_RUNS
from gdviz.core.schedules import RangeTest
from gdviz.model.race import STYLES
from gdviz.model.runner import FrameGate, Runner

OTHER_PROBLEM = "runs of different problems cannot share a surface; unpin them first (Shift+P)"

FULL = "four runs at most; let one go first (menu Run, Unpin one run), or all of them (Shift+P)"


@dataclass(frozen=True, eq=False)
class Pin:
    """A pinned run with its colour, dash and marker, and what computes it or has done so."""

    recording: Recording
    style: int
    runner: Runner

    @property
    def experiment(self) -> Experiment:
        """The recipe."""
        return self.recording.experiment


class Pinned:
    """At most three pinned runs. Each is computed to its end; the threads are started, stopped and joined here."""

    def __init__(self, gate: FrameGate) -> None:
        """None is pinned, and the live run has the first style."""
        self._gate = gate
        self.pins: tuple[Pin, ...] = ()
        self.style = STYLES[0]
        """That of the live run."""

    @property
    def is_computing(self) -> bool:
        """Whether steps of a pinned run may still come."""
        return any(pin.runner.is_running for pin in self.pins)

    def beside(self, live: Experiment) -> tuple[Pin, ...]:
        """The pinned runs that are shown beside a live run: not the same one twice, and none beside a range test."""
        if isinstance(live.schedule, RangeTest):
            return ()
        return tuple(pin for pin in self.pins if not pin.experiment.is_same_run(live))

    def pin(self, live: Recording, runner: Runner) -> None:
        """Pin the live run with its style; it goes on in both. InputError, in one line, where that is not possible."""
        if isinstance(live.experiment.schedule, RangeTest):
            raise InputError("a range test cannot be pinned; go back to the run first (W)")
        if any(pin.experiment.is_same_run(live.experiment) for pin in self.pins):
            raise InputError("this run is pinned already; change something to compare it with")
        if len(self.pins) == MOST_RUNS - 1:
            raise InputError(FULL)
        self.pins += (Pin(live, self.style, runner),)

    def check_problem(self, problem: Problem) -> None:
        """InputError where something is pinned that is a run of another problem or on other data."""
        if any(pin.experiment.problem != problem for pin in self.pins):
            raise InputError(OTHER_PROBLEM)

    def check_other_data(self) -> None:
        """InputError where something is pinned, to which other data cannot be compared."""
        if self.pins:
            raise InputError(OTHER_PROBLEM)

    def line_up(self, others: Sequence[tuple[Experiment, int]], style: int, live_runner: Runner) -> None:
        """Compute these runs, each with its style, in the place of what was pinned, beside a live run of ``style``."""
        self.clear(live_runner)
        self.style = style
        self.pins = tuple(Pin(Recording(experiment), taken, Runner(self._gate)) for experiment, taken in others)
        for pin in self.pins:
            pin.runner.start(pin.experiment)

    def follow(self, live: Experiment, runner: Runner) -> Runner:
        """Another live run begins in the place of that of ``runner``: give it its style, and the runner for it.

        It has the style of the pinned run that it is the same as, else the style of the one before where that is free,
        else the next free one. A runner that has computed a pinned run stays with it, to finish it.
        """
        taken = {pin.style for pin in self.pins if not pin.experiment.is_same_run(live)}
        same = [pin.style for pin in self.pins if pin.experiment.is_same_run(live)]
        if same:
            self.style = same[0]
        elif self.style in taken and not isinstance(live.schedule, RangeTest):
            self.style = next(style for style in STYLES if style not in taken)
        return Runner(self._gate) if any(pin.runner is runner for pin in self.pins) else runner

    def unpin(self, index: int, live_runner: Runner) -> None:
        """Let one go, in the order in which they were pinned; IndexError where there is none."""
        gone = self.pins[index]
        self.pins = tuple(pin for pin in self.pins if pin is not gone)
        _stop([gone], live_runner)

    def clear(self, live_runner: Runner) -> None:
        """Let all of them go."""
        gone, self.pins = self.pins, ()
        _stop(gone, live_runner)

    def stop(self) -> None:
        """Stop what computes them; the steps computed so far stay."""
        for pin in self.pins:
            pin.runner.stop()

    def drain(self, live_runner: Runner) -> list[str]:
        """Record the steps that have come for all but the live run; the tracebacks of those that have failed."""
        ended = [drained(pin.runner, pin.recording) for pin in self.pins if pin.runner is not live_runner]
        return [error for error in ended if error]


def drained(runner: Runner, recording: Recording) -> str | None:
    """Record the steps that have come; where those were the last, end the thread and return its error if it has one."""
    channel = runner.channel
    finished = channel.finished.is_set()
    for chunk in channel.drain():
        recording.append(chunk)
    if not (finished and runner.is_running):
        return None
    runner.join()
    return channel.error


def _stop(pins: Sequence[Pin], live_runner: Runner) -> None:
    for pin in pins:
        if pin.runner is not live_runner:
            pin.runner.stop()
