"""Small multiples: a frame for each of several runs, with its path alone, its heading and its notes."""

from dataclasses import replace

from gdviz.core.recording import Recording
from gdviz.core.verdict import judge
from gdviz.model.frame import Frame
from gdviz.model.race import Legend
from gdviz.model.text import format_number


def short_notes(recording: Recording, step: int) -> tuple[str, ...]:
    """The verdict on the whole run in a word or two, and its loss at a step (at its end, for a later one)."""
    loss = float(recording.losses[min(step, recording.last_step)])
    return (f"{judge(recording).kind.value}, loss now {format_number(loss)}",)


def has_multiples(frame: Frame) -> bool:
    """Whether each run is to have a picture of its own."""
    return frame.look.multiples and len(frame.legend.entries) > 1


def multiples(frame: Frame) -> tuple[Frame, ...]:
    """The frame of each run in the order of the legend, on the same surface; its legend has that run alone."""
    paths = {path.style: path for path in frame.landscape.paths}
    found = []
    for entry in frame.legend.entries:
        path = paths[entry.style]
        light = frame.landscape.light if entry.style == frame.style else None
        landscape = replace(frame.landscape, paths=(path,), notes=path.notes, light=light)
        one = Legend(frame.legend.title, (entry,))
        found.append(replace(frame, landscape=landscape, legend=one, style=entry.style))
    return tuple(found)


def grid_of(count: int) -> tuple[int, int]:
    """How many pictures stand beside each other and how many below: two in a row, up to four in a square."""
    return (count, 1) if count <= 2 else (2, 2)
