import math
import tomllib
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdviz.core import scenario as scenario_module
from gdviz.core.dataset import DataSettings, from_points, generate
from gdviz.core.errors import InputError
from gdviz.core.experiment import Experiment
from gdviz.core.optimizers import GradientDescent, Momentum, Nesterov
from gdviz.core.precision import Precision
from gdviz.core.range_test import as_range_test
from gdviz.core.regression import LinearRegression
from gdviz.core.scenario import MOST_POINTS, Scenario, read_scenario, write_scenario
from gdviz.core.schedules import Changed, Constant, RangeTest, changed_from
from gdviz.core.surfaces import Himmelblau, Rosenbrock, TwoWells

RATE = "[schedule]\nlearning_rate = 0.1\n"


def write(folder, text):
    path = folder / "s.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def data(text: str) -> str:
    return f'title = "a"\n{RATE}[data]\n{text}\n'


def top(text: str) -> str:
    return f'title = "a"\n{text}\n{RATE}'


def schedule(text: str) -> str:
    return f'title = "a"\n[schedule]\n{text}\n'


def optimizer(text: str) -> str:
    return f'title = "a"\n{RATE}[optimizer]\n{text}\n'


def runs(*tables: str) -> str:
    return f'title = "a"\n{RATE}' + "".join(f"[[runs]]\n{table}\n" for table in tables)


NO_SUCH_KEY = "there is no such key; the keys here are "

