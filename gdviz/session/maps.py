"""The maps that a pane shows beside the run: which one it needs, all of it at once for a file, or from a thread."""

import logging
import time
from dataclasses import replace

from gdviz.core.descent.experiment import Experiment
from gdviz.core.errors import InputError
from gdviz.panes.entry import Chart, ChartRequest
from gdviz.panes.registry import PANES, refusal
from gdviz.scene.scene import Scene
from gdviz.session.latest_task import LatestTask, Outcome

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
    if there is not None and needed.matches(there) and not coarse.is_answered_by(there):
        return scene
    *_, chart = needed.compute()
    return replace(scene, chart=chart)


class ChartRunner(LatestTask[tuple[ChartRequest, ...], Chart]):
    """Computes the maps in a thread: coarse first, then fine; only `stop` waits for it."""

    def __init__(self) -> None:
        """No thread yet, and nothing is wanted."""
        super().__init__("gdviz maps")
        self._followed: ChartRequest | None = None
        self._kept: dict[str, Chart] = {}
        self.chart: Chart | None = None
        """What there was at the last `take`; None where no map is wanted."""

    def follow(self, pane: str, experiment: Experiment) -> None:
        """Compute the map that the pane needs for this experiment, if it needs another one than before."""
        stages = tuple(stage for fine in (False, True) if (stage := wanted(pane, experiment, fine)) is not None)
        before, self._followed = self._followed, stages[-1] if stages else None
        if self._followed == before:
            return
        if self.chart is not None and before is not None and before.is_answered_by(self.chart):
            self._kept[before.pane] = self.chart
        if before is None or self._followed is None or before.pane != pane:
            self.chart = None  # else the old one stays until there is something of the new one
        kept = self._kept.get(pane)
        if self._followed is not None and kept is not None and self._followed.is_answered_by(kept):
            self.chart, stages = kept, ()
        self.submit(stages or None)

    def take(self) -> Outcome[Chart] | None:
        """Take over the newest state as `chart`; tells why there is no map or a fault's traceback, once."""
        outcome = super().take()
        if outcome is not None and outcome.result is not None:
            self.chart = outcome.result
        return outcome

    def work(self, request: tuple[ChartRequest, ...]) -> Chart:
        """Compute these maps one after the other, and publish them as they grow."""
        began, fine = time.monotonic(), request[-1]
        logger.info("map begins: %s, %s", fine.pane, fine.experiment)
        try:
            for stage in request:
                for chart in stage.compute():
                    # The finer map takes the place of the coarser one when it is complete, not row by row.
                    self.publish(request, None if stage.fine and not chart.is_complete else chart)
        finally:
            logger.info("map ended: %s, %.3f s", fine.pane, time.monotonic() - began)
        return chart
