"""An animation in words: the state of its runs at a step, and what happens to them in between."""

from collections.abc import Sequence

import numpy as np

from gdviz.animation.animation import Animation
from gdviz.animation.events import Event, Kind, non_finite_events, rate_changes
from gdviz.core.analysis.range_test import curve
from gdviz.core.analysis.suggestions import NoSuggestion, why_none
from gdviz.core.analysis.verdict import ON_THE_WAY, judge
from gdviz.core.descent.recording import Recording
from gdviz.core.problems.capabilities import HasData
from gdviz.panes.landscape import zoom
from gdviz.panes.range_test.picture import build_rate_picture
from gdviz.panes.range_test.sentences import BEYOND, DIVERGES
from gdviz.presentation.column_names import relation
from gdviz.presentation.look import LANDSCAPES, BoxChoice, View
from gdviz.presentation.numbers import format_number, join_words
from gdviz.presentation.run_names import brief_texts, difference, names, schedule_words
from gdviz.scene.scene import Scene

DIGITS = 3
_WHY_NONE = {
    NoSuggestion.NOT_READ: "the rule reads its first rate only",
    NoSuggestion.NOT_FINITE: "the loss at the start is not finite",
    NoSuggestion.AT_MINIMUM: "the start is the minimum",
    NoSuggestion.RISES: "the loss rises from the first rates on",
    NoSuggestion.IS_FLAT: "the loss hardly falls at these rates",
    NoSuggestion.STILL_FALLS: "the loss is lowest where the rates end",
    NoSuggestion.TOO_SHORT: "nothing is left to pick from",
}
"""Why a range test suggests nothing."""
_WARNINGS = {"": "", DIVERGES: " (diverges)", BEYOND: " (too high)"}
"""What is said of a suggested rate that is no rate to hold, so briefly that a caption has room for it."""


def events(animation: Animation) -> tuple[Event, ...]:
    """What happens after the first and up to the last step of the animation, in the order of the steps."""
    scene, (first, last) = animation.scene, animation.steps
    found: list[Event] = []
    called = names(scene.recordings) if len(scene.recordings) > 1 else ("",)  # a single run needs no name
    for recording, name in zip(scene.recordings, called, strict=True):
        left = _leaves_at(scene, recording)
        if left is not None:
            found.append(Event(left, Kind.LEAVES, "the path", _loss(recording, left), name))
        for step, rate in rate_changes(recording):
            found.append(Event(step, Kind.RATE, "the learning rate", format_number(rate), name))
        found += non_finite_events(recording, name)
    shown = [event for event in found if first < event.step <= last]
    return tuple(sorted(shown, key=lambda event: (event.step, event.kind.value)))


def _leaves_at(scene: Scene, recording: Recording) -> int | None:
    """The step at which the path leaves the first box, if that box is what is shown then."""
    if scene.look.box is BoxChoice.PATH:
        return None
    if recording.experiment.restart_every or scene.look.pane not in LANDSCAPES:
        return None  # each fresh start begins its own path, and a map has another box
    first = zoom.first_box(recording.experiment.problem, scene.look)
    step = zoom.exit_step_at(recording, recording.last_step, first)
    if step is None or scene.look.view is View.HOLD:
        return step
    grown = any(zoom.zoom_level_at(other, min(step, other.last_step), first) > 0 for other in scene.recordings)
    return None if grown else step


def describe_events(happened: Sequence[Event]) -> list[str]:
    """The events in words, in order; those of one kind in one run share a line."""
    groups: dict[object, list[Event]] = {}
    for event in happened:
        groups.setdefault((event.kind, event.run), []).append(event)
    return [_line(group) for group in groups.values()]


def _line(group: list[Event]) -> str:
    event = group[-1]
    who = f", {event.run}" if event.run else ""
    if event.kind is Kind.LEAVES:
        return f"step {event.step:,}{who}: {event.subject} leaves the view; loss {event.number}"
    if event.kind is Kind.RATE:
        often = f"{event.subject} changes {len(group)} times; " if len(group) > 1 else ""
        line = f"{often}from step {event.step:,} on {'it' if often else event.subject} is {event.number}"
        return f"{event.run}: {line}" if event.run else line
    state = "infinite" if event.kind is Kind.INFINITE else "NaN"
    if len(group) == 1:
        return f"step {event.step:,}{who}: {event.subject} becomes {state}"
    steps = [f"{event.step:,}" for event in group]
    steps = steps[:1] if len(set(steps)) == 1 else steps  # otherwise each subject has its own
    when = f"step{'s' if len(steps) > 1 else ''} {join_words(steps)}"
    return f"{when}{who}: {join_words([event.subject for event in group])} become {state}"


def start(animation: Animation) -> list[str]:
    """The data, the state of the runs at the first step and the rate from there on; for a range test its verdict too.

    Of the data the names of the columns, unless they are called x and y.
    """
    problem = animation.scene.recordings[0].experiment.problem
    names = relation(problem.data) if isinstance(problem, HasData) else ""
    data = [f"data: {names}"] if names else []
    sweeps = [verdict(recording, 0) for recording in animation.scene.recordings if recording.experiment.schedule.sweeps]
    return data + _starts(animation) + sweeps