BAD = {
    "not TOML": ("title = Point nine", "is not TOML: Invalid value (at line 1, column 9)"),
    "cut off": ("title =", "is not TOML: Invalid value (at end of document)"),
    "not UTF-8": (b"\xff\xfetitle", "is not a text file in UTF-8"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(100), "is not a text file in UTF-8"),
    "too many digits": (schedule("learning_rate = 1" + "0" * 5000), "a number is too long or a list too deep"),
    "too deep": (top("x = " + "[" * 5000), "a number is too long or a list too deep"),
    "empty": ("", 'title: is missing; give one, such as title = "Point nine"'),
    "no title": (RATE, "title: is missing"),
    "no schedule": ('title = "a"', "schedule: is missing; give a table [schedule] with the key learning_rate"),
    "no rate": (schedule('name = "constant"'), 'schedule.learning_rate: is missing; give a number, or "best"'),
    "key": (
        top("step = 3"),
        f"step: {NO_SUCH_KEY}title, schedule, question, proves, problem, reduction, optimizer, start",
    ),
    "key in data": (
        data("row = 3"),
        f"data.row: {NO_SUCH_KEY}rows, noise, slope, intercept, x_range, seed, standardised, file, x, y",
    ),
    "key in schedule": (
        schedule("learning_rate = 1\nstep = 3"),
        f"schedule.step: {NO_SUCH_KEY}learning_rate, name, ch",
    ),
    "key in optimizer": (
        optimizer('name = "momentum"\nbeta = 1'),
        "optimizer.beta: momentum has no such setting; it kn",
    ),
    "key of a class": (optimizer('name = "gd"\ntitle = 1'), "optimizer.title: gd has no such setting; it has none"),
    "title of 1": (f"title = 1\n{RATE}", "title: needs text in quotes, found a whole number"),
    "title of a date": (f"title = 2024-01-01\n{RATE}", "title: needs text in quotes, found a date"),
    "steps of text": (top('steps = "many"'), "steps: needs a whole number, found text"),
    "steps of 2.5": (top("steps = 2.5"), "steps: needs a whole number, found a decimal number"),
    "steps of true": (top("steps = true"), "steps: needs a whole number, found true or false"),
    "start of one": (top("start = [1]"), "start: needs a list of 2 values, found 1"),
    "start of 1": (top("start = 1"), "start: needs a list, found a whole number"),
    "start of text": (top('start = [0, "b"]'), "start, item 2: needs a number, found text"),
    "schedule of 1": ('title = "a"\nschedule = 1', "schedule: needs a table, found a whole number"),
    "optimizer of text": (top('optimizer = "gd"'), "optimizer: needs a table, found text"),
    "data of a list": (f'title = "a"\n{RATE}[[data]]\nrows = 1', "data: needs a table, found a list"),
    "x of text": (data('x = [1, "a"]\ny = [1, 2]'), "data.x, item 2: needs a number, found text"),
    "rate of text": (
        schedule('learning_rate = "bset"'),
        "schedule.learning_rate: there is no 'bset'; take a number or",
    ),
    "rate of true": (schedule("learning_rate = true"), 'schedule.learning_rate: needs a number or "best", found true'),
    "changes": (
        schedule("learning_rate = 1\nchanges = [[1, 2, 3]]"),
        "schedule.changes, item 1: needs a list of 2 val",
    ),
    "changed at 1.5": (
        schedule("learning_rate = 1\nchanges = [[1.5, 2]]"),
        "changes, item 1, item 1: needs a whole num",
    ),
    "changed at -1": (schedule("learning_rate = 1\nchanges = [[-1, 2]]"), "schedule.changes: -1 is no step; take 0 or"),
    "changed to nan": (
        schedule("learning_rate = 1\nchanges = [[1, nan]]"),
        "learning_rate: nan is not a finite number",
    ),
    "changed twice": (
        schedule("learning_rate = 1\nchanges = [[3, 1], [3, 2]]"),
        "schedule.changes: step 3 is there tw",
    ),
    "momentum of text": (
        optimizer('name = "momentum"\nmomentum = "a"'),
        "optimizer.momentum: 'a' is not a number; take",
    ),
    "momentum of true": (optimizer('name = "momentum"\nmomentum = true'), "optimizer.momentum: True is not a number"),
    "momentum of 1": (optimizer('name = "momentum"\nmomentum = 1'), "optimizer.momentum: 1.0 is not possible; take"),
    "huge momentum": (
        optimizer('name = "momentum"\nmomentum = 1' + "0" * 400),
        "optimizer.momentum: the number is too l",
    ),
    "momentum of nan": (
        optimizer('name = "momentum"\nmomentum = nan'),
        "optimizer.momentum: nan is not a finite number",
    ),
    "optimizer of 5": (optimizer("name = 5"), "optimizer.name: 5 is not a name; take one such as 'gd'"),
    "rate of nan": (schedule("learning_rate = nan"), "learning_rate: nan is not a finite number; take one such as 0.1"),
    "rate of inf": (schedule("learning_rate = inf"), "learning_rate: inf is not a finite number; take one such as 0.1"),
    "large rate": (
        schedule("learning_rate = 1e39"),
        "learning_rate: 1e+39 is too large for float32; take one up to 3.4",
    ),
    "huge rate": (schedule("learning_rate = 1" + "0" * 400), "schedule.learning_rate: needs a number up to 1.8e308"),
    "start of nan": (top("start = [nan, 0]"), "start: w = nan is not a finite number; take one such as -1"),
    "start of inf": (top("start = [0, -inf]"), "start: b = -inf is not a finite number; take one such as -1"),
    "far start": (top("start = [1e300, 0]"), "start: w = 1e+300 is too large for float32; take one up to 3.4e38"),
    "noise of nan": (data("noise = nan"), "data.noise: nan is not a finite number; take one such as 0.1"),
    "noise of -1": (data("noise = -1"), "data.noise: -1.0 is negative; take 0 or a positive standard deviation"),
    "slope of inf": (data("slope = inf"), "data.slope: inf is not a finite number; take one such as 0.1"),
    "x_range": (data("x_range = [1, 0]"), "data.x_range: [1.0, 0.0] is no range; take two finite numbers"),
    "wide x_range": (data("x_range = [-1e308, 1e308]"), "data.x_range: [-1e+308, 1e+308] is no range; take two"),
    "zero rows": (data("rows = 0"), "data.rows: 0 is not possible; take 1 to 10,000,000 rows"),
    "10^12 rows": (data("rows = 1000000000000"), "data.rows: 1000000000000 is not possible; take 1 to 10,000,000"),
    "seed": (data("seed = -1"), "data.seed: -1 is no seed; take a whole number from 0 to 2^63 - 1"),
    "no points": (data("x = []\ny = []"), "data: 0 rows; take 1 to 10,000,000"),
    "x alone": (data("x = [1]"), "data: x has 1 values and y has 0; give as many of each"),
    "x of nan": (data("x = [1, nan]\ny = [1, 2]"), "data: x in row 2 is nan; take a finite number up to 3.4e38"),
    "large y": (data("x = [1]\ny = [1e39]"), "data: y in row 1 is 1e+39; take a finite number up to 3.4e38"),
    "points twice": (data('x = [1]\ny = [1]\nfile = "a.csv"'), "data.file: the points are given here as x and y too"),
    "no data file": (data('file = "none.csv"'), "none.csv: cannot be read: No such file or directory"),
    "a folder as data": (data('file = "."'), "cannot be read: Is a directory"),
    "a name with NUL": (data('file = "a\\u0000b"'), "is not the name of a file"),
    "useless data": (
        'problem = "rosenbrock"\n' + data("rows = 3"),
        "data: the problem rosenbrock uses none; leave them",
    ),
    "steps of 0": (top("steps = 0"), "steps: 0 is not possible; take 1 to 1,000,000 steps"),
    "10^12 steps": (top("steps = 1000000000000"), "steps: 1000000000000 is not possible; take 1 to 1,000,000 steps"),
    "10^30 steps": (top("steps = 1" + "0" * 30), "is not possible; take 1 to 1,000,000 steps"),
    "problem": (top('problem = "rosenbrok"'), "problem: there is no 'rosenbrok'; take one of linear-regression, ros"),
    "optimizer": (optimizer('name = "adma"'), "optimizer: there is no 'adma'; take one of gd, momentum, nesterov"),
    "precision": (top('precision = "float16"'), 'precision: there is no \'float16\'; take "float32" or "float64"'),
    "a rate in a range test": (
        schedule('name = "range-test"\nlearning_rate = 0.1'),
        "schedule.learning_rate: a range test has many; leave it and the changes out",
    ),
    "changes in a range test": (schedule('name = "range-test"\nchanges = [[3, 0.1]]'), "leave it and the changes out"),
    "steps in a range test": (
        schedule('name = "range-test"').replace("[", "steps = 20\n[", 1),
        "steps: a range test takes one for each rate; leave steps out, and give schedule.number",
    ),
    "end before start": (schedule('name = "range-test"\nstart = 2.0\nend = 1.0'), "the end 1 is not above the start 2"),
    "one rate": (schedule('name = "range-test"\nnumber = 1'), "1 rates are not possible; take 2 to 10,000"),
    "number of another kind": (schedule('name = "range-test"\nnumber = 1.5'), "schedule.number: needs a whole number"),
    "switch of 1": (
        schedule('name = "range-test"\nsmoothed = 1'),
        "schedule.smoothed: needs true or false, found a whole number",
    ),
    "number without a range test": (
        schedule("learning_rate = 0.1\nnumber = 20"),
        'schedule.number: only a range test has this; add name = "range-test"',
    ),
    "schedule's name": (
        schedule('learning_rate = 1\nname = "cosine"'),
        "schedule.name: there is no 'cosine'; take \"const",
    ),
    "best of a curve": (
        schedule('learning_rate = "best"').replace("[", 'problem = "rosenbrock"\n[', 1),
        "rosenbrock has none that is best",
    ),
    "best of one row": (
        schedule('learning_rate = "best"\n[data]\nx = [0.3]\ny = [1]'),
        "schedule.learning_rate: no rate is best where x is the same in every row; take a number",
    ),
    "a fifth run": (
        runs(*(f"learning_rate = {rate}" for rate in (0.2, 0.3, 0.4, 0.5))),
        "runs: 5 are too many; four at most, with that of the recipe itself",
    ),
    "key in a run": (
        runs("steps = 5", "learningrate = 0.2"),
        f"runs, item 2.learningrate: {NO_SUCH_KEY}learning_rate, changes, optimizer, start, steps, precision",
    ),
    "a word for a rate in a run": (
        runs('learning_rate = "good"'),
        "runs, item 1.learning_rate: there is no 'good'; take a number or \"best\"",
    ),
    "precision of a run": (
        runs('precision = "float16"'),
        'runs, item 1.precision: there is no \'float16\'; take "float32" or "float64"',
    ),
    "runs that are no tables": (top("runs = 3"), "runs: needs a list, found a whole number"),
    "start of a run": (runs("start = [1]"), "runs, item 1.start: needs a list of 2 values, found 1"),
    "steps of a run": (runs("steps = 0"), "runs, item 1: steps: 0 is not possible"),
    "optimizer of a run": (runs("[runs.optimizer]\nname = 3"), "runs, item 1: optimizer.name: 3 is not a name"),
    "a change twice in a run": (
        runs("steps = 9", "changes = [[3, 0.1], [3, 0.2]]"),
        "runs, item 2: changes: step 3 is there twice; keep one of them",
    ),
    "no best rate for a run": (
        'title = "a"\nproblem = "rosenbrock"\n' + RATE + '[[runs]]\nlearning_rate = "best"\n',
        "runs, item 1: learning_rate: rosenbrock has none that is best everywhere",
    ),
    "the same run twice": (runs("learning_rate = 0.1"), "runs, item 1: this run is there already; change something"),
    "two runs that are the same": (
        runs("steps = 5", "learning_rate = 0.2", "steps = 5"),
        "runs, item 3: this run is there already",
    ),
    "batch size of text": (
        top('batch_size = "some"'),
        "batch_size: there is no 'some'; take a whole number or \"all\"",
    ),
    "batch size of 2.5": (top("batch_size = 2.5"), 'batch_size: needs a whole number or "all", found a decimal number'),
    "batch of none": (top("batch_size = 0"), "batch_size: 0 is not possible; take 1 to 100"),
    "a batch larger than the data": (
        top("batch_size = 101"),
        "batch_size: 101 is more than the data have; take 1 to 100",
    ),
    "a batch without data": (
        top('problem = "rosenbrock"\nbatch_size = 1'),
        "batch_size: the problem rosenbrock has no data; leave the batch size out",
    ),
    "batch size of a run": (
        runs("steps = 5", "batch_size = 101"),
        "runs, item 2: batch_size: 101 is more than the data have; take 1 to 100",
    ),
    "a word for a batch size in a run": (
        runs("batch_size = [3]"),
        'runs, item 1.batch_size: needs a whole number or "all", found a list',
    ),
    "seed of the batches": (top("seed = -1"), "seed: -1 is no seed; take a whole number from 0 to 2^63 - 1"),
    "seed of text": (top('seed = "a"'), "seed: needs a whole number, found text"),
    "seed of a run": (runs("seed = -1"), "runs, item 1: seed: -1 is no seed; take a whole number from 0 to 2^63 - 1"),
    "reduction": (top('reduction = "max"'), 'reduction: there is no \'max\'; take "mean" or "sum"'),
    "reduction of 1": (top("reduction = 1"), 'reduction: needs "mean" or "sum", found a whole number'),
    "reduction without data": (
        top('problem = "rosenbrock"\nreduction = "sum"'),
        "reduction: the problem rosenbrock has no data; leave the reduction out",
    ),
    "standardised of text": (data('standardised = "x"'), "data.standardised: needs true or false, found text"),
    "one row standardised": (
        data("rows = 1\nstandardised = true"),
        "data: x is the same in every row and cannot be standardised; take x as it is",
    ),
    "points with the same x standardised": (
        data("x = [3, 3]\ny = [1, 2]\nstandardised = true"),
        "data: x is the same in every row and cannot be standardised; take x as it is",
    ),
    "runs beside a range test": (
        schedule('name = "range-test"\n[[runs]]\nsteps = 5'),
        "runs: a range test stands alone; leave the other runs out",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_told_in_one_line(tmp_path, case):
    content, told = BAD[case]
    path = write(tmp_path, content)
    with pytest.raises(InputError) as caught:
        read_scenario(path)
    text = str(caught.value)
    assert text.startswith(f"{path}: ")
    assert told in text
    assert "\n" not in text
    for jargon in ("`", "$", "null", "object", "Expected", "enum"):
        assert jargon not in text.removeprefix(str(path))


@pytest.mark.parametrize(("name", "told"), [("missing.toml", "No such file"), (".", "Is a directory")])
def test_a_file_that_is_not_there(tmp_path, name, told):
    path = tmp_path / name
    with pytest.raises(InputError) as caught:
        read_scenario(path)
    assert str(caught.value).startswith(f"{path}: cannot be read: {told}")


@pytest.mark.parametrize("folder", ["data", "s", "schedule"])
def test_the_file_is_named_whatever_its_folder_is_called(tmp_path, monkeypatch, folder):
    monkeypatch.chdir(tmp_path)
    (tmp_path / folder).mkdir()
    path = write(tmp_path / folder, data("rows = 0")).relative_to(tmp_path)
    with pytest.raises(InputError, match=rf"^{folder}/s\.toml: data\.rows: 0"):
        read_scenario(path)


def test_a_bad_data_file_is_named_with_its_line(tmp_path):
    (tmp_path / "p.csv").write_text("x,y\n1,2\n3,four\n")
    with pytest.raises(InputError, match=r"s\.toml: data\.file: .*p\.csv: line 3: x and y must be numbers"):
        read_scenario(write(tmp_path, data('file = "p.csv"')))


def test_defaults(tmp_path):
    scenario = read_scenario(write(tmp_path, top("")))
    experiment = Experiment(LinearRegression(), GradientDescent(), Constant(0.1), (0.0, -1.0), 200, Precision.FLOAT32)
    assert scenario == Scenario("a", experiment, "", "")


def test_everything_given(tmp_path):
    text = """\ufefftitle = "T"
question = "Q?"
proves = "P."
problem = "himmelblau"
start = [1, -2.5]
steps = 30
precision = "float64"
[optimizer]
name = "nesterov"
momentum = 0
[schedule]
name = "constant"
learning_rate = 1
changes = [[20, 0.5], [10, 0.25]]
"""
    scenario = read_scenario(write(tmp_path, text))
    changed = Changed(Constant(1.0), ((10, 0.25), (20, 0.5)))
    experiment = Experiment(Himmelblau(), Nesterov(0.0), changed, (1.0, -2.5), 30, Precision.FLOAT64)
    assert scenario == Scenario("T", experiment, "Q?", "P.")


def test_the_start_is_the_problems_own(tmp_path):
    assert read_scenario(write(tmp_path, top('problem = "rosenbrock"'))).experiment.start == (-1.2, 1.0)


def test_best_is_the_best_of_these_data(tmp_path):
    text = schedule('learning_rate = "best"\n[data]\nrows = 20\nx_range = [0, 4]\nseed = 2')
    x = generate(DataSettings(rows=20, x_range=(0.0, 4.0), seed=2)).x.astype(np.float64)
    smallest, largest = np.linalg.eigvalsh(2 * np.array([[np.mean(x * x), x.mean()], [x.mean(), 1]]))
    rate = read_scenario(write(tmp_path, text)).experiment.schedule.learning_rate
    assert rate == pytest.approx(2 / (smallest + largest))


@pytest.mark.parametrize(("seed", "is_known"), [("seed = 5\n", True), ("", False)])
def test_points_have_a_true_line_only_with_a_seed(tmp_path, seed, is_known):
    (tmp_path / "p.csv").write_text("x,y\n1,2\n3,4\n")
    for points in ('file = "p.csv"', "x = [1, 3]\ny = [2, 4]"):
        found = read_scenario(write(tmp_path, data(f"{seed}{points}"))).experiment.problem.data
        assert found.x.tolist() == [1.0, 3.0]
        assert found.y.tolist() == [2.0, 4.0]
        assert (found.noise is not None) == is_known


rates = st.floats(-3e38, 3e38)
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
).filter(lambda drawn: not drawn.standardised or drawn.rows > 1)


@st.composite
def data_sets(draw):
    if draw(st.booleans()):
        return generate(draw(settings_of_data))
    # Points that no generator would give, as after a change of NumPy's; or somebody's own.
    pairs = draw(st.lists(st.tuples(singles, singles), min_size=1, max_size=10))
    known, standardised = draw(st.none() | settings_of_data), draw(st.booleans())
    if len({x for x, _ in pairs}) == 1:
        known, standardised = None, False
    return from_points(*zip(*pairs, strict=True), known, "here", standardised)


@st.composite
def schedules(draw):
    schedule = Constant(draw(rates))
    for step, rate in draw(st.lists(st.tuples(st.integers(0, 300), rates), max_size=4)):
        schedule = changed_from(schedule, step, rate)
    return schedule


batch_sizes = st.none() | st.integers(1, 100)


@st.composite
def experiments(draw):
    problem = draw(
        st.sampled_from([Rosenbrock(), Himmelblau()])
        | st.builds(LinearRegression, data_sets(), st.sampled_from(["mean", "sum"]))
    )
    experiment = draw(recipes)
    return replace(experiment, problem=problem, batch_size=possible(draw(batch_sizes), problem))


def possible(size, problem):
    return None if size is None or not isinstance(problem, LinearRegression) else min(size, problem.rows)


recipes = st.builds(
    Experiment,
    problem=st.just(Rosenbrock()),
    optimizer=st.just(GradientDescent())
    | st.builds(Momentum, st.floats(0, 0.999))
    | st.builds(Nesterov, st.floats(0, 0.999)),
    schedule=schedules(),
    start=st.tuples(singles, singles),
    steps=st.integers(1, 1_000_000),
    precision=st.sampled_from(Precision),
    seed=st.integers(0, 2**63 - 1),
)
scenarios = st.builds(Scenario, title=st.text(), question=st.text(), proves=st.text(), experiment=experiments())


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
        }
        run = replace(recipe, **given)
        if run not in (recipe, *found):
            found.append(run)
    return replace(scenario, others=tuple(found))


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
        [{"optimizer": {"name": "momentum", "momentum": 0.9}}],
        [{"optimizer": {"name": "gd"}, "start": [1.0, 2.0], "steps": 9, "precision": "float64"}],
    ]


