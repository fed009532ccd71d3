"""What the row of the tape that is pointed at lights up: on the landscape, and in the plot of the data."""

import math

import numpy as np

from gdviz.core.box import Box
from gdviz.core.descent.recording import Recording
from gdviz.core.problems.dataset import Dataset
from gdviz.panes.landscape.landscape import Light, RunPath, Surface, on_surface
from gdviz.panes.tape.picture import TapePicture
from gdviz.presentation.highlight import DataLight, Meaning, Sample
from gdviz.presentation.numbers import format_number

SLICE_POINTS = 65
"""Of the line along an axis: with so many a bend of the surface is smooth."""
_AXES = {Meaning.FIRST: 0, Meaning.SECOND: 1}


def landscape_light(
    recording: Recording, step: int, surface: Surface, path: RunPath, tape: TapePicture
) -> Light | None:
    """What is lit there; None where the row speaks of the data. ``path``: that of the recording, up to the step."""
    meaning = tape.meaning
    if meaning not in (Meaning.LOSS, Meaning.POINT, *_AXES):
        return None
    line, current = np.empty((0, 3), np.float32), path.current
    if meaning in _AXES and current is not None:
        axis = _AXES[meaning]
        places = np.tile(np.array(current[:2]), (SLICE_POINTS, 1))
        places[:, axis] = np.linspace(-1.0, 1.0, SLICE_POINTS)
        line = on_surface(recording.experiment.problem, surface, places)
    return Light(meaning, current, line, _label(recording, min(step, recording.last_step), meaning, tape))


def _label(recording: Recording, step: int, meaning: Meaning, tape: TapePicture) -> str:
    """What is lit, with its number."""
    if meaning is Meaning.LOSS:
        # The landscape is that of all rows, also where the tape is that of a batch.
        return f"loss {'of all rows ' if tape.is_batch else ''}{format_number(float(recording.losses[step]))}"
    values = [
        f"{name} = {format_number(float(value))}"
        for name, value in zip(tape.parameters, recording.points[step], strict=True)
    ]
    return values[_AXES[meaning]] if meaning in _AXES else ", ".join(values)


def data_light(data: Dataset, line: tuple[float, float], box: Box, tape: TapePicture) -> DataLight:
    """The sample rows of the tape in the plot, which shows this box, and what of it is lit."""
    found = []
    for row in dict.fromkeys(tape.samples):  # a batch may have drawn one twice
        x, y = float(data.x[row - 1]), float(data.y[row - 1])
        predicted = line[0] * x + line[1]
        is_inside = math.isfinite(predicted) and box.low[1] <= predicted <= box.high[1]
        found.append(Sample(row, x, y, predicted if is_inside else None))
    return DataLight(tape.meaning, tuple(found))
