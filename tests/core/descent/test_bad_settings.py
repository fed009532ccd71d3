"""Every setting of every rule and schedule with values that it cannot have: one line that says what is possible."""

import re
from datetime import date
from functools import partial

import pytest

from gdviz.core.descent.optimizers import OPTIMIZERS, make_optimizer, optimizer_settings
from gdviz.core.descent.schedules.registry import SCHEDULES, has_learning_rate, make_schedule, schedule_settings
from gdviz.core.errors import InputError
from gdviz.core.scenarios.scenario import read_scenario

ENDLESS = [float("nan"), float("inf"), float("-inf"), 10**400, -(10**400)]
NUMBERS = [-1, -1.0, 0, 0.0, 1, 1.0, 2**63, 1e308, 5e-324]
SEQUENCES = [[], [1], [[1]], [[1, 2]], (1, "x"), [(-1, 0.1)], [(5, 0.1), (5, 0.2)], [(1e30, 0.1)], [(1.5, 0.1)], [5, 3]]
OTHERS = ["text", "", None, True, {}, {"a": 1}, date(2020, 1, 1), 1j, b"x", [True], [10**400], [(0, float("nan"))]]
IN_FILES = ["nan", "-inf", "-1", "0", "1e400", "1" + "0" * 400, '"text"', "true", "[[5, 0.1], [5, 0.2]]", "{a = 1}", ""]
HEAD = 'title = "Bad"\nproblem = "linear-regression"\n'
POSSIBLE = re.compile(r"; (use|give|leave|make|keep|add|it has|the keys here are) |: needs |is not TOML")


def refusal(make):
    """What is wrong, in one line that says what is possible; empty where nothing is."""
    told = ""
    try:
        make()
    except InputError as error:
        told = str(error)
    assert "\n" not in told
    assert len(told.split(".toml: ")[-1]) <= 300
    assert not told or POSSIBLE.search(told), told
    return told


def file_with(folder, text):
    path = folder / "bad.toml"
    path.write_text(f"{HEAD}{text}\n", encoding="utf-8")
    return partial(read_scenario, path)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_rule_says_what_is_possible(name):
    for key in (*optimizer_settings(name), "nothing", ""):
        for value in ENDLESS:
            assert refusal(partial(make_optimizer, name, {key: value})), (key, value)
        for value in (*NUMBERS, *SEQUENCES, *OTHERS):
            assert refusal(partial(make_optimizer, name, {key: value})) or isinstance(value, int | float), (key, value)


@pytest.mark.parametrize("name", SCHEDULES)
def test_a_schedule_says_what_is_possible(name):
    for key in (*schedule_settings(name), "nothing", ""):
        for value in ENDLESS:
            assert refusal(partial(make_schedule, name, 0.1, {key: value})), (key, value)
        for value in (*NUMBERS, *SEQUENCES, *OTHERS):
            told = refusal(partial(make_schedule, name, 0.1, {key: value}))
            assert told or isinstance(value, int | float | list), (key, value)
    assert refusal(partial(make_schedule, name, float("nan"), {})) or not has_learning_rate(name)


@pytest.mark.parametrize(
    ("table", "name"), [*(("optimizer", name) for name in OPTIMIZERS), *(("schedule", name) for name in SCHEDULES)]
)
def test_a_file_says_what_is_possible(table, name, tmp_path):
    settings = optimizer_settings(name) if table == "optimizer" else schedule_settings(name)
    for key in (*settings, "nothing"):
        for text in IN_FILES:
            told = refusal(file_with(tmp_path, f'[{table}]\nname = "{name}"\n{key} = {text}'))
            assert told or text not in ("nan", "-inf", "1e400", "{a = 1}", ""), (key, text)


@pytest.mark.parametrize("name", [name for name, kind in OPTIMIZERS.items() if not kind.takes_learning_rate])
def test_a_rule_without_a_rate_takes_neither_a_rate_nor_a_schedule(name, tmp_path):
    told = refusal(file_with(tmp_path, f'optimizer.name = "{name}"\nschedule.learning_rate = 0.1'))
    assert "sets its own step length; leave the rate out, or" in told
    for schedule in SCHEDULES:
        told = refusal(file_with(tmp_path, f'optimizer.name = "{name}"\nschedule.name = "{schedule}"'))
        assert f"{name} sets its own step length" in told or schedule == "constant"


def test_a_rise_within_one_step_is_not_to_be_helped_by_a_longer_part_of_it():
    told = refusal(partial(make_schedule, "one-cycle", 0.1, {"total_steps": 1}))
    assert told == "schedule.pct_start: 0.3 of 1 steps is no whole step up; use more steps"
