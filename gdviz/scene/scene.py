"""A scene (recordings and a look) and its frames: everything drawn at a moment, as a function of that moment alone."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from operator import itemgetter
from typing import Any

from gdviz.core.analysis.trial_runs import TrialRuns
from gdviz.core.analysis.verdict import judge
from gdviz.core.descent.recording import Recording
from gdviz.core.frozen import frozen
from gdviz.core.problems.capabilities import HasData
from gdviz.core.problems.problem import Problem
from gdviz.panes.bars.picture import Header, RunVerdict
from gdviz.panes.entry import Chart, PaneEntry, Place, Subject
from gdviz.panes.landscape.directions import Inside
from gdviz.panes.landscape.earlier_boxes import landscape_before, landscape_in
from gdviz.panes.landscape.ghost import build_ghost
from gdviz.panes.landscape.inside import build_inside
from gdviz.panes.landscape.landmarks import landmarks
from gdviz.panes.landscape.landscape import (
    Landscape,
    Surface,
    landscape_light,
    sample_surface,
)
from gdviz.panes.landscape.multiples import short_notes
from gdviz.panes.landscape.notes import landscape_notes, note_rows
from gdviz.panes.landscape.path import build_path
from gdviz.panes.landscape.shown_box import box_label, eased_box, highest_level, last_change, shown_box
from gdviz.panes.landscape.zoom import first_box
from gdviz.panes.registry import panes_by_place
from gdviz.presentation.arithmetic import Arithmetic, arithmetic
from gdviz.presentation.highlight import Highlight
from gdviz.presentation.learning_rates import rate_texts
from gdviz.presentation.legend import NO_LEGEND, Legend, legend
from gdviz.presentation.look import Look
from gdviz.presentation.run_names import STYLES, short_names
from gdviz.presentation.scaling import scale_wordings, standardised_columns


@frozen(eq=False)
class Frame:
    """Everything drawn at one moment.

    pictures: of the panes on the stage, by name. All was computed in double precision and clipped; nothing is
    non-finite or beyond 1e3 unless its picture says so.
    """

    step: int
    look: Look
    header: Header
    landscape: Landscape
    pictures: Mapping[str, Any]
    arithmetic: Arithmetic
    """The update of the two parameters in numbers, one line each."""
    legend: Legend = NO_LEGEND
    """What differs between several runs; without entries for a single one."""


@frozen
class Scene:
    """One to four recordings of the same problem, each with at least one step, and a look.

    The first is the live run: header, arithmetic, residuals and notes are its own, and the others are compared with it.
    styles: the colour, dash and marker (0 to 3) of each recording; 0, 1, 2, 3 by default.
    """

    title: str
    recordings: tuple[Recording, ...]
    look: Look = field(default_factory=Look)
    chart: Chart | None = None
    """What the large pane needs beside the runs, as far as it is computed."""
    styles: tuple[int, ...] = ()
    trials: TrialRuns | None = None
    """What becomes of the rates that a range test suggests, as far as it is computed."""
    question: str = ""
    """To the class, shown before the first step."""

    def __post_init__(self) -> None:
        """Set default styles where none are given; ValueError unless there is one for each run."""
        object.__setattr__(self, "styles", self.styles or STYLES[: len(self.recordings)])
        if len(self.styles) != len(self.recordings):
            raise ValueError(f"{len(self.recordings)} runs have {len(self.styles)} styles")

    @property
    def last_step(self) -> int:
        """The last step of the longest run; shorter ones stay at their end."""
        return max(recording.last_step for recording in self.recordings)

    @property
    def _problem(self) -> Problem:
        return self.recordings[0].experiment.problem

    def frame(self, time: float, in_parts: bool = True) -> Frame:
        """The frame at ``time`` in steps; between two, the path stands still while box or arrows change.

        in_parts: whether the arrows grow on the way; if not, only the box changes.
        """
        last = self.last_step
        step = max(0, min(math.floor(time), last))
        part = time - step if step < last else 0.0
        box, before = shown_box(self.recordings, step, self.look), landscape_before(*self._shown, step, self.look)
        is_between = part > 0 and self.box_changes_after(step)
        if is_between:
            before = landscape_in(*self._shown, step, step + 1, self.look)
            box = eased_box(box, before.surface.box, part)
        surface = sample_surface(self._problem, box)
        first, look = self.recordings[0], self.look
        shown = panes_by_place(look, first.experiment)
        leading = shown.pop(Place.LEADING, None)
        subject = Subject(self.recordings, self.styles, step, look, self.chart, trials=self.trials)
        pictures, highlight = _leading(leading, subject)
        landscape = self._landscape(step, part if in_parts else 0.0, surface, leading is not None, highlight)
        landscape = replace(landscape, before=before, is_between=is_between)
        pictures |= _pictures(shown.values(), replace(subject, highlight=highlight), landscape)
        return Frame(
            step,
            look,
            self._header(step),
            landscape,
            pictures,
            arithmetic(first, min(step, first.last_step)),
            legend(self.recordings, self.styles),
        )

    @property
    def _shown(self) -> tuple[tuple[Recording, ...], tuple[int, ...]]:
        return self.recordings, self.styles

    def box_changes_after(self, step: int) -> bool:
        """Whether the box changes between this step and the next, so that there is something to ease."""
        now, following = (shown_box(self.recordings, at, self.look) for at in (step, step + 1))
        return now != following

    def _header(self, step: int) -> Header:
        first, names = self.recordings[0].experiment, short_names(self.recordings)
        verdicts = [judge(recording, step) for recording in self.recordings]
        sentence = f"{names[0]}: {verdicts[0].sentence}" if names[0] else verdicts[0].sentence
        precisions = dict.fromkeys(recording.experiment.precision.value for recording in self.recordings)
        runs = sorted(zip(self.styles, names, verdicts, strict=True), key=itemgetter(0)) if len(verdicts) > 1 else []
        # The longest run, as counted by the first one's schedule.
        longest = max(recording.experiment.steps for recording in self.recordings)
        return Header(
            self.title,
            replace(verdicts[0], sentence=sentence),
            ", ".join(precisions),
            box_label(self.recordings, step, self.look),
            first.schedule.counter(step, longest),
            tuple(RunVerdict(style, name, verdict.kind) for style, name, verdict in runs),
            highest_level(self.recordings, self.look),
            first.schedule.counter(longest, longest),
            *_scaling(first.problem),
            *rate_texts(self.recordings, step),
            self.question if step == 0 else "",
        )

    def _landscape(
        self, step: int, part: float, surface: Surface, is_small: bool, highlight: Highlight | None
    ) -> Landscape:
        view, first = self.look.landscape_view, first_box(self._problem, self.look)
        places = [(recording, min(step, recording.last_step)) for recording in self.recordings]
        called = short_names(self.recordings)
        # Where each run has its own picture, the name is the heading.
        names = ("",) * len(called) if self.look.multiples else called
        runs = zip(places, self.styles, names, strict=True)
        change = last_change(self.recordings, step, self.look)
        since = 0 if change is None else change.step
        paths = [build_path(*place, surface, view, style, name, since) for place, style, name in runs]
        order = sorted(range(len(called)), key=self.styles.__getitem__)
        ordered = [self.recordings[run] for run in order]
        notes = landscape_notes(ordered, [called[run] for run in order], step, view, (first, surface.box))
        if self.look.ghost:
            ghosts = [build_ghost(*place, surface) for place in places]
            paths = [replace(path, ghost=ghost.segments) for path, ghost in zip(paths, ghosts, strict=True)]
            notes += (f"{called[0]} {ghosts[0].note}".lstrip(),) if ghosts[0].note else ()
        if self.look.multiples:
            paths = [replace(path, notes=short_notes(*place)) for path, place in zip(paths, places, strict=True)]
        inside = self._inside(step, part, surface) if self.look.inside else None
        if inside is not None and inside.note:
            arrows = f"arrows of {called[0]}" if called[0] else "arrows"
            notes = (f"{arrows}: {inside.note}", *notes)
        minima, line, outline = landmarks(self._problem, surface, first)
        light = landscape_light(self.recordings[0], step, surface, paths[0], highlight) if highlight else None
        # No notes beside the tape, which says all that and more.
        shown, rows = ((), 0) if is_small else (notes, note_rows(self.recordings, self.look))
        return Landscape(surface, tuple(paths), minima, outline, shown, light, is_small, line, inside, note_rows=rows)

    def _inside(self, step: int, part: float, surface: Surface) -> Inside:
        live, still = self.recordings[0], shown_box(self.recordings, step, self.look)
        if step >= live.last_step:
            step, part = live.last_step, 0.0  # no step follows in which the arrows would grow
        return build_inside(live, step, surface, still, part, self.styles[0])


def _scaling(problem: Problem) -> tuple[str, tuple[str, ...]]:
    """What is standardised, and how, in words; empty where nothing is, or there are no data."""
    if not isinstance(problem, HasData) or not any(problem.data.are_standardised):
        return "", ()
    return standardised_columns(problem.data), tuple(
        wordings[0] for wordings in scale_wordings(problem.data) if wordings
    )


def _leading(entry: PaneEntry | None, subject: Subject) -> tuple[dict[str, Any], Highlight | None]:
    """The picture of the leading pane, if any, and what it highlights in the others."""
    if entry is None or entry.build is None:
        return {}, None
    picture = entry.build(subject)
    return {entry.name: picture}, entry.highlight(picture) if entry.highlight is not None else None


def _pictures(entries: Iterable[PaneEntry], subject: Subject, landscape: Landscape) -> dict[str, Any]:
    """The pictures of these panes; one shared by two of them is built once."""
    built: dict[object, Any] = {None: landscape}
    for entry in entries:
        if entry.build not in built and entry.build is not None:
            built[entry.build] = entry.build(subject)
    return {entry.name: built[entry.build] for entry in entries}
