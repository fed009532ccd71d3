"""A tape in words: each value as a formula, and how its gradient follows from those of later values."""

import math
from collections.abc import Sequence

from gdviz.core.frozen import frozen
from gdviz.core.problems.tape import LEAVES, Operation, Tape

MAX_LENGTH, MAX_LENGTH_ABOVE = 22, 6
"""Characters of a formula, and of the previous row's formula within it, beyond which an ellipsis replaces it."""
ELLIPSIS = "…"
_SUM, _PRODUCT, _POWER, _ATOM = range(4)
_PRECEDENCE = {Operation.ADD: _SUM, Operation.SUBTRACT: _SUM, Operation.MULTIPLY: _PRODUCT, Operation.SQUARE: _POWER}
"""Operator precedences; names and bracketed formulas are atoms."""


@frozen
class Node:
    """A node of the computational graph: a tape entry without its value, the same at every step of a run."""

    operation: Operation
    operands: tuple[int, ...]
    name: str
    shape: tuple[int, ...]

    @property
    def size(self) -> int:
        """The number of elements."""
        return math.prod(self.shape)


def nodes(tape: Tape) -> tuple[Node, ...]:
    """Return the entries of the tape without their values."""
    return tuple(Node(entry.operation, entry.operands, entry.name, entry.value.shape) for entry in tape.entries)


def full_formulas(entries: Sequence[Node]) -> list[str]:
    """Return each value written out in names and numbers."""
    found: list[str] = []
    for entry in entries:
        operands = [_Operand(found[place], _precedence(entries[place])) for place in entry.operands]
        found.append(_formatted(entry, operands))
    return found


def short_formulas(entries: Sequence[Node]) -> list[str]:
    """Return each value as one operation; a long operand is elided if it is the row above or does not fit."""
    full = full_formulas(entries)
    rows = [place for place, entry in enumerate(entries) if entry.operation not in LEAVES]
    return [_short(place, entries, full, rows) for place in range(len(entries))]


def _short(place: int, entries: Sequence[Node], full: list[str], rows: list[int]) -> str:
    entry = entries[place]
    if entry.operation in (Operation.MEAN, Operation.SUM):
        return "mean" if entry.operation is Operation.MEAN else "sum"
    above = max((row for row in rows if row < place), default=-1)
    parts = []
    for operand in entry.operands:
        elided = operand == above and len(full[operand]) > MAX_LENGTH_ABOVE
        parts.append(_Operand(ELLIPSIS if elided else full[operand], _precedence(entries[operand])))
    while len(_formatted(entry, parts)) > MAX_LENGTH:
        longest = max(range(len(parts)), key=lambda number: len(parts[number].text))
        if parts[longest].text == ELLIPSIS:
            break
        parts[longest] = _Operand(ELLIPSIS, parts[longest].precedence)
    return _formatted(entry, parts)


def gradient_rules(entries: Sequence[Node]) -> list[str]:
    """Return how each value's gradient follows from that of its result: times the local derivative.

    Empty for the last value, the loss, where the reverse pass starts.
    """
    full = full_formulas(entries)
    uses: list[list[str]] = [[] for _ in entries]
    for entry in entries:
        for number, place in enumerate(entry.operands):
            uses[place].append(_factor(entry, number, entries, full))
    uses[-1] = [""]
    return [found[0] if len(found) == 1 else f"{len(found)} uses, added" for found in uses]


def _factor(entry: Node, number: int, entries: Sequence[Node], full: list[str]) -> str:
    """Return the factor of the gradient on its way from the entry to one of its operands."""
    operand = entries[entry.operands[number]]
    added = "Σ " if len(operand.shape) < len(entry.shape) else ""
    if entry.operation is Operation.MEAN:
        return f"× 1/{operand.size:,}"
    if entry.operation is Operation.SQUARE:
        return f"× 2·{_abbreviated(entry.operands[0], entries, full)}"
    if entry.operation is Operation.MULTIPLY:
        return f"{added}× {_abbreviated(entry.operands[1 - number], entries, full)}"
    is_subtracted = entry.operation is Operation.SUBTRACT and number == 1
    return f"{added}× (−1)" if is_subtracted else f"{added}× 1"


def _abbreviated(place: int, entries: Sequence[Node], full: list[str]) -> str:
    part = _Operand(full[place] if len(full[place]) <= MAX_LENGTH_ABOVE else ELLIPSIS, _precedence(entries[place]))
    return part.bracketed(_PRODUCT)


@frozen
class _Operand:
    """An operand's text and its precedence."""

    text: str
    precedence: int

    def bracketed(self, precedence: int) -> str:
        """Return the text, in brackets if it has a lower precedence."""
        return f"({self.text})" if self.precedence < precedence else self.text


def _precedence(entry: Node) -> int:
    return _PRECEDENCE.get(entry.operation, _ATOM)


def _formatted(entry: Node, parts: list[_Operand]) -> str:
    if entry.operation in LEAVES:
        return entry.name
    if entry.operation is Operation.ADD:
        return f"{parts[0].text} + {parts[1].text}"
    if entry.operation is Operation.SUBTRACT:
        return f"{parts[0].text} − {parts[1].bracketed(_PRODUCT)}"
    if entry.operation is Operation.MULTIPLY:
        return f"{parts[0].bracketed(_PRODUCT)}·{parts[1].bracketed(_PRODUCT)}"
    if entry.operation is Operation.SQUARE:
        return f"{parts[0].bracketed(_ATOM)}²"
    return f"{'mean' if entry.operation is Operation.MEAN else 'sum'}({parts[0].text})"
