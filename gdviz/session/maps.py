"""The maps that a pane shows beside the run: which one it needs, all of it at once for a file, or from a thread."""

import logging
import time
import traceback
from dataclasses import replace

from gdviz.core.descent.experiment import Experiment
from gdviz.core.errors import InputError
from gdviz.panes.entry import Chart, ChartRequest
from gdviz.panes.registry import PANES, refusal
from gdviz.scene.scene import Scene
from gdviz.session.latest_task import LatestTask

logger = logging.getLogger(__name__)


def wanted(pane: str, experiment: Experiment, fine: bool) -> ChartRequest | None:
    """The chart that the pane needs; None where it needs none or there is none."""
    entry = PANES[pane]
    if entry.request is None or entry.refusal(experiment) is not None:
        return None
    return entry.request(experiment, fine)


def check_panes(scene: Scene) -> None:
    """InputError where a pane that the look asks for is not there for the scene's runs."""
    refused = refusal(scene.look, scene.recordings[0].experiment)
    if refused is not None:
        raise InputError(refused[1])


def with_charts(scene: Scene) -> Scene:
    """The scene with the complete chart that its large pane needs; InputError where there is no such pane."""
    check_panes(scene)
    pane, experiment, there = scene.look.pane, scene.recordings[0].experiment, scene.chart
    needed, coarse = wanted(pane, experiment, fine=True), wanted(pane, experiment, fine=False)
    if needed is None or coarse is None:
        return scene
    # One with other cells is there because somebody wants just these.
    if there is not None and needed.is_of_the_same(there) and not coarse.is_answered_by(there):
        return scene
    *_, chart = needed.compute()
    return replace(scene, chart=chart)


class ChartRunner:
    """Computes the maps in a thread: coarse first, then fine; only `stop` waits for it."""

    def __init__(self) -> None:
        """No thread yet, and nothing is wanted."""
        self._task: LatestTask[tuple[ChartRequest, ...]] = LatestTask("gdviz maps", self._work)
        self._found: Chart | None = None
        self._error: str | None = None
        self._problem: str | None = None
        self._followed: ChartRequest | None = None
        self._kept: dict[str, Chart] = {}
        self.chart: Chart | None = None
        """What there was at the last `take`; None where no map is wanted."""

    def follow(self, pane: str, experiment: Experiment) -> None:
        """Compute the map that the pane needs for this experiment, if it needs another one than before."""
        stages = tuple(stage for fine in (False, True) if (stage := wanted(pane, experiment, fine)) is not None)
        fine_one = stages[-1] if stages else None
        if fine_one == self._followed:
            return
        before, self._followed = self._followed, fine_one
        if self.chart is not None and before is not None and before.is_answered_by(self.chart):
            self._kept[before.pane] = self.chart
        if before is None or fine_one is None or before.pane != fine_one.pane:
            self.chart = None  # else the old one stays until there is something of the new one
        kept = self._kept.get(fine_one.pane) if fine_one is not None else None
        if fine_one is not None and kept is not None and fine_one.is_answered_by(kept):
            self.chart, stages = kept, ()
        self._submit(stages)

    def _submit(self, stages: tuple[ChartRequest, ...]) -> None:
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

    def _work(self, stages: tuple[ChartRequest, ...]) -> None:
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

    def _compute(self, stages: tuple[ChartRequest, ...]) -> None:
        for place, stage in enumerate(stages):
            for chart in stage.compute():
                # The finer map takes the place of the coarser one when it is complete, not row by row.
                if not self._publish(stages, chart if place == 0 or chart.is_complete else None):
                    return

    def _publish(self, stages: tuple[ChartRequest, ...], chart: Chart | None) -> bool:
        """Whether it is still wanted."""
        with self._task.lock:
            if self._task.current is not stages:
                return False
            self._found = chart if chart is not None else self._found
            return True

    def _end(self, stages: tuple[ChartRequest, ...], problem: str | None = None, error: str | None = None) -> None:
        with self._task.lock:
            if self._task.end(stages):
                self._problem, self._error = problem, error
