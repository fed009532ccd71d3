"""A tape in words: what each value is as a formula, and how its gradient comes from those behind it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from gdviz.core.problems.tape import LEAVES, Operation, Tape

LONGEST, LONGEST_ABOVE = 22, 6
"""The most characters of a formula, and of the result of the row above within it, before it becomes an ellipsis."""
ELLIPSIS = "…"
_SUM, _PRODUCT, _POWER, _WORD = range(4)
_BINDING = {Operation.ADD: _SUM, Operation.SUBTRACT: _SUM, Operation.MULTIPLY: _PRODUCT, Operation.SQUARE: _POWER}
"""How tightly an operation binds its operands when read; a name, or what has brackets, binds like a word."""


@dataclass(frozen=True)
class Form:
    """An entry of a tape without its value: the same at every step of a run."""

    operation: Operation
    operands: tuple[int, ...]
    name: str
    shape: tuple[int, ...]

    @property
    def size(self) -> int:
        """How many numbers it has."""
        return math.prod(self.shape)


def forms(tape: Tape) -> tuple[Form, ...]:
    """The entries of the tape without their values."""
    return tuple(Form(entry.operation, entry.operands, entry.name, entry.value.shape) for entry in tape.entries)


def full_formulas(entries: Sequence[Form]) -> list[str]:
    """Each value written out down to names and numbers."""
    found: list[str] = []
    for entry in entries:
        found.append(_written(entry, [_Part(found[place], _binding(entries[place])) for place in entry.operands]))
    return found


def short_formulas(entries: Sequence[Form]) -> list[str]:
    """Each value as one operation: a long operand is an ellipsis if it is the row above, or does not fit."""
    full = full_formulas(entries)
    rows = [place for place, entry in enumerate(entries) if entry.operation not in LEAVES]
    return [_short(place, entries, full, rows) for place in range(len(entries))]


def _short(place: int, entries: Sequence[Form], full: list[str], rows: list[int]) -> str:
    entry = entries[place]
    if entry.operation in (Operation.MEAN, Operation.SUM):
        return "mean" if entry.operation is Operation.MEAN else "sum"
    above = max((row for row in rows if row < place), default=-1)
    parts = []
    for operand in entry.operands:
        elided = operand == above and len(full[operand]) > LONGEST_ABOVE
        parts.append(_Part(ELLIPSIS if elided else full[operand], _binding(entries[operand])))
    while len(_written(entry, parts)) > LONGEST:
        longest = max(range(len(parts)), key=lambda number: len(parts[number].text))
        if parts[longest].text == ELLIPSIS:
            break
        parts[longest] = _Part(ELLIPSIS, parts[longest].binding)
    return _written(entry, parts)


def rules(entries: Sequence[Form]) -> list[str]:
    """How the gradient at each value comes from the gradient at what was made of it: times the local derivative.

    Empty for the last value, the loss: there it begins.
    """
    full = full_formulas(entries)
    uses: list[list[str]] = [[] for _ in entries]
    for entry in entries:
        for number, place in enumerate(entry.operands):
            uses[place].append(_factor(entry, number, entries, full))
    uses[-1] = [""]
    return [found[0] if len(found) == 1 else f"{len(found)} uses, added" for found in uses]


def _factor(entry: Form, number: int, entries: Sequence[Form], full: list[str]) -> str:
    """What the gradient at the entry is multiplied by on its way to one of the operands."""
    operand = entries[entry.operands[number]]
    added = "Σ " if len(operand.shape) < len(entry.shape) else ""
    if entry.operation is Operation.MEAN:
        return f"× 1/{operand.size:,}"
    if entry.operation is Operation.SQUARE:
        return f"× 2·{_brief(entry.operands[0], entries, full)}"
    if entry.operation is Operation.MULTIPLY:
        return f"{added}× {_brief(entry.operands[1 - number], entries, full)}"
    is_taken_away = entry.operation is Operation.SUBTRACT and number == 1
    return f"{added}× (−1)" if is_taken_away else f"{added}× 1"


def _brief(place: int, entries: Sequence[Form], full: list[str]) -> str:
    part = _Part(full[place] if len(full[place]) <= LONGEST_ABOVE else ELLIPSIS, _binding(entries[place]))
    return part.inside(_PRODUCT)


@dataclass(frozen=True)
class _Part:
    """An operand as it is written, and how tightly it is bound."""

    text: str
    binding: int

    def inside(self, binding: int) -> str:
        """In brackets where it is bound less tightly than ``binding``."""
        return f"({self.text})" if self.binding < binding else self.text


def _binding(entry: Form) -> int:
    return _BINDING.get(entry.operation, _WORD)


def _written(entry: Form, parts: list[_Part]) -> str:
    if entry.operation in LEAVES:
        return entry.name
    if entry.operation is Operation.ADD:
        return f"{parts[0].text} + {parts[1].text}"
    if entry.operation is Operation.SUBTRACT:
        return f"{parts[0].text} − {parts[1].inside(_PRODUCT)}"
    if entry.operation is Operation.MULTIPLY:
        return f"{parts[0].inside(_PRODUCT)}·{parts[1].inside(_PRODUCT)}"
    if entry.operation is Operation.SQUARE:
        return f"{parts[0].inside(_WORD)}²"
    return f"{'mean' if entry.operation is Operation.MEAN else 'sum'}({parts[0].text})"
