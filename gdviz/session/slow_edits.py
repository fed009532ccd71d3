"""Makes edits that take too long for the window's thread in one of their own; a newer one replaces the older."""

from collections.abc import Callable, Mapping
from dataclasses import field, replace
from typing import Any

from gdviz.core.frozen import frozen
from gdviz.core.long_work import report_part
from gdviz.session.loading.loader import Loader
from gdviz.session.state import Change, State


@frozen(eq=False)
class EditRequest:
    """An edit with its arguments. drag: as in `gdviz.session.timeline.Edit`. state: the one to be edited."""

    edit: Callable[..., Change | None]
    arguments: tuple[Any, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)
    drag: object = None
    state: State | None = None

    def on(self, state: State) -> "EditRequest":
        """The same edit of this state."""
        return replace(self, state=state)

    def change(self) -> Change | None:
        """What the edit gives; InputError where it is not possible."""
        return self.edit(self.state, *self.arguments, **self.fields)


class SlowEdits(Loader[EditRequest, tuple[EditRequest, Change | None]]):
    """One thread for edits; what takes long in them, the steps of a range test, is known when they are made again."""

    def __init__(self) -> None:
        """No thread yet."""
        super().__init__("gdviz edits")

    def work(self, request: EditRequest) -> tuple[EditRequest, Change | None]:
        """Make the edit."""
        token = report_part.set(self.report_of(request))
        try:
            return request, request.change()
        finally:
            report_part.reset(token)

    def is_making(self, edit: Callable[..., Change | None]) -> bool:
        """Whether this edit, with whatever arguments, is on its way."""
        current = self.current
        return current is not None and current.edit == edit

    @property
    def words(self) -> str:
        """What is going on, in one line; empty for nothing."""
        return f"finding where the range test ends: {self.percent} % of its rates" if self.current is not None else ""
