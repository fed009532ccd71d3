"""The rows in which a tape is shown: forward the values, in reverse the gradients, each with what it means."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gdviz.core.problems.tape import Operation, Tape, Values
from gdviz.panes.tape.formulas import Form, forms, full_formulas, rules, short_formulas
from gdviz.presentation.highlight import Meaning

ALL_ROWS, BATCH_ROWS = "data", "batch"
"""What a tape may be of, in words."""
_PLAIN = {
    (Operation.MULTIPLY, Meaning.PREDICTIONS): "the slope's part of the prediction",
    (Operation.ADD, Meaning.PREDICTIONS): "what the line predicts",
    (Operation.SUBTRACT, Meaning.RESIDUALS): "by how much the line misses",
    (Operation.SQUARE, Meaning.RESIDUALS): "squared, a miss counts whether it is above or below",
}
"""What some values mean, in plain words."""


@dataclass(frozen=True)
class TapeRow:
    """A value on the tape, or the gradient that arrives at it.

    formula: the value as a formula. name: what stands at the beginning of the row. rule: in the reverse pass, how the
    gradient follows from the one at the result of this value's operation.
    values: one number, or those of the sample rows of the data; ``more`` others are not shown. is_column: whether
    there is a number for every row of the data. is_given: whether it is data or a parameter, and not computed.
    is_result: whether it is what its pass is made for, the loss or the gradient at a parameter.
    """

    formula: str
    name: str
    rule: str
    values: tuple[float, ...]
    more: int
    is_column: bool
    is_given: bool
    is_result: bool
    meaning: Meaning
    sentence: str


def samples(entries: Sequence[Form]) -> tuple[int, ...]:
    """Which rows of the data are shown: the first, the middle and the last; none where there are no data."""
    count = max((entry.size for entry in entries if entry.operation is Operation.DATA), default=0)
    return tuple(sorted({0, count // 2, count - 1})) if count else ()


def forward_rows(tape: Tape, loss: float, whole: str = ALL_ROWS) -> tuple[TapeRow, ...]:
    """All values but the numbers of the formula, in the order in which they were recorded.

    loss: the last value, in the precision of the run. whole: what the rows of the tape are all rows of.
    """
    values = [None if entry.operation is Operation.NUMBER else entry.value for entry in tape.entries]
    return _filled(tape, [*values[:-1], np.asarray(loss)], whole, is_reverse=False)


def reverse_rows(tape: Tape, gradient: NDArray[np.floating], whole: str = ALL_ROWS) -> tuple[TapeRow, ...]:
    """The gradients at all values that depend on a parameter, from the loss backwards.

    At the parameters themselves those of ``gradient``, shape (2,): the run's own, equal to the tape's to the last bits.
    """
    found = list(tape.gradients())
    parameters = [place for place, entry in enumerate(tape.entries) if entry.operation is Operation.PARAMETER]
    for place, slope in zip(parameters, gradient, strict=True):
        found[place] = np.asarray(slope)
    return _filled(tape, found, whole, is_reverse=True)[::-1]


def _filled(tape: Tape, values: Sequence[Values | None], whole: str, is_reverse: bool) -> tuple[TapeRow, ...]:
    """The rows of those entries that have a value."""
    entries = forms(tape)
    shown = list(samples(entries))
    return tuple(
        replace(row, values=tuple(value[shown].tolist()) if row.is_column else (float(value),))
        for row, value in zip(_rows(entries, whole, is_reverse), values, strict=True)
        if value is not None
    )


# The same at every step of a run.
@lru_cache(maxsize=32)
def _rows(entries: tuple[Form, ...], whole: str, is_reverse: bool) -> tuple[TapeRow, ...]:
    """A row for each entry, still without values."""
    short, full, how, meanings = short_formulas(entries), full_formulas(entries), rules(entries), _meanings(entries)
    rows, shown = [], len(samples(entries))
    for place, entry in enumerate(entries):
        formula, meaning, is_loss = short[place], meanings[place], place == len(entries) - 1
        is_column, is_given = bool(entry.shape), entry.operation in (Operation.PARAMETER, Operation.DATA)
        if is_reverse:
            name = "L" if is_loss else f"∂L/∂{formula}" if is_given else formula
            sentence = f"How much the loss grows for each unit by which {full[place]} grows{_each(entry, whole)}"
        else:
            name = f"L = {formula}" if is_loss else formula
            sentence = _forward_sentence(entry, full[place], meaning, whole)
        rule, is_result = (how[place], is_given) if is_reverse else ("", is_loss)
        more = entry.size - shown if is_column else 0
        rows.append(TapeRow(formula, name, rule, (), more, is_column, is_given, is_result, meaning, sentence))
    return tuple(rows)


def _forward_sentence(entry: Form, full: str, meaning: Meaning, whole: str) -> str:
    if entry.operation is Operation.PARAMETER:
        return f"The parameter {full} at this step"
    plain = _PLAIN.get((entry.operation, meaning), "")
    if meaning is Meaning.LOSS:
        is_reduced = entry.operation in (Operation.MEAN, Operation.SUM)
        plain = f"the loss, one number for all rows of the {whole}" if is_reduced else "the loss"
    return f"{full}{': ' if plain else ''}{plain}{_each(entry, whole)}"


def _each(entry: Form, whole: str) -> str:
    return f", for every row of the {whole}" if entry.shape else ""


def _meanings(entries: Sequence[Form]) -> list[Meaning]:
    """From what each value depends on: the data, the parameters, or both of them with or without what is wanted, y."""
    parameters = [place for place, entry in enumerate(entries) if entry.operation is Operation.PARAMETER]
    below: list[frozenset[int]] = []
    found: list[Meaning] = []
    for place, entry in enumerate(entries):
        below.append(frozenset({place}).union(*(below[operand] for operand in entry.operands)))
        used = [number for number, parameter in enumerate(parameters) if parameter in below[place]]
        data = [entries[known].name for known in below[place] if entries[known].operation is Operation.DATA]
        found.append(_meaning(entry, used, data))
    return [*found[:-1], Meaning.LOSS]


def _meaning(entry: Form, used: Sequence[int], data: Sequence[str]) -> Meaning:
    """used: which of the parameters a value depends on; data: the names of the data that it depends on."""
    if "y" in data and used:
        return Meaning.RESIDUALS if entry.shape else Meaning.LOSS
    if data:
        return Meaning.PREDICTIONS if used else Meaning.DATA
    return Meaning.POINT if len(used) != 1 else (Meaning.FIRST, Meaning.SECOND)[used[0]]
