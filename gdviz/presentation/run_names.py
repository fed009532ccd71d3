"""Names for several runs side by side: what differs between them, and only that."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from functools import lru_cache
from typing import Any
from weakref import ref

from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.manual_changes import base_and_changes
from gdviz.core.descent.optimizers import Optimizer
from gdviz.core.descent.recording import Recording
from gdviz.core.descent.schedules import NEEDED, NO_WARM_UP, Schedule, settings_of
from gdviz.core.descent.settings import text_of
from gdviz.core.frozen import frozen
from gdviz.core.problems.batch_orders import BatchOrder
from gdviz.presentation.numbers import format_number, quantity

STYLES = (0, 1, 2, 3)
"""The styles of runs in order; there are as many as there can be runs."""
DIGITS = (4, 6, 9, 17)
"""The fewest digits are used that tell the numbers apart; 17 tell any two apart."""
BATCH_ORDER_WORDS = {
    BatchOrder.WITH_REPLACEMENT: "drawn with replacement",
    BatchOrder.SHUFFLED: "shuffled each epoch",
    BatchOrder.SEQUENTIAL: "in the data's order",
}
NO_TEXTS: Mapping[Any, str] = {}
SHORT_NAME = 30  # the longest name beside a run's own line, whose colour identifies it too


@frozen
class Difference:
    """What differs between runs: its name, empty where the texts need no title, and the text of each run."""

    title: str
    texts: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Each run's text with the title; empty where the text is."""
        return tuple(f"{self.title} {text}".lstrip() if text else "" for text in self.texts)


def difference(experiments: Sequence[Experiment]) -> Difference:
    """What differs between runs of a problem, in the order of the experiment's fields; equal runs are numbered."""
    found = _differences(experiments)
    if len(found) == 1:
        return Difference(found[0].title, _numbered(found[0].texts))
    return Difference("", _joined(len(experiments), [one.names for one in found]))


def describe_change(before: Experiment, after: Experiment) -> str:
    """What changed from one experiment to the next, except the problem: "learning rate 0.9, 100 steps"."""
    return ", ".join(filter(None, (found.names[1] for found in _differences([before, after]))))


def _differences(experiments: Sequence[Experiment]) -> tuple[Difference, ...]:
    return _found_differences(*map(ref, experiments))


# Several parts of each frame name the runs. By references, which are equal if the runs are, so that no data stay alive.
@lru_cache(maxsize=4)
def _found_differences(*runs: ref[Experiment]) -> tuple[Difference, ...]:
    experiments = [experiment for run in runs if (experiment := run()) is not None]  # all of them: the caller has them
    found = list[Difference]()
    for field in fields(Experiment):
        values = [getattr(experiment, field.name) for experiment in experiments]
        if field.name == "problem" or not _differ(values):
            continue
        if field.name == "schedule" and not all(experiment.optimizer.takes_learning_rate for experiment in experiments):
            found += _schedules_with_a_rate(experiments)
        elif field.name == "optimizer":
            found.append(_optimizers(experiments))
        else:
            found.append(_WORDS[field.name](values) if field.name in _WORDS else _plain(field.name, values))
    return tuple(found)


def _schedules_with_a_rate(experiments: Sequence[Experiment]) -> list[Difference]:
    """What differs between the schedules of those runs whose rule takes a learning rate; the others have no text."""
    rated = [number for number, experiment in enumerate(experiments) if experiment.optimizer.takes_learning_rate]
    schedules = [experiments[number].schedule for number in rated]
    if not (schedules and _differ(schedules)):
        return []
    told = _schedules(schedules)
    texts = dict(zip(rated, told.texts, strict=True))
    return [Difference(told.title, tuple(texts.get(number, "") for number in range(len(experiments))))]


def names(recordings: Sequence[Recording]) -> tuple[str, ...]:
    """The name of each of several runs: "learning rate 0.9", "momentum 0.9, learning rate 0.1"."""
    return difference([recording.experiment for recording in recordings]).names


def short_names(recordings: Sequence[Recording]) -> tuple[str, ...]:
    """Each run's name beside its own line, without titles and shortened: "momentum 0.9, 0.1"; empty for one."""
    if len(recordings) < 2:
        return ("",) * len(recordings)
    experiments = [recording.experiment for recording in recordings]
    texts = untitled_texts(experiments)
    if max(map(len, texts)) > SHORT_NAME:
        texts = brief_texts(experiments)
    return tuple(
        text if len(text) <= SHORT_NAME else f"{text[: SHORT_NAME // 2]}…{text[-SHORT_NAME // 2 + 1 :]}"
        for text in texts
    )


