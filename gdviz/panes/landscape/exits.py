"""Which step that left the view is still pointed out: for a second at the pace that is shown, the first one for two."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from gdviz.core.descent.recording import Recording
from gdviz.panes.landscape.shown_box import shown_box
from gdviz.panes.landscape.zoom import first_box, zoom_steps
from gdviz.presentation.look import BoxChoice, Look, View

SECONDS, FIRST_SECONDS = 1.0, 2.0
"""How long an exit is pointed out, and how long one from the first box."""


def shown_exit(recordings: Sequence[Recording], recording: Recording, step: int, look: Look, pace: float) -> int | None:
    """The last step up to ``step`` at which a run left the growing box, if that is still pointed out; else None.

    pace: the steps a second that are shown.
    """
    if look.landscape_view is View.HOLD or look.box is BoxChoice.PATH:
        return None
    first = first_box(recording.experiment.problem, look)
    grown = zoom_steps(recording, first)
    begin, end = bisect_right(grown, recording.run_start(step)), bisect_right(grown, step)
    earliest = bisect_left(grown, step - FIRST_SECONDS * pace)
    for at in reversed(grown[max(begin, min(earliest, end - 1)) : end]):
        box = shown_box(recordings, at, look)
        if box.contains(recording.points[at - 1]) and not box.contains(recording.points[at]):
            seconds = FIRST_SECONDS if box == first else SECONDS
            return at if step - at < max(1.0, seconds * pace) else None
    return None
