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

    formula: what it is. rule: in the reverse pass, how the gradient comes from the one at what was made of this value.
    values: one number, or those of the sample rows of the data; ``more`` further ones are not shown. is_column: whether
    there is a number for every row of the data. is_given: whether it is data or a parameter, and not computed.
    """

    formula: str
    rule: str
    values: tuple[float, ...]
    more: int
    is_column: bool
    is_given: bool
    meaning: Meaning
    sentence: str


def samples(tape: Tape) -> tuple[int, ...]:
    """Which rows of the data are shown: the first, the middle and the last; none where there are no data."""
    count = max((entry.value.size for entry in tape.entries if entry.operation is Operation.DATA), default=0)
    return tuple(sorted({0, count // 2, count - 1})) if count else ()


def forward_rows(tape: Tape, loss: float, whole: str = ALL_ROWS) -> tuple[TapeRow, ...]:
    """All values but the numbers of the formula, in the order in which they were recorded.

    loss: the last value, in the precision of the run. whole: what the rows of the tape are all rows of.
    """
    shown, words = samples(tape), _words(forms(tape), whole)
    rows = [
        _row(entry.value, shown, said, reverse=False)
        for entry, said in zip(tape.entries, words, strict=True)
        if entry.operation is not Operation.NUMBER
    ]
    return (*rows[:-1], replace(rows[-1], values=(loss,)))


def reverse_rows(tape: Tape, gradient: NDArray[np.floating], whole: str = ALL_ROWS) -> tuple[TapeRow, ...]:
    """The gradients at all values that depend on a parameter, from the loss backwards.

    At the parameters themselves those of ``gradient``, shape (2,): the run's own, equal to the tape's to the last bits.
    """
    entries, shown, found = tape.entries, samples(tape), list(tape.gradients())
    parameters = [place for place, entry in enumerate(entries) if entry.operation is Operation.PARAMETER]
    for place, slope in zip(parameters, gradient, strict=True):
        found[place] = np.asarray(slope)
    pairs = zip(found, _words(forms(tape), whole), strict=True)
    return tuple(_row(value, shown, said, reverse=True) for value, said in reversed(list(pairs)) if value is not None)


@dataclass(frozen=True)
class _Said:
    """What is said of an entry, whatever its value."""

    formula: str
    rule: str
    is_given: bool
    meaning: Meaning
    forward: str
    reverse: str


# The same at every step of a run.
@lru_cache(maxsize=16)
def _words(entries: tuple[Form, ...], whole: str) -> tuple[_Said, ...]:
    short, full, how, meanings = short_formulas(entries), full_formulas(entries), rules(entries), _meanings(entries)
    return tuple(
        _Said(
            short[place],
            how[place],
            entry.operation in (Operation.PARAMETER, Operation.DATA),
            meanings[place],
            _forward_sentence(entry, full[place], meanings[place], whole),
            f"How much the loss grows for each unit by which {full[place]} grows{_each(entry, whole)}",
        )
        for place, entry in enumerate(entries)
    )


def _row(value: Values, shown: tuple[int, ...], said: _Said, reverse: bool) -> TapeRow:
    is_column = value.ndim > 0
    return TapeRow(
        said.formula,
        said.rule if reverse else "",
        tuple(float(value[row]) for row in shown) if is_column else (float(value),),
        value.size - len(shown) if is_column else 0,
        is_column,
        said.is_given,
        said.meaning,
        said.reverse if reverse else said.forward,
    )


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
    found: list[frozenset[int]] = []
    for place, entry in enumerate(entries):
        found.append(frozenset({place}).union(*(found[operand] for operand in entry.operands)))
    return [_meaning(entries, below, parameters, place) for place, below in enumerate(found)]


def _meaning(entries: Sequence[Form], below: frozenset[int], parameters: list[int], place: int) -> Meaning:
    if place == len(entries) - 1:
        return Meaning.LOSS
    used = [number for number, parameter in enumerate(parameters) if parameter in below]
    data = [entries[known].name for known in below if entries[known].operation is Operation.DATA]
    if data:
        if "y" in data and used:
            return Meaning.RESIDUALS if entries[place].shape else Meaning.LOSS
        return Meaning.PREDICTIONS if used else Meaning.DATA
    return Meaning.POINT if len(used) != 1 else (Meaning.FIRST, Meaning.SECOND)[used[0]]
