"""The registry entry of the map of rate and steps, and the request that computes it."""

from collections.abc import Iterator
from dataclasses import replace

from gdviz.core.analysis import phase_map
from gdviz.core.analysis.phase_map import MapGrid, PhaseMap
from gdviz.core.analysis.rate_limit import OWN_LENGTH
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.schedules import Constant
from gdviz.core.frozen import frozen
from gdviz.panes.entry import Chart, ChartRequest, PaneEntry, Place, Switch
from gdviz.panes.rate_map.background import map_background
from gdviz.panes.rate_map.picture import build_map_picture

MAP = "map"
COARSE_COLUMNS, FINE_COLUMNS = 48, 256


@frozen
class MapRequest(ChartRequest):
    """A request for the map with this grid."""

    grid: MapGrid

    def compute(self) -> Iterator[PhaseMap]:
        """Yield the map as it grows, with the background that the window is going to show found already."""
        for grown in phase_map.compute(self.experiment, self.grid):
            if grown.is_complete or not self.fine:
                map_background(grown)
            yield grown

    def matches(self, chart: Chart) -> bool:
        """Whether ``chart`` is complete and of this experiment, apart from schedule and number of steps."""
        configuration = replace(chart.experiment, schedule=self.experiment.schedule, steps=self.experiment.steps)
        return chart.is_complete and configuration == self.experiment

    def is_answered_by(self, chart: Chart) -> bool:
        """Whether ``chart`` also has this grid."""
        return isinstance(chart, PhaseMap) and chart.grid == self.grid and self.matches(chart)


def _request(experiment: Experiment, fine: bool) -> MapRequest:
    grid = phase_map.default_grid(experiment, FINE_COLUMNS if fine else COARSE_COLUMNS)
    # The run's rate and number of steps affect nothing in its map but the ends of the grid.
    shared = replace(experiment, schedule=Constant(grid.lowest), steps=grid.steps[-1])
    return MapRequest(MAP, shared, fine, grid)


def _refusal(experiment: Experiment) -> str | None:
    if experiment.optimizer.takes_learning_rate:
        return None
    return f"{OWN_LENGTH}, and has no rates to map; choose another optimizer"


ENTRY = PaneEntry(
    name=MAP,
    place=Place.LARGE,
    title="Map of learning rate and steps",
    edit_name="map of rate and steps",
    caption=lambda experiment: "The loss as a map of learning rate and number of steps with the run on it",
    build=lambda subject: build_map_picture(subject.chart, subject.recordings, subject.step, subject.styles),
    switch=Switch("Map of rate and steps", "M", "How many steps does each learning rate need?"),
    refusal=_refusal,
    request=_request,
)
