"""Undo and redo: the history of states, moving through it, and the data that a move or an edit waits for."""

from dataclasses import replace

from gdviz.core.data.creation import generate
from gdviz.core.data.dataset import Dataset
from gdviz.core.errors import InputError
from gdviz.core.frozen import frozen
from gdviz.core.problems.capabilities import DataProblem, with_data
from gdviz.session.compact import compact, first_ungenerated, problems_with_data, restore_data, stored_datasets
from gdviz.session.data_edits import set_data
from gdviz.session.edit_names import requested_data_edit_name
from gdviz.session.loading.data_generator import DataGenerator, DataRequest, GenerationProgress, is_slow
from gdviz.session.state import Change, State

MAX_EDITS = 200
MAX_BYTES = 256_000_000
BYTES_PER_EDIT = 30_000
"""A lower bound for a state without points: its experiments and their tuples of rate changes."""


@frozen
class Moment:
    """A state and the step shown in it."""

    state: State
    step: int


@frozen
class Edit:
    """An edit and the compact moment on its other side: the one before a past edit, the one after an undone edit.

    points: the data stored with it. drag: equal for the edits of one drag, which count as a single edit; None
    otherwise.
    """

    name: str
    moment: Moment
    points: tuple[Dataset, ...]
    drag: object = None


@frozen
class History:
    """The edits that can be undone, newest last, and those that can be redone, next first.

    dropped: what could be redone before the newest edit, if that is a drag: restored if the drag ends at its origin.
    """

    past: tuple[Edit, ...] = ()
    future: tuple[Edit, ...] = ()
    dropped: tuple[Edit, ...] = ()

    @property
    def undo_name(self) -> str:
        """What would be undone; empty for nothing."""
        return self.past[-1].name if self.past else ""

    @property
    def redo_name(self) -> str:
        """What would be redone; empty for nothing."""
        return self.future[0].name if self.future else ""

    def recorded(self, before: Moment, after: State, name: str, drag: object = None) -> "History":
        """Add an edit, which empties the future; no change if only what undo ignores has changed.

        The oldest edits are dropped when there are too many or their data take too much memory.
        """
        if after.with_view_of(before.state) == before.state:
            return self
        if drag is None or not self.past or self.past[-1].drag != drag:
            dropped = self.future if drag is not None else ()
            return History(_within_limits((*self.past, _edit(name, before, drag))), (), dropped)
        *rest, newest = self.past
        origin = newest.moment.state
        if compact(after).with_view_of(origin) == origin:
            return History(tuple(rest), self.dropped)  # dragged back to where it was
        return History((*rest, replace(newest, name=name)), (), self.dropped)

    def undone(self, now: Moment) -> tuple["History", Moment]:
        """The history after undoing the newest edit, and the compact moment to go to; ValueError if there is none."""
        *rest, edit = self.past
        return History(tuple(rest), (_edit(edit.name, now), *self.future)), edit.moment

    def redone(self, now: Moment) -> tuple["History", Moment]:
        """The history after redoing the next edit, and the compact moment to go to; ValueError if there is none."""
        edit, *rest = self.future
        return History((*self.past, _edit(edit.name, now)), tuple(rest)), edit.moment


def _edit(name: str, moment: Moment, drag: object = None) -> Edit:
    state = compact(moment.state)
    return Edit(name, replace(moment, state=state), stored_datasets(state), drag)


def _within_limits(past: tuple[Edit, ...]) -> tuple[Edit, ...]:
    seen: set[int] = set()
    room, kept = MAX_BYTES, 0
    for edit in reversed(past[-MAX_EDITS:]):
        new = [points for points in edit.points if id(points) not in seen]
        seen.update(map(id, new))
        columns = [column for points in new for column in points.columns]
        room -= BYTES_PER_EDIT + sum(column.nbytes for column in columns)
        if room < 0:
            break
        kept += 1
    return past[len(past) - kept :]


@frozen
class HistoryJump:
    """A pending undo or redo: the history after it, and the compact moment to go to.

    verb: "undo" or "redo". name: of the edit. known: problems whose data were generated for it.
    """

    history: History
    end: Moment
    verb: str
    name: str
    known: tuple[DataProblem, ...] = ()


@frozen
class PendingEdit:
    """An edit that waits for its data to be generated; ``drag`` as in `Edit`.

    is_newest: whether no other edit was made since.
    """

    name: str
    drag: object
    is_newest: bool = True


