"""Marks of the loss plot at the steps at which losses and parameters become infinite or NaN."""

from collections.abc import Sequence
from dataclasses import dataclass

from gdviz.core.descent.recording import Recording
from gdviz.presentation.numbers import bracketed, format_number, overflow_text
from gdviz.presentation.run_names import short_names

NonFinite = tuple[int, str, str]
"""The step at which a value becomes infinite or NaN, the value as text, and why."""


@dataclass(frozen=True)
class Mark:
    """A step at which something became infinite or NaN: a vertical line with a label and a tooltip."""

    step: int
    label: str
    explanation: str


def loss_marks(recordings: Sequence[Recording], step: int) -> tuple[Mark, ...]:
    """The marks up to a step.

    For a single run, one for each step at which a loss or a parameter becomes infinite or NaN. For several, which would
    crowd the plot, one for each step at which that first happens to a run, with all else in the explanation.
    """
    happened = [[end for end in _non_finite_events(recording) if end[0] <= step] for recording in recordings]
    if len(recordings) == 1:
        return tuple(_mark(at, "", happened[0]) for at in sorted({at for at, _, _ in happened[0]}))
    runs = [(name, events) for name, events in zip(short_names(recordings), happened, strict=True) if events]
    return tuple(_combined_mark(at, runs) for at in sorted({min(events)[0] for _, events in runs}))


def _mark(step: int, name: str, events: Sequence[NonFinite]) -> Mark:
    """One mark for all that becomes infinite or NaN at a step."""
    now = [(label, why) for at, label, why in events if at == step]
    label = ", ".join(label for label, _ in now)
    return Mark(step, f"{name}{label} from step {step:,}", "\n".join(why for _, why in now))


def _combined_mark(step: int, runs: Sequence[tuple[str, Sequence[NonFinite]]]) -> Mark:
    """One mark for all runs whose first event is at that step."""
    here = [(name, events) for name, events in runs if min(events)[0] == step]
    label = ", ".join(dict.fromkeys(_first_loss_event(events) for _, events in here))
    explained = []
    for name, events in here:
        for at in sorted({at for at, _, _ in events}):
            one = _mark(at, f"{name}: ", events)
            explained += [one.label, one.explanation]
    return Mark(step, f"{', '.join(name for name, _ in here)}: {label} from step {step:,}", "\n".join(explained))


def _first_loss_event(events: Sequence[NonFinite]) -> str:
    """The loss's part in a run's first event; if a parameter became NaN, so did the loss."""
    return next((label for at, label, _ in events if at == min(events)[0] and label.startswith("loss")), "loss = NaN")


def _non_finite_events(recording: Recording) -> list[NonFinite]:
    """When the loss and each parameter become infinite or NaN."""
    found, names = recording.milestones, recording.experiment.problem.parameters
    events: list[NonFinite] = []
    if found.infinite_loss is not None:
        loss = float(recording.losses[found.infinite_loss])
        why = f"the loss is {overflow_text(loss, recording.losses.dtype)}"
        events.append((found.infinite_loss, f"loss = {format_number(loss)}", why))
    # A NaN parameter makes the loss NaN; it is worth mentioning only if it happens before.
    if found.nan_loss is not None and all(at is None or at > found.nan_loss for at in found.nan):
        events.append((found.nan_loss, "loss = NaN", "the loss is no longer a number"))
    for index, name in enumerate(names):
        for at in (found.infinite[index], found.nan[index]):
            if at is not None:
                value = format_number(float(recording.points[at, index]))
                events.append((at, f"{name} = {value}", _update_text(recording, at, index)))
    return events


def _update_text(recording: Recording, step: int, index: int) -> str:
    """The update that led to the parameter's value: ``w: inf − 0.9 · inf = NaN``."""
    name = recording.experiment.problem.parameters[index]
    if step == 0:
        return f"{name} starts there"
    before, after = (format_number(float(recording.points[row, index])) for row in (step - 1, step))
    rate = format_number(float(recording.learning_rates[step - 1]))
    direction = format_number(float(recording.directions[step - 1, index]))
    return f"{name}: {before} − {bracketed(rate)} · {bracketed(direction)} = {after}"
