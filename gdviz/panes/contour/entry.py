"""The registry entry of the contour."""

from gdviz.core.descent.experiment import Experiment
from gdviz.panes.entry import PaneEntry, Place
from gdviz.presentation.look import CONTOUR


def _caption(experiment: Experiment) -> str:
    first, second = experiment.problem.parameters
    return f"The loss as a contour map over {first} and {second} with the path"


ENTRY = PaneEntry(name=CONTOUR, place=Place.LARGE, edit_name="contour", caption=_caption)
