"""The surface in the registry of panes."""

from gdviz.core.descent.experiment import Experiment
from gdviz.panes.entry import PaneEntry, Place
from gdviz.presentation.look import SURFACE


def _caption(experiment: Experiment) -> str:
    first, second = experiment.problem.parameters
    return f"The loss as a surface over {first} and {second} with the path"


ENTRY = PaneEntry(name=SURFACE, place=Place.LARGE, edit_name="surface", caption=_caption)
