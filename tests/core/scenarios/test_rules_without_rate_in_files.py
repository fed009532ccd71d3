"""Scenario files of rules that take no learning rate: none is needed, none is written, and runs beside keep theirs."""

from dataclasses import replace

import pytest

from gdviz.core.descent.experiment import OWN_STEPS
from gdviz.core.descent.optimizers import make_optimizer
from gdviz.core.descent.schedules import Constant, make_schedule
from gdviz.core.errors import InputError
from gdviz.core.scenarios.library import load_scenario
from gdviz.core.scenarios.scenario import Scenario, read_scenario, write_scenario
from tests.core.scenarios.scenario_files import write
from tests.recordings import lecture
from tests.seams import WITHOUT_RATE

NAMES = [kind.name for kind in WITHOUT_RATE]
BESIDE = [
    lecture(1.0),
    lecture(0.3),
    lecture(1.0, schedule=make_schedule("cosine", 1.0, {"t_max": 200})),
    lecture(0.2, schedule=make_schedule("constant", 0.2, {"warmup_steps": 5})),
    lecture(0.2).with_learning_rate(0.1, 7),
]


def of(name):
    return lecture(1.0, optimizer=make_optimizer(name, {}))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("table", ["", "[schedule]\nlearning_rate = 1.0\n", '[schedule]\nname = "constant"\n'])
def test_a_file_needs_no_schedule(tmp_path, name, table):
    text = f'title = "T"\n{table}[optimizer]\nname = "{name}"\n'
    found = read_scenario(write(tmp_path, text)).experiment
    assert (found.optimizer, found.schedule) == (make_optimizer(name, {}), OWN_STEPS)


@pytest.mark.parametrize("name", NAMES)
def test_another_rate_is_refused_with_what_to_do(tmp_path, name):
    text = f'title = "T"\n[schedule]\nlearning_rate = 0.5\n[optimizer]\nname = "{name}"\n'
    with pytest.raises(InputError, match=rf"learning_rate: {name} sets its own step length; leave the rate out"):
        read_scenario(write(tmp_path, text))


@pytest.mark.parametrize("name", NAMES)
def test_no_rate_is_written_and_what_is_written_is_read_again(tmp_path, name):
    for others in ((), (replace(of(name), start=(1.0, 1.0)),)):
        scenario = Scenario("T", of(name), others=others)
        write_scenario(scenario, tmp_path / "a.toml")
        text = (tmp_path / "a.toml").read_text()
        assert "schedule" not in text
        assert "learning_rate" not in text
        assert read_scenario(tmp_path / "a.toml") == scenario


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("beside", BESIDE, ids=lambda run: str(run.schedule)[:30])
def test_runs_beside_it_keep_their_rates_and_it_beside_them(tmp_path, name, beside):
    for scenario in (Scenario("T", of(name), others=(beside,)), Scenario("T", beside, others=(of(name),))):
        write_scenario(scenario, tmp_path / "a.toml")
        assert read_scenario(tmp_path / "a.toml") == scenario


@pytest.mark.parametrize("name", ["newton", "line-search"])
def test_the_scenarios_give_no_rate_where_there_is_none(tmp_path, name):
    write_scenario(load_scenario(name), tmp_path / "a.toml")
    assert "learning_rate = 1.0" not in (tmp_path / "a.toml").read_text()
    assert load_scenario(str(tmp_path / "a.toml")).others == load_scenario(name).others


def test_a_rate_of_1_beside_newton_is_no_other_rate(tmp_path):
    text = 'title = "T"\n[optimizer]\nname = "newton"\n[[runs]]\nlearning_rate = 1.0\noptimizer.name = "gd"\n'
    assert read_scenario(write(tmp_path, text)).others[0].schedule == Constant(1.0)
