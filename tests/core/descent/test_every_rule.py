"""What holds for every rule that gdviz has: side by side and alone, resumed, explained, in files, and refused."""

import math
import re
from copy import deepcopy
from dataclasses import replace

import numpy as np
import pytest

from gdviz.core.analysis.mean_square import mini_batch_limit
from gdviz.core.analysis.phase_map import MapGrid, phase_map
from gdviz.core.analysis.quadratic import has_exact_solution
from gdviz.core.analysis.range_test import as_range_test
from gdviz.core.analysis.rate_limit import global_stability_limit
from gdviz.core.descent.checkpoint import start
from gdviz.core.descent.experiment import OWN_STEPS, Experiment
from gdviz.core.descent.loop import learning_rates, walk
from gdviz.core.descent.optimizers import OPTIMIZERS, GradientDescent, Momentum, Nesterov, make_optimizer
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant, RangeTest
from gdviz.core.descent.schedules.cosine import Cosine
from gdviz.core.errors import InputError
from gdviz.core.precision import Precision
from gdviz.core.problems.problem import first_learning_rate
from gdviz.core.problems.registry import PROBLEMS, make_problem
from gdviz.core.problems.surfaces import Himmelblau, Rosenbrock
from gdviz.core.scenarios.scenario import Scenario, read_scenario, write_scenario
from gdviz.presentation.run_names import difference
from tests.recordings import LECTURE, lecture
from tests.seams import WITH_RATE, WITHOUT_RATE

OTHER_SETTINGS = {
    "gd": {"weight_decay": 0.1},
    "momentum": {"weight_decay": 0.1, "momentum": 0.5},
    "nesterov": {"weight_decay": 0.1},
    "adagrad": {"lr_decay": 0.1, "initial_accumulator_value": 0.5, "weight_decay": 0.1},
    "rmsprop": {"centered": True, "momentum": 0.5, "weight_decay": 0.1},
    "adadelta": {"rho": 0.5, "weight_decay": 0.1},
    "nadam": {"decoupled_weight_decay": True, "weight_decay": 0.1},
    "radam": {"decoupled_weight_decay": True, "weight_decay": 0.1, "beta2": 0.8},
    "rprop": {"step_size_max": 0.2},
    "armijo": {"c": 0.3},
}
RULES = [kind() for kind in OPTIMIZERS.values()]
RULES += [
    make_optimizer(name, OTHER_SETTINGS.get(name, {"weight_decay": 0.1}))
    for name in OPTIMIZERS
    if name in OTHER_SETTINGS or "weight_decay" in vars(OPTIMIZERS[name]())
]
each_rule = pytest.mark.parametrize(
    "rule", RULES, ids=lambda rule: "-".join([rule.name, *map(str, vars(rule).values())])
)
BATCHES = [None, 10]


def of(rule, rate=0.05, **fields):
    """The lecture's run with this rule, at this rate if it takes one."""
    schedule = Constant(rate) if rule.takes_learning_rate else OWN_STEPS
    return lecture(1.0, **{"optimizer": rule, "schedule": schedule, "steps": 30, **fields})


def surface(rule, kind=Himmelblau, **fields):
    return replace(of(rule), problem=kind(), start=kind().start, **fields)


@each_rule
@pytest.mark.parametrize("batch_size", BATCHES)
@pytest.mark.parametrize("precision", Precision)
def test_runs_side_by_side_are_those_alone(rule, precision, batch_size):
    base = of(rule, precision=precision, batch_size=batch_size)
    starts = [(0.0, -1.0), (2.0, 1.0), (-3.0, 0.5), tuple(LECTURE.minima[0])]
    begin = replace(start(base, 4), point=np.array(starts, precision.dtype).T)
    with np.errstate(all="ignore"):
        beside = list(walk(base, begin, learning_rates(base)))
    for place, single in enumerate(starts):
        alone = record(replace(base, start=single))
        np.testing.assert_array_equal([step.point[:, place] for step in beside], alone.points)
        assert alone.directions.dtype == precision.dtype


@each_rule
@pytest.mark.parametrize("batch_size", BATCHES)
@pytest.mark.parametrize("precision", Precision)
def test_a_run_is_taken_up_again_bit_for_bit_and_nothing_is_changed_in_place(rule, precision, batch_size):
    run = record(of(rule, precision=precision, batch_size=batch_size), checkpoint_steps=8)
    for step in (0, 5, 8, 19):
        checkpoint, seen = run.checkpoint(step), run.evaluation(step)
        kept = deepcopy((checkpoint.state, seen.gradient, seen.point))
        with np.errstate(all="ignore"):
            direction, following = rule.update(seen, checkpoint.state)
            assert repr(rule.following(seen, checkpoint.state, direction)) == repr(following)
            again, _ = rule.update(seen, kept[0])
        np.testing.assert_array_equal(direction, run.directions[step])
        np.testing.assert_array_equal(again, direction)
        assert repr(kept) == repr((checkpoint.state, seen.gradient, seen.point))


