"""The box that the landscape shows at each step of some runs: the first one, as it grows, or that of the path."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from gdviz.core.box import Box
from gdviz.core.descent.recording import Recording
from gdviz.panes.landscape import zoom
from gdviz.panes.landscape.path_box import CELLS, extent, path_box
from gdviz.presentation.look import BoxChoice, Look, View

TO_PATH = "zoomed to path"
"""The label of such a box, in place of a zoom level."""

Runs = Sequence[Recording]
"""One or more runs of the same problem."""


class Change(NamedTuple):
    """A step after which there is another box; number: it grows with every change of a run, from 1 on."""

    step: int
    number: int


def shown_box(recordings: Runs, step: int, look: Look) -> Box:
    """The box at a step; of runs that are shorter, the last one counts."""
    problem = recordings[0].experiment.problem
    first = zoom.first_box(problem, look)
    if look.box is BoxChoice.PATH:
        found = path_box(extent(recordings, step), first, look.equal_axes)
        if found is not None and zoom.has_finite_loss(problem, found):
            return found
    return first.scaled(zoom.factor(_level(recordings, step, first, look)))


def eased_box(before: Box, after: Box, part: float) -> Box:
    """The box on the way from one to another, at a part of the time from 0 to 1; both hold what it is to hold."""
    if before == after:
        return before
    # Smooth at both ends and even on a log scale, as a zoom is perceived.
    eased = part * part * (3.0 - 2.0 * part)
    (x, width), (y, height) = (
        _eased_side(*sides, eased) for sides in zip(before.centre, before.half, after.centre, after.half, strict=True)
    )
    return Box((x, y), (width, height))


def _eased_side(centre: float, half: float, last: float, wide: float, eased: float) -> tuple[float, float]:
    now = half * (wide / half) ** eased
    # The centre moves with the width, so that both edges move in proportion, and neither leaves the larger box.
    return centre + (last - centre) * ((now - half) / (wide - half) if wide != half else eased), now


def box_label(recordings: Runs, step: int, look: Look) -> str:
    """The box in a few words: "view ×5"; the same at every step of a path that is zoomed to."""
    if look.box is BoxChoice.PATH:
        return TO_PATH
    return zoom.zoom_label(_level(recordings, step, zoom.first_box(recordings[0].experiment.problem, look), look))


def highest_level(recordings: Runs, look: Look) -> int:
    """The highest zoom level in a label at any step."""
    if look.landscape_view is View.HOLD or look.box is BoxChoice.PATH:
        return 0
    first = zoom.first_box(recordings[0].experiment.problem, look)
    return max(zoom.highest_zoom_level(recording, first) for recording in recordings)


def box_changes(recordings: Runs, look: Look, begin: int, end: int) -> list[int]:
    """The steps from ``begin`` up to but not including ``end`` after which there is another box, ascending."""
    if look.box is BoxChoice.PATH:
        steps = _path_changes(recordings, look, begin, end)
    else:
        first = zoom.first_box(recordings[0].experiment.problem, look)
        steps = [step for recording in recordings for step in zoom.zoom_steps(recording, first)]
    within = sorted({step for step in steps if begin <= step < end})
    return [step for step in within if shown_box(recordings, step, look) != shown_box(recordings, step + 1, look)]


def last_change(recordings: Runs, step: int, look: Look) -> Change | None:
    """The last step before this one, in the same run, after which there was another box.

    None if there was none, and for a path that is zoomed to, whose box does not only grow.
    """
    grown = growths(recordings, step, look)
    for number in range(len(grown), 0, -1):
        at = grown[number - 1]
        if shown_box(recordings, at, look) != shown_box(recordings, at + 1, look):
            return Change(at, number)
    return None


def growths(recordings: Runs, step: int, look: Look) -> list[int]:
    """The steps before this one, in the same run, after which a growing box may be another, ascending."""
    if look.landscape_view is View.HOLD or look.box is BoxChoice.PATH:
        return []
    begin, first = recordings[0].run_start(step), zoom.first_box(recordings[0].experiment.problem, look)
    return sorted({at for recording in recordings for at in zoom.zoom_steps(recording, first) if begin <= at < step})


def _path_changes(recordings: Runs, look: Look, begin: int, end: int) -> list[int]:
    """The steps after which the path reaches other cells of its box, or a new run begins; by bisection in each run."""
    again = recordings[0].experiment.restart_every
    found = list[int]()
    while begin < end:
        last = min(end, recordings[0].run_start(begin) + again - 1) if again else end
        found += _changes(lambda step: _reached(recordings, step, look), begin, last)
        found.append(last)  # a new run
        begin = last + 1
    return found


def _reached(recordings: Runs, step: int, look: Look) -> tuple[object, ...]:
    """What the box follows from, and what never returns to an earlier value, as the box itself may."""
    covered, box = extent(recordings, step), shown_box(recordings, step, look)
    cells = 2.0 * np.array(box.half) / CELLS
    numbers = (*np.floor(covered.low / cells), *np.ceil(covered.high / cells))
    return *covered.moved.tolist(), box.half, *map(float, numbers)


def _changes(reached: Callable[[int], object], begin: int, end: int) -> list[int]:
    """The steps from ``begin`` before ``end`` after which ``reached`` changes, where it never returns to a value."""
    pairs, found = [(begin, reached(begin), end, reached(end))], list[int]()
    while pairs:
        low, before, high, after = pairs.pop()
        if before == after:
            continue
        if high - low == 1:
            found.append(low)
            continue
        middle = (low + high) // 2
        value = reached(middle)
        pairs += [(low, before, middle, value), (middle, value, high, after)]
    return sorted(found)


def _level(recordings: Runs, step: int, first: Box, look: Look) -> int:
    if look.landscape_view is View.HOLD:
        return 0
    return max(zoom.zoom_level_at(recording, min(step, recording.last_step), first) for recording in recordings)
