import gc
from dataclasses import make_dataclass, replace
from weakref import ref

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.manual_changes import PiecewiseConstant
from gdviz.core.descent.optimizers import OPTIMIZERS, GradientDescent, Momentum, Nesterov, make_optimizer
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import (
    Constant,
    RangeTest,
    fitted_settings,
    make_schedule,
    schedule_settings,
    selectable_schedules,
)
from gdviz.core.frozen import frozen
from gdviz.core.precision import Precision
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.scenarios.races import RACE_RATES, Race
from gdviz.presentation import run_names as race
from gdviz.presentation.legend import Legend, LegendEntry, legend
from gdviz.presentation.run_names import brief_texts, describe_change, difference, names, schedule_words, short_names
from tests.recordings import LECTURE, lecture
from tests.seams import Newton, Plateau

BASE = lecture(0.9)
TITLE, PLATEAU = "Halve on plateau", "Halve on plateau, factor 0.5, patience 3"


def told(*experiments):
    return difference(experiments).names


def test_only_what_differs_is_named():
    assert told(lecture(0.9), lecture(0.1)) == ("learning rate 0.9", "learning rate 0.1")
    assert told(BASE, replace(BASE, start=(3.0, 0.5))) == ("start (0, −1)", "start (3, 0.5)")
    assert told(BASE, replace(BASE, precision=Precision.FLOAT64)) == ("float32", "float64")
    assert told(BASE, replace(BASE, steps=1)) == ("200 steps", "1 step")
    assert told(BASE, replace(BASE, optimizer=Momentum())) == ("gradient descent", "momentum 0.9")


def test_what_differs_is_named_in_the_order_of_the_recipe():
    other = replace(lecture(0.1, optimizer=Nesterov(0.5)), start=(1.0, 1.0))
    assert told(BASE, other) == (
        "gradient descent, learning rate 0.9, start (0, −1)",
        "Nesterov momentum 0.5, learning rate 0.1, start (1, 1)",
    )


def test_a_rule_with_another_setting_is_named_by_it():
    found = difference([replace(BASE, optimizer=Momentum(part)) for part in (0.5, 0.9)])
    assert (found.title, found.texts) == ("", ("momentum 0.5", "momentum 0.9"))
    close = difference([replace(BASE, optimizer=Momentum(part)) for part in (0.9, 0.900001)])
    assert close.texts == ("momentum 0.9", "momentum 0.900001")


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_beside_its_line_a_run_has_the_words_of_the_setting_of_its_rule(name):
    """A bare number would be taken for a learning rate."""
    usual = make_optimizer(name, {})
    for setting, value in vars(usual).items():
        other = replace(
            usual, **{setting: not value if isinstance(value, bool) else value * (2.0 if value > 1.0 else 0.75) or 0.25}
        )
        called = short_names([record(lecture(1.0, optimizer=one, steps=1)) for one in (usual, other)])
        assert all(setting.replace("_", " ") in text for text in called), (setting, called)


@pytest.mark.parametrize("name", selectable_schedules())
def test_beside_its_line_a_run_has_the_words_of_the_setting_of_its_schedule(name):
    usual = fitted_settings(name, {"warmup_steps": 4}, Constant(0.1), 20, True)
    for setting, known in schedule_settings(name).items():
        value = usual.get(setting, known.default)
        if isinstance(value, bool | int | float):
            changed = not value if isinstance(value, bool) else value + 1 if isinstance(value, int) else value * 0.75
            settings = usual | {setting: 0.25 if changed == 0.0 and value is not True else changed}
            runs = [
                lecture(0.1, schedule=make_schedule(name, 0.1, each), steps=20, optimizer=Momentum())
                for each in (usual, settings)
            ]
            called = short_names([record(run) for run in runs])
            words = "warm-up" if setting == "warmup_steps" else setting.replace("_", " ")
            assert all(words in text for text in called), (setting, called)


def test_a_run_without_a_warm_up_is_named_so():
    runs = [lecture(0.1, schedule=make_schedule("constant", 0.1, {"warmup_steps": steps})) for steps in (10, 1, 0)]
    assert told(*runs) == ("warm-up of 10 steps", "warm-up of 1 step", "no warm-up")


def free(*points):
    return lecture(0.1, schedule=make_schedule("free", 0.1, {"points": points}), steps=20)