class Timeline:
    """Decides where undo and redo lead; the session goes there."""

    def __init__(self, generator: DataGenerator) -> None:
        """Start with an empty history."""
        self.generator = generator
        self.history = History()
        self.jump: HistoryJump | None = None
        """The undo or redo that waits for its data."""
        self.pending_edit: PendingEdit | None = None
        self._announced: GenerationProgress | None = None
        self._drag: object = None

    def clear(self) -> None:
        """Empty the history."""
        self.history = History()
        self.jump = self.pending_edit = None

    # Drags

    def begin_drag(self) -> None:
        """Merge repetitions of an edit into one until `end_drag`."""
        self._drag = object()

    def end_drag(self) -> None:
        """Record each edit on its own again."""
        self._drag = None

    def drag_of(self, edit: object) -> object:
        """Equal for the same edit within the same drag; None outside a drag."""
        return None if self._drag is None else (self._drag, edit)

    # Names

    @property
    def undo_name(self) -> str:
        """What would be undone: the newest edit, even if it still waits for its data; empty for nothing."""
        if self.pending_edit is not None and self.pending_edit.is_newest:
            return self.pending_edit.name
        return self._last_history.undo_name

    @property
    def redo_name(self) -> str:
        """What would be redone; empty for nothing."""
        return self._last_history.redo_name

    @property
    def _last_history(self) -> History:
        return self.jump.history if self.jump is not None else self.history

    def record(self, before: Moment, after: State, name: str, drag: object = None) -> None:
        """Record the state before an edit, if the edit can be undone."""
        history = self.history.recorded(before, after, name, drag)
        if history is self.history:
            return
        self.history = history
        if self.jump is not None:
            self.cancel_generation()  # it started from another state
        elif self.pending_edit is not None:
            self.pending_edit = replace(self.pending_edit, is_newest=False)

    # Undo and redo

    def begin_undo(self, here: Moment) -> bool:
        """Start undoing the newest edit; False if it only waited for its data and is cancelled."""
        pending_edit, name = self.pending_edit, self.undo_name
        if pending_edit is not None and pending_edit.is_newest:
            self.pending_edit = None
            # The same drag may already have recorded an edit with fewer rows.
            if pending_edit.drag is None or not self.history.past or self.history.past[-1].drag != pending_edit.drag:
                return False
        history, end = self._last_history.undone(self._destination(here))
        self.jump = HistoryJump(history, end, "undo", name)
        return True

    def begin_redo(self, here: Moment) -> None:
        """Start redoing the edit that was undone last."""
        name = self.redo_name
        history, end = self._last_history.redone(self._destination(here))
        self.jump = HistoryJump(history, end, "redo", name)

    def _destination(self, here: Moment) -> Moment:
        return self.jump.end if self.jump is not None else here

    def advance(self, here: State, generated: tuple[DataProblem, ...] = ()) -> Change | None:
        """Complete the jump, from this state; None if many rows must be generated first, which starts here.

        generated: problems whose data have arrived. InputError if memory runs out; the state stays as it is.
        """
        if self.pending_edit is None:
            self.generator.submit(None)
        assert self.jump is not None
        self.jump = replace(self.jump, known=(*self.jump.known, *generated))
        known = (*self.jump.known, *problems_with_data(here))
        end = restore_data(self.jump.end.state, known)
        while (missing := first_ungenerated(end)) is not None:
            settings = missing.data.settings
            assert settings is not None
            if is_slow(settings):
                self.pending_edit = None
                self.generator.submit((missing, settings))
                return None
            try:
                known = (*known, with_data(missing, generate(settings)))
            except InputError:
                self.cancel_generation()
                raise
            end = restore_data(end, known)
        if end.experiment.problem != here.experiment.problem:
            self.generator.submit(None)
            self.pending_edit = None
        jump, self.jump = self.jump, None
        self.history = jump.history
        return Change(end.with_view_of(here), notice=f"{jump.verb}ne: {jump.name}", go_to=jump.end.step, play=False)

    # Data

    def generate(self, here: State, request: DataRequest) -> None:
        """Begin to make many rows for the problem, in place of any being made; nothing for a problem without data.

        InputError beside pinned runs.
        """
        problem = here.data_problem
        if problem is None:
            return
        here.check_unpinned()
        self.cancel_generation()
        self.pending_edit = PendingEdit(requested_data_edit_name(problem.data, request), self.drag_of(set_data))
        self.generator.submit((problem, request))

    def cancel_generation(self) -> None:
        """Cancel the generation of data, and the jump or edit that waits for it."""
        self.jump = self.pending_edit = None
        self.generator.submit(None)

    def progress_notice(self) -> str | None:
        """The progress of a jump's data, if it has changed: the problem shown may have no panel for it."""
        jump, progress = self.jump, self.generator.progress
        if jump is None or progress is None or progress == self._announced:
            return None
        self._announced = progress
        return f"{jump.verb} {jump.name}: {progress.words}"
