import shutil
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from gdviz.core.analysis.range_test import curve
from gdviz.core.analysis.suggestions import suggestions
from gdviz.core.analysis.verdict import Kind, judge
from gdviz.core.data.creation import generate
from gdviz.core.data.settings import DataSettings
from gdviz.core.descent.manual_changes import PiecewiseConstant
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant, RangeTest
from gdviz.core.errors import InputError
from gdviz.core.precision import Precision
from gdviz.core.problems.problem import curvature, minimum_loss
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.scenarios import conversion, library
from gdviz.core.scenarios.library import DEFAULT_SCENARIO, announcements, load_scenario, resources, shipped
from gdviz.core.scenarios.scenario import ScenarioSummary
from tests.core.analysis.noise_formula import noise_floor
from tests.core.scenarios.test_optimizer_scenarios import RUNS

ONE_RATE = ["point-nine", "one", "ten", "too-timid", "just-right", "best"]
LECTURE = [*ONE_RATE, "more-steps", "rescue", "range-test"]
RACES = {
    "race": [0.01, 0.1, 0.7, 0.9],
    "the-trade": [0.1, 0.01, 0.001],
    "knife-edge": [0.77, 0.78],
    "good-zigzag": [0.25, 0.7],
}
DATA = ["big-data", "units", "mini-batch"]
FIRST = [*LECTURE, "two-wells", *RACES, *DATA]
NAMES = [*FIRST, *RUNS]


def test_core_needs_no_window():
    code = (
        "import gdviz.core.scenarios.library, gdviz.core.descent.trace, gdviz.core.analysis.verdict, sys;"
        "found = {'PySide6', 'pyqtgraph', 'OpenGL', 'av'} & {name.partition('.')[0] for name in sys.modules};"
        "assert not found, found"
    )
    folder = resources().parent
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_shipped_in_the_order_of_the_lecture():
    assert list(shipped()) == NAMES
    assert DEFAULT_SCENARIO in shipped()


@pytest.mark.parametrize("name", NAMES)
def test_every_shipped_scenario_asks_and_says_what_it_proves(name):
    scenario = load_scenario(name)
    assert scenario.title
    assert scenario.question.endswith("?")
    assert scenario.proves.endswith(".")
    assert "\n" not in scenario.title + scenario.question + scenario.proves
    assert scenario.experiment.precision is Precision.FLOAT32
    assert name in RUNS or scenario.experiment.optimizer.name == "gd"


@pytest.mark.parametrize("name", [*LECTURE, *RACES])
def test_the_scenarios_of_the_lecture_are_on_its_data(name):
    experiment = load_scenario(name).experiment
    # Equal to the generated data: bit for bit, and with their true line.
    assert experiment.problem.data == generate(DataSettings())
    assert experiment.start == (0.0, -1.0)


@pytest.mark.parametrize("name", ONE_RATE)
def test_the_first_scenarios_have_one_rate_and_200_steps(name):
    experiment = load_scenario(name).experiment
    assert experiment.steps == 200
    rate = {"point-nine": 0.9, "one": 1.0, "ten": 10.0, "too-timid": 1e-4, "just-right": 0.1, "best": 0.7369342776}[
        name
    ]
    assert isinstance(experiment.schedule, Constant)
    assert experiment.schedule.learning_rate == pytest.approx(rate, rel=1e-9)


@pytest.mark.parametrize(
    ("name", "kind", "events"),
    [
        ("point-nine", Kind.DIVERGING, (150, None, (None, None), (None, None))),
        ("one", Kind.DIVERGING, (92, 194, (194, 193), (195, 194))),
        ("ten", Kind.DIVERGING, (13, 29, (28, 28), (29, 29))),
        ("too-timid", Kind.SLOW, (None, None, (None, None), (None, None))),
        ("just-right", Kind.SLOW, (None, None, (None, None), (None, None))),
        ("best", Kind.CONVERGED, (None, None, (None, None), (None, None))),
        ("more-steps", Kind.DIVERGING, (150, 317, (317, 316), (318, 317))),
        ("rescue", Kind.CONVERGED, (None, None, (None, None), (None, None))),
        ("range-test", Kind.RANGE_TEST, (None, None, (None, None), (None, None))),
        ("two-wells", Kind.CONVERGED, (None, None, (None, None), (None, None))),
    ],
)
def test_shipped_scenarios_show_what_they_say(name, kind, events):
    recording = record(load_scenario(name).experiment)
    found = recording.milestones
    assert (found.infinite_loss, found.nan_loss, found.infinite, found.nan) == events
    assert judge(recording).kind is kind


