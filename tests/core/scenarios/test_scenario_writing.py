"""A scenario that is written is the same when it is read again."""

import json
import math
import tomllib
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdviz.core.analysis.range_test import as_range_test
from gdviz.core.data.creation import from_points, generate
from gdviz.core.data.settings import DataSettings
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.manual_changes import with_rate_from
from gdviz.core.descent.optimizers import GradientDescent, Momentum, Nesterov
from gdviz.core.descent.schedules import Constant, RangeTest
from gdviz.core.errors import InputError
from gdviz.core.precision import Precision
from gdviz.core.problems.batch_orders import BatchOrder
from gdviz.core.problems.reductions import REDUCTIONS
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.problems.surfaces import Himmelblau, Rosenbrock, TwoWells
from gdviz.core.scenarios.conversion import MOST_GENERATED
from gdviz.core.scenarios.scenario import MOST_POINTS, Scenario, read_scenario, write_scenario
from tests.core.scenarios.scenario_files import top, write

rates = st.floats(-(2.0**127), 2.0**127, width=32)
texts = st.text(st.characters(codec=None), max_size=40)
singles = st.floats(width=32, allow_nan=False, allow_infinity=False)
small = st.floats(-100, 100)
settings_of_data = st.builds(
    DataSettings,
    rows=st.integers(1, 50),
    noise=st.floats(0, 100),
    slope=small,
    intercept=small,
    x_range=st.tuples(st.floats(-100, 0), st.floats(0.01, 100)),
    seed=st.integers(0, 2**63 - 1),
    standardised=st.booleans(),
    standardised_y=st.booleans(),
).filter(lambda drawn: not (drawn.standardised or drawn.standardised_y) or (drawn.rows > 1 and drawn.noise > 0.01))


@st.composite
def data_sets(draw):
    if draw(st.booleans()):
        return generate(draw(settings_of_data))
    # Points that no generator would give, as after a change of NumPy's; or somebody's own.
    pairs = draw(st.lists(st.tuples(singles, singles), min_size=1, max_size=10))
    known, standardised = draw(st.none() | settings_of_data), draw(st.tuples(st.booleans(), st.booleans()))
    known = known and replace(known, rows=len(pairs))
    if len({x for x, _ in pairs}) == 1:
        known, standardised = None, (False, standardised[1])
    if len({y for _, y in pairs}) == 1:
        known, standardised = None, (standardised[0], False)
    return from_points(*zip(*pairs, strict=True), known, "here", standardised)


@st.composite
def schedules(draw):
    schedule = Constant(draw(rates))
    for step, rate in draw(st.lists(st.tuples(st.integers(0, 17), rates), max_size=4)):
        schedule = with_rate_from(schedule, step, rate)
    return schedule


batch_sizes = st.none() | st.integers(1, 100)


@st.composite
def experiments(draw):
    problem = draw(
        st.sampled_from([Rosenbrock(), Himmelblau()])
        | st.builds(LinearRegression, data_sets(), st.sampled_from(REDUCTIONS))
    )
    experiment = draw(recipes)
    return replace(experiment, problem=problem, batch_size=possible(draw(batch_sizes), problem))


def possible(size, problem):
    return None if size is None or not isinstance(problem, LinearRegression) else min(size, problem.data.rows)


recipes = st.builds(
    Experiment,
    problem=st.just(Rosenbrock()),
    optimizer=st.just(GradientDescent())
    | st.builds(Momentum, st.floats(0, 0.999))
    | st.builds(Nesterov, st.floats(0, 0.999)),
    schedule=schedules(),
    start=st.tuples(singles, singles),
    steps=st.integers(17, 1_000_000),
    precision=st.sampled_from(Precision),
    seed=st.integers(0, 2**63 - 1),
    batch_order=st.sampled_from(BatchOrder),
)
scenarios = st.builds(Scenario, title=texts.map("T{}".format), question=texts, proves=texts, experiment=experiments())


@pytest.mark.unmeasured
@settings(deadline=None, max_examples=200)
@given(scenarios)
def test_what_is_written_is_read_again(tmp_path_factory, scenario):
    is_written_and_read_again(tmp_path_factory, scenario)