def untitled_texts(experiments: Sequence[Experiment]) -> tuple[str, ...]:
    """All differences without their titles: "momentum 0.9, 0.1"."""
    return _joined(len(experiments), [one.texts for one in _differences(experiments)])


def brief_texts(experiments: Sequence[Experiment]) -> tuple[str, ...]:
    """The first of the differences, as many as tell all runs apart, without titles: "momentum 0.9".

    What is in brackets is left out if one difference remains, and tells them apart without it.
    """
    found = [one.texts for one in _differences(experiments)]
    for many in range(1, len(found)):
        texts = _joined(len(experiments), found[:many], numbered=False)
        if len(set(texts)) == len(texts):
            return texts
    whole = _joined(len(experiments), found)
    bare = tuple(text.partition(" (")[0] for text in whole)
    return bare if len(found) == 1 and len(set(bare)) == len(bare) else whole


def _joined(runs: int, found: Sequence[Sequence[str]], *, numbered: bool = True) -> tuple[str, ...]:
    """All differences of each run in one text; on request runs that nothing tells apart are numbered."""
    rows = zip(*found, strict=True) if found else [()] * runs
    texts = tuple(", ".join(filter(None, row)) for row in rows)
    return _numbered(texts) if numbered else texts


def _differ(values: Sequence[object]) -> bool:
    return any(value != values[0] for value in values)


def _numbered(texts: Sequence[str]) -> tuple[str, ...]:
    """The texts; duplicates with the number of their run."""
    numbered = [f"{text} (run {run})" if text else f"run {run}" for run, text in enumerate(texts, 1)]
    return tuple(new if texts.count(text) > 1 else text for text, new in zip(texts, numbered, strict=True))


def _plain(name: str, values: Sequence[Any]) -> Difference:
    """A field or setting without a wording of its own, named in each text: a bare number could be a learning rate."""
    are_numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
    texts = _numbers(values) if are_numbers else _where_they_differ(values)
    return Difference("", tuple(_setting(name, value, texts) for value in values))


def _where_they_differ(values: Sequence[Any]) -> dict[Any, str]:
    """Of long sequences of one length, each one's first item that differs: "… 20:0.5 …"; none if two have the same."""
    if not all(isinstance(value, tuple) for value in values) or len({*map(len, values)}) > 1:
        return {}
    if max(len(text_of(value)) for value in values) <= SHORT_NAME:
        return {}
    first = next(place for place, items in enumerate(zip(*values, strict=True)) if _differ(items))
    texts = {value: f"… {text_of(value[first : first + 1])} …" for value in values}
    return texts if len(set(texts.values())) == len(texts) else {}


def _numbers(values: Sequence[float]) -> dict[float, str]:
    """The text of each value, with the fewest digits that tell all of them apart."""
    for digits in DIGITS:
        texts = {value: format_number(value, digits) for value in values}
        if len(set(texts.values())) == len(texts):
            break
    return texts


def _optimizers(experiments: Sequence[Experiment]) -> Difference:
    optimizers = [experiment.optimizer for experiment in experiments]
    differing = _differing_settings(optimizers)
    if len({*map(type, optimizers)}) == len(differing) == 1:
        return _plain(differing[0], [getattr(optimizer, differing[0]) for optimizer in optimizers])
    return Difference("", tuple(_rule(one.optimizer, one.schedule.sets_momentum) for one in experiments))


def _rule(optimizer: Optimizer, without_momentum: bool) -> str:
    """A rule with what differs from its defaults: "gradient descent", "momentum 0.9", "Adam (beta1 0.8)".

    without_momentum: whether its own momentum has no effect, because the schedule sets it.
    """
    title = optimizer.title_in_sentence()
    usual, others = vars(type(optimizer)()), []
    for name, value in vars(optimizer).items():
        if name == "momentum" and without_momentum:
            continue
        if title.lower().endswith(name.replace("_", " ")):  # what the title names is told with its value
            title = f"{title} {format_number(value)}"
        elif value != usual[name]:
            others.append(_setting(name, value))
    return f"{title} ({', '.join(others)})" if others else title


def schedule_words(schedule: Schedule) -> str:
    """A schedule's title and the settings in effect, except its rate: "Cosine, t max 100, eta min 0"."""
    before, _ = base_and_changes(schedule)
    settings, kind = settings_of(before), type(getattr(before, "base", before))
    told = [name for name in settings if settings.get(NEEDED.get(name, ""), True)]
    # What is off is told only if it usually is on.
    told = [name for name in told if settings[name] is not False or getattr(kind, name, True)]
    return ", ".join([before.title, *(_setting(name, settings[name]) for name in told)])


