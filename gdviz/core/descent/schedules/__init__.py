"""Schedules: the learning rate of every step, predetermined or computed from the losses so far."""

from gdviz.core.descent.schedules.base import RATE, Constant, Schedule, check_learning_rate
from gdviz.core.descent.schedules.range_test import MAX_FRESH_STEPS, MAX_RATES, RangeTest
from gdviz.core.descent.schedules.registry import (
    NEEDED,
    NO_WARM_UP,
    SCHEDULES,
    fitted_settings,
    fitted_to,
    has_learning_rate,
    make_schedule,
    schedule_settings,
    selectable_schedules,
    settings_of,
)

__all__ = [
    "MAX_FRESH_STEPS",
    "MAX_RATES",
    "NEEDED",
    "NO_WARM_UP",
    "RATE",
    "SCHEDULES",
    "Constant",
    "RangeTest",
    "Schedule",
    "check_learning_rate",
    "fitted_settings",
    "fitted_to",
    "has_learning_rate",
    "make_schedule",
    "schedule_settings",
    "selectable_schedules",
    "settings_of",
]
