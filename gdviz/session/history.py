"""What can be undone and redone: the states that there were, by what was done to them."""

from dataclasses import dataclass, replace

from gdviz.core.problems.dataset import Dataset
from gdviz.session.compact import compact, own_points
from gdviz.session.state import State

MOST_EDITS = 200
MOST_BYTES = 256_000_000
BYTES_OF_EDIT = 30_000
"""At least what a state takes without points: its experiments, the tuples of their changed learning rates."""


@dataclass(frozen=True)
class Moment:
    """A state, and the step at which one stood in it."""

    state: State
    step: int


@dataclass(frozen=True)
class Edit:
    """What was done, and the compact moment on its other side: before it what is past, after it what is undone.

    points: the data that are kept with it. drag: the edits of one drag have an equal one, and are a single edit here;
    None for an edit of its own.
    """

    name: str
    moment: Moment
    points: tuple[Dataset, ...]
    drag: object = None


@dataclass(frozen=True)
class History:
    """The edits that can be undone, the newest one last, and those that can be redone, the next one first.

    dropped: what could be redone before the newest edit, if that is a drag: it comes back where the drag ends at its
    origin.
    """

    past: tuple[Edit, ...] = ()
    future: tuple[Edit, ...] = ()
    dropped: tuple[Edit, ...] = ()

    @property
    def undo_name(self) -> str:
        """What would be undone; empty where there is nothing."""
        return self.past[-1].name if self.past else ""

    @property
    def redo_name(self) -> str:
        """What would be redone; empty where there is nothing."""
        return self.future[0].name if self.future else ""

    def recorded(self, before: Moment, after: State, name: str, drag: object = None) -> "History":
        """With another edit, after which nothing can be redone; the same where only such changes as undo leaves alone.

        The oldest edits go where there are too many or their data take too much memory.
        """
        if after.seen_as(before.state) == before.state:
            return self
        if drag is None or not self.past or self.past[-1].drag != drag:
            dropped = self.future if drag is not None else ()
            return History(_within_limits((*self.past, _edit(name, before, drag))), (), dropped)
        *rest, newest = self.past
        origin = newest.moment.state
        if compact(after).seen_as(origin) == origin:
            return History(tuple(rest), self.dropped)  # dragged back to where it was
        return History((*rest, replace(newest, name=name)), (), self.dropped)

    def undone(self, now: Moment) -> tuple["History", Moment]:
        """The history after undoing the newest edit, and the compact moment to go to; ValueError if none."""
        *rest, edit = self.past
        return History(tuple(rest), (_edit(edit.name, now), *self.future)), edit.moment

    def redone(self, now: Moment) -> tuple["History", Moment]:
        """The history after redoing the next edit, and the compact moment to go to; ValueError if none."""
        edit, *rest = self.future
        return History((*self.past, _edit(edit.name, now)), tuple(rest)), edit.moment


def _edit(name: str, moment: Moment, drag: object = None) -> Edit:
    state = compact(moment.state)
    return Edit(name, replace(moment, state=state), own_points(state), drag)


def _within_limits(past: tuple[Edit, ...]) -> tuple[Edit, ...]:
    seen: set[int] = set()
    room, kept = MOST_BYTES, 0
    for edit in reversed(past[-MOST_EDITS:]):
        new = [points for points in edit.points if id(points) not in seen]
        seen.update(map(id, new))
        room -= BYTES_OF_EDIT + sum(_bytes(points) for points in new)
        if room < 0:
            break
        kept += 1
    return past[len(past) - kept :]


def _bytes(points: Dataset) -> int:
    return sum(column.nbytes for column in (points.x, points.y, points.drawn_x) if column is not None)
