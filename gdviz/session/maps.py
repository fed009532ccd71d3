"""The maps that a pane shows beside the run: which one it needs, all of it at once for a file, or from a thread."""

import logging
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, replace

from gdviz.core.analysis import basins, phase_map
from gdviz.core.analysis.basins import BasinMap
from gdviz.core.analysis.phase_map import MapGrid, PhaseMap
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.loop import has_tape
from gdviz.core.descent.schedules import Constant
from gdviz.core.errors import InputError
from gdviz.presentation.look import Pane
from gdviz.scene.scene import Scene
from gdviz.session.latest_task import LatestTask

logger = logging.getLogger(__name__)

COARSE_COLUMNS, FINE_COLUMNS = 48, 256
COARSE_SIDE, FINE_SIDE = 64, 256

Chart = PhaseMap | BasinMap


@dataclass(frozen=True)
class Wanted:
    """A map that is to be computed: of which configuration, coarse or fine. Equal ones are equal maps."""

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
        """Whether that is a complete map of the same configuration, whatever its cells."""
        configuration = chart.experiment
        if isinstance(chart, PhaseMap):
            configuration = replace(configuration, schedule=self.experiment.schedule, steps=self.experiment.steps)
        return chart.is_complete and configuration == self.experiment

    def is_answered_by(self, chart: Chart) -> bool:
        """Whether that is the complete map."""
        same_cells = chart.grid == self.grid if isinstance(chart, PhaseMap) else chart.side == self.side
        return same_cells and self.is_of_the_same(chart)


def offers(pane: Pane, experiment: Experiment) -> str | None:
    """Why there is no such pane for this experiment, in one line; None where there is."""
    if pane is Pane.BASINS and not experiment.problem.minima:
        return f"{experiment.problem.title} has no known minimum in which runs could end; take another problem"
    if pane is Pane.BASINS and experiment.problem.is_quadratic:
        return f"{experiment.problem.title} has one minimum, the same from every start; take another problem"
    if pane is Pane.BASINS and experiment.schedule.sweeps:
        return "in a range test no run goes on for long; end it (W), or take one learning rate, for this map"
    return None


def offers_tape(experiment: Experiment) -> str | None:
    """Why there is no tape of this experiment, in one line; None where there is."""
    if has_tape(experiment):
        return None
    of_batches = "" if experiment.batch_size is None else " of batches"
    return f"{experiment.problem.title} has no tape{of_batches}: its operations are not recorded"


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


def check_tape(scene: Scene) -> None:
    """InputError where the scene asks for a tape, and there is none of its live run."""
    problem = offers_tape(scene.recordings[0].experiment) if scene.look.tape is not None else None
    if problem is not None:
        raise InputError(problem)


def with_charts(scene: Scene) -> Scene:
    """The scene with the complete maps that its pane shows; InputError where there is no such map."""
    check_pane(scene)
    check_tape(scene)
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


class ChartRunner:
    """Computes the maps in a thread: coarse first, then fine; only `stop` waits for it."""

    def __init__(self) -> None:
        """No thread yet, and nothing is wanted."""
        self._task: LatestTask[tuple[Wanted, ...]] = LatestTask("gdviz maps", self._work)
        self._found: Chart | None = None
        self._error: str | None = None
        self._problem: str | None = None
        self._followed: Wanted | None = None
        self._kept: dict[Pane, Chart] = {}
        self.chart: Chart | None = None
        """What there was at the last `take`; None where no map is wanted."""

    def follow(self, pane: Pane, experiment: Experiment) -> None:
        """Compute the map that the pane needs for this experiment, if it needs another one than before."""
        stages = tuple(stage for fine in (False, True) if (stage := wanted(pane, experiment, fine)) is not None)
        fine_one = stages[-1] if stages else None
        if fine_one == self._followed:
            return
        before, self._followed = self._followed, fine_one
        if self.chart is not None and before is not None and before.is_answered_by(self.chart):
            self._kept[before.pane] = self.chart
        if before is None or fine_one is None or before.pane is not fine_one.pane:
            self.chart = None  # else the old one stays until there is something of the new one
        kept = self._kept.get(fine_one.pane) if fine_one is not None else None
        if fine_one is not None and kept is not None and fine_one.is_answered_by(kept):
            self.chart, stages = kept, ()
        self._submit(stages)

    def _submit(self, stages: tuple[Wanted, ...]) -> None:
        """Compute these maps one after the other, in the place of what was wanted before; none to stop computing."""
        with self._task.lock:
            self._found, self._problem = None, None
            self._task.submit(stages or None)

    @property
    def is_busy(self) -> bool:
        """Whether more may come out of `take`."""
        with self._task.lock:
            waiting = (self._task.current, self._found, self._problem, self._error)
            return any(one is not None for one in waiting)

    def take(self) -> tuple[str | None, str | None]:
        """Take over the newest state as `chart`; tells why there is no map or a fault's traceback, once."""
        with self._task.lock:
            if self._found is not None:
                self.chart, self._found = self._found, None
            told, self._problem, self._error = (self._problem, self._error), None, None
            return told

    def stop(self) -> None:
        """End the thread and wait for it."""
        self._submit(())
        self._task.stop()

    def _work(self, stages: tuple[Wanted, ...]) -> None:
        experiment, began = stages[-1].experiment, time.monotonic()
        logger.info("map begins: %s, %s", stages[-1].pane, experiment)
        try:
            self._compute(stages)
        except InputError as error:
            self._end(stages, problem=str(error))
        except BaseException:  # whatever it is, the window has to be told
            self._end(stages, error=traceback.format_exc())
        else:
            self._end(stages)
        logger.info("map ended: %s, %.3f s", stages[-1].pane, time.monotonic() - began)

    def _compute(self, stages: tuple[Wanted, ...]) -> None:
        for place, stage in enumerate(stages):
            for chart in stage.compute():
                # The finer map takes the place of the coarser one when it is complete, not row by row.
                if not self._publish(stages, chart if place == 0 or chart.is_complete else None):
                    return

    def _publish(self, stages: tuple[Wanted, ...], chart: Chart | None) -> bool:
        """Whether it is still wanted."""
        with self._task.lock:
            if self._task.current is not stages:
                return False
            self._found = chart if chart is not None else self._found
            return True

    def _end(self, stages: tuple[Wanted, ...], problem: str | None = None, error: str | None = None) -> None:
        with self._task.lock:
            if self._task.end(stages):
                self._problem, self._error = problem, error
