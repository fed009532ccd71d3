"""What the landscape highlights for another pane: the place of the run, its loss, or the axis of a parameter."""

import numpy as np

from gdviz.core.descent.recording import Recording
from gdviz.panes.landscape.landscape import Light, RunPath, Surface, on_surface
from gdviz.presentation.highlight import Highlight, Meaning
from gdviz.presentation.numbers import format_number

SLICE_POINTS = 65
"""Of the line along an axis: with so many a bend of the surface is smooth."""
_AXES = {Meaning.FIRST: 0, Meaning.SECOND: 1}


def landscape_light(
    recording: Recording, step: int, surface: Surface, path: RunPath, highlight: Highlight
) -> Light | None:
    """What is lit there; None where it concerns the data alone. ``path``: that of the recording, up to the step."""
    meaning = highlight.meaning
    if meaning not in (Meaning.LOSS, Meaning.POINT, *_AXES):
        return None
    line, current = np.empty((0, 3), np.float32), path.current
    if meaning in _AXES and current is not None:
        axis = _AXES[meaning]
        places = np.tile(np.array(current[:2]), (SLICE_POINTS, 1))
        places[:, axis] = np.linspace(-1.0, 1.0, SLICE_POINTS)
        line = on_surface(recording.experiment.problem, surface, places)
    return Light(meaning, current, line, _label(recording, min(step, recording.last_step), meaning, highlight))


def _label(recording: Recording, step: int, meaning: Meaning, highlight: Highlight) -> str:
    """What is lit, with its number."""
    if meaning is Meaning.LOSS:
        # The landscape is that of all rows, also where the tape is that of a batch.
        return f"loss {'of all rows ' if highlight.is_of_batch else ''}{format_number(float(recording.losses[step]))}"
    values = [
        f"{name} = {format_number(float(value))}"
        for name, value in zip(recording.experiment.problem.parameters, recording.points[step], strict=True)
    ]
    return values[_AXES[meaning]] if meaning in _AXES else ", ".join(values)
