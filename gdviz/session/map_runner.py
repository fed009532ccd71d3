"""Computes the maps in a thread: coarse first, then fine, and another one as soon as it is wanted."""

import logging
import time
import traceback

from gdviz.core.descent.experiment import Experiment
from gdviz.core.errors import InputError
from gdviz.presentation.look import Pane
from gdviz.session.latest_task import LatestTask
from gdviz.session.maps import Chart, Wanted, wanted

logger = logging.getLogger(__name__)


class ChartRunner:
    """Follows what is looked at; only `stop` waits for it."""

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