@pytest.mark.parametrize("name", RACES)
def test_runs_side_by_side_differ_in_nothing_but_the_rate(name):
    scenario = load_scenario(name)
    runs = [scenario.experiment, *scenario.others]
    assert [run.schedule.learning_rate for run in runs] == RACES[name]
    assert all(run == runs[0].with_learning_rate(rate) for run, rate in zip(runs, RACES[name], strict=True))


@pytest.mark.parametrize("name", [name for name in FIRST if name not in (*RACES, "mini-batch")])
def test_the_other_scenarios_have_one_run(name):
    assert load_scenario(name).others == ()


def raced(name):
    scenario = load_scenario(name)
    return [record(experiment) for experiment in (scenario.experiment, *scenario.others)]


def test_sentences_of_the_race():
    timid, small, good, large = raced("race")
    # "0.01 still has a loss of 0.0167 and 0.1 one of 0.0002", "0.7 has reached the minimum"
    assert round(float(timid.losses[-1]), 4) == 0.0167
    assert round(float(small.losses[-1]), 4) == 0.0002
    assert [judge(run).kind for run in (timid, small, good)] == [Kind.SLOW, Kind.SLOW, Kind.CONVERGED]
    # "0.9 ... has no finite loss from step 150 on"
    assert large.milestones.infinite_loss == 150
    assert not np.isfinite(large.losses[150:]).any()


def test_sentences_of_the_trade():
    # "the loss is below 0.01 after 39 steps at 0.1, after 391 at 0.01 and after 3,907 at 0.001"
    runs = raced("the-trade")
    assert [int((run.losses < 0.01).argmax()) for run in runs] == [39, 391, 3907]
    assert all((np.diff(run.losses[: first + 1]) < 0).all() for run, first in zip(runs, (39, 391, 3907), strict=True))


def test_sentences_of_the_knife_edge():
    below, above = raced("knife-edge")
    assert curvature(LinearRegression(), (0.0, 0.0)).largest == pytest.approx(2 / 0.7755, rel=1e-4)
    # "At 0.77 the loss falls at every step, to 0.0083 ...; at 0.78 it grows at every step, to 253"
    assert (np.diff(below.losses) < 0).all()
    assert (np.diff(above.losses) > 0).all()
    assert round(float(below.losses[-1]), 4) == 0.0083
    assert round(float(above.losses[-1])) == 253
    # "Both jump across the valley"
    for run in (below, above):
        steep = run.points[:50].astype(float) @ steepest()
        assert (np.diff(np.sign(steep - minimum() @ steepest())) != 0).all()


def test_sentences_of_the_good_zigzag():
    straight, zigzag = raced("good-zigzag")
    away = [np.linalg.norm(run.points.astype(float) - minimum(), axis=1) for run in (straight, zigzag)]
    # "0.7 is within 0.01 of the minimum after 43 steps, 0.25 after 122"
    assert [int((distance < 0.01).argmax()) for distance in away] == [122, 43]
    # "0.25 walks straight down, 0.7 jumps to and fro": along the steep direction one never changes its side
    misses = [(run.points[:15].astype(float) - minimum()) @ steepest() for run in (straight, zigzag)]
    assert (np.diff(np.sign(misses[0])) == 0).all()
    assert (np.diff(np.sign(misses[1])) != 0).all()
    # "each miss is smaller than the one before, here by a fifth"
    np.testing.assert_allclose(np.abs(misses[1][1:] / misses[1][:-1]), 0.8, atol=0.01)


def limit(problem):
    return 2 / curvature(problem, (0.0, 0.0)).largest


def test_sentences_of_big_data():
    experiment = load_scenario("big-data").experiment
    assert experiment.problem.data == generate(DataSettings(rows=100_000, noise=0.1))
    assert judge(record(experiment)).kind is Kind.CONVERGED
    # "0.7755 with 100 rows, 0.7899 with 10,000, 0.7889 with 10,000,000"
    known = {rows: LinearRegression(generate(DataSettings(rows=rows, noise=0.1))) for rows in (100, 10_000)}
    assert [round(limit(problem), 4) for problem in known.values()] == [0.7755, 0.7899]
    # Of ten million uniform numbers the means of x and of x^2 are 1/2 and 1/3, to about a ten-thousandth.
    endless = 2 / np.linalg.eigvalsh(2 * np.array([[1 / 3, 1 / 2], [1 / 2, 1]]))[-1]
    assert round(endless, 4) == 0.7889
    assert limit(experiment.problem) == pytest.approx(endless, rel=1e-3)
    # "The sum of squares divides it by their number: with 10,000,000 rows 0.000000079 is left"
    assert round(endless / 1e7, 9) == 0.000000079
    summed = replace(experiment.problem, reduction="sum")
    assert limit(summed) == pytest.approx(limit(experiment.problem) / 100_000, rel=1e-12)
    # "Mini-batches ... stay at a noise floor above the minimum"
    assert judge(record(replace(experiment, batch_size=1, steps=1000))).kind is Kind.SETTLED


