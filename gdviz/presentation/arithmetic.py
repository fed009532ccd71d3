"""The arithmetic of a run in symbols and in numbers: the update of a step, and how a gradient becomes it."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from gdviz.core.descent.optimizers import Formula
from gdviz.core.descent.quantities import explained_step
from gdviz.core.descent.recording import Recording
from gdviz.core.frozen import frozen
from gdviz.presentation.numbers import bracketed, format_fixed, format_number, signed_term

Quantities = tuple[str, ...]


@frozen
class Arithmetic:
    """The update that led to a step: a line for each parameter, and the quantities of its rule: "m_w = −0.101"."""

    lines: tuple[str, str]
    quantities: tuple[Quantities, Quantities] = ((), ())

    @property
    def texts(self) -> tuple[str, str]:
        """Both lines with all their quantities."""
        first, second = (
            "    ".join([line, *([", ".join(found)] if found else [])])
            for line, found in zip(self.lines, self.quantities, strict=True)
        )
        return first, second


def folded(found: Arithmetic, fits: Callable[[str], bool]) -> tuple[str, str]:
    """Both lines with as many quantities, the same for both, as fit; an ellipsis stands for the others.

    The quantities of both stand below one another: in the font of the bar all characters are equally wide.
    """
    first, second = (line.ljust(max(map(len, found.lines))) for line in found.lines)
    aligned = replace(found, lines=(first, second))
    for count in range(len(found.quantities[0]), 0, -1):
        more = "" if count == len(found.quantities[0]) else ", …"
        first, second = replace(aligned, quantities=(found.quantities[0][:count], found.quantities[1][:count])).texts
        if fits(first + more) and fits(second + more):
            return first + more, second + more
    return found.lines


def arithmetic(recording: Recording, step: int) -> Arithmetic:
    """The update that led to ``step`` with the quantities of its rule, except the direction, which the line has."""
    lines = update_lines(recording, step)
    if recording.run_start(step) == step or recording.experiment.optimizer.is_plain:
        return Arithmetic(lines)
    direction = recording.experiment.optimizer.direction_symbol
    formulas = [found for found in explained_step(recording, step - 1) if found.symbol[:-2] != direction]
    first, second = (tuple(_quantity(found, recording, place) for found in formulas) for place in (0, 1))
    return Arithmetic(lines, (first, second))


def _quantity(formula: Formula, recording: Recording, place: int) -> str:
    names = recording.experiment.problem.parameters
    return f"{formula.symbol[:-2].format(names[place], other=names[1 - place])} = {format_fixed(formula.result[place])}"


def update_lines(recording: Recording, step: int) -> tuple[str, str]:
    """One line per parameter: the update that led to ``step``, or at a start its value and slope."""
    line = _start if recording.run_start(step) == step else _update
    return (line(recording, step, 0), line(recording, step, 1))


def _start(recording: Recording, step: int, index: int) -> str:
    name = recording.experiment.problem.parameters[index]
    value, slope = format_fixed(recording.points[step, index]), format_fixed(recording.gradients[step, index])
    return f"{name} = {value}    ∂L/∂{name} = {slope}"


def _update(recording: Recording, step: int, index: int) -> str:
    experiment = recording.experiment
    name = experiment.problem.parameters[index]
    symbol = experiment.optimizer.direction_symbol.format(name)
    # All numbers are as recorded; none is recomputed here.
    before, after = (format_fixed(recording.points[row, index]) for row in (step - 1, step))
    direction = bracketed(format_fixed(recording.directions[step - 1, index]))
    if not experiment.optimizer.scales_with_rate:
        return f"{name} ← {name} − {symbol} = {before} − {direction} = {after}"
    rate = bracketed(format_number(float(recording.learning_rates[step - 1])))
    return f"{name} ← {name} − lr·{symbol} = {before} − {rate}·{direction} = {after}"


def direction_lines(recording: Recording, step: int) -> tuple[str, ...]:
    """How the gradient at ``step`` becomes the direction of the next update; empty where both are the same.

    One line per parameter and formula of the rule. All numbers are the run's own; the rule's state is recovered from
    the recording bit for bit. IndexError for a step that is not recorded.
    """
    names = recording.experiment.problem.parameters
    return tuple(_explained(formula, names, place) for formula in explained_step(recording, step) for place in (0, 1))


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
