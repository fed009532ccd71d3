"""Captions: what happens in an animation and when, in words, for those who cannot see it or want to search it."""

import textwrap
from html import escape
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gdviz.animation import narration
from gdviz.animation.animation import Animation
from gdviz.core.descent.experiment import Experiment
from gdviz.core.frozen import frozen
from gdviz.core.problems.capabilities import HasData
from gdviz.panes.entry import Place
from gdviz.panes.registry import panes_by_place
from gdviz.presentation.column_names import relation
from gdviz.presentation.numbers import join_words

READING_SECONDS = 1.5
"""Seconds to read a caption before another replaces it."""
MIN_READING_SECONDS = 1.0
"""If the clip ends too soon for that, the last captions begin up to READING_SECONDS earlier, to have this long each."""
MIN_CAPTION_SECONDS = 0.5
"""A clip that is even shorter has no more captions than can have this many seconds each."""
FOLLOWABLE_SECONDS = 0.25
"""Steps shown for this many seconds can be followed one by one, and captions give them more often."""
LINE_LENGTH, LINES = 66, 2

Array = NDArray[np.float64]


@frozen
class Caption:
    """A text of one or two lines, shown from ``begin`` to ``end``, in seconds."""

    begin: float
    end: float
    text: str


class _Cue(NamedTuple):
    """The second at which a text should appear, and the text."""

    time: float
    text: str


def captions(animation: Animation) -> tuple[Caption, ...]:
    """The captions in order, each shown until the next one.

    An event (`gdviz.animation.events.Event`) is told when a frame first shows it, if there is time for it, together
    with those that follow within READING_SECONDS. In between, as time allows, come the states of the runs at a step.
    """
    duration = animation.duration
    cues = _with_steps(animation, _in_time(_essential_cues(animation), duration))
    ends = [*(cue.time for cue in cues[1:]), duration]
    return tuple(Caption(cue.time, end, cue.text) for cue, end in zip(cues, ends, strict=True))


def _essential_cues(animation: Animation) -> list[_Cue]:
    """The start, all events and the end, at their own times, which may leave too little time for reading."""
    cues = _pages(narration.start(animation), 0.0)
    waiting = [(animation.shown_at(event.step), event) for event in narration.events(animation)]
    free = READING_SECONDS * len(cues)
    while waiting:
        time = waiting[0][0]
        free = max(time, free) + READING_SECONDS
        together = [event for shown, event in waiting if shown < free]
        waiting = waiting[len(together) :]
        pages = _pages(narration.describe_events(together), time)
        cues += pages
        free += READING_SECONDS * (len(pages) - 1)
    last = min(animation.shown_at(animation.steps[1]), animation.duration - READING_SECONDS)
    return cues + _pages(narration.end(animation), max(last, cues[-1].time))


def _pages(lines: list[str], time: float) -> list[_Cue]:
    """The lines in as many cues as they need, with short lines joined."""
    packed: list[str] = []
    for line in lines:
        if packed and len(packed[-1]) + len(line) + 2 <= LINE_LENGTH:
            packed[-1] += f"; {line}"
        else:
            packed += textwrap.wrap(line, LINE_LENGTH)
    return [_Cue(time, "\n".join(packed[begin : begin + LINES])) for begin in range(0, len(packed), LINES)]


def _in_time(cues: list[_Cue], duration: float) -> list[_Cue]:
    """Space the cues READING_SECONDS apart, or less for the last ones if the clip ends too soon."""
    room = max(1, int(duration / MIN_CAPTION_SECONDS))
    cues = cues if len(cues) <= room else [*cues[: room - 1], cues[-1]]
    behind = np.arange(len(cues), 0, -1)
    times = np.array([cue.time for cue in cues])
    times = np.maximum(times - READING_SECONDS, np.minimum(times, duration - MIN_READING_SECONDS * behind))
    times[0] = 0.0
    wanted = np.maximum.accumulate(times)
    times = _apart(wanted, READING_SECONDS)
    late = times > duration - READING_SECONDS * behind
    if late.any():
        times[late] = _apart(wanted[late], float(((duration - wanted) / behind)[late].min()))
    return [cue._replace(time=time) for time, cue in zip(times.tolist(), cues, strict=True)]


def _apart(times: Array, least: float) -> Array:
    """The earliest times, none before its own in ``times``, that are at least ``least`` seconds apart."""
    spaces = least * np.arange(len(times))
    return np.asarray(np.maximum.accumulate(times - spaces) + spaces)


def _with_steps(animation: Animation, cues: list[_Cue]) -> list[_Cue]:
    """Add the states of the runs between the cues where there is time for them, more often while steps are slow."""
    shown = np.floor(animation.moments)
    frames = np.flatnonzero(np.diff(shown)) + 1
    times = frames / animation.frame_rate
    held = np.diff(frames, append=len(animation)) / animation.frame_rate
    patience = np.where(held >= FOLLOWABLE_SECONDS, READING_SECONDS, 2.0 * READING_SECONDS) - 1e-9
    found = list(cues)
    for before, behind in pairwise(cues):
        said = before.time
        for place in np.flatnonzero((times > before.time) & (times <= behind.time - READING_SECONDS + 1e-9)):
            if times[place] - said >= patience[place]:
                pages = _pages(narration.progress(animation, int(shown[frames[place]])), float(times[place]))
                spaced = [cue._replace(time=cue.time + READING_SECONDS * page) for page, cue in enumerate(pages)]
                if spaced[-1].time <= behind.time - READING_SECONDS + 1e-9:
                    said = spaced[-1].time
                    found += spaced
    return sorted(found, key=lambda cue: cue.time)


def webvtt(captions: tuple[Caption, ...], title: str) -> str:
    """The captions as a file that video players read; source: https://www.w3.org/TR/webvtt1/, section 4."""
    cues = [f"{_timestamp(one.begin)} --> {_timestamp(one.end)}\n{escape(one.text, quote=False)}" for one in captions]
    # A line break would end the note, and an arrow is not allowed in it.
    note = f"NOTE {escape(' '.join(title.split()), quote=False)}".rstrip()
    return "\n\n".join(["WEBVTT", note, *cues]) + "\n"


def _timestamp(seconds: float) -> str:
    whole, milliseconds = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}.{milliseconds:03}"


def _problem(experiment: Experiment) -> str:
    """The problem, with the names of its columns unless they are x and y."""
    problem = experiment.problem
    names = relation(problem.data) if isinstance(problem, HasData) else ""
    return f"{problem.title} ({names})" if names else problem.title


def alternative_text(animation: Animation) -> str:
    """A paragraph of at most about 400 characters: what is shown, of what, what happens, and the verdict."""
    scene, (first, last) = animation.scene, animation.steps
    experiment = scene.recordings[0].experiment
    panes = {place: pane.caption(experiment) for place, pane in panes_by_place(scene.look, experiment).items()}
    large = f"{panes[Place.LEADING]}, the landscape" if Place.LEADING in panes else panes[Place.LARGE]
    above = f"{panes[Place.ABOVE]}, " if Place.ABOVE in panes else ""
    rules = dict.fromkeys(recording.experiment.optimizer.title for recording in scene.recordings)
    sentences = [
        f"{join_words([*rules])} on {_problem(experiment)}, steps {first:,} to {last:,}",
        f"{large}, {above}and {panes[Place.BELOW]}",
    ]
    sentences += narration.summary(animation) if len(scene.recordings) == 1 else narration.outcomes(animation)
    return " ".join(f"{sentence[0].upper()}{sentence[1:]}." for sentence in sentences)