def evaluated(formula, place):
    """What the terms of a formula come to with the values of its parts; its lines are read as a person would."""
    values = iter([part if isinstance(part, float) else float(part[1][place]) for part in formula.parts])
    text = re.sub(r"\{\}", lambda _: f"({next(values)!r})", formula.terms)
    text = re.sub(r"√(\([^()]*\))", r"sqrt\1", text).replace("√(", "sqrt(").replace("·", "*").replace("≥", ">=")
    return eval(text.replace("−", "-"), {"sqrt": math.sqrt, "min": min, "max": max, "sign": np.sign, "nan": math.nan})


@each_rule
@pytest.mark.parametrize("batch_size", BATCHES)
def test_the_formulas_come_to_what_they_say(rule, batch_size):
    run = record(of(rule, precision=Precision.FLOAT64, batch_size=batch_size, start=(0.3, -1.0)))
    count = set()
    for step in range(10):
        before, seen = run.checkpoint(step).state, run.evaluation(step)
        with np.errstate(all="ignore"):
            _, after = rule.update(seen, before)
            formulas = rule.explain(seen, before, run.directions[step], after)
        count.add(len(formulas))
        for formula in formulas:
            for place in (0, 1):
                wanted = float(formula.result[place])
                assert evaluated(formula, place) == pytest.approx(wanted, rel=1e-9, abs=1e-15), (step, formula)
        if formulas:
            symbols = [formula.symbol[:-2] for formula in formulas]
            assert rule.direction_symbol in symbols
            np.testing.assert_array_equal(formulas[symbols.index(rule.direction_symbol)].result, run.directions[step])
            assert len(set(symbols)) == len(symbols)
    assert len(count) == 1
    assert count != {0} or rule == GradientDescent()


@each_rule
def test_a_scenario_is_read_as_it_was_written(rule, tmp_path):
    scenario = Scenario("Rules", of(rule), others=(lecture(0.1), of(rule, steps=9)))
    write_scenario(scenario, tmp_path / "a.toml")
    assert read_scenario(tmp_path / "a.toml") == scenario
    other = Scenario("Rules", lecture(0.1), others=(of(rule), lecture(0.2)))
    write_scenario(other, tmp_path / "b.toml")
    assert read_scenario(tmp_path / "b.toml") == other


@pytest.mark.parametrize("rule", [GradientDescent, Momentum, Nesterov])
@pytest.mark.parametrize("decay", [0.1, 2.0])
def test_the_limit_with_weight_decay_is_that_of_the_loss_with_it(rule, decay):
    decayed, plain = rule(weight_decay=decay), rule()
    assert decayed.stability_limit(3.0) == plain.stability_limit(3.0 + decay)
    assert decayed.overshoot_rate(3.0) == plain.overshoot_rate(3.0 + decay)
    experiment = of(decayed, precision=Precision.FLOAT64, steps=1000)
    limit = global_stability_limit(experiment)
    late = []
    for part in (0.99, 1.01):
        points = record(replace(experiment, schedule=Constant(part * limit))).points
        late.append(np.abs(np.diff(points[-10:], axis=0)).max() / np.abs(np.diff(points[50:60], axis=0)).max())
    assert late[0] < 1e-3
    assert late[1] > 1e3


@pytest.mark.parametrize("rule", [GradientDescent, Momentum, Nesterov])
def test_with_weight_decay_nothing_is_said_of_the_minimum_or_of_batches(rule):
    decayed, batches = of(rule(weight_decay=0.1)), of(rule(weight_decay=0.1), batch_size=10)
    assert not decayed.optimizer.is_plain
    assert "L =" not in decayed.optimizer.rate_names[1]
    assert not has_exact_solution(decayed)
    assert (mini_batch_limit(batches), global_stability_limit(batches)) == (None, None)
    assert mini_batch_limit(of(rule(), batch_size=10)) is not None


@each_rule
def test_without_a_limit_there_is_none_anywhere(rule):
    knows = isinstance(rule, GradientDescent | Momentum | Nesterov)
    assert (global_stability_limit(of(rule)) is not None) == knows
    assert (rule.overshoot_rate(2.0) is not None) == knows


@pytest.mark.parametrize("kind", WITH_RATE)
@pytest.mark.parametrize("problem", [LECTURE, Rosenbrock()], ids=["lecture", "rosenbrock"])
def test_maps_and_range_tests_are_those_of_runs(kind, problem):
    run = Experiment(problem, kind(), Constant(0.01), problem.start, 20)
    chart = phase_map(run, MapGrid(1e-3, 10.0, 5, (1, 2, 5, 20)))
    for rate, losses in zip(chart.grid.learning_rates, chart.losses.T, strict=True):
        alone = record(replace(run, schedule=Constant(float(rate)))).losses
        np.testing.assert_array_equal(losses, alone[[1, 2, 5, 20]])
    swept = record(as_range_test(run, RangeTest(number=9, fresh_steps=3, stops=False)))
    for place, rate in enumerate(swept.learning_rates[::4]):
        alone = record(replace(run, schedule=Constant(float(rate)), steps=3)).points
        np.testing.assert_array_equal(swept.points[4 * place : 4 * place + 4], alone)


