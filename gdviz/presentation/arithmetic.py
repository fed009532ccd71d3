"""The arithmetic of a run in symbols and in numbers: the update of a step, and how a gradient becomes it."""

import re
from collections.abc import Iterable

import numpy as np

from gdviz.core.descent.optimizers import Formula
from gdviz.core.descent.recording import Recording
from gdviz.presentation.numbers import bracketed, format_fixed, format_number, signed_term


def update_lines(recording: Recording, step: int) -> tuple[str, str]:
    """One line per parameter: the update that led to ``step``, or at a start its value and slope."""
    again = recording.experiment.restart_every
    line = _start if step == 0 or (again and step % again == 0) else _update
    return (line(recording, step, 0), line(recording, step, 1))


def _start(recording: Recording, step: int, index: int) -> str:
    name = recording.experiment.problem.parameters[index]
    value, slope = format_fixed(recording.points[step, index]), format_fixed(recording.gradients[step, index])
    return f"{name} = {value}    ∂L/∂{name} = {slope}"


def _update(recording: Recording, step: int, index: int) -> str:
    experiment = recording.experiment
    name = experiment.problem.parameters[index]
    symbol = experiment.optimizer.direction_symbol.format(name)
    # All four numbers are as recorded; none is recomputed here.
    before, after = (format_fixed(recording.points[row, index]) for row in (step - 1, step))
    rate = format_number(float(recording.learning_rates[step - 1]))
    direction = format_fixed(recording.directions[step - 1, index])
    return f"{name} ← {name} − lr·{symbol} = {before} − {bracketed(rate)}·{bracketed(direction)} = {after}"


def direction_lines(recording: Recording, step: int) -> tuple[str, ...]:
    """How the gradient at ``step`` becomes the direction of the next update; empty where both are the same.

    One line per parameter and formula of the rule. All numbers are the run's own; the rule's state is recovered from
    the recording bit for bit. IndexError for a step that is not recorded.
    """
    experiment, before, seen = recording.experiment, recording.checkpoint(step).state, recording.evaluation(step)
    rule = experiment.optimizer_at(step)
    with np.errstate(all="ignore"):
        _, after = rule.update(seen, before)
        formulas = rule.explain(seen, before, recording.directions[step], after)
    names = experiment.problem.parameters
    return tuple(_explained(formula, names, place) for formula in formulas for place in (0, 1))


_PART = re.compile(r"(\+ |·|)\{\}(?=(·|))")


def _explained(formula: Formula, names: tuple[str, str], place: int) -> str:
    """A formula of a rule in symbols and in the numbers of one parameter."""
    name, other = names[place], names[1 - place]
    symbols, numbers = [], []
    for part in formula.parts:
        symbol, value = part if isinstance(part, tuple) else (format_number(part), None)
        symbols.append(symbol.format(name, other=other))
        numbers.append(symbol if value is None else format_fixed(value[place]))
    sides = (_filled(formula.terms, symbols), _filled(formula.terms, numbers), format_fixed(formula.result[place]))
    return f"{formula.symbol.format(name, other=other)} {' = '.join(sides)}"


def _filled(terms: str, texts: Iterable[str]) -> str:
    """Fill these texts into the terms: negative ones are subtracted, or bracketed as a factor."""
    left = iter(texts)

    def text(found: re.Match[str]) -> str:
        (before, is_factor), text = found.groups(), next(left)
        if before == "+ " and not is_factor:
            return signed_term(text)
        return before + (bracketed(text) if before == "·" or is_factor else text)

    return _PART.sub(text, terms)