def test_curves_of_many_points_are_told_by_the_first_one_that_differs():
    first, *rest = (0, 0.1), (4, 0.2), (8, 0.3), (12, 0.4), (16, 0.5), (20, 0.6)
    dragged = [free(first, (place, 0.25), *rest[1:]) for place in (3, 4)]
    assert told(*dragged) == ("points … 3:0.25 …", "points … 4:0.25 …")
    assert told(free(first, *rest), free(first, rest[0])) == (
        "learning rate 0.6 (points 0:0.1 … 20:0.6 (6))",
        "learning rate 0.2 (points 0:0.1,4:0.2)",
    )


def test_in_a_short_name_the_rate_alone_is_enough_where_it_tells_runs_apart():
    points = tuple((step, 0.04 + step / 100) for step in range(0, 24, 4))
    runs = [record(free(*points)), record(free(*((step, 2 * rate) for step, rate in points)))]
    assert short_names(runs) == ("0.24", "0.48")


def test_what_else_of_a_run_is_a_number_is_named_in_its_text():
    runs = [replace(BASE, batch_size=5, seed=seed) for seed in (0, 1)]
    assert difference(runs).texts == ("seed 0", "seed 1")


def test_what_all_runs_begin_with_goes_without_saying():
    long = replace(BASE, steps=1500)
    changed, twice = long.with_learning_rate(0.5, 20), long.with_learning_rate(0.5, 20).with_learning_rate(0.1, 1500)
    assert told(long, changed, twice) == (
        "learning rate 0.9 throughout",
        "learning rate 0.5 from step 20",
        "learning rate 0.5 from step 20, then 0.1 from step 1,500",
    )
    assert told(lecture(0.1, steps=1500), changed) == ("learning rate 0.1", "learning rate 0.9, then 0.5 from step 20")


def test_numbers_have_as_many_digits_as_tell_them_apart():
    assert told(lecture(0.77), lecture(0.770001)) == ("learning rate 0.77", "learning rate 0.770001")
    assert told(BASE, replace(BASE, start=(0.0, -1.0000000001))) == ("start (0, −1)", "start (0, −1.0000000001)")


def test_an_edit_and_its_undo_keep_no_data_alive():
    before = lecture(0.9, problem=LinearRegression())
    after, problem = replace(before, steps=7), ref(before.problem)
    assert describe_change(before, after) == "7 steps"
    assert describe_change(after, before) == "200 steps"
    assert describe_change(after, after) == ""
    del before, after
    gc.collect()
    assert problem() is None


def test_runs_that_nothing_tells_apart_are_numbered():
    assert told(BASE, BASE) == ("run 1", "run 2")
    assert told(BASE, lecture(0.1), BASE) == (
        "learning rate 0.9 (run 1)",
        "learning rate 0.1",
        "learning rate 0.9 (run 3)",
    )


def test_a_new_field_of_the_recipe_comes_by_itself(monkeypatch):
    recipe = make_dataclass("Recipe", ["problem", "batch_size", "weight_of_noise", "kind"], frozen=True)
    monkeypatch.setattr(race, "Experiment", recipe)
    assert told(recipe(LECTURE, None, 0.5, "a"), recipe(LECTURE, 1000, 2.0, "b")) == (
        "full batch, weight of noise 0.5, kind a",
        "batches of 1,000, weight of noise 2, kind b",
    )


def test_range_tests_are_told_by_their_ends():
    sweeps = [replace(BASE, schedule=RangeTest(start, 10.0), steps=9) for start in (0.001, 0.01)]
    assert told(*sweeps) == ("learning rate from 0.001 to 10", "learning rate from 0.01 to 10")