# A rule that takes no learning rate


@pytest.mark.parametrize("kind", WITHOUT_RATE)
def test_a_rate_is_refused_by_a_rule_that_takes_none(kind):
    run, name = of(kind()), kind.name
    told = f"{name} sets its own step length"
    refusals = (
        (Constant(0.5), f"learning_rate: {told}; leave the rate out"),
        (Cosine(1.0), f"schedule: {told}; keep it constant"),
        (RangeTest(), told),
    )
    for schedule, words in refusals:
        with pytest.raises(InputError, match=words):
            replace(run, schedule=schedule)
    for refused in (
        lambda: run.with_learning_rate(0.5),
        lambda: run.with_learning_rate(0.5, 7),
        lambda: as_range_test(run, RangeTest()),
        lambda: phase_map(run, MapGrid(1e-3, 10.0, 5, (1, 2))),
    ):
        with pytest.raises(InputError, match="sets its own step length"):
            refused()
    assert run.with_learning_rate(1.0) == run
    assert (record(run).learning_rates == 1.0).all()


@pytest.mark.parametrize("kind", WITHOUT_RATE)
def test_the_rate_goes_and_comes_with_the_rule(kind):
    before = lecture(0.3)
    without = before.with_optimizer(kind())
    assert without.schedule == OWN_STEPS
    back = without.with_optimizer(Momentum())
    assert (back.schedule, back.optimizer) == (Constant(first_learning_rate(LECTURE)), Momentum())
    assert before.with_optimizer(Momentum()).schedule == before.schedule


def test_an_exact_line_search_needs_a_quadratic_loss():
    with pytest.raises(
        InputError, match=r"optimizer: exact is for quadratic losses, and that of rosenbrock is not; use"
    ):
        surface(make_optimizer("exact", {}), Rosenbrock)
    assert record(of(make_optimizer("exact", {}), batch_size=10)).losses[-1] < 0.1


@pytest.mark.parametrize("name", PROBLEMS)
def test_a_first_rate_is_one_that_the_rule_may_have(name):
    problem = make_problem(name)
    run = Experiment(problem, make_optimizer("newton", {}), OWN_STEPS, problem.start)
    assert np.isfinite(record(run.with_optimizer(GradientDescent())).losses).all()


def test_names_hold_what_differs_from_the_defaults():
    rules = [make_optimizer(*rule) for rule in (("gd", {}), ("adam", {}), ("adam", {"beta1": 0.8}), ("momentum", {}))]
    assert difference([of(rule) for rule in rules]).texts == (
        "gradient descent",
        "Adam",
        "Adam (beta1 0.8)",
        "momentum 0.9",
    )
    switched = [make_optimizer("rmsprop", {"centered": centered}) for centered in (False, True)]
    assert difference([of(rule) for rule in switched]).texts == ("centered off", "centered")


# Settings

OUT_OF_RANGE = {
    "momentum": (-0.1, 1.0),
    "beta1": (-0.1, 1.0),
    "beta2": (-0.1, 1.0),
    "alpha": (-0.1, 1.1),
    "rho": (-0.1, 1.1),
    "eps": (-1e-9,),
    "weight_decay": (-0.1,),
    "lr_decay": (-0.1,),
    "momentum_decay": (-0.1,),
    "initial_accumulator_value": (-0.1,),
    "etaminus": (0.0, 1.0),
    "etaplus": (1.0,),
    "step_size_min": (0.0,),
    "step_size_max": (0.0, 1e-9),
    "c": (0.0, 1.0),
    "factor": (0.0, 1.0),
}


@pytest.mark.parametrize("kind", OPTIMIZERS.values())
def test_settings_out_of_range_are_refused_with_what_is_possible(kind):
    for name, value in vars(kind()).items():
        if isinstance(value, bool):
            with pytest.raises(InputError, match=f"optimizer.{name}: 1.0 is neither true nor false; use one of them"):
                make_optimizer(kind.name, {name: 1.0})
            continue
        for wrong in OUT_OF_RANGE[name]:
            with pytest.raises(InputError, match=rf"optimizer\.{name}: {wrong} is not possible; use "):
                make_optimizer(kind.name, {name: wrong})
        for wrong in (math.nan, math.inf):
            with pytest.raises(InputError, match=rf"optimizer\.{name}: .* use "):
                make_optimizer(kind.name, {name: wrong})
            with pytest.raises(InputError, match=rf"optimizer\.{name}: .* use "):
                kind(**{name: wrong})


def test_a_beta_nearer_to_one_than_single_precision_tells_is_another_run():
    one, other = (lecture(0.1, optimizer=make_optimizer("adam", {"beta1": beta})) for beta in (1 - 1e-8, 1 - 1e-9))
    assert not np.array_equal(record(one).points, record(other).points)
    assert not one.is_same_run(other)
