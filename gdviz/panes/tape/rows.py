"""The rows of a tape: the values forward, the gradients in reverse, each with its meaning."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gdviz.core.data.dataset import Dataset
from gdviz.core.frozen import frozen
from gdviz.core.problems.tape import Operation, Tape, Values
from gdviz.panes.tape.formulas import Node, full_formulas, gradient_rules, nodes, short_formulas
from gdviz.presentation.highlight import Meaning

Columns = tuple[str, str]
"""What x and y are called."""
ALL_ROWS, BATCH_ROWS = "data", "batch"
"""What a tape may cover, in words."""
_EXPLANATIONS = {
    (Operation.MULTIPLY, Meaning.PREDICTIONS): "the slope's part of the prediction",
    (Operation.ADD, Meaning.PREDICTIONS): "what the line predicts",
    (Operation.SUBTRACT, Meaning.RESIDUALS): "by how much the line misses",
    (Operation.SQUARE, Meaning.RESIDUALS): "squared, a miss counts whether it is above or below",
}
"""Plain-language meanings of some values."""


@frozen
class TapeRow:
    """A value on the tape, or its gradient.

    formula: the value as a formula. name: the text at the start of the row. rule: in the reverse pass, how the gradient
    follows from that of the operation's result. column: the name of the data's column, unless it is that of the value.
    values: one number, or those of the sample rows of the data; ``more`` others are not shown. is_column: whether
    there is a number for every row of the data. is_given: whether it is data or a parameter, not computed.
    is_result: whether it is the result of its pass, the loss or the gradient of a parameter.
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
    column: str = ""


def samples(entries: Sequence[Node]) -> tuple[int, ...]:
    """Return the rows of the data that are shown: first, middle and last; none if there are no data."""
    count = max((entry.size for entry in entries if entry.operation is Operation.DATA), default=0)
    return tuple(sorted({0, count // 2, count - 1})) if count else ()


def forward_rows(
    tape: Tape, loss: float, source: str = ALL_ROWS, columns: Columns = Dataset.names
) -> tuple[TapeRow, ...]:
    """Return all values except the formula's constants, in recording order.

    loss: the last value, in the run's precision. source: what the rows of the tape are from. columns: what the data
    are called that the tape calls x and y.
    """
    values = [None if entry.operation is Operation.NUMBER else entry.value for entry in tape.entries]
    found = _with_values(tape, [*values[:-1], np.asarray(loss)], source, is_reverse=False)
    names = dict(zip(Dataset.names, columns, strict=True))
    return tuple(_with_column(row, names.get(row.name, row.name)) if row.is_given else row for row in found)


def _with_column(row: TapeRow, column: str) -> TapeRow:
    """Return the row with the name of the data's column, unless it is that of the value."""
    if row.meaning is not Meaning.DATA or column == row.name:
        return row
    return replace(row, column=column, sentence=row.sentence.replace(row.name, f"{row.name} = {column}", 1))


def reverse_rows(tape: Tape, gradient: NDArray[np.floating], source: str = ALL_ROWS) -> tuple[TapeRow, ...]:
    """Return the gradients of all values that depend on a parameter, from the loss backwards.

    For the parameters, ``gradient`` of shape (2,): the run's own, equal to the tape's up to the last bits.
    """
    found = list(tape.gradients())
    parameters = [place for place, entry in enumerate(tape.entries) if entry.operation is Operation.PARAMETER]
    for place, slope in zip(parameters, gradient, strict=True):
        found[place] = np.asarray(slope)
    return _with_values(tape, found, source, is_reverse=True)[::-1]


def _with_values(tape: Tape, values: Sequence[Values | None], source: str, is_reverse: bool) -> tuple[TapeRow, ...]:
    """Return the rows of the entries that have a value."""
    entries = nodes(tape)
    shown = list(samples(entries))
    return tuple(
        replace(row, values=tuple(value[shown].tolist()) if row.is_column else (float(value),))
        for row, value in zip(_rows(entries, source, is_reverse), values, strict=True)
        if value is not None
    )


# The same at every step of a run.
@lru_cache(maxsize=32)
def _rows(entries: tuple[Node, ...], source: str, is_reverse: bool) -> tuple[TapeRow, ...]:
    """Return a row for each entry, without values."""
    short, full = short_formulas(entries), full_formulas(entries)
    rule_texts, meanings = gradient_rules(entries), _meanings(entries)
    rows, shown = [], len(samples(entries))
    for place, entry in enumerate(entries):
        formula, meaning, is_loss = short[place], meanings[place], place == len(entries) - 1
        is_column, is_given = bool(entry.shape), entry.operation in (Operation.PARAMETER, Operation.DATA)
        if is_reverse:
            name = "L" if is_loss else f"∂L/∂{formula}" if is_given else formula
            sentence = f"Change in the loss per unit change in {full[place]}{_for_every_row(entry, source)}"
        else:
            name = f"L = {formula}" if is_loss else formula
            sentence = _forward_sentence(entry, full[place], meaning, source)
        rule, is_result = (rule_texts[place], is_given) if is_reverse else ("", is_loss)
        more = entry.size - shown if is_column else 0
        rows.append(TapeRow(formula, name, rule, (), more, is_column, is_given, is_result, meaning, sentence))
    return tuple(rows)


def _forward_sentence(entry: Node, full: str, meaning: Meaning, source: str) -> str:
    if entry.operation is Operation.PARAMETER:
        return f"The parameter {full} at this step"
    explanation = _EXPLANATIONS.get((entry.operation, meaning), "")
    if meaning is Meaning.LOSS:
        is_reduced = entry.operation in (Operation.MEAN, Operation.SUM)
        explanation = f"the loss, one number for all rows of the {source}" if is_reduced else "the loss"
    return f"{full}{': ' if explanation else ''}{explanation}{_for_every_row(entry, source)}"


def _for_every_row(entry: Node, source: str) -> str:
    return f", for every row of the {source}" if entry.shape else ""


def _meanings(entries: Sequence[Node]) -> list[Meaning]:
    """Derive each value's meaning from its dependencies: data, parameters, or both, with or without the target y."""
    parameters = [place for place, entry in enumerate(entries) if entry.operation is Operation.PARAMETER]
    below: list[frozenset[int]] = []
    found: list[Meaning] = []
    for place, entry in enumerate(entries):
        below.append(frozenset({place}).union(*(below[operand] for operand in entry.operands)))
        used = [number for number, parameter in enumerate(parameters) if parameter in below[place]]
        data = [entries[known].name for known in below[place] if entries[known].operation is Operation.DATA]
        found.append(_meaning(entry, used, data))
    return [*found[:-1], Meaning.LOSS]


def _meaning(entry: Node, used: Sequence[int], data: Sequence[str]) -> Meaning:
    """used: the parameters that a value depends on; data: the names of the data that it depends on."""
    if "y" in data and used:
        return Meaning.RESIDUALS if entry.shape else Meaning.LOSS
    if data:
        return Meaning.PREDICTIONS if used else Meaning.DATA
    return Meaning.POINT if len(used) != 1 else (Meaning.FIRST, Meaning.SECOND)[used[0]]
