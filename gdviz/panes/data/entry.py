"""The registry entry of the data pane."""

from gdviz.core.descent.experiment import Experiment
from gdviz.core.problems.capabilities import HasData
from gdviz.panes.data.picture import DataPicture, build_data_picture
from gdviz.panes.entry import PaneEntry, Place, Subject
from gdviz.presentation.look import DataPane


def _refusal(experiment: Experiment) -> str | None:
    problem = experiment.problem
    return None if isinstance(problem, HasData) else f"{problem.title} has no data to show"


def _build(subject: Subject) -> DataPicture | None:
    return build_data_picture(subject.recordings, subject.step, subject.look, subject.styles, subject.highlight)


ENTRY = PaneEntry(
    name="data",
    place=Place.ABOVE,
    caption=lambda experiment: "the data",
    build=_build,
    is_chosen=lambda look: look.data_pane is not DataPane.RATE,
    refusal=_refusal,
)
