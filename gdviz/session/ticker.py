"""The timer of a session, which runs while anything moves or is computed, and knows the time since the last tick."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer

TICK_MILLISECONDS = 16
COMPUTING_TICK_MILLISECONDS = 29
"""While something is computed there are at most 34 frames a second, which leaves the interpreter to the workers."""
Clock = Callable[[], float]


class Ticker(QTimer):
    """Ticks as often as a picture may change."""

    def __init__(self, clock: Clock, parent: QObject) -> None:
        """Stand still. clock: returns the time in seconds."""
        super().__init__(parent, interval=TICK_MILLISECONDS, timerType=Qt.TimerType.PreciseTimer)
        self._clock = clock
        self._ticked = clock()

    def begin(self) -> None:
        """Start unless it is running."""
        if not self.isActive():
            self._ticked = self._clock()
            self.start()

    def elapsed(self) -> float:
        """The seconds since the last call, or since the beginning."""
        now = self._clock()
        elapsed, self._ticked = now - self._ticked, now
        return elapsed

    def set_pace(self, is_computing: bool) -> None:
        """At the end of a tick: while something is computed, tick less often, and rest for as long as the tick took.

        Otherwise slow frames would leave no time to the workers.
        """
        wanted = TICK_MILLISECONDS
        if is_computing:
            took = round(1e3 * (self._clock() - self._ticked))
            wanted = max(COMPUTING_TICK_MILLISECONDS - took, took)
        if is_computing or wanted != self.interval():  # setting it begins the interval anew
            self.setInterval(wanted)