def test_a_run_shares_what_it_does_not_say(tmp_path):
    text = runs("changes = [[5, 0.3]]", "learning_rate = 0.2", "[runs.optimizer]\nmomentum = 0.5")
    text += '[optimizer]\nname = "nesterov"\nmomentum = 0.7\n'
    scenario = read_scenario(write(tmp_path, text))
    recipe = scenario.experiment
    assert scenario.others == (
        recipe.with_learning_rate(0.3, 5),
        recipe.with_learning_rate(0.2),
        replace(recipe, optimizer=Nesterov(0.5)),
    )
    # The changes stay, unless they are given: then those of the run take their place.
    changed = 'title = "a"\n[schedule]\nlearning_rate = 0.1\nchanges = [[3, 0.5]]\n'
    changed += "[[runs]]\nlearning_rate = 0.2\n[[runs]]\nchanges = []\n"
    kept, dropped = read_scenario(write(tmp_path, changed)).others
    assert kept.schedule == Changed(Constant(0.2), ((3, 0.5),))
    assert dropped.schedule == Constant(0.1)


def test_runs_of_different_problems_make_no_scenario():
    one, two = Experiment(Himmelblau()), Experiment(Rosenbrock())
    with pytest.raises(InputError, match="runs: those of different problems cannot share a surface"):
        Scenario("T", one, others=(two,))


