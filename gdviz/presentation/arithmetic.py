"""The arithmetic of a run in symbols and in numbers: the update of a step, and how a gradient becomes it."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np

from gdviz.core.descent.optimizers import Formula
from gdviz.core.descent.quantities import explained_step
from gdviz.core.descent.recording import Recording
from gdviz.core.frozen import frozen
from gdviz.presentation.numbers import (
    MINUS,
    aligned,
    bracketed,
    decimal_place,
    format_fixed,
    format_number,
    format_plain,
    format_to,
    signed_term,
)

Quantities = tuple[str, ...]
LAST_STEPS = 20
"""The digits are those that show the smallest change of so many steps."""
MOST_DECIMALS, LEAST_FIXED = 5, 1e-3
"""The most decimals of a direction, and the smallest one that is written without an exponent."""
LARGE, LARGEST_FIXED = 1e4, 1e6
"""Values from the first size on have an exponent, and so do directions beside them; others only from the second on."""


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
    for count in range(len(found.quantities[0]), 0, -1):
        more = "" if count == len(found.quantities[0]) else ", …"
        first, second = replace(found, quantities=(found.quantities[0][:count], found.quantities[1][:count])).texts
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
    """One line per parameter, equally long: the update that led to ``step``, or at a start its value and slope.

    All numbers are as recorded, none is recomputed here. They have as many digits as show the smallest change of the
    last steps, so that the line adds up, and digits do not come and go from step to step.
    """
    names = recording.experiment.problem.parameters
    if recording.run_start(step) == step:
        values = aligned(map(format_fixed, recording.points[step]))
        slopes = map(format_fixed, recording.gradients[step])
        parts = zip(names, values, slopes, strict=True)
        first, second = (f"{name} = {value}    ∂L/∂{name} = {slope}" for name, value, slope in parts)
        return first, second
    rule, rate = recording.experiment.optimizer, float(recording.learning_rates[step - 1])
    symbol, factor = ("lr·", f"{bracketed(format_plain(rate))}·") if rule.scales_with_rate else ("", "")
    (before, after), ways = _values(recording, step), _directions(recording, step)
    symbols = [symbol + rule.direction_symbol.format(name) for name in names]
    changes = [f"{old} − {factor}{way} = {new}" for old, way, new in zip(before, ways, after, strict=True)]
    first, second = (
        f"{name} ← {name} − {what} = {how}" for name, what, how in zip(names, symbols, changes, strict=True)
    )
    return first, second


def _values(recording: Recording, step: int) -> tuple[list[str], list[str]]:
    """The parameters before and after the update that led to ``step``."""
    points = recording.points[_first_of_last(recording, step) : step + 1]
    with np.errstate(over="ignore", invalid="ignore"):
        changes = np.diff(points.astype(np.float64), axis=0)
    place = max(map(decimal_place, changes.T))
    before, after = (aligned(format_to(value, place) for value in recording.points[row]) for row in (step - 1, step))
    return before, after


def _directions(recording: Recording, step: int) -> list[str]:
    """The direction of the update that led to ``step``, with three digits or more, and room for brackets."""
    found = recording.directions[_first_of_last(recording, step) : step].astype(np.float64)
    place = min(MOST_DECIMALS, 2 + max(map(decimal_place, found.T)))
    # Beside values with decimals four digits of a larger direction would not add up.
    are_fixed = (np.abs(recording.points[step - 1 : step + 1]) < LARGE).all(axis=0)
    texts = [
        format_to(value, place if abs(value) >= LEAST_FIXED else 0, LARGEST_FIXED if is_fixed else LARGE)
        for value, is_fixed in zip(recording.directions[step - 1], are_fixed, strict=True)
    ]
    width = max(len(text.removeprefix(MINUS)) for text in texts) + len(f"({MINUS})")
    return [bracketed(text).ljust(width) for text in texts]


def _first_of_last(recording: Recording, step: int) -> int:
    """The first of the last steps, which share their digits."""
    return max(recording.run_start(step), step - LAST_STEPS)


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
