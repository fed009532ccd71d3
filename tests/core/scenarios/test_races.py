"""What can be raced, how it is written, and what cannot be raced."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdviz.core.analysis.good_rate import good_rate
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.manual_changes import PiecewiseConstant
from gdviz.core.descent.optimizers import OPTIMIZERS, GradientDescent, Momentum, Nesterov
from gdviz.core.descent.schedules import Constant, selectable_schedules
from gdviz.core.errors import InputError
from gdviz.core.problems.registry import PROBLEMS, make_problem
from gdviz.core.scenarios.races import RACE_RATES, RACES, Race, found_rates, live_run, read_race
from gdviz.core.scenarios.scenario import Scenario, read_scenario, write_scenario
from tests.data_sets import DATA_SETS, problem_of
from tests.recordings import lecture
from tests.seams import Cycle, Newton, Plateau

BASE = lecture(0.5)
FAULTS = [
    ("speed=1,2", "there is no race of 'speed'; use one of learning-rate, optimizer, schedule, start"),
    ("learning-rate=0.1", "one learning rate alone cannot race; use two to four"),
    ("learning-rate=1,2,3,4,5", "5 learning rates are too many; use two to four"),
    ("learning-rate=0.1,0.1", "the learning rate 0.1 is there twice; leave one out"),
    ("learning-rate=0.1,0.10000000001", "0.1 is there twice in float32, to which numbers are rounded; leave one out"),
    ("learning-rate=0.1,much", "'much' is not a number; use numbers as in 0.01,0.1,0.7"),
    ("learning-rate=", "'' is not a number; use numbers as in"),
    ("learning-rate=0.1,,0.2", "'' is not a number; use numbers as in"),
    ("learning-rate=0,1,0,7", "a comma separates the values; use decimal points, as in 0.01,0.1,0.7"),
    ("learning-rate=0,01;0,1", "a comma separates the values; use decimal points, as in"),
    ("learning-rate=0.1,inf", "learning_rate: inf is not a finite number; use one such as 0.1"),
    ("learning-rate=0.1,1e-50", "learning_rate: 1e-50 is 0 in single precision; use a larger one"),
    ("optimizer=gd", "one optimizer alone cannot race; use two to four"),
    ("optimizer=adamant,gd", "there is no optimizer 'adamant'; use some of gd, momentum"),
    ("optimizer=gd:0.1,gd:0.1", "the optimizer gd is there twice; leave one out"),
    ("optimizer=gd:fast,momentum", "'fast' is not a number; use numbers as in gd:0.1,momentum:0.01"),
    ("optimizer=gd:0,1,momentum", "use decimal points, as in gd:0.1,momentum:0.01"),
    ("schedule=constant", "one schedule alone cannot race; use two to four"),
    ("schedule=constant,range-test", "there is no schedule 'range-test'; use some of constant"),
    ("schedule=constant,constant", "the schedule constant is there twice; leave one out"),
    ("schedule=constant,cycle", "schedule: cycle sets the momentum; choose an optimizer that has one"),
    ("start=0,-1", "one start alone cannot race; use two to four"),
    ("start=0,-1;0,-1", "the start 0,-1 is there twice; leave one out"),
    ("start=0;1,2", "'0' is no start; use two numbers for each, as in 0,-1;1,2"),
    ("start=0,5,-1,0;1,2", "as in 0,-1;1,2, with decimal points"),
    ("start=0,nan;1,2", "start: b = nan is not a finite number; use one such as -1"),
]


@pytest.fixture
def unrated(monkeypatch):
    """A rule that takes no learning rate."""
    monkeypatch.setattr(Newton, "takes_learning_rate", False)
    monkeypatch.setitem(OPTIMIZERS, Newton.name, Newton)


@pytest.mark.parametrize(("written", "told"), FAULTS)
@pytest.mark.usefixtures("further_schedules")
def test_what_cannot_race_is_told_in_one_line(written, told):
    with pytest.raises(InputError) as error:
        read_race(written).runs(BASE)
    assert str(error.value).startswith("race: ")
    assert told in str(error.value)
    assert "\n" not in str(error.value)


@given(st.lists(st.floats(-1e3, 1e3).filter(lambda rate: abs(rate) > 1e-6), min_size=2, max_size=4, unique=True))
def test_rates_are_read_as_they_are_written(rates):
    assert read_race("learning-rate=" + ", ".join(map(repr, rates))).values == tuple(rates)


@given(st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), min_size=2, max_size=4, unique=True))
def test_starts_are_read_as_they_are_written(starts):
    assert read_race("start=" + ";".join(f"{first!r},{second!r}" for first, second in starts)).values == tuple(starts)


def test_a_race_of_rates_keeps_everything_else():
    base = replace(BASE, optimizer=Momentum(0.5), schedule=Plateau(0.1, factor=0.2))
    assert Race("learning-rate").runs(base) == tuple(
        replace(base, schedule=Plateau(rate, factor=0.2)) for rate in RACE_RATES
    )
    assert [run.schedule for run in read_race("learning-rate=0.1,3").runs(BASE)] == [Constant(0.1), Constant(3.0)]


def test_each_rule_races_at_the_rate_of_its_range_test():
    base = replace(BASE, optimizer=Momentum(0.5))
    race = read_race("optimizer=gd,momentum,nesterov:0.25")
    assert race.values == (("gd", None), ("momentum", None), ("nesterov", 0.25))
    rules = (GradientDescent(), Momentum(0.5), Nesterov())
    rates = [good_rate(replace(base, optimizer=rule)) for rule in rules[:2]] + [0.25]
    assert race.runs(base) == tuple(
        replace(base, optimizer=rule, schedule=Constant(rate)) for rule, rate in zip(rules, rates, strict=True)
    )
    completed = race.completed(base)
    assert completed.runs(base) == race.runs(base)
    assert found_rates(race, completed) == (("gd", rates[0]), ("momentum", rates[1]))


def test_rules_race_at_a_given_rate_and_under_the_same_schedule():
    base = replace(BASE, schedule=PiecewiseConstant(Plateau(0.1), ((20, 0.01),)))
    runs = read_race("optimizer=gd,momentum:0.02").completed(base, 0.05).runs(base)
    assert [run.schedule for run in runs] == [Plateau(0.05), Plateau(0.02)]


@pytest.mark.usefixtures("unrated")
def test_a_rule_that_takes_no_rate_races_without_one():
    gd, newton = read_race("optimizer=gd:0.1,newton").runs(BASE)
    assert (newton.optimizer, newton.schedule) == (OPTIMIZERS["newton"](), Constant(1.0))
    assert gd.schedule == Constant(0.1)
    assert read_race("optimizer=gd,newton").completed(BASE, 0.5).values == (("gd", 0.5), ("newton", None))
    with pytest.raises(InputError, match="race: optimizer: newton takes no learning rate; leave out"):
        read_race("optimizer=gd:0.1,newton:0.5").runs(BASE)
    with pytest.raises(InputError, match="race: optimizer: newton takes no learning rate; race something else"):
        Race("learning-rate").runs(newton)


@pytest.mark.usefixtures("further_schedules")
def test_schedules_race_over_the_same_rate_with_their_own_settings():
    base = replace(BASE, schedule=PiecewiseConstant(Plateau(0.1, 0.25), ((20, 0.01),)), optimizer=Momentum())
    runs = read_race("schedule=constant,plateau,cycle").runs(base)
    assert [run.schedule for run in runs] == [Constant(0.1), Plateau(0.1, 0.25), Cycle(0.1)]
    assert all(replace(run, schedule=base.schedule) == base for run in runs)


def test_starts_race_with_everything_else_the_same():
    base = replace(BASE, schedule=PiecewiseConstant(Constant(0.1), ((20, 0.01),)))
    assert read_race("start=0,-1;1.5,2").runs(base) == (
        replace(base, start=(0.0, -1.0)),
        replace(base, start=(1.5, 2.0)),
    )


@pytest.mark.parametrize("name", PROBLEMS)
def test_the_usual_starts_are_four_in_the_box_around_the_present_one(name):
    problem = make_problem(name)
    for start in (problem.start, problem.box.low, (1e6, -1e6)):
        runs = Race("start").runs(Experiment(problem, start=start))
        assert len(runs) == 4
        assert all(problem.box.contains(run.start) for run in runs)
    around = Race("start").runs(Experiment(problem, start=problem.box.centre))
    middle = [sum(values) / 4 for values in zip(*(run.start for run in around), strict=True)]
    assert problem.box.normalised([middle]) == pytest.approx(0.0, abs=0.05)


@pytest.mark.parametrize("name", DATA_SETS)
def test_the_usual_starts_suit_any_data(name):
    problem = problem_of(name)
    runs = Race("start").runs(Experiment(problem, start=problem.start))
    assert len(runs) == 4
    assert all(problem.box.contains(run.start) for run in runs)


@pytest.mark.usefixtures("further_rules", "further_schedules")
def test_what_usually_races_is_there():
    for what in RACES:
        values = RACES[what].usual(BASE)
        assert len(values) <= 4
        if what == "optimizer":
            assert [name for name, _ in values] == [
                one for one in ("gd", "momentum", "rmsprop", "adam") if one in OPTIMIZERS
            ]
        if what == "schedule":
            assert set(values) <= set(selectable_schedules())
            assert values[0] == "constant"


def test_the_present_run_is_live_else_the_last():
    runs = Race("learning-rate").runs(BASE)
    assert live_run(lecture(0.1), runs) == RACE_RATES.index(0.1)
    assert live_run(lecture(0.5), runs) == len(runs) - 1


@pytest.mark.parametrize(
    "written",
    [
        "optimizer=gd,momentum,sign:0.5,counted-means",
        "optimizer=gd:0.1,nesterov:0.02",
        "schedule=constant,plateau",
        "schedule=cycle,constant,plateau",
        "start=0,-1;1.5,2;0.1,1e-7",
    ],
)
@pytest.mark.parametrize("schedule", [Constant(0.5), Plateau(0.3, 0.25, 7)])
@pytest.mark.usefixtures("further_rules", "further_schedules")
def test_a_race_is_read_from_a_scenario_file_as_it_was_written(written, schedule, tmp_path):
    base = replace(BASE, optimizer=Momentum(0.8), schedule=schedule)
    runs = read_race(written).runs(base)
    for place in range(len(runs)):  # whichever of them the file is about
        own, *others = (*runs[place:], *runs[:place])
        scenario = Scenario("Race", own, others=tuple(others), styles=tuple(range(len(runs)))[::-1])
        write_scenario(scenario, tmp_path / "race.toml")
        assert read_scenario(tmp_path / "race.toml") == scenario
