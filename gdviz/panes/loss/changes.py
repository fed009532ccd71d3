"""Marks of the loss plot at the steps from which the learning rate was changed by hand."""

from collections.abc import Iterator, Sequence

from gdviz.core.descent.manual_changes import base_and_changes
from gdviz.core.descent.recording import Recording
from gdviz.panes.loss.marks import Mark
from gdviz.presentation.numbers import format_plain
from gdviz.presentation.run_names import short_names

FRAME_PART = 40
"""Changes that follow each other by less than the axis divided by this are one, as a slider that is dragged makes."""


def change_marks(recordings: Sequence[Recording], step: int, end: int) -> tuple[Mark, ...]:
    """A mark for each change of the rate up to a step, of any run, in increasing steps.

    end: of the axis. Of changes close together only the last is marked; its explanation counts the others.
    """
    found = [
        mark
        for name, recording in zip(short_names(recordings), recordings, strict=True)
        for mark in _marks_of(name, recording, min(step, recording.last_step), max(1, end // FRAME_PART))
    ]
    return tuple(sorted(found, key=lambda mark: mark.step))


def _marks_of(name: str, recording: Recording, last: int, apart: int) -> Iterator[Mark]:
    _, changes = base_and_changes(recording.experiment.schedule)
    made, close = [change for change in changes if change[0] <= last], 0
    for number, (step, rate) in enumerate(made, 1):
        if number < len(made) and made[number][0] - step < apart:
            close += 1
            continue
        of = f" of {name}" if name else ""
        told = f"the learning rate{of} is {format_plain(rate)} from step {step:,} on"
        told += f", after {close:,} other changes just before" if close else ""
        yield Mark(step, f"{f'{name}: ' if name else ''}rate {format_plain(rate)}", told, is_change=True)
        close = 0
