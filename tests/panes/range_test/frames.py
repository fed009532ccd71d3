"""Frames of range tests for the tests of what shows them."""

import functools

from gdviz.core.analysis.range_test import as_range_test
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.optimizers import GradientDescent
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import RangeTest
from gdviz.core.problems.regression import LinearRegression
from gdviz.panes.range_test.picture import build_rate_picture
from gdviz.presentation.look import Look
from tests.frames import make_frame, with_pictures


@functools.cache
def swept(problem=None, optimizer=None, **settings):
    """The recording of a range test, of the lecture's problem unless told otherwise."""
    chosen = problem or LinearRegression()
    start = chosen.start if problem else (0.0, -1.0)
    experiment = Experiment(chosen, optimizer or GradientDescent(), start=start)
    return record(as_range_test(experiment, RangeTest(**settings)))


def rate_frame(recording, step=None, look=Look()):  # noqa: B008 - frozen
    """The frame at a step of it, at its end by default; only its look and the rates are the recording's."""
    shown = recording.last_step if step is None else step
    picture = build_rate_picture(recording, shown)
    return with_pictures(make_frame(look=look), rates=picture, suggestions=picture)
