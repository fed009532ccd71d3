"""The steps at which the losses and the parameters of runs stop being numbers, as marks of the loss plot."""

from collections.abc import Sequence
from dataclasses import dataclass

from gdviz.core.descent.recording import Recording
from gdviz.presentation.numbers import bracketed, format_number, overflow_text
from gdviz.presentation.run_names import short_names

End = tuple[int, str, str]
"""The step at which numbers end, what ends there, and why."""


@dataclass(frozen=True)
class Mark:
    """A step at which something stopped being a number: a vertical line with a label and a tooltip."""

    step: int
    label: str
    explanation: str


def loss_marks(recordings: Sequence[Recording], step: int) -> tuple[Mark, ...]:
    """The marks up to a step.

    Of a single run for each step at which something ends; of several, which would fill the plot with words, for each
    step at which a loss does, with the names of the runs and the rest in the explanation.
    """
    ended = [[end for end in _number_ends(recording) if end[0] <= step] for recording in recordings]
    if len(recordings) == 1:
        return tuple(_mark(at, "", ended[0]) for at in sorted({at for at, _, _ in ended[0]}))
    runs = [(name, ends) for name, ends in zip(short_names(recordings), ended, strict=True) if ends]
    return tuple(_shared(at, runs) for at in sorted({min(ends)[0] for _, ends in runs}))


def _mark(step: int, name: str, ends: Sequence[End]) -> Mark:
    """What ends at a step, in one mark."""
    now = [(label, why) for at, label, why in ends if at == step]
    label = ", ".join(label for label, _ in now)
    return Mark(step, f"{name}{label} from step {step:,}", "\n".join(why for _, why in now))


def _shared(step: int, runs: Sequence[tuple[str, Sequence[End]]]) -> Mark:
    """The mark of all runs of which the loss, with which it begins, ends at a step."""
    here = [(name, ends) for name, ends in runs if min(ends)[0] == step]
    label = ", ".join(dict.fromkeys(_first(ends) for _, ends in here))
    explained = []
    for name, ends in here:
        for at in sorted({at for at, _, _ in ends}):
            one = _mark(at, f"{name}: ", ends)
            explained += [one.label, one.explanation]
    return Mark(step, f"{', '.join(name for name, _ in here)}: {label} from step {step:,}", "\n".join(explained))


def _first(ends: Sequence[End]) -> str:
    """What of the loss ended first; where a parameter became NaN the loss did so too."""
    return next((label for at, label, _ in ends if at == min(ends)[0] and label.startswith("loss")), "loss = NaN")


def _number_ends(recording: Recording) -> list[End]:
    """Where numbers end, in the order of what ends."""
    found, names = recording.milestones, recording.experiment.problem.parameters
    events: list[End] = []
    if found.infinite_loss is not None:
        loss = float(recording.losses[found.infinite_loss])
        why = f"the loss is {overflow_text(loss, recording.losses.dtype)}"
        events.append((found.infinite_loss, f"loss = {format_number(loss)}", why))
    # Where a parameter becomes NaN the loss does too; only before that it is worth a word.
    if found.nan_loss is not None and all(at is None or at > found.nan_loss for at in found.nan):
        events.append((found.nan_loss, "loss = NaN", "the loss is not a number any more"))
    for index, name in enumerate(names):
        for at in (found.infinite[index], found.nan[index]):
            if at is not None:
                value = format_number(float(recording.points[at, index]))
                events.append((at, f"{name} = {value}", _operation(recording, at, index)))
    return events


def _operation(recording: Recording, step: int, index: int) -> str:
    """The update that made the parameter what it is: ``w: inf − 0.9 · inf = NaN``."""
    name = recording.experiment.problem.parameters[index]
    if step == 0:
        return f"{name} starts so"
    before, after = (format_number(float(recording.points[row, index])) for row in (step - 1, step))
    rate = format_number(float(recording.learning_rates[step - 1]))
    direction = format_number(float(recording.directions[step - 1, index]))
    return f"{name}: {before} − {bracketed(rate)} · {bracketed(direction)} = {after}"