def test_sentences_of_the_units():
    experiment = load_scenario("units").experiment
    settings = DataSettings(x_range=(0.0, 10.0))
    assert experiment.problem.data == generate(settings)
    # x is ten times that of the lecture
    np.testing.assert_allclose(experiment.problem.data.x, 10 * generate(DataSettings()).x, rtol=1e-6)
    # "it is 0.0274 instead of 0.7755, and at 0.1 no loss is finite from step 23 on"
    assert (round(limit(experiment.problem), 4), round(limit(LinearRegression()), 4)) == (0.0274, 0.7755)
    recording = record(experiment)
    assert (experiment.schedule, recording.milestones.infinite_loss) == (Constant(0.1), 23)
    assert not np.isfinite(recording.losses[23:]).any()
    # "Standardised, x has a limit of 1.0 in every unit: there 0.1 converges, and 0.5 is at the minimum after one step"
    standardised = LinearRegression(generate(replace(settings, standardised=True)))
    assert limit(standardised) == pytest.approx(1.0, abs=1e-6)
    assert judge(record(replace(experiment, problem=standardised))).kind is Kind.CONVERGED
    half = record(replace(experiment, problem=standardised, schedule=Constant(0.5)))
    assert half.points[1] == pytest.approx(standardised.minima[0], abs=1e-6)


def test_sentences_of_the_mini_batch():
    scenario = load_scenario("mini-batch")
    experiment = scenario.experiment
    assert scenario.others == (experiment.with_learning_rate(0.5),)
    assert experiment.problem.data == generate(DataSettings(noise=0.1))
    assert (experiment.batch_size, experiment.schedule) == (1, Constant(0.1))
    lowest = minimum_loss(experiment.problem)

    def height(recording):
        return float(recording.losses[-1000:].astype(np.float64).mean()) - lowest

    # "Neither run arrives: over the last 1,000 steps the loss is 0.026 above the minimum on average at 0.5, and 0.0014
    # at 0.1"
    small, large = raced("mini-batch")
    assert [judge(run).kind for run in (large, small)] == [Kind.SETTLED, Kind.SETTLED]
    assert (round(height(large), 3), round(height(small), 4)) == (0.026, 0.0014)
    # The formula of the noise floor is true of small rates.
    seeds = [record(replace(experiment, seed=seed)) for seed in range(4)]
    assert np.mean([height(run) for run in seeds]) == pytest.approx(noise_floor(experiment), rel=0.1)
    # "only a smaller rate or a larger batch lowers it"
    assert height(record(replace(scenario.others[0], batch_size=10))) < 0.15 * height(large)


def minimum():
    return np.array(LinearRegression().minima[0])


def steepest():
    """The direction of the largest curvature."""
    return np.linalg.eigh(LinearRegression().hessian((0.0, 0.0)))[1][:, 1]


def test_sentences_of_the_shipped_scenarios():
    runs = {name: record(load_scenario(name).experiment) for name in LECTURE}
    # "every step jumps across the valley and lands higher than it started"
    losses = runs["point-nine"].losses[:150]
    assert (np.diff(losses) > 0).all()
    # "gets almost nowhere": from a distance of 1.5 to one of 1.44
    minimum = np.array([0.0949673, 0.5035567])
    distance = np.linalg.norm(runs["too-timid"].points.astype(float) - minimum, axis=1)
    assert (np.diff(distance) < 0).all()
    assert distance[-1] > 0.95 * distance[0]
    # "the weight is still 0.1325 where the minimum is at 0.0950"
    assert float(runs["just-right"].points[-1, 0]) == pytest.approx(0.1325, abs=5e-5)
    assert runs["just-right"].experiment.problem.minima[0] == pytest.approx(minimum, abs=1e-6)
    # "the minimum is reached within 200 steps"
    assert runs["best"].points[-1] == pytest.approx(minimum, abs=1e-6)
    # "The best loss of the whole run is its first", "from step 150 on the loss is infinite"
    losses = runs["more-steps"].losses
    assert len(losses) == 2001
    assert np.nanmin(losses[1:]) > losses[0]
    # "at step 20 the loss is 165,000, and 20 steps with a rate below the limit bring it down to 0.0001"
    losses = runs["rescue"].losses
    assert round(float(losses[20]), -3) == 165_000
    assert losses[40] == pytest.approx(0.0001, rel=0.1)
    assert runs["rescue"].experiment.schedule == PiecewiseConstant(Constant(0.9), ((20, 0.5),))


