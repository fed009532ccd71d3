"""Schedules in scenario files: what is written is read again as it was, and what is wrong is told in one line."""

from dataclasses import replace

import pytest

from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.optimizers import Momentum
from gdviz.core.descent.schedules import Constant
from gdviz.core.errors import InputError
from gdviz.core.problems.surfaces import Himmelblau
from gdviz.core.scenarios.scenario import Scenario, read_scenario, write_scenario
from tests.core.scenarios.scenario_files import schedule, write
from tests.seams import Cycle, Plateau

pytestmark = pytest.mark.usefixtures("further_schedules")

BASE = Experiment(Himmelblau(), schedule=Plateau(0.01, 0.25, 7), start=(0.0, 0.0))
RUNS = [
    replace(BASE, schedule=Plateau(0.02, 0.25, 7)),
    replace(BASE, schedule=Plateau(0.01, 0.125, 7)),
    replace(BASE, schedule=Constant(0.03)),
    replace(BASE, schedule=Cycle(0.01, 9), optimizer=Momentum()),
    BASE.with_learning_rate(0.005, 20),
]


@pytest.mark.parametrize("own", [*RUNS, BASE], ids=lambda run: str(run.schedule)[:30])
def test_what_is_written_is_read_again(tmp_path, own):
    scenario = Scenario("T", own)
    write_scenario(scenario, tmp_path / "a.toml")
    assert read_scenario(tmp_path / "a.toml") == scenario


@pytest.mark.parametrize("own", [BASE, RUNS[2]], ids=["plateau", "constant"])
def test_runs_beside_one_another_have_schedules_of_their_own(tmp_path, own):
    others = tuple(run for run in (*RUNS, BASE) if run != own)
    for some in (others[:3], others[3:]):
        scenario = Scenario("T", own, others=some)
        write_scenario(scenario, tmp_path / "a.toml")
        assert read_scenario(tmp_path / "a.toml") == scenario


def test_it_is_written_by_its_name_and_settings(tmp_path):
    write_scenario(Scenario("T", BASE, others=(RUNS[1],)), tmp_path / "a.toml")
    text = (tmp_path / "a.toml").read_text()
    assert '[schedule]\nlearning_rate = 0.01\nname = "plateau"\nfactor = 0.25\npatience = 7\n' in text
    assert '{ schedule = { name = "plateau", factor = 0.125, patience = 7 } }' in text


def test_what_a_file_leaves_out_has_its_default(tmp_path):
    read = read_scenario(write(tmp_path, schedule('learning_rate = 0.3\nname = "plateau"')))
    assert read.experiment.schedule == Plateau(0.3)
    beside = schedule('learning_rate = 0.3\nname = "plateau"\nfactor = 0.1') + "[[runs]]\nschedule.patience = 9\n"
    assert read_scenario(write(tmp_path, beside)).others[0].schedule == Plateau(0.3, 0.1, 9)


RATE = "learning_rate = 0.1\n"
KEYS = "the keys here are learning_rate, name, changes, and the settings of the schedule"
WRONG = {
    schedule(f'{RATE}name = "linear"'): (
        "schedule.name: there is no 'linear'; use one of constant, range-test, step, "
    ),
    schedule(f"{RATE}name = 3"): "schedule.name: needs one of constant, range-test, step, ",
    schedule(f"{RATE}factr = 3"): f"schedule.factr: there is no such key; {KEYS}",
    schedule(f'{RATE}name = "plateau"\nfactor = "a"'): "schedule.factor: needs a number, found text",
    schedule(f'{RATE}name = "plateau"\npatience = 1.5'): "schedule.patience: needs a whole number, found a decimal",
    schedule(f'{RATE}name = "plateau"\nfactor = inf'): "schedule.factor: inf is not a finite number; use one",
    schedule(f'{RATE}name = "plateau"\nsteps = 3'): "schedule.steps: plateau has no such setting; it has f",
    schedule(f"{RATE}factor = 0.5"): "schedule.factor: constant has no such setting; it has warmup_steps",
    schedule(f'{RATE}name = "plateau"\nnumber = 3'): 'schedule.number: only a range test has this; add name = "range',
    schedule('name = "plateau"'): 'schedule.learning_rate: is missing; give a number, or "best"',
    schedule(f'{RATE}name = "cycle"'): "schedule: cycle sets the momentum; choose an optimizer that has one",
    schedule('name = "range-test"\nfactor = 0.5'): "schedule.factor: range-test has no such setting; it has start",
    schedule(RATE) + "[[runs]]\nschedule = 3\n": "runs, item 1.schedule: needs a table, found a whole number",
    schedule(RATE) + "[[runs]]\nschedule.name = 3\n": "runs, item 1: schedule.name: 3 is not a name; use one such as",
    schedule(RATE) + '[[runs]]\nschedule.name = "x"\n': "runs, item 1: schedule: there is no 'x'; use one of constant,",
    schedule(RATE) + '[[runs]]\nschedule.name = "plateau"\nschedule.patience = "a"\n': (
        "runs, item 1: schedule.patience: 'a' is not a whole number; use one such as 3"
    ),
    schedule(RATE) + "[[runs]]\nschedule.learning_rate = 3\n": (
        "runs, item 1: learning_rate: is a key of the run itself; put it beside the schedule"
    ),
    schedule(RATE) + '[[runs]]\nschedule.name = "range-test"\n': (
        "runs, item 1: schedule.name: a range test stands alone; use another schedule"
    ),
}


@pytest.mark.parametrize(("text", "told"), WRONG.items(), ids=[text.replace("\n", " ")[12:60] for text in WRONG])
def test_what_is_wrong_is_told_in_one_line(tmp_path, text, told):
    with pytest.raises(InputError) as caught:
        read_scenario(write(tmp_path, text))
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_needs_no_rate_for_an_optimizer_that_takes_none(tmp_path):
    (tmp_path / "a.toml").write_text('title = "T"\nproblem = "himmelblau"\n[optimizer]\nname = "newton"\n[schedule]\n')
    assert read_scenario(tmp_path / "a.toml").experiment.schedule == Constant(1.0)
    (tmp_path / "a.toml").write_text('title = "T"\nproblem = "himmelblau"\n[schedule]\n')
    with pytest.raises(InputError, match=r"schedule\.learning_rate: is missing"):
        read_scenario(tmp_path / "a.toml")
