"""What the bars say: title, verdict and counters, and the update of one step in numbers."""

from dataclasses import dataclass

import numpy as np

from gdviz.core.analysis.verdict import Kind, Verdict
from gdviz.core.descent.optimizers import Momentum, Nesterov
from gdviz.core.descent.recording import Recording
from gdviz.presentation.numbers import added, bracketed, format_number, in_numbers


def update_in_numbers(recording: Recording, step: int) -> tuple[str, str]:
    """One line for each parameter: the update that led to ``step``, or at a start where it stands and the slope."""
    again = recording.experiment.restart_every
    line = _start if step == 0 or (again and step % again == 0) else _update
    return (line(recording, step, 0), line(recording, step, 1))


def _start(recording: Recording, step: int, index: int) -> str:
    name = recording.experiment.problem.parameters[index]
    value, slope = in_numbers(recording.points[step, index]), in_numbers(recording.gradients[step, index])
    return f"{name} = {value}    ∂L/∂{name} = {slope}"


def _update(recording: Recording, step: int, index: int) -> str:
    experiment = recording.experiment
    name = experiment.problem.parameters[index]
    symbol = experiment.optimizer.direction_symbol.format(name)
    # All four numbers are the run's own; none is worked out again here.
    before, after = (in_numbers(recording.points[row, index]) for row in (step - 1, step))
    rate = format_number(float(recording.learning_rates[step - 1]))
    direction = in_numbers(recording.directions[step - 1, index])
    return f"{name} ← {name} − lr·{symbol} = {before} − {bracketed(rate)}·{bracketed(direction)} = {after}"


def direction_in_numbers(recording: Recording, step: int) -> tuple[str, ...]:
    """How the gradient at ``step`` becomes the direction in which the run goes on; no line where both are the same.

    A line for each parameter, of the buffer and, where that is another one, of the direction. All numbers are the run's
    own, the buffer found from its gradients bit for bit. IndexError for a step that is not recorded.
    """
    rule = recording.experiment.optimizer
    if not isinstance(rule, Momentum | Nesterov):
        return ()
    slopes, before = recording.gradients[step], recording.checkpoint(step).state
    with np.errstate(all="ignore"):
        _, after = rule.update(slopes, before)
    kept, names = format_number(rule.momentum), recording.experiment.problem.parameters
    lines = [_buffer(kept, *row) for row in zip(names, before, slopes, after, strict=True)]
    if isinstance(rule, Nesterov):
        rows = zip(names, slopes, after, recording.directions[step], strict=True)
        lines += [_direction(kept, *row) for row in rows]
    return tuple(lines)


def _buffer(kept: str, name: str, before: np.floating, slope: np.floating, after: np.floating) -> str:
    numbers = f"{kept}·{bracketed(in_numbers(before))} {added(slope)} = {in_numbers(after)}"
    return f"v_{name} ← {kept}·v_{name} + ∂L/∂{name} = {numbers}"


def _direction(kept: str, name: str, slope: np.floating, buffer: np.floating, direction: np.floating) -> str:
    numbers = f"{in_numbers(slope)} + {kept}·{bracketed(in_numbers(buffer))} = {in_numbers(direction)}"
    return f"d_{name} = ∂L/∂{name} + {kept}·v_{name} = {numbers}"


@dataclass(frozen=True)
class Standing:
    """One of several runs in a word: its style, what it is called, and the verdict on it."""

    style: int
    name: str
    kind: Kind


@dataclass(frozen=True)
class Header:
    """The line above the panes."""

    title: str
    verdict: Verdict
    precision: str
    odometer: str
    """By how much the view has grown, "view x1" at first."""
    counter: str
    """"step 4 / 200"."""
    runs: tuple[Standing, ...] = ()
    """Several runs in the order of their styles; empty for a single one, of which the verdict tells."""
    top_rung: int = 0
    """The highest rung of `gdviz.panes.landscape.zoom` that the odometer comes to, at whatever step."""
    last_counter: str = ""
    """The counter at the last step: none of the run is longer."""