def test_where_it_cannot_be_written(tmp_path):
    scenario = Scenario("T", Experiment(Himmelblau()))
    with pytest.raises(InputError, match=r"a\.toml: cannot be written: No such file"):
        write_scenario(scenario, tmp_path / "missing" / "a.toml")


class Halving:
    def __call__(self, step):
        return 0.5**step


def test_a_schedule_of_an_unknown_kind_is_not_written(tmp_path):
    scenario = Scenario("T", Experiment(Himmelblau(), schedule=Halving()))
    with pytest.raises(InputError, match="a schedule of the kind Halving cannot be written yet"):
        write_scenario(scenario, tmp_path / "a.toml")
    assert list(tmp_path.iterdir()) == []


def test_round_trip_keeps_a_negative_zero(tmp_path):
    scenario = Scenario("T", Experiment(Himmelblau(), start=(-0.0, 1.0)))
    write_scenario(scenario, tmp_path / "a.toml")
    assert math.copysign(1, read_scenario(tmp_path / "a.toml").experiment.start[0]) == -1


def test_a_range_test_is_written_and_read_again_and_stops_where_it_did(tmp_path):
    schedule = RangeTest(1e-3, 5.0, 60, fresh_steps=2, smoothed=True)
    experiment = as_range_test(Experiment(TwoWells(), start=(1.8, 1.0)), schedule)
    write_scenario(Scenario("T", experiment), tmp_path / "a.toml")
    assert "steps" not in (tmp_path / "a.toml").read_text().replace("fresh_steps", "")
    assert read_scenario(tmp_path / "a.toml").experiment == experiment


