"""Marks of the loss plot at the steps at which losses and parameters first become infinite or NaN."""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from gdviz.core.descent.recording import Recording
from gdviz.core.descent.stretches import Stretches
from gdviz.core.frozen import frozen
from gdviz.presentation.numbers import bracketed, format_number, overflow_text
from gdviz.presentation.run_names import short_names

NonFinite = tuple[int, str, str, bool]
"""The step at which a value first becomes infinite or NaN, the value as text, why, and whether it was finite again."""


@frozen
class Mark:
    """A step at which something became infinite or NaN, or the rate changed: a line with a label and a tooltip."""

    step: int
    label: str
    explanation: str
    is_change: bool = False


def loss_marks(recordings: Sequence[Recording], step: int) -> tuple[Mark, ...]:
    """The marks up to a step.

    For a single run, one for each step at which a loss or a parameter becomes infinite or NaN. For several, which would
    crowd the plot, one for each step at which that first happens to a run, with all else in the explanation.
    """
    happened = [_non_finite_events(recording, step) for recording in recordings]
    if len(recordings) == 1:
        return tuple(_mark(at, "", happened[0]) for at in sorted({at for at, *_ in happened[0]}))
    runs = [(name, events) for name, events in zip(short_names(recordings), happened, strict=True) if events]
    return tuple(_combined_mark(at, runs) for at in sorted({min(events)[0] for _, events in runs}))


def _mark(step: int, name: str, events: Sequence[NonFinite]) -> Mark:
    """One mark for all that becomes infinite or NaN at a step."""
    now = [event for event in events if event[0] == step]
    label = ", ".join(label for _, label, _, _ in now)
    return Mark(step, f"{name}{label} {_when(now)}", "\n".join(why for _, _, why, _ in now))


def _when(events: Sequence[NonFinite]) -> str:
    """Since when, for events at one step: "from step 341"; "first at step 341" if any value was finite again since."""
    return f"{'first at' if any(recovered for *_, recovered in events) else 'from'} step {events[0][0]:,}"


def _combined_mark(step: int, runs: Sequence[tuple[str, Sequence[NonFinite]]]) -> Mark:
    """One mark for all runs whose first event is at that step."""
    here = [(name, events) for name, events in runs if min(events)[0] == step]
    label = ", ".join(dict.fromkeys(_first_loss_event(events) for _, events in here))
    when = _when([event for _, events in here for event in events if event[0] == step])
    explained = []
    for name, events in here:
        for at in sorted({at for at, *_ in events}):
            one = _mark(at, f"{name}: ", events)
            explained += [one.label, one.explanation]
    return Mark(step, f"{', '.join(name for name, _ in here)}: {label} {when}", "\n".join(explained))


def _first_loss_event(events: Sequence[NonFinite]) -> str:
    """The loss's part in a run's first event; if a parameter became NaN, so did the loss."""
    first = min(events)[0]
    return next((label for at, label, *_ in events if at == first and label.startswith("loss")), "loss = NaN")


def _non_finite_events(recording: Recording, step: int) -> list[NonFinite]:
    """When the loss and each parameter first become infinite or NaN, up to a step."""
    found, losses = recording.milestones, recording.losses

    def overflow(at: int) -> str:
        return f"the loss is {overflow_text(float(losses[at]), losses.dtype)}"

    events: list[tuple[int | None, str, NDArray[np.floating], Stretches, Callable[[int], str]]]
    events = [(found.infinite_loss, "loss", losses, recording.without_loss, overflow)]
    # A NaN parameter makes the loss NaN; it is worth mentioning only if it happens before.
    if found.nan_loss is not None and all(at is None or at > found.nan_loss for at in found.nan):
        reason = "the loss is no longer a number"
        events.append((found.nan_loss, "loss", losses, recording.without_loss, lambda _: reason))
    for index, name in enumerate(recording.experiment.problem.parameters):
        why = partial(_update_text, recording, index)
        values, stretches = recording.points[:, index], recording.without_parameter[index]
        events += [(at, name, values, stretches, why) for at in (found.infinite[index], found.nan[index])]
    return [
        (at, f"{name} = {format_number(float(values[at]))}", why(at), stretches.since(step) > at)
        for at, name, values, stretches, why in events
        if at is not None and at <= step
    ]


def _update_text(recording: Recording, index: int, step: int) -> str:
    """The update that led to the parameter's value: ``w: inf − 0.9 · inf = NaN``."""
    name = recording.experiment.problem.parameters[index]
    if step == 0:
        return f"{name} starts there"
    before, after = (format_number(float(recording.points[row, index])) for row in (step - 1, step))
    direction = bracketed(format_number(float(recording.directions[step - 1, index])))
    if recording.experiment.optimizer.scales_with_rate:
        rate = format_number(float(recording.learning_rates[step - 1]))
        direction = f"{bracketed(rate)} · {direction}"
    return f"{name}: {before} − {direction} = {after}"
