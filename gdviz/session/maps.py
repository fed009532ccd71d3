"""The maps that a pane shows beside the run: which one is wanted, and all of it at once for a picture or a clip."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from gdviz.core.analysis import basins, phase_map
from gdviz.core.analysis.basins import BasinMap
from gdviz.core.analysis.phase_map import MapGrid, PhaseMap
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.schedules import Constant, RangeTest
from gdviz.core.errors import InputError
from gdviz.presentation.look import Pane
from gdviz.scene.scene import Scene

COARSE_COLUMNS, FINE_COLUMNS = 48, 256
COARSE_SIDE, FINE_SIDE = 64, 256

Chart = PhaseMap | BasinMap


@dataclass(frozen=True)
class Wanted:
    """A map that is to be computed: of which recipe, coarse or fine. Equal ones are equal maps."""

    pane: Pane
    experiment: Experiment
    grid: MapGrid | None
    fine: bool

    def compute(self) -> Iterator[Chart]:
        """The map as it grows."""
        if self.grid is not None:
            return phase_map.compute(self.experiment, self.grid)
        return basins.compute(self.experiment, self.experiment.problem.box, self.side)

    @property
    def side(self) -> int:
        """How many starting points a map of them has on each side."""
        return FINE_SIDE if self.fine else COARSE_SIDE

    def is_of_the_same(self, chart: Chart) -> bool:
        """Whether that is a complete map of the same recipe, whatever its cells."""
        recipe = chart.experiment
        if isinstance(chart, PhaseMap):
            recipe = replace(recipe, schedule=self.experiment.schedule, steps=self.experiment.steps)
        return chart.is_complete and recipe == self.experiment

    def is_answered_by(self, chart: Chart) -> bool:
        """Whether that is the complete map."""
        same_cells = chart.grid == self.grid if isinstance(chart, PhaseMap) else chart.side == self.side
        return same_cells and self.is_of_the_same(chart)


def offers(pane: Pane, experiment: Experiment) -> str | None:
    """Why there is no such pane for this experiment, in one line; None where there is."""
    if pane is Pane.BASINS and experiment.problem.is_quadratic:
        return f"{experiment.problem.title} has one minimum, the same from every start; take another problem"
    if pane is Pane.BASINS and isinstance(experiment.schedule, RangeTest):
        return "in a range test no run goes on for long; end it (W), or take one learning rate, for this map"
    return None


def wanted(pane: Pane, experiment: Experiment, fine: bool) -> Wanted | None:
    """The map that the pane needs; None where it needs none or there is none."""
    if pane not in (Pane.MAP, Pane.BASINS) or offers(pane, experiment) is not None:
        return None
    if pane is Pane.BASINS:
        # Wherever the run starts, the map is the same.
        return Wanted(pane, replace(experiment, start=experiment.problem.start), None, fine)
    grid = phase_map.default_grid(experiment, FINE_COLUMNS if fine else COARSE_COLUMNS)
    # Nor do the rate and the number of steps of the run change its map, but for the ends of the grid.
    return Wanted(pane, replace(experiment, schedule=Constant(grid.lowest), steps=grid.steps[-1]), grid, fine)


def check_pane(scene: Scene) -> None:
    """InputError where the scene's pane is not offered for its runs."""
    problem = offers(scene.look.pane, scene.recordings[0].experiment)
    if problem is not None:
        raise InputError(problem)


def with_charts(scene: Scene) -> Scene:
    """The scene with the complete maps that its pane shows; InputError where there is no such map."""
    check_pane(scene)
    pane, experiment = scene.look.pane, scene.recordings[0].experiment
    needed, coarse = wanted(pane, experiment, fine=True), wanted(pane, experiment, fine=False)
    if needed is None or coarse is None:
        return scene
    there = scene.phase_map if pane is Pane.MAP else scene.basins
    # One with other cells is there because somebody wants just these.
    if there is not None and needed.is_of_the_same(there) and not coarse.is_answered_by(there):
        return scene
    *_, chart = needed.compute()
    return with_chart(scene, chart)


def with_chart(scene: Scene, chart: Chart | None) -> Scene:
    """The scene with a map on it, as far as it is computed."""
    if isinstance(chart, PhaseMap):
        return replace(scene, phase_map=chart)
    return replace(scene, basins=chart) if isinstance(chart, BasinMap) else scene