@pytest.mark.parametrize(
    ("schedules", "named"),
    [
        ([Constant(0.9), Plateau(0.1)], ("learning rate 0.9", f"learning rate 0.1 ({TITLE})")),
        ([Plateau(0.1), Plateau(0.2)], ("learning rate 0.1", "learning rate 0.2")),
        ([Constant(0.1), Plateau(0.1)], ("schedule constant", f"schedule {TITLE.lower()}")),
        (
            [Constant(0.1), Plateau(0.1), Plateau(0.1, 0.25)],
            (
                "learning rate 0.1",
                f"learning rate 0.1 ({TITLE}, factor 0.5)",
                f"learning rate 0.1 ({TITLE}, factor 0.25)",
            ),
        ),
        ([Plateau(0.1), Plateau(0.1, 0.25)], ("factor 0.5", "factor 0.25")),
        (
            [Plateau(0.1), Plateau(0.2, patience=5)],
            ("learning rate 0.1 (patience 3)", "learning rate 0.2 (patience 5)"),
        ),
        (
            [Plateau(0.1), Plateau(0.1, 0.2, 5)],
            ("learning rate 0.1 (factor 0.5, patience 3)", "learning rate 0.1 (factor 0.2, patience 5)"),
        ),
        (
            [Plateau(0.1), PiecewiseConstant(Plateau(0.1), ((20, 0.01),))],
            ("learning rate 0.1 throughout", "learning rate 0.01 from step 20"),
        ),
        (
            [Constant(0.1), PiecewiseConstant(Plateau(0.1), ((20, 0.01),))],
            ("learning rate 0.1", f"learning rate 0.1 ({TITLE}), then 0.01 from step 20"),
        ),
        (
            [Constant(0.1), Plateau(0.1), Plateau(0.2, patience=7)],
            (
                "learning rate 0.1",
                f"learning rate 0.1 ({TITLE}, patience 3)",
                f"learning rate 0.2 ({TITLE}, patience 7)",
            ),
        ),
        ([RangeTest(0.001, 10.0), Plateau(0.1)], ("learning rate from 0.001 to 10", f"learning rate 0.1 ({TITLE})")),
    ],
)
def test_schedules_are_told_by_what_differs(schedules, named):
    assert told(*(replace(BASE, schedule=schedule, steps=60) for schedule in schedules)) == named


def test_a_switch_of_a_schedule_is_told_as_on_or_off():
    @frozen
    class Restarts(Plateau):
        warm_restarts: bool = False

    runs = [replace(BASE, schedule=Restarts(0.1, warm_restarts=chosen)) for chosen in (False, True)]
    assert told(*runs) == ("warm restarts off", "warm restarts")
    assert [schedule_words(run.schedule) for run in runs] == [PLATEAU, f"{PLATEAU}, warm restarts"]


def test_a_race_keeps_the_schedule():
    runners = Race("learning-rate").runs(replace(BASE, schedule=Plateau(0.1)))
    assert [run.schedule for run in runners] == [Plateau(rate) for rate in RACE_RATES]
    found = difference(runners)
    assert (found.title, found.texts) == ("learning rate", ("0.01", "0.1", "0.7", "0.9"))


RECIPES = st.builds(
    lambda optimizer, schedule, start, steps, precision: Experiment(
        LECTURE, optimizer, schedule, start, steps, precision
    ),
    st.one_of(st.just(GradientDescent()), st.builds(Momentum, st.floats(0, 0.99)), st.builds(Nesterov, st.just(0.9))),
    st.one_of(
        st.builds(Constant, st.floats(-10, 10, width=32)),
        st.builds(
            lambda rate, changes: PiecewiseConstant(Constant(rate), tuple(sorted(changes.items()))),
            st.just(0.5),
            st.dictionaries(st.integers(1, 50), st.sampled_from([0.1, 0.2]), min_size=1, max_size=3),
        ),
    ),
    st.tuples(st.floats(-5, 5), st.sampled_from([0.0, 1.0])),
    st.sampled_from([50, 200]),
    st.sampled_from(Precision),
)


@given(st.lists(RECIPES, min_size=2, max_size=4, unique=True))
def test_different_runs_have_different_names(experiments):
    found = difference(experiments)
    assert len(set(found.texts)) == len(set(found.names)) == len(experiments)
    assert not any("run " in name or name != name.strip() for name in found.names)


@given(st.lists(RECIPES, min_size=2, max_size=4, unique=True), st.sampled_from(["start", "steps", "precision"]))
def test_what_all_share_is_not_named(experiments, shared):
    alike = [replace(experiment, **{shared: getattr(experiments[0], shared)}) for experiment in experiments]
    word = {"start": "start", "steps": " steps", "precision": "float"}[shared]
    assert not any(word in name for name in difference(alike).names)


