"""The landscape in each box that was shown before, with no more than what labels stand beside or keep clear of."""

from weakref import ref

from gdviz.core.descent.recording import Recording
from gdviz.core.weak_cache import weak_cache
from gdviz.panes.landscape.landmarks import landmarks
from gdviz.panes.landscape.landscape import Landscape, sample_surface
from gdviz.panes.landscape.notes import note_rows
from gdviz.panes.landscape.path import build_path
from gdviz.panes.landscape.shown_box import growths, last_change, shown_box
from gdviz.panes.landscape.zoom import first_box
from gdviz.presentation.look import Look

EVERY = 2
"""Labels look back at one box in so many: a fast run has several new ones in each frame, and all are to be laid out."""
MOST_BOXES = 24
"""After so many boxes labels are placed anew, so that the first frame after a jump never waits for more."""

Runs = tuple[Recording, ...]


def landscape_before(recordings: Runs, styles: tuple[int, ...], step: int, look: Look) -> Landscape | None:
    """The landscape at the last step in an earlier box, whose labels those of a step go on from.

    None if there is none, or labels are placed anew.
    """
    change = last_change(recordings, step, look)
    if change is None or change.number % MOST_BOXES == 0:
        return None
    earlier = growths(recordings, step, look)[(change.number - 1) // EVERY * EVERY]
    return landscape_in(recordings, styles, earlier, earlier, look)


def landscape_in(recordings: Runs, styles: tuple[int, ...], step: int, boxed: int, look: Look) -> Landscape:
    """The landscape at a step in the box of step ``boxed``; the same object for the same runs, as long as it is kept.

    boxed: the step, or the one after it, whose box the growing one ends in.
    """
    # Longer runs go on being shown where they ended.
    lasts = tuple(min(step, recording.last_step) for recording in recordings)
    same = {name: getattr(look, name) for name in ("view", "box", "equal_axes", "ghost", "inside")}
    plain = Look(**same)
    others = tuple(map(ref, recordings[1:]))
    return _landscape_in(recordings[0], others, styles, lasts, step, boxed, plain)


@weak_cache(MOST_BOXES // EVERY + 2)
def _landscape_in(
    live: Recording,
    others: tuple[ref[Recording], ...],
    styles: tuple[int, ...],
    lasts: tuple[int, ...],
    step: int,
    boxed: int,
    look: Look,
) -> Landscape:
    recordings = (live, *(run for other in others if (run := other()) is not None))
    problem = live.experiment.problem
    surface = sample_surface(problem, shown_box(recordings, boxed, look))
    change = last_change(recordings, boxed, look)
    since = 0 if change is None else change.step
    runs = zip(recordings, lasts, styles, strict=True)
    view = look.landscape_view
    paths = tuple(build_path(run, last, surface, view, style, since=since) for run, last, style in runs)
    before = landscape_before(recordings, styles, boxed, look)
    minima, line, outline = landmarks(problem, surface, first_box(problem, look))
    rows = note_rows(recordings, look)
    return Landscape(surface, paths, minima, outline, (), minimum_line=line, before=before, note_rows=rows)
