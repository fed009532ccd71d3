"""Composes frames that take too long for the window's thread, such as ghosts on large batches, in one of their own."""

from typing import Any, NamedTuple

from gdviz.core.frozen import frozen
from gdviz.core.long_work import TooLongError, a_piece_at_most, counted_pieces
from gdviz.scene.scene import USUAL_PACE, Frame, Scene
from gdviz.session.latest_task import LatestTask, Outcome


@frozen(eq=False)
class Moment:
    """What is to be shown: a scene at a time in steps, and how many steps of each of its runs are recorded.

    in_parts: whether the arrows of a step are shown one after the other. pace: the steps a second that are shown.
    """

    scene: Scene
    time: float
    in_parts: bool
    lengths: tuple[int, ...]
    pace: float = USUAL_PACE

    def __eq__(self, other: object) -> bool:
        """Whether the same picture is to be shown."""
        return isinstance(other, Moment) and self._content == other._content

    def __hash__(self) -> int:
        """Hash by when it is."""
        return hash((self.time, self.lengths))

    @property
    def _content(self) -> tuple[Any, ...]:
        return self.scene, self.time, self.in_parts, self.lengths, self.pace

    def frame(self) -> Frame:
        """Everything that is drawn then."""
        return self.scene.frame(self.time, self.in_parts, self.pace)

    def is_like(self, other: "Moment") -> bool:
        """Whether it shows the same runs in the same way, so that its frame takes as long."""
        return self.scene.recordings == other.scene.recordings and self.scene.look == other.scene.look

    def is_place_of(self, other: "Moment") -> bool:
        """Whether it shows the same time in the same way, though runs may have grown and charts come meanwhile."""
        return self.is_like(other) and self.time == other.time


class Composed(NamedTuple):
    """A moment, its frame, and whether that took long."""

    moment: Moment
    frame: Frame
    was_slow: bool


class FrameComposer(LatestTask[Moment, Composed]):
    """Composes one frame after the other, where they take long; what is shown stays until then."""

    def __init__(self) -> None:
        """Start no thread yet."""
        super().__init__("gdviz frames")
        self._slow: Moment | None = None
        self._given_up: Moment | None = None

    def work(self, request: Moment) -> Composed:
        """Compose the frame."""
        with counted_pieces() as pieces:
            return Composed(request, request.frame(), pieces() > 0)

    def take(self) -> Outcome[Composed] | None:
        """The newest frame, once; if it took no longer than one may in the window's thread, nor will the next ones."""
        outcome = super().take()
        if outcome is not None and outcome.result is not None and not outcome.result.was_slow:
            self._slow = None  # what took long, such as the rates of a million steps, is found once
        return outcome

    def compose(self, moment: Moment, is_playing: bool) -> Frame | None:
        """The frame, unless it takes long: then it is begun.

        One that is on its way is waited for while playing, and where the same time is shown of a run that grows.
        """
        if self._slow is None or not moment.is_like(self._slow):
            try:
                with a_piece_at_most():
                    frame = moment.frame()
            except TooLongError:
                self._slow = moment
            else:
                self._slow = self._given_up = None  # whose runs may be gone
                self.submit(None)
                return frame
        current = self.current
        is_awaited = current is not None and (moment.is_place_of(current) or (is_playing and moment.is_like(current)))
        is_unwanted = self._given_up is not None and moment.is_place_of(self._given_up)
        if not is_awaited and not is_unwanted:
            self._given_up = None
            self.submit(moment)
        return None

    def give_up(self) -> None:
        """End the work; what is shown stays, until something else is to be shown."""
        self._given_up = self.current
        self.submit(None)

    @property
    def words(self) -> str:
        """What is going on, in one line; empty for nothing."""
        current = self.current
        return f"computing the picture of step {int(current.time):,}" if current is not None else ""
