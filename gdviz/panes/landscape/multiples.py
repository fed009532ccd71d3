"""Small multiples: a landscape for each of several runs, with only its own path, heading and notes."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from gdviz.core.analysis.verdict import judge
from gdviz.core.descent.recording import Recording
from gdviz.panes.landscape.landscape import Landscape, RunPath
from gdviz.panes.landscape.shown_box import own_box_label
from gdviz.presentation.legend import Legend
from gdviz.presentation.look import Look
from gdviz.presentation.numbers import format_number


class Multiple(NamedTuple):
    """A landscape with a single path, and the legend that names it."""

    landscape: Landscape
    legend: Legend


def short_notes(recording: Recording, step: int, look: Look) -> tuple[str, ...]:
    """The verdict on the steps up to one in a word or two, how far its own box has grown, and the loss there."""
    loss = float(recording.losses[min(step, recording.last_step)])
    grown = own_box_label(recording, step, look)
    return judge(recording, step).kind.value, *filter(None, [grown]), f"loss {format_number(loss)}"


def has_multiples(look: Look, legend: Legend) -> bool:
    """Whether each run has a picture of its own."""
    return look.multiples and len(legend.entries) > 1


def multiples(landscape: Landscape, legend: Legend) -> tuple[Multiple, ...]:
    """The landscape of each run in the order of the legend, in its own box if it has one, with its own legend.

    If there is little room, only the live run's.
    """
    owners = landscape.each or (landscape,)
    found_paths = {path.style: (whole, path) for whole in owners for path in whole.paths}
    found = []
    for entry in legend.entries:
        if landscape.is_small and entry.style != legend.live:
            continue
        whole, shown = found_paths[entry.style]
        path, is_live = _with_label_as_note(shown), entry.style == legend.live
        light, inside = (whole.light, whole.inside) if is_live else (None, None)
        notes = (*path.notes, inside.scale) if inside is not None and inside.scale else path.notes
        own = replace(whole, paths=(path,), notes=notes, light=light, inside=inside)
        found.append(Multiple(own, Legend(legend.title, (entry,), entry.style)))
    return tuple(found)


def wordings(notes: Sequence[str]) -> tuple[str, ...]:
    """The notes of a small picture in one line: all, without the verdict, which the header has too, and ever fewer."""
    fewer = [notes, notes[1:], *(notes[:count] for count in range(len(notes) - 1, 0, -1))]
    return tuple(", ".join(some) for some in fewer if some) or ("",)


def _with_label_as_note(path: RunPath) -> RunPath:
    """The path with its arrow's label moved to the notes, since it would cover too much of a small picture."""
    if path.arrow is None:
        return path
    label = path.arrow.shorter[0] if path.arrow.shorter else path.arrow.label
    return replace(path, arrow=replace(path.arrow, label=""), notes=(*path.notes, label))


def grid_shape(count: int, width: float, height: float) -> tuple[int, int]:
    """Columns and rows for ``count`` pictures in a room of that size; two are arranged so that they are larger."""
    if count > 2:
        return 2, 2
    is_upright = min(width, height / 2) > min(width / 2, height)
    return (1, count) if is_upright else (count, 1)
