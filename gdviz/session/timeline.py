"""Undo and redo: the states that there were, the way through them, and the data for which that or an edit waits."""

from dataclasses import dataclass, replace

from gdviz.core.errors import InputError
from gdviz.core.problems.capabilities import DataProblem, with_data
from gdviz.core.problems.dataset import Dataset, DataSettings, generate
from gdviz.session.compact import compact, complete, missing_data, own_points, problems_with_data
from gdviz.session.data_generator import DataGenerator, GenerationProgress, is_slow
from gdviz.session.state import Change, State

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
        columns = [column for points in new for column in points.columns]
        room -= BYTES_OF_EDIT + sum(column.nbytes for column in columns)
        if room < 0:
            break
        kept += 1
    return past[len(past) - kept :]


@dataclass(frozen=True)
class Way:
    """A way through the history: what that is at its end, and the compact moment there.

    verb: "undo" or "redo", and what of it. known: problems whose data were generated on the way.
    """

    history: History
    end: Moment
    verb: str
    name: str
    known: tuple[DataProblem, ...] = ()


@dataclass(frozen=True)
class WaitingEdit:
    """An edit that is made when its data are generated; ``drag`` as of `Edit`.

    is_newest: whether no other edit was made since it was asked for.
    """

    name: str
    drag: object
    is_newest: bool = True


class Timeline:
    """Tells where to go; the session goes there."""

    def __init__(self, generator: DataGenerator) -> None:
        """Nothing is done yet."""
        self.generator = generator
        self.history = History()
        self.way: Way | None = None
        """The way that ends as soon as its data are generated."""
        self.waiting: WaitingEdit | None = None
        self._announced: GenerationProgress | None = None
        self._drag: object = None

    def forget(self) -> None:
        """Nothing is done yet, as at the beginning."""
        self.history = History()
        self.way = self.waiting = None

    # Drags

    def begin_drag(self) -> None:
        """Until `end_drag` the same edit again and again is one."""
        self._drag = object()

    def end_drag(self) -> None:
        """What comes now is an edit of its own."""
        self._drag = None

    def drag_of(self, edit: object) -> object:
        """Equal for the same edit within the same drag; None outside of one."""
        return None if self._drag is None else (self._drag, edit)

    # Names

    @property
    def undo_name(self) -> str:
        """What would be undone: the edit that waits for its data, else the newest one; empty where there is none."""
        if self.waiting is not None and self.waiting.is_newest:
            return self.waiting.name
        return self._last_history.undo_name

    @property
    def redo_name(self) -> str:
        """What would be redone; empty where there is nothing."""
        return self._last_history.redo_name

    @property
    def _last_history(self) -> History:
        return self.way.history if self.way is not None else self.history

    def record(self, before: Moment, after: State, name: str, drag: object = None) -> None:
        """Remember what there was before an edit, if it is one that can be undone."""
        history = self.history.recorded(before, after, name, drag)
        if history is self.history:
            return
        self.history = history
        if self.way is not None:
            self.forget_data()  # the way began somewhere else
        elif self.waiting is not None:
            self.waiting = replace(self.waiting, is_newest=False)

    # Undo and redo

    def back(self, here: Moment) -> bool:
        """Set out to before the newest edit; False where that was one that waited for its data, and nothing else."""
        waiting, name = self.waiting, self.undo_name
        if waiting is not None and waiting.is_newest:
            self.waiting = None
            # The same drag may have given fewer rows, at once, before.
            if waiting.drag is None or not self.history.past or self.history.past[-1].drag != waiting.drag:
                return False
        history, end = self._last_history.undone(self._end(here))
        self.way = Way(history, end, "undo", name)
        return True

    def forth(self, here: Moment) -> None:
        """Set out to after the edit that was undone last."""
        name = self.redo_name
        history, end = self._last_history.redone(self._end(here))
        self.way = Way(history, end, "redo", name)

    def _end(self, here: Moment) -> Moment:
        return self.way.end if self.way is not None else here

    def advance(self, here: State, generated: tuple[DataProblem, ...] = ()) -> Change | None:
        """Go to the end of the way, from this state; None where many rows have to be generated first, as they are now.

        generated: problems whose data are there by now. InputError where there is no room; then we stay where we are.
        """
        if self.waiting is None:
            self.generator.submit(None)
        assert self.way is not None
        self.way = replace(self.way, known=(*self.way.known, *generated))
        known = (*self.way.known, *problems_with_data(here))
        end = complete(self.way.end.state, known)
        while (missing := missing_data(end)) is not None:
            settings = missing.data.settings
            assert settings is not None
            if is_slow(settings):
                self.waiting = None
                self.generator.submit((missing, settings))
                return None
            try:
                known = (*known, with_data(missing, generate(settings)))
            except InputError:
                self.forget_data()
                raise
            end = complete(end, known)
        if end.experiment.problem != here.experiment.problem:
            self.generator.submit(None)
            self.waiting = None
        way, self.way = self.way, None
        self.history = way.history
        return Change(end.seen_as(here), notice=f"{way.verb}ne: {way.name}", go_to=way.end.step, play=False)

    # Data

    def wait(self, edit: WaitingEdit, problem: DataProblem, settings: DataSettings) -> None:
        """Generate the data for which this edit waits, in the place of all others."""
        self.forget_data()
        self.waiting = edit
        self.generator.submit((problem, settings))

    def forget_data(self) -> None:
        """Wait for no data any more: we stay where we are, and an edit that waited for them is none."""
        self.way = self.waiting = None
        self.generator.submit(None)

    def news(self) -> str | None:
        """How far the data are for which the way waits, if that has changed: what is shown may have no panel for it."""
        way, progress = self.way, self.generator.progress
        if way is None or progress is None or progress == self._announced:
            return None
        self._announced = progress
        return f"{way.verb} {way.name}: {progress.words}"
