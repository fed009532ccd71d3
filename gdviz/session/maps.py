"""The charts that panes show beside the run: which one is needed, computed at once for a file, or in a thread."""

import logging
import time
from dataclasses import replace

from gdviz.core.descent.experiment import Experiment
from gdviz.core.errors import InputError
from gdviz.core.problems.problem import Problem
from gdviz.panes.entry import Chart, ChartRequest
from gdviz.panes.range_test.entry import trial_request
from gdviz.panes.registry import PANES, refusal
from gdviz.scene.scene import Scene
from gdviz.session.latest_task import LatestTask, Outcome

logger = logging.getLogger(__name__)


def chart_request(pane: str, experiment: Experiment, fine: bool) -> ChartRequest | None:
    """The chart that the pane needs; None if it needs none or is unavailable."""
    entry = PANES[pane]
    if entry.request is None or entry.refusal(experiment) is not None:
        return None
    return entry.request(experiment, fine)


def check_panes(scene: Scene) -> None:
    """Raise InputError if the look asks for a pane that is unavailable for the scene's runs."""
    refused = refusal(scene.look, scene.recordings[0].experiment)
    if refused is not None:
        raise InputError(refused[1])


def with_charts(scene: Scene) -> Scene:
    """The scene with the complete charts of its panes; InputError if the large pane is unavailable."""
    check_panes(scene)
    tried, known = trial_request(scene.recordings[0]), scene.trials
    if tried is not None and (known is None or not tried.is_answered_by(known)):
        *_, trials = tried.compute()
        scene = replace(scene, trials=trials)
    pane, experiment, there = scene.look.pane, scene.recordings[0].experiment, scene.chart
    needed, coarse = chart_request(pane, experiment, fine=True), chart_request(pane, experiment, fine=False)
    if needed is None or coarse is None:
        return scene
    # A chart with other cells was computed on purpose.
    if there is not None and needed.matches(there) and not coarse.is_answered_by(there):
        return scene
    *_, chart = needed.compute()
    return replace(scene, chart=chart)


class ChartRunner(LatestTask[tuple[ChartRequest, ...], Chart]):
    """Computes charts in a thread, coarse first, then fine; only `stop` waits for it."""

    def __init__(self, name: str = "gdviz maps") -> None:
        """Start no thread yet. name: of the thread."""
        super().__init__(name)
        self._requested: ChartRequest | None = None
        self._cached: dict[str, Chart] = {}
        self.chart: Chart | None = None
        """The chart as of the last `take`; None where none is wanted."""

    def follow(self, pane: str, experiment: Experiment) -> None:
        """Compute the chart that the pane needs for this experiment, unless it is already requested."""
        stages = (chart_request(pane, experiment, fine) for fine in (False, True))
        self.request(tuple(stage for stage in stages if stage is not None))
        self.forget_others(experiment.problem)

    def forget_others(self, problem: Problem) -> None:
        """Forget the charts of other problems, whose data may be large; those of this one are shown again at once."""
        self._cached = {pane: chart for pane, chart in self._cached.items() if chart.experiment.problem is problem}

    def request(self, stages: tuple[ChartRequest, ...]) -> None:
        """Compute a chart, the coarse stage first, unless it is already requested; nothing if there is no stage."""
        before, self._requested = self._requested, stages[-1] if stages else None
        if self._requested == before:
            return
        if self.chart is not None and before is not None and before.is_answered_by(self.chart):
            self._cached[before.pane] = self.chart
        if before is None or self._requested is None or before.pane != self._requested.pane:
            self.chart = None  # otherwise the old one stays until the first result
        kept = None if self._requested is None else self._cached.get(self._requested.pane)
        if self._requested is not None and kept is not None and self._requested.is_answered_by(kept):
            self.chart, stages = kept, ()
        self.submit(stages or None)

    def take(self) -> Outcome[Chart] | None:
        """Store the newest result in `chart`, and return it, or a refusal or traceback, once."""
        outcome = super().take()
        if outcome is not None and outcome.result is not None:
            self.chart = outcome.result
        return outcome

    def work(self, request: tuple[ChartRequest, ...]) -> Chart:
        """Compute the stages one after the other, publishing them as they grow."""
        began, fine = time.monotonic(), request[-1]
        logger.info("map begins: %s, %s", fine.pane, fine.experiment)
        try:
            for stage in request:
                for chart in stage.compute():
                    # The finer chart replaces the coarser one when complete, not row by row.
                    self.publish(request, None if stage.fine and not chart.is_complete else chart)
        finally:
            logger.info("map ended: %s, %.3f s", fine.pane, time.monotonic() - began)
        return chart