@st.composite
def races(draw):
    scenario = draw(scenarios)
    recipe, found = scenario.experiment, []
    for _ in range(draw(st.integers(1, 3))):
        given = {
            "optimizer": draw(st.just(recipe.optimizer) | st.builds(Momentum, st.floats(0, 0.999))),
            "schedule": draw(st.just(recipe.schedule) | schedules()),
            "start": draw(st.just(recipe.start) | st.tuples(singles, singles)),
            "steps": draw(st.sampled_from([recipe.steps, 17])),
            "precision": draw(st.sampled_from(Precision)),
            "batch_size": possible(draw(st.just(recipe.batch_size) | batch_sizes), recipe.problem),
            "seed": draw(st.sampled_from([recipe.seed, 3])),
            "batch_order": draw(st.sampled_from([recipe.batch_order, BatchOrder.SHUFFLED])),
        }
        run = replace(recipe, **given)
        if not any(run.is_same_run(other) for other in (recipe, *found)):
            found.append(run)
    return replace(scenario, others=tuple(found))


@pytest.mark.unmeasured
@settings(deadline=None, max_examples=60)
@given(races())
def test_several_runs_are_written_and_read_again(tmp_path_factory, scenario):
    is_written_and_read_again(tmp_path_factory, scenario)


def is_written_and_read_again(tmp_path_factory, scenario):
    path = tmp_path_factory.getbasetemp() / "round-trip.toml"
    write_scenario(scenario, path)
    found = read_scenario(path)
    assert found == scenario
    if isinstance(scenario.experiment.problem, LinearRegression):
        before, after = scenario.experiment.problem.data, found.experiment.problem.data
        assert (after.x.tobytes(), after.y.tobytes()) == (before.x.tobytes(), before.y.tobytes())
        assert (after.settings, after.true_line) == (before.settings, before.true_line)
    text = path.read_bytes()
    write_scenario(found, path)
    assert path.read_bytes() == text


def test_a_file_says_no_more_than_it_has_to(tmp_path):
    write_scenario(Scenario("T", Experiment(Himmelblau(), schedule=Constant(0.01), start=(0, 0))), tmp_path / "a.toml")
    lines = (tmp_path / "a.toml").read_text().split("\n")
    assert 'title = "T"' in lines
    assert not any(line.startswith(("question", "data", "steps", "precision")) for line in lines)


def test_a_run_says_only_what_differs(tmp_path):
    recipe = Experiment(Himmelblau(), Momentum(0.5), Constant(0.01), (0.0, 0.0))
    others = (
        recipe.with_learning_rate(0.02),
        recipe.with_learning_rate(0.1, 7),
        replace(recipe, optimizer=Momentum(0.9)),
        replace(recipe, optimizer=GradientDescent(), start=(1.0, 2.0), steps=9, precision=Precision.FLOAT64),
    )
    for number, run in enumerate(others):
        write_scenario(Scenario("T", recipe, others=(run,)), tmp_path / f"{number}.toml")
    written = [tomllib.loads((tmp_path / f"{number}.toml").read_text())["runs"] for number in range(4)]
    assert written == [
        [{"learning_rate": 0.02}],
        [{"changes": [[7, 0.1]]}],
        [{"optimizer": {"name": "momentum", "momentum": 0.9, "weight_decay": 0.0}}],
        [{"optimizer": {"name": "gd", "weight_decay": 0.0}, "start": [1.0, 2.0], "steps": 9, "precision": "float64"}],
    ]


def test_where_it_cannot_be_written(tmp_path):
    scenario = Scenario("T", Experiment(Himmelblau()))
    with pytest.raises(InputError, match=r"a\.toml: cannot be written: No such file"):
        write_scenario(scenario, tmp_path / "missing" / "a.toml")


def test_round_trip_keeps_a_negative_zero(tmp_path):
    scenario = Scenario("T", Experiment(Himmelblau(), start=(-0.0, 1.0)))
    write_scenario(scenario, tmp_path / "a.toml")
    assert math.copysign(1, read_scenario(tmp_path / "a.toml").experiment.start[0]) == -1


