"""The arithmetic of a run in symbols and in its own numbers: the update of a step, and how a gradient becomes it."""

import re
from typing import Any

import numpy as np

from gdviz.core.descent.optimizers import Formula
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

    A line for each parameter and each formula of the rule. All numbers are the run's own, the state of the rule found
    from what is recorded bit for bit. IndexError for a step that is not recorded.
    """
    experiment = recording.experiment
    rule, before, evaluation = (
        experiment.optimizer_at(step),
        recording.checkpoint(step).state,
        recording.evaluation(step),
    )
    with np.errstate(all="ignore"):
        _, after = rule.update(evaluation, before)
    values = rule.values(evaluation, before, after) | {"direction": recording.directions[step]}
    names = experiment.problem.parameters
    return tuple(
        _explained(formula, values, name, place) for formula in rule.explanation for place, name in enumerate(names)
    )


_FIELD = re.compile(r"(\+ |·|)\{(\w+)\}(?=(·|))")


def _explained(formula: Formula, values: dict[str, Any], name: str, place: int) -> str:
    """A formula of a rule in symbols and in the numbers of one parameter."""

    def symbol(field: re.Match[str]) -> str:
        before, key, _ = field.groups()
        shown = formula.names[key].format(name) if key in formula.names else format_number(values[key])
        return before + shown

    def number(field: re.Match[str]) -> str:
        before, key, is_factor = field.groups()
        if key not in formula.names:
            return before + format_number(values[key])
        value = values[key][place]
        if before == "+ " and not is_factor:
            return added(value)
        return before + (bracketed(in_numbers(value)) if before == "·" or is_factor else in_numbers(value))

    symbols, numbers = _FIELD.sub(symbol, formula.terms), _FIELD.sub(number, formula.terms)
    result = in_numbers(values[formula.field][place])
    return f"{formula.symbol.format(name)} {formula.sign} {symbols} = {numbers} = {result}"