def test_the_legend_is_in_the_order_of_the_styles():
    runs = [record(lecture(rate, steps=2)) for rate in (0.9, 0.1, 0.7)]
    found = legend(runs, (2, 0, 1))
    assert found == Legend(
        "learning rate", (LegendEntry(0, "0.1"), LegendEntry(1, "0.7"), LegendEntry(2, "0.9")), live=2
    )
    assert [found.name(entry) for entry in found.entries] == [f"learning rate {rate}" for rate in (0.1, 0.7, 0.9)]
    assert names(runs) == ("learning rate 0.9", "learning rate 0.1", "learning rate 0.7")
    other = record(lecture(0.9, steps=2, optimizer=Momentum()))
    assert legend([runs[1], other], (0, 1)).title == ""
    with pytest.raises(ValueError, match="zip"):
        legend(runs, (0, 1))


def test_a_single_run_needs_no_legend():
    assert legend([record(lecture(0.9, steps=2))], (3,)) == Legend(live=3)


def test_beside_its_line_a_run_has_a_short_name():
    runs = [record(lecture(rate, steps=2)) for rate in (0.9, 0.1)]
    assert short_names(runs) == ("0.9", "0.1")
    assert short_names(runs[:1]) == ("",)
    nesterov = [record(lecture(rate, steps=2, optimizer=Nesterov(0.9))) for rate in (0.9, 0.1)]
    assert short_names([*runs, *nesterov]) == (
        "gradient descent, 0.9",
        "gradient descent, 0.1",
        "Nesterov momentum 0.9, 0.9",
        "Nesterov momentum 0.9, 0.1",
    )
    assert short_names([runs[0], runs[0]]) == ("run 1", "run 2")
    far = [replace(nesterov[0].experiment, start=(1 / 3, 2 / 3)), runs[1].experiment]
    # The rules alone tell them apart.
    assert short_names([record(experiment) for experiment in far]) == ("Nesterov momentum 0.9", "gradient descent")
    near = [replace(nesterov[0].experiment, start=(start, 2 / 3), steps=steps) for start, steps in START_STEPS]
    for name in short_names([record(experiment) for experiment in near]):
        assert len(name) <= 30
        assert name.endswith((" 1 step", " 2 steps"))


START_STEPS = [(1.000000123, 1), (1.000000123, 2), (1.000000124, 1), (1.000000124, 2)]


def test_where_there_is_no_room_only_as_much_is_told_as_tells_runs_apart():
    rules = [lecture(0.1, optimizer=GradientDescent()), lecture(0.2, optimizer=Momentum())]
    assert brief_texts(rules) == ("gradient descent", "momentum 0.9")
    assert brief_texts([*rules, lecture(0.3, optimizer=Momentum())]) == (
        "gradient descent, 0.1",
        "momentum 0.9, 0.2",
        "momentum 0.9, 0.3",
    )
    assert brief_texts([BASE, lecture(0.1)]) == ("0.9", "0.1")
    assert brief_texts([BASE, BASE]) == ("run 1", "run 2")
    found = legend([record(replace(one, steps=1)) for one in rules], (0, 1))
    assert [found.names(entry) for entry in found.entries] == [
        ("gradient descent, learning rate 0.1", "gradient descent, 0.1", "gradient descent"),
        ("momentum 0.9, learning rate 0.2", "momentum 0.9, 0.2", "momentum 0.9"),
    ]


def test_a_rule_without_a_learning_rate_is_named_without_one(monkeypatch):
    monkeypatch.setattr(Newton, "takes_learning_rate", False)
    newton = lecture(1.0, optimizer=Newton())
    assert told(lecture(0.1), newton) == ("gradient descent", "Damped Newton")
    assert told(lecture(0.1), lecture(0.2), newton) == (
        "gradient descent, learning rate 0.1",
        "gradient descent, learning rate 0.2",
        "Damped Newton",
    )
    assert describe_change(lecture(0.1), newton) == "Damped Newton"
    assert describe_change(newton, replace(newton, steps=3)) == "3 steps"


def test_a_momentum_that_the_schedule_sets_is_not_told_as_the_rules_own():
    settings = fitted_settings("cyclic", {}, Constant(0.1), 200, True)
    cycling = make_schedule("cyclic", 0.1, settings)
    runs = [lecture(0.1, schedule=cycling, optimizer=rule, steps=200) for rule in (Momentum(), Nesterov())]
    assert difference(runs).texts == ("momentum", "Nesterov momentum")
    runs[1] = lecture(0.1, schedule=cycling, optimizer=make_optimizer("rmsprop", {"momentum": 0.5}), steps=200)
    assert difference(runs).texts == ("momentum", "RMSprop")
