"""The update of one step in numbers, as it is read aloud in front of a class."""

import numpy as np

from gdviz.core.recording import Recording
from gdviz.model.text import format_number


def update_in_numbers(recording: Recording, step: int) -> tuple[str, str]:
    """One line for each parameter: the update that led to ``step``, or at a start where it stands and the slope."""
    again = recording.experiment.restart_every
    line = _start if step == 0 or (again and step % again == 0) else _update
    return (line(recording, step, 0), line(recording, step, 1))


def _number(value: np.floating) -> str:
    """Three decimals while a number has a familiar size, so that the columns of a lesson line up."""
    number = float(value) + 0.0  # -0.0 becomes 0.0
    familiar = number == 0 or 1e-3 <= abs(number) < 1e4
    return f"{number:.3f}".replace("-", "−") if familiar else format_number(number)


def _start(recording: Recording, step: int, index: int) -> str:
    name = recording.experiment.problem.parameters[index]
    value, slope = _number(recording.points[step, index]), _number(recording.gradients[step, index])
    return f"{name} = {value}    ∂L/∂{name} = {slope}"


def _update(recording: Recording, step: int, index: int) -> str:
    experiment = recording.experiment
    name = experiment.problem.parameters[index]
    symbol = experiment.optimizer.direction_symbol.format(name)
    # All four numbers are the run's own; none is worked out again here.
    before, after = (_number(recording.points[row, index]) for row in (step - 1, step))
    rate = format_number(float(recording.learning_rates[step - 1]))
    direction = _number(recording.directions[step - 1, index])
    return f"{name} ← {name} − lr·{symbol} = {before} − {bracketed(rate)}·{bracketed(direction)} = {after}"


def bracketed(number: str) -> str:
    """A number as a factor: negative ones in brackets."""
    return f"({number})" if number.startswith("−") else number
