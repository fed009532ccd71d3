"""The map of starting points in the registry of panes, the request for it, and the experiments that have none."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from gdviz.core.analysis import basins
from gdviz.core.analysis.basins import BasinMap
from gdviz.core.descent.experiment import Experiment
from gdviz.panes.basins.picture import build_basin_picture
from gdviz.panes.entry import Chart, ChartRequest, PaneEntry, Place, Switch

BASINS = "basins"
COARSE_SIDE, FINE_SIDE = 64, 256


@dataclass(frozen=True)
class BasinRequest(ChartRequest):
    """The map of the problem's box with so many starting points on each side."""

    side: int

    def compute(self) -> Iterator[BasinMap]:
        """The map, some more steps at a time."""
        return basins.compute(self.experiment, self.experiment.problem.box, self.side)

    def is_answered_by(self, chart: Chart) -> bool:
        """Whether it also has this number of starting points."""
        return isinstance(chart, BasinMap) and chart.side == self.side and self.matches(chart)


def _request(experiment: Experiment, fine: bool) -> BasinRequest:
    # Wherever the run starts, the map is the same.
    of_all = replace(experiment, start=experiment.problem.start)
    return BasinRequest(BASINS, of_all, fine, FINE_SIDE if fine else COARSE_SIDE)


def _refusal(experiment: Experiment) -> str | None:
    if not experiment.problem.minima:
        return f"{experiment.problem.title} has no known minimum in which runs could end; take another problem"
    if experiment.problem.is_quadratic:
        return f"{experiment.problem.title} has one minimum, the same from every start; take another problem"
    if experiment.schedule.sweeps:
        return "in a range test no run goes on for long; end it (W), or take one learning rate, for this map"
    return None


def _caption(experiment: Experiment) -> str:
    first, second = experiment.problem.parameters
    return f"A map of the minimum that is reached from each start over {first} and {second} with the path"


ENTRY = PaneEntry(
    name=BASINS,
    place=Place.LARGE,
    title="Map of starting points",
    edit_name="map of starting points",
    caption=_caption,
    build=lambda subject: build_basin_picture(subject.chart, subject.recordings, subject.step, subject.styles),
    switch=Switch("Map of starting points", "Shift+M", "In which minimum does a run end from where?"),
    refusal=_refusal,
    request=_request,
)