def _schedules(schedules: Sequence[Schedule]) -> Difference:
    parts = [base_and_changes(schedule) for schedule in schedules]
    begins, is_changed = [before for before, _ in parts], any(made for _, made in parts)
    own = [before.base_rate for before in begins if not before.sweeps]
    differing = _differing_settings(begins)
    if own and len({before.name for before in begins}) == len(differing) == 1 and not (is_changed or _differ(own)):
        return _plain(differing[0], [_all_settings(before)[differing[0]] for before in begins])
    rates = _numbers([*own, *(rate for _, made in parts for _, rate in made)])
    if _are_kinds_at_one_rate(begins) and not is_changed:
        return Difference("schedule", tuple(before.title.lower() for before in begins))
    starts, same_begin = [_begin(before, begins, rates) for before in begins], not _differ(begins)
    texts = [_schedule(start, made, rates, same_begin) for start, (_, made) in zip(starts, parts, strict=True)]
    return Difference("learning rate", tuple(texts))


def _are_kinds_at_one_rate(schedules: Sequence[Schedule]) -> bool:
    """Whether they are of as many kinds, over the same base rate."""
    is_run = not any(schedule.sweeps for schedule in schedules)
    kinds = {schedule.name for schedule in schedules}
    return is_run and len(kinds) == len(schedules) and len({schedule.base_rate for schedule in schedules}) == 1


def _differing_settings(kinds: Sequence[Optimizer | Schedule]) -> list[str]:
    """The settings, besides the rate, that differ between optimizers, or schedules, of one kind."""
    settings = [_all_settings(kind) for kind in kinds]
    return [name for name in settings[0] if _differ([setting.get(name) for setting in settings])]


def _all_settings(kind: Optimizer | Schedule) -> dict[str, Any]:
    """The settings besides the rate, of a schedule with those of a warm-up even if there is none."""
    return (NO_WARM_UP if isinstance(kind, Schedule) and not kind.sweeps else {}) | settings_of(kind)


def _begin(schedule: Schedule, among: Sequence[Schedule], rates: dict[float, str]) -> str:
    """The rate, and what else tells it from the others: "0.1 (factor 0.5)", among several kinds "0.1 (Cosine)"."""
    if schedule.sweeps:
        return "from {} to {}".format(*map(format_number, schedule.key_rates))
    alike = [other for other in among if other.name == schedule.name]
    words = [schedule.title] if schedule.varies and len(alike) < len(among) else []
    own = settings_of(schedule)
    words += [_setting(name, own[name]) for name in _differing_settings(alike) if name in own]
    return f"{rates[schedule.base_rate]} ({', '.join(words)})" if words else rates[schedule.base_rate]


def _schedule(begin: str, made: Sequence[tuple[int, float]], texts: dict[float, str], same_begin: bool) -> str:
    """ "0.9", "0.9, then 0.5 from step 20"; a start common to all runs is left out: "0.5 from step 20"."""
    changed = [f"{texts[rate]} from step {step:,}" for step, rate in made]
    if same_begin:
        return ", then ".join(changed) or f"{begin} throughout"
    return ", then ".join([begin, *changed])


def _setting(name: str, value: Any, texts: Mapping[Any, str] = NO_TEXTS) -> str:
    """ "factor 0.5"; for a switch "centered", "centered off". texts: of values whose texts were chosen among others."""
    words = name.replace("_", " ")
    if isinstance(value, bool):
        return words if value else f"{words} off"
    if name == "warmup_steps":
        return f"warm-up of {quantity(value)}" if value else "no warm-up"
    if isinstance(value, int | float):
        return f"{words} {texts.get(value, format_number(value))}"
    return f"{words} {texts.get(value) or _sequence(value) if isinstance(value, tuple) else value}"


def _sequence(values: tuple[Any, ...]) -> str:
    """A sequence as it is typed; of a long one both ends and how many there are."""
    whole = text_of(values)
    return whole if len(whole) <= SHORT_NAME else f"{text_of(values[:1])} … {text_of(values[-1:])} ({len(values)})"


def _starts(starts: Sequence[tuple[float, float]]) -> Difference:
    texts = _numbers([value for start in starts for value in start])
    return Difference("start", tuple(f"({texts[first]}, {texts[second]})" for first, second in starts))


def _each(words: Callable[[Any], str]) -> Callable[[Sequence[Any]], Difference]:
    """Each value in words that need no title."""
    return lambda values: Difference("", tuple(map(words, values)))


_WORDS: dict[str, Callable[[Sequence[Any]], Difference]] = {
    "schedule": _schedules,
    "start": _starts,
    "steps": _each(quantity),
    "precision": _each(str),
    "batch_size": _each(lambda size: "full batch" if size is None else f"batches of {size:,}"),
    "batch_order": _each(lambda order: BATCH_ORDER_WORDS[order]),
}
"""The wording of a difference, for the fields that have one of their own."""
