"""What an animation shows, in words: how its runs stand at a step, and what happens to them on the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from gdviz.animation.animation import Animation
from gdviz.animation.events import number_ends, rate_changes
from gdviz.core.analysis.range_test import curve, suggestions
from gdviz.core.analysis.verdict import judge
from gdviz.core.descent.recording import Recording
from gdviz.panes.landscape import zoom
from gdviz.presentation.look import LANDSCAPES, View
from gdviz.presentation.numbers import format_number, listed
from gdviz.presentation.run_names import difference, names, schedule_words
from gdviz.scene.scene import Scene

DIGITS = 3


class Kind(Enum):
    """What can happen to a run, in the order in which it is told."""

    LEAVES = auto()
    RATE = auto()
    INFINITE = auto()
    NAN = auto()


@dataclass(frozen=True)
class Event:
    """What happens at a step. ``subject``: to what; ``number``: the loss of a path that leaves, or the new rate.

    run: what the run is called where there are several.
    """

    step: int
    kind: Kind
    subject: str
    number: str = ""
    run: str = ""


def events(animation: Animation) -> tuple[Event, ...]:
    """What happens behind the first and up to the last step of the animation, in the order of the steps."""
    scene, (first, last) = animation.scene, animation.steps
    runs = zip(scene.recordings, _names(scene), strict=True)
    found = [event for recording, name in runs for event in _events_of(scene, recording, name)]
    shown = [event for event in found if first < event.step <= last]
    return tuple(sorted(shown, key=lambda event: (event.step, event.kind.value)))


def _events_of(scene: Scene, recording: Recording, name: str) -> list[Event]:
    found = []
    left = _leaves_at(scene, recording)
    if left is not None:
        found.append(Event(left, Kind.LEAVES, "the path", _loss(recording, left), name))
    for step, rate in rate_changes(recording):
        found.append(Event(step, Kind.RATE, "the learning rate", format_number(rate), name))
    for end in number_ends(recording):
        kind = Kind.INFINITE if end.state == "infinite" else Kind.NAN
        found.append(Event(end.step, kind, end.name, run=name))
    return found


def _leaves_at(scene: Scene, recording: Recording) -> int | None:
    """The step with which the path leaves the first box, if that is what is shown then."""
    if recording.experiment.restart_every or scene.look.pane not in LANDSCAPES:
        return None  # each fresh start is a path of its own, and a map has another box
    step = zoom.left_at(recording, recording.last_step)
    if step is None or scene.look.view is View.HOLD:
        return step
    grown = any(zoom.zoom_level_at(other, min(step, other.last_step)) > 0 for other in scene.recordings)
    return None if grown else step


def told(happened: Sequence[Event]) -> list[str]:
    """The events in as few lines as say all of it, in their order; of each kind those that belong together in one."""
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
    steps = steps[:1] if len(set(steps)) == 1 else steps  # else each subject has its own
    when = f"step{'s' if len(steps) > 1 else ''} {listed(steps)}"
    return f"{when}{who}: {listed([event.subject for event in group])} become {state}"


def start(animation: Animation) -> list[str]:
    """How the runs stand at the first step, and with which learning rate they go on; what a range test is."""
    sweeps = [verdict(recording) for recording in animation.scene.recordings if _is_range_test(recording)]
    return _starts(animation) + sweeps


def _starts(animation: Animation) -> list[str]:
    first, recordings = animation.steps[0], animation.scene.recordings
    label = "start" if first == 0 else f"step {first:,}"
    states = [_state(recording, first) for recording in recordings]
    rates = [f"learning rate {format_number(_rate(recording, first))}" for recording in recordings]
    if len(recordings) == 1:
        return [f"{label}: {states[0]}; {rates[0]}{_schedule(recordings[0])}"]
    found = difference([recording.experiment for recording in recordings])
    if len({*states}) == 1:  # said once for all of them
        same = f"; {rates[0]}" if len({*rates}) == 1 else ""
        return [f"{label}: {states[0]}{same}; {f'{found.title} {listed(found.texts)}'.lstrip()}"]
    who = [name if name.startswith(label) else f"{label}, {name}" for name in found.names]
    runs = zip(who, states, rates, strict=True)
    return [f"{called}: {state}{'' if rate in called else f'; {rate}'}" for called, state, rate in runs]


def _schedule(recording: Recording) -> str:
    """By what the rate goes on to change, in brackets; of a range test its verdict says so."""
    schedule = recording.experiment.schedule
    return f" ({schedule_words(schedule)})" if schedule.varies and not schedule.sweeps else ""


def standing(animation: Animation, step: int) -> list[str]:
    """How the runs stand at a step on the way."""
    recordings = animation.scene.recordings
    if len(recordings) == 1:
        return [f"step {step:,}{_at_rate(recordings[0], step)}: {_state(recordings[0], step)}"]
    # What differs is said once, and each run then in as few words as the legend has.
    found = difference([recording.experiment for recording in recordings])
    texts = [found.names[0], *found.texts[1:]]
    losses = [f"{_loss(recording, step)} with {text}" for recording, text in zip(recordings, texts, strict=True)]
    return [f"step {step:,}: loss {listed(losses)}"]


def end(animation: Animation) -> list[str]:
    """How the runs stand at the last step, and the verdicts on them as a whole."""
    last, recordings = animation.steps[1], animation.scene.recordings
    is_whole = all(last >= recording.experiment.steps for recording in recordings)
    label = "end, " if is_whole else ""
    if len(recordings) == 1:
        return [f"{label}step {last:,}: {_state(recordings[0], last)}", _outcome(recordings[0], last)]
    if not is_whole:
        # A verdict beside the loss of an earlier step would seem to be one on that.
        return [*standing(animation, last), f"later on: {'; '.join(outcomes(animation))}"]
    found = difference([recording.experiment for recording in recordings])
    # The verdict in a word: why it is so was among what happened.
    said = zip(recordings, [found.names[0], *found.texts[1:]], ["loss ", *[""] * len(recordings)], strict=False)
    runs = [f"{text}: {judge(recording).kind}, {word}{_loss(recording, last)}" for recording, text, word in said]
    return [f"{label}step {last:,}, {'; '.join(runs)}"]


def summary(animation: Animation) -> list[str]:
    """The one run in a few sentences; the verdict without its reason where that is among what happened."""
    happened = events(animation)
    state, judged = end(animation)
    numbers_end = any(event.kind in (Kind.INFINITE, Kind.NAN) for event in happened)
    if numbers_end and not _is_range_test(animation.scene.recordings[0]):
        judged = judged.partition(":")[0]
    return [*_starts(animation), *told(happened), state, judged]


def outcomes(animation: Animation) -> list[str]:
    """What each of several runs is called, and the verdict on it in a word."""
    runs = zip(animation.scene.recordings, _names(animation.scene), strict=True)
    return [f"{name}: {judge(recording).kind}" for recording, name in runs]


def verdict(recording: Recording) -> str:
    """The verdict and by which sign; without the loss, which is said beside it."""
    judged = judge(recording)
    return f"{judged.kind}: {judged.sentence.partition('; loss')[0]}"


def _outcome(recording: Recording, last: int) -> str:
    """The verdict; of a range test that is at its end what one picks from it."""
    if not _is_range_test(recording) or last < recording.experiment.steps:
        return verdict(recording)
    found = suggestions(curve(recording, last), recording.experiment)
    if "minimum" not in found:
        return f"{judge(recording).kind}: nothing is left to pick from"
    minimum, tenth = (format_number(found[name], DIGITS) for name in ("minimum", "tenth"))
    return f"{judge(recording).kind}: lowest loss at rate {minimum}, its tenth {tenth}"


def _is_range_test(recording: Recording) -> bool:
    return recording.experiment.schedule.sweeps


def _at_rate(recording: Recording, step: int) -> str:
    """The rate of the step, where the schedule changes it."""
    if not recording.experiment.schedule.varies:
        return ""
    return f", rate {format_number(_rate(recording, step), DIGITS)}"


def _rate(recording: Recording, step: int) -> float:
    return float(recording.learning_rates[min(step, recording.last_step)])


def _names(scene: Scene) -> tuple[str, ...]:
    """What the runs are called; a single one needs no name."""
    return names(scene.recordings) if len(scene.recordings) > 1 else ("",)


def _state(recording: Recording, step: int) -> str:
    values = zip(recording.experiment.problem.parameters, recording.points[min(step, recording.last_step)], strict=True)
    parameters = ", ".join(f"{name} = {format_number(float(value), DIGITS)}" for name, value in values)
    return f"{parameters}; loss {_loss(recording, step)}"


def _loss(recording: Recording, step: int) -> str:
    return format_number(float(recording.losses[min(step, recording.last_step)]), DIGITS)