def test_a_range_test_read_again_stops_where_it_did(tmp_path):
    schedule = RangeTest(1e-3, 5.0, 60, fresh_steps=2, smoothed=True)
    experiment = as_range_test(Experiment(TwoWells(), start=(1.8, 1.0)), schedule)
    write_scenario(Scenario("T", experiment), tmp_path / "a.toml")
    assert "steps" not in (tmp_path / "a.toml").read_text().replace("fresh_steps", "")
    assert read_scenario(tmp_path / "a.toml").experiment == experiment


def test_a_run_says_that_it_sees_all_rows(tmp_path):
    recipe = Experiment(LinearRegression(), schedule=Constant(0.1), start=(0.0, -1.0), batch_size=5, seed=2)
    others = (replace(recipe, batch_size=None), replace(recipe, batch_size=7, seed=3))
    write_scenario(Scenario("T", recipe, others=others), tmp_path / "a.toml")
    written = tomllib.loads((tmp_path / "a.toml").read_text())
    assert (written["batch_size"], written["seed"]) == (5, 2)
    assert written["runs"] == [{"batch_size": "all"}, {"batch_size": 7, "seed": 3}]
    assert read_scenario(tmp_path / "a.toml").others == others
    assert read_scenario(write(tmp_path, top('batch_size = "all"'))).experiment.batch_size is None


@pytest.mark.parametrize("standardised", [False, True])
def test_of_many_generated_rows_the_settings_alone_are_written(tmp_path, standardised):
    drawn = generate(DataSettings(rows=MOST_GENERATED + 1, noise=0.2, seed=9, standardised=standardised))
    scenario = Scenario("T", Experiment(LinearRegression(drawn, "sum"), schedule=Constant(1e-6), start=(0.0, -1.0)))
    write_scenario(scenario, tmp_path / "a.toml")
    assert (tmp_path / "a.toml").stat().st_size < 1000
    found = read_scenario(tmp_path / "a.toml")
    assert found == scenario
    assert found.experiment.problem.data.true_line == drawn.true_line


@pytest.mark.parametrize("known", [None, DataSettings(rows=MOST_POINTS + 1)])
def test_many_points_of_a_file_are_not_written(tmp_path, known):
    points = np.arange(MOST_POINTS + 1)
    scenario = Scenario("T", Experiment(LinearRegression(from_points(points, points, known, "mine.csv"))))
    with pytest.raises(InputError) as caught:
        write_scenario(scenario, tmp_path / "a.toml")
    told = "data: 100,001 points are too many for a scenario file, which takes 100,000; keep them in a table"
    assert str(caught.value).startswith(f"{tmp_path / 'a.toml'}: {told}")
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_the_styles_of_the_runs_are_kept(tmp_path):
    runs = [Experiment(LinearRegression(), schedule=Constant(rate), start=(0.0, -1.0)) for rate in (0.9, 0.1, 0.7)]
    scenario = Scenario("a", runs[0], others=tuple(runs[1:]), styles=(3, 0, 1))
    write_scenario(scenario, tmp_path / "s.toml")
    assert "style = 4" in (tmp_path / "s.toml").read_text()
    assert read_scenario(tmp_path / "s.toml") == scenario
    write_scenario(replace(scenario, styles=()), tmp_path / "s.toml")
    assert "style" not in (tmp_path / "s.toml").read_text()


def test_names_of_columns_are_kept_and_printable(tmp_path):
    names = ("a\x1b\n b", "W" * 50)
    file = top(f"[data]\nx = [0, 1]\ny = [1, 2]\ncolumns = {json.dumps(names)}")
    read = read_scenario(write(tmp_path, file)).experiment.problem.data
    assert read.names[0] == r"a\x1b b"
    assert len(read.names[1]) == 40
    data = replace(from_points([0.0, 1.0], [1.0, 2.0], None, "a"), names=("Größe", "Preis (€)"))
    write_scenario(Scenario("a", Experiment(LinearRegression(data), schedule=Constant(0.1))), tmp_path / "b.toml")
    assert read_scenario(tmp_path / "b.toml").experiment.problem.data.names == data.names