def test_a_range_test_needs_nothing_but_its_name(tmp_path):
    path = write(tmp_path, schedule('name = "range-test"'))
    assert read_scenario(path).experiment.schedule == RangeTest()


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
    drawn = generate(DataSettings(rows=MOST_POINTS + 1, noise=0.2, seed=9, standardised=standardised))
    scenario = Scenario("T", Experiment(LinearRegression(drawn, "sum"), schedule=Constant(1e-6), start=(0.0, -1.0)))
    write_scenario(scenario, tmp_path / "a.toml")
    assert (tmp_path / "a.toml").stat().st_size < 1000
    found = read_scenario(tmp_path / "a.toml")
    assert found == scenario
    assert found.experiment.problem.data.true_line == drawn.true_line


@pytest.mark.parametrize("known", [None, DataSettings(rows=MOST_POINTS + 1)])
def test_many_points_that_cannot_be_generated_again_are_not_written(tmp_path, known):
    points = np.arange(MOST_POINTS + 1)
    scenario = Scenario("T", Experiment(LinearRegression(from_points(points, points, known, "mine.csv"))))
    with pytest.raises(InputError) as caught:
        write_scenario(scenario, tmp_path / "a.toml")
    told = (
        "data: 10,001 points are too many for a scenario file, which takes 10,000; keep them in a CSV file and name it"
    )
    assert str(caught.value).startswith(f"{tmp_path / 'a.toml'}: {told}")
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_points_of_a_file_are_standardised_when_they_are_read(tmp_path):
    (tmp_path / "p.csv").write_text("x,y\n10,2\n30,4\n")
    for points in ('file = "p.csv"', "x = [10, 30]\ny = [2, 4]"):
        found = read_scenario(write(tmp_path, data(f"standardised = true\n{points}"))).experiment.problem.data
        assert (found.x.tolist(), found.drawn_x.tolist(), found.y.tolist()) == ([-1, 1], [10, 30], [2, 4])
        assert found.true_line is None