def _starts(animation: Animation) -> list[str]:
    first, recordings = animation.steps[0], animation.scene.recordings
    label = "start" if first == 0 else f"step {first:,}"
    states = [_state(recording, first) for recording in recordings]
    rates = [_rate_words(recording, first) for recording in recordings]
    if len(recordings) == 1:
        schedule = recordings[0].experiment.schedule
        # How the rate will vary; for a range test the verdict says so.
        varied = f" ({schedule_words(schedule)})" if schedule.varies and not schedule.sweeps else ""
        return [f"{label}: {states[0]}{rates[0]}{varied}"]
    found = difference([recording.experiment for recording in recordings])
    if len({*states}) == 1:  # said once for all of them
        same = rates[0] if len({*rates}) == 1 else ""
        texts = found.texts
        told = "; ".join(texts) if any("," in text for text in texts) and not found.title else join_words(texts)
        return [f"{label}: {states[0]}{same}; {f'{found.title} {told}'.lstrip()}"]
    who = [name if name.startswith(label) else f"{label}, {name}" for name in found.names]
    runs = zip(who, states, rates, strict=True)
    return [f"{called}: {state}{'' if rate[2:] in called else rate}" for called, state, rate in runs]


def _rate_words(recording: Recording, step: int) -> str:
    """The rate at a step, after a semicolon; empty for a rule that takes none."""
    takes_one = recording.experiment.optimizer.takes_learning_rate
    return f"; learning rate {format_number(_rate(recording, step))}" if takes_one else ""


def progress(animation: Animation, step: int) -> list[str]:
    """The state of the runs at a step in between."""
    recordings = animation.scene.recordings
    if len(recordings) == 1:
        varies = recordings[0].experiment.schedule.varies
        rate = f", rate {format_number(_rate(recordings[0], step), DIGITS)}" if varies else ""
        return [f"step {step:,}{rate}: {_state(recordings[0], step)}"]
    runs = zip(recordings, _called(recordings), strict=True)
    losses = [f"{_loss(recording, step)} with {text}" for recording, text in runs]
    return [f"step {step:,}: loss {join_words(losses)}"]


def _called(recordings: Sequence[Recording]) -> Sequence[str]:
    """The names of several runs in one line: what differs is said once, and then as briefly as in the legend."""
    experiments = [recording.experiment for recording in recordings]
    found = difference(experiments)
    return [found.names[0], *found.texts[1:]] if found.title else brief_texts(experiments)


def end(animation: Animation) -> list[str]:
    """The state of the runs at the last step, and the verdict on each up to there."""
    last, recordings = animation.steps[1], animation.scene.recordings
    is_whole = all(last >= recording.experiment.steps for recording in recordings)
    label = "end, " if is_whole else ""
    if len(recordings) == 1:
        return [f"{label}step {last:,}: {_state(recordings[0], last)}", _outcome(animation.scene, last)]
    # The verdict in one word: its reason was among the events.
    said = zip(recordings, _called(recordings), ["loss ", *[""] * len(recordings)], strict=False)
    runs = [f"{text}: {judge(recording, last).kind}, {word}{_loss(recording, last)}" for recording, text, word in said]
    return [f"{label}step {last:,}, {'; '.join(runs)}"]


def summary(animation: Animation) -> list[str]:
    """A single run in a few sentences; the verdict without its reason if that is among the events."""
    happened = events(animation)
    state, judged = end(animation)
    recording = animation.scene.recordings[0]
    # A loss that was infinite on the way only is no reason of the verdict.
    numbers_end = not np.isfinite(recording.losses[min(animation.steps[1], recording.last_step)])
    if numbers_end and happened and not recording.experiment.schedule.sweeps:
        judged = judged.partition(":")[0]
    return [*_starts(animation), *describe_events(happened), state, judged]


def outcomes(animation: Animation) -> list[str]:
    """The name of each of several runs, with a one-word verdict on the steps up to the last of the animation."""
    recordings, last = animation.scene.recordings, animation.steps[1]
    runs = zip(recordings, names(recordings), strict=True)
    return [f"{name}: {judge(recording, last).kind}" for recording, name in runs]


def verdict(recording: Recording, step: int) -> str:
    """The verdict on the steps up to ``step`` and its evidence, without what is given beside it anyway."""
    judged = judge(recording, step)
    if judged.kind in ON_THE_WAY:
        return str(judged.kind)
    return f"{judged.kind}: {judged.sentence.partition('; loss')[0].partition('; NaN')[0]}"


def _outcome(scene: Scene, last: int) -> str:
    """The verdict on the first run; for a range test at its end, the rates suggested by it."""
    recording = scene.recordings[0]
    if not recording.experiment.schedule.sweeps or last < recording.experiment.steps:
        return verdict(recording, last)
    why = why_none(curve(recording, last), recording.experiment)
    if why is not None:
        return f"{judge(recording, last).kind}: {_WHY_NONE[why]}"
    found = {one.name: one for one in build_rate_picture(recording, last, scene.trials).suggestions}
    minimum, tenth = (
        f"{format_number(one.learning_rate or 0.0, DIGITS)}{_WARNINGS[one.warning]}"
        for one in (found["minimum"], found["tenth"])
    )
    return f"{judge(recording, last).kind}: lowest loss at rate {minimum}, its tenth {tenth}"


def _rate(recording: Recording, step: int) -> float:
    return float(recording.learning_rates[min(step, recording.last_step)])


def _state(recording: Recording, step: int) -> str:
    values = zip(recording.experiment.problem.parameters, recording.points[min(step, recording.last_step)], strict=True)
    parameters = ", ".join(f"{name} = {format_number(float(value), DIGITS)}" for name, value in values)
    return f"{parameters}; loss {_loss(recording, step)}"


def _loss(recording: Recording, step: int) -> str:
    return format_number(float(recording.losses[min(step, recording.last_step)]), DIGITS)
