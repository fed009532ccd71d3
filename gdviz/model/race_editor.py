"""What a person does with several runs: pin the live one, let pinned ones go, start the race."""

from typing import TYPE_CHECKING

from gdviz.core.errors import InputError
from gdviz.model.race import STYLES, race_of

if TYPE_CHECKING:
    from gdviz.model.session import Session


class RaceEditor:
    """Changes which runs are shown in a session; what cannot be is said there, and what was there stays."""

    def __init__(self, session: "Session") -> None:
        """Nothing is pinned yet."""
        self._session = session
        self._runs = session.runs

    def pin(self) -> None:
        """Keep the live run beside what it is changed to."""
        try:
            self._runs.pinned.pin(self._runs.live, self._runs.runner)
        except InputError as error:
            self._session.refuse(str(error))
            return
        self._session.noticed.emit("pinned; change anything, and both runs are shown")
        self._session.tell_controls()

    def unpin(self, index: int) -> None:
        """Let a pinned run go, in the order in which they were pinned; IndexError where there is none."""
        name = self._runs.pinned_names[index]
        self._runs.pinned.unpin(index, self._runs.runner)
        self._after_unpinning(f"unpinned: {name}")

    def unpin_all(self) -> None:
        """Show the live run alone."""
        pinned = self._runs.pinned
        if not pinned.pins:
            self._session.refuse("no run is pinned")
            return
        pinned.clear(self._runs.runner)
        pinned.style = STYLES[0]
        self._after_unpinning("unpinned all runs")

    def race(self) -> None:
        """Let the recipe run with a few learning rates side by side, in the place of what was pinned."""
        if self._session.editor.is_range_test:
            self._session.refuse("a range test cannot race; go back to the run first (W)")
            return
        experiments, live = race_of(self._runs.experiment)
        others = [(one, style) for one, style in zip(experiments, STYLES, strict=True) if style != live]
        self._runs.pinned.line_up(others, live, self._runs.runner)
        self._session.change_to(lambda: experiments[live])
        self._session.player.play_from_start()

    def _after_unpinning(self, line: str) -> None:
        self._session.player.settle()
        self._session.noticed.emit(line)