def test_points_that_do_not_fit_into_the_memory_are_told(tmp_path, monkeypatch):
    def full(*arguments):
        raise MemoryError

    path = tmp_path / "a.toml"
    path.write_text(data("x = [1, 2]\ny = [3, 4]"))
    monkeypatch.setattr(scenario_module, "from_points", full)
    with pytest.raises(InputError) as caught:
        read_scenario(path)
    assert str(caught.value) == f"{path}: the data have more rows than fit into the memory; give fewer"


def test_the_styles_of_the_runs_are_kept(tmp_path):
    runs = [Experiment(LinearRegression(), schedule=Constant(rate), start=(0.0, -1.0)) for rate in (0.9, 0.1, 0.7)]
    scenario = Scenario("a", runs[0], others=tuple(runs[1:]), styles=(3, 0, 1))
    write_scenario(scenario, tmp_path / "s.toml")
    assert "style = 4" in (tmp_path / "s.toml").read_text()
    assert read_scenario(tmp_path / "s.toml") == scenario
    write_scenario(replace(scenario, styles=()), tmp_path / "s.toml")
    assert "style" not in (tmp_path / "s.toml").read_text()


def test_a_run_without_a_style_has_the_next_that_is_free(tmp_path):
    runs = "[[runs]]\nlearning_rate = 0.2\n[[runs]]\nlearning_rate = 0.3\nstyle = 1\n"
    assert read_scenario(write(tmp_path, top("style = 2") + runs)).styles == (1, 2, 0)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("style = 5", "style: there is no 5; take 1 to 4"),
        ("style = 0", "style: there is no 0; take 1 to 4"),
        ("style = 1.5", "style: a whole number is wanted"),
    ],
)
def test_a_style_that_there_is_not(tmp_path, text, line):
    path = write(tmp_path, top(text) + "[[runs]]\nlearning_rate = 0.2\n")
    with pytest.raises(InputError) as raised:
        read_scenario(path)
    assert line in str(raised.value) or "style" in str(raised.value)


def test_two_runs_with_the_same_style(tmp_path):
    runs = "[[runs]]\nlearning_rate = 0.2\nstyle = 2\n"
    with pytest.raises(InputError, match="style: two runs have 2; give each one of its own, from 1 to 4"):
        read_scenario(write(tmp_path, top("style = 2") + runs))
