"""The registry entry of the map of starting points, the request that computes it, and which experiments have none."""

from collections.abc import Iterator
from dataclasses import replace

from gdviz.core.analysis import basins
from gdviz.core.analysis.basins import BasinMap
from gdviz.core.descent.experiment import Experiment
from gdviz.core.frozen import frozen
from gdviz.panes.basins.picture import build_basin_picture
from gdviz.panes.entry import Chart, ChartRequest, PaneEntry, Place, Switch

BASINS = "basins"
COARSE_SIDE, FINE_SIDE = 64, 256


@frozen
class BasinRequest(ChartRequest):
    """A request for the map of the problem's box with ``side`` starting points on each side."""

    side: int

    def compute(self) -> Iterator[BasinMap]:
        """Yield the map as it grows."""
        return basins.compute(self.experiment, self.experiment.problem.box, self.side)

    def is_answered_by(self, chart: Chart) -> bool:
        """Whether ``chart`` also has this number of starting points."""
        return isinstance(chart, BasinMap) and chart.side == self.side and self.matches(chart)


def _request(experiment: Experiment, fine: bool) -> BasinRequest:
    # The map does not depend on where the run starts.
    shared = replace(experiment, start=experiment.problem.start)
    return BasinRequest(BASINS, shared, fine, FINE_SIDE if fine else COARSE_SIDE)


def _refusal(experiment: Experiment) -> str | None:
    if not experiment.problem.minima:
        return f"{experiment.problem.title} has no known minimum for runs to reach; choose another problem"
    if experiment.problem.is_quadratic:
        return f"{experiment.problem.title} has a single minimum, reached from every start; choose another problem"
    if experiment.schedule.sweeps:
        return "there is no such map of a range test; end it (W), or choose a single learning rate"
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
    switch=Switch("Map of starting points", "Shift+M", "Which minimum does a run reach from each start?"),
    refusal=_refusal,
    request=_request,
)
