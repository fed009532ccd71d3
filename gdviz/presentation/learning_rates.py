"""The learning rate of a step in words."""

from collections.abc import Sequence

from gdviz.core.descent.manual_changes import base_and_changes
from gdviz.core.descent.recording import Recording
from gdviz.core.descent.schedules import Schedule
from gdviz.presentation.numbers import format_plain

VARYING = "0.000888"
"""About as wide as a rate that varies becomes."""


def rate_texts(recordings: Sequence[Recording], step: int) -> tuple[str, str]:
    """The learning rate of the step after ``step``, and the widest that there is room for at any step.

    Both empty where a rule takes no rate, or where several runs differ in it.
    """
    if not all(recording.experiment.optimizer.takes_learning_rate for recording in recordings):
        return "", ""
    rates = [float(recording.learning_rates[min(step, recording.last_step)]) for recording in recordings]
    text = format_plain(rates[0])
    if any(format_plain(rate) != text for rate in rates):
        return "", ""
    widest = [_widest(recording.experiment.schedule) for recording in recordings]
    return text, max(*widest, text, key=len)


def _widest(schedule: Schedule) -> str:
    base, _ = base_and_changes(schedule)
    return max(map(format_plain, schedule.key_rates), key=len) if base.constant_rate is not None else VARYING
