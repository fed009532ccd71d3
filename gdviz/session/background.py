"""What a session does in the background: whether anything is on its way, what is waited for, and the end of it all."""

from collections.abc import Callable

from gdviz.session.frames import FrameComposer
from gdviz.session.loading.data_generator import DataGenerator
from gdviz.session.loading.opening import SHOWN_AFTER, Opening
from gdviz.session.maps import ChartRunner
from gdviz.session.runs import Runs
from gdviz.session.slow_edits import SlowEdits


class Background:
    """The threads of a session."""

    def __init__(
        self,
        runs: Runs,
        charts: ChartRunner,
        generator: DataGenerator,
        opening: Opening,
        composer: FrameComposer,
        clock: Callable[[], float],
    ) -> None:
        """No thread yet. clock: returns the time in seconds."""
        self.edits = SlowEdits()
        self._runs, self._opening, self._composer, self._clock = runs, opening, composer, clock
        self._tasks = (charts, runs.trial_runner, generator, self.edits, composer)
        self._began: float | None = None

    @property
    def is_busy(self) -> bool:
        """Whether anything is being computed or read."""
        return self._runs.is_computing or self._opening.is_busy or any(task.is_busy for task in self._tasks)

    @property
    def is_waiting(self) -> bool:
        """Whether an edit or a picture is on its way, and everything stays as it is until then."""
        return self.edits.is_busy or self._composer.is_busy

    @property
    def waiting(self) -> str:
        """What is waited for, in one line, once that takes a while; empty otherwise."""
        if not self.is_waiting:
            self._began = None
            return ""
        now = self._clock()
        self._began = now if self._began is None else self._began
        return (self.edits.words or self._composer.words) if now - self._began >= SHOWN_AFTER else ""

    def give_up(self) -> None:
        """End the edit or the picture that is on its way; what is shown stays."""
        self.edits.submit(None)
        self._composer.give_up()

    def stop(self) -> None:
        """End the threads and wait for them."""
        for task in self._tasks:
            task.submit(None)  # so that all end at the same time
        self._opening.cancel()
        self._runs.stop()
        self._opening.stop()
        for task in self._tasks:
            task.stop()