def test_sentences_of_the_scenarios_with_a_choice_of_rates():
    # "The loss is lowest at 1.68, which is beyond the limit of 0.7755 already, and a tenth of that, 0.168"
    sweep = record(load_scenario("range-test").experiment)
    found = suggestions(curve(sweep, sweep.last_step), sweep.experiment)
    assert sweep.experiment.schedule == RangeTest(1e-4, 10.0, 200)
    assert [round(found[name], digits) for name, digits in (("minimum", 2), ("tenth", 3), ("limit", 4))] == [
        1.68,
        0.168,
        0.7755,
    ]
    # "At 0.10 it ends at w = 0.960, at 0.11 at w = -1.036 ... and 0.25 finds none"
    wells = load_scenario("two-wells").experiment
    ends = [float(record(wells.with_learning_rate(rate)).points[-1, 0]) for rate in (0.10, 0.11, 0.25)]
    assert ends[:2] == [pytest.approx(0.960, abs=5e-4), pytest.approx(-1.036, abs=5e-4)]
    assert np.isnan(ends[2])


def test_load_from_a_file(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('title = "Mine"\nproblem = "himmelblau"\n[schedule]\nlearning_rate = 0.01\n')
    assert load_scenario(str(path)).title == "Mine"
    plain = tmp_path / "mine"
    path.rename(plain)
    assert load_scenario(str(plain)).title == "Mine"


def test_load_data(tmp_path):
    path = tmp_path / "heights.csv"
    path.write_text("x,y\n0,1\n1,3\n2,4\n")
    scenario = load_scenario(str(path))
    assert scenario.title == "heights"
    assert scenario.experiment.problem.data.y.tolist() == [1.0, 3.0, 4.0]
    assert judge(record(scenario.experiment)).kind is Kind.CONVERGED
    with pytest.raises(InputError, match=r"missing\.csv: cannot be read"):
        load_scenario(str(tmp_path / "missing.csv"))


@pytest.mark.parametrize("rows", ["100,1\n", "100,1\n100,3\n"])
def test_load_data_without_a_best_rate(tmp_path, rows):
    path = tmp_path / "flat.csv"
    path.write_text("x,y\n" + rows)
    recording = record(load_scenario(str(path)).experiment)
    assert judge(recording).kind is Kind.CONVERGED


def test_what_is_neither_a_name_nor_a_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("point-ten", "a\0b"):
        with pytest.raises(InputError, match=r"use one of point-nine, one, .* or a file: a scenario \(\.toml\) or a "):
            load_scenario(name)
    with pytest.raises(
        InputError, match=r"^there is no scenario 'aaa.*….*: a scenario \(\.toml\) or a table \(\.csv, "
    ):
        load_scenario("a" * 5000)
    with pytest.raises(InputError, match=r"missing\.toml: cannot be read: No such file"):
        load_scenario("missing.toml")


def test_resources_inside_an_installed_package(tmp_path, monkeypatch):
    package = tmp_path / "site-packages" / "gdviz"
    (package / "core" / "scenarios").mkdir(parents=True)
    monkeypatch.setattr(library, "__file__", str(package / "core" / "scenarios" / "library.py"))
    assert resources() == tmp_path / "site-packages" / "resources"
    (package / "resources" / "scenarios").mkdir(parents=True)
    assert resources() == package / "resources"
    assert shipped() == {}
    original = tmp_path / "later.toml"
    original.write_text("")
    for name in ("zebra", "ten", "best", "apple"):
        shutil.copy(original, package / "resources" / "scenarios" / f"{name}.toml")
    assert list(shipped()) == ["ten", "best", "apple", "zebra"]


def test_what_the_scenarios_say_is_read_without_their_data(monkeypatch):
    monkeypatch.setattr(conversion, "generate", None)
    announcements.cache_clear()
    said = announcements()
    monkeypatch.undo()
    assert list(said) == list(shipped())
    for name, announcement in said.items():
        loaded = load_scenario(name)
        assert announcement == ScenarioSummary(loaded.title, loaded.question, loaded.proves)


@pytest.mark.parametrize("factor", [1e-6, 1.0, 3.0, 1e5])
def test_own_data_begin_at_an_inverse_of_the_curvature_rounded_down(tmp_path, factor):
    path = tmp_path / "sizes.csv"
    path.write_text("size,price\n" + "".join(f"{factor * x},{2 * x + 1}\n" for x in (1.0, 2.0, 4.0)))
    experiment = load_scenario(str(path)).experiment
    rate, largest = experiment.schedule.base_rate, curvature(experiment.problem, (0.0, 0.0)).largest
    assert 0.9 / largest < rate <= (1.0 + 1e-9) / largest
    assert float(f"{rate:.1e}") == rate
