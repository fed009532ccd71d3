"""Scenarios with too many points for their file: the table with its columns and checksum is written instead."""

import os
import tomllib

import numpy as np
import pytest

from gdviz.core.data import data_file
from gdviz.core.data.data_file import read_data_file
from gdviz.core.data.file_dataset import FileDataset
from gdviz.core.data.standardise import standardise
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.schedules import Constant
from gdviz.core.errors import InputError
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.scenarios import conversion
from gdviz.core.scenarios.scenario import Scenario, read_scenario, write_scenario

ROWS = 3_000


@pytest.fixture(autouse=True)
def low_limits(monkeypatch):
    for module, name in ((data_file, "MOST_WRITTEN"), (conversion, "MOST_POINTS")):
        monkeypatch.setattr(module, name, 1_000)


@pytest.fixture(params=["in memory", "in the file"])
def place(request, monkeypatch):
    """Where the rows are."""
    if request.param == "in the file":
        monkeypatch.setattr(data_file, "MOST_IN_MEMORY", 2_000)
    return request.param


@pytest.fixture
def table(tmp_path):
    """A CSV of three columns in a folder within the one where scenarios are saved."""
    path = tmp_path / "data" / "houses, sold.csv"
    path.parent.mkdir()
    write_table(path)
    return path


def write_table(path, seed=3):
    rows = np.random.default_rng(seed).normal(10.0, 2.0, (ROWS, 3)).round(3).tolist()
    path.write_text("size,bed rooms,price\n" + "".join(f"{a},{b},{c}\n" for a, b, c in rows))


def scenario_of(data):
    return Scenario("T", Experiment(LinearRegression(data), schedule=Constant(1e-3), start=(0.0, -1.0)))


@pytest.mark.parametrize("standardised", [False, True])
def test_the_table_is_named_and_read_again(tmp_path, table, place, standardised):
    data = read_data_file(table, ("bed rooms", None))
    assert isinstance(data, FileDataset) == (place == "in the file")
    scenario = scenario_of(standardise(data, True, False) if standardised else data)
    write_scenario(scenario, tmp_path / "a.toml")
    written = tomllib.loads((tmp_path / "a.toml").read_text())["data"]
    assert written["file"] == "data/houses, sold.csv"
    assert written["columns"] == ["bed rooms", "price"]
    assert len(written["checksum"]) == 32
    assert written.get("standardised", False) == standardised
    found = read_scenario(tmp_path / "a.toml")
    assert found == scenario
    assert found.experiment.problem.data.are_standardised == (standardised, False)
    write_scenario(found, tmp_path / "b.toml")
    assert (tmp_path / "b.toml").read_text() == (tmp_path / "a.toml").read_text()


def test_folder_and_scenario_may_move_together(tmp_path, table):
    old, new = tmp_path, tmp_path / "elsewhere"
    write_scenario(scenario_of(read_data_file(table)), old / "a.toml")
    new.mkdir()
    for name in ("data", "a.toml"):
        (old / name).rename(new / name)
    assert read_scenario(new / "a.toml").experiment.problem.data.rows == ROWS


def test_a_table_that_is_not_below_the_scenario_has_its_whole_path(tmp_path, table):
    (tmp_path / "own").mkdir()
    write_scenario(scenario_of(read_data_file(table)), tmp_path / "own" / "a.toml")
    assert tomllib.loads((tmp_path / "own" / "a.toml").read_text())["data"]["file"] == table.as_posix()
    assert read_scenario(tmp_path / "own" / "a.toml").experiment.problem.data.rows == ROWS


def test_a_relative_name_is_taken_from_the_current_folder(tmp_path, table, monkeypatch):
    monkeypatch.chdir(table.parent)
    data = read_data_file(table.relative_to(table.parent))
    write_scenario(scenario_of(data), tmp_path / "a.toml")
    assert read_scenario(tmp_path / "a.toml").experiment.problem.data == data


def told_of(action, *arguments):
    with pytest.raises(InputError) as caught:
        action(*arguments)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_table_that_has_changed_since_it_was_saved(tmp_path, table, place):
    write_scenario(scenario_of(read_data_file(table)), tmp_path / "a.toml")
    os.utime(table, (5, 5))
    assert read_scenario(tmp_path / "a.toml").experiment.problem.data.rows == ROWS  # the content is the same
    write_table(table, seed=4)
    told = told_of(read_scenario, tmp_path / "a.toml")
    assert told.startswith(f"{tmp_path / 'a.toml'}: data.file: {table}: has changed since the scenario was saved")


def test_a_table_that_is_gone(tmp_path, table):
    write_scenario(scenario_of(read_data_file(table)), tmp_path / "a.toml")
    table.unlink()
    assert f"data.file: {table}: cannot be read: No such file" in told_of(read_scenario, tmp_path / "a.toml")


def test_a_table_that_has_changed_or_is_gone_is_not_saved(tmp_path, table, place):
    scenario = scenario_of(read_data_file(table))
    write_table(table, seed=4)
    assert f"{table}: has changed since it was opened; open it again" in told_of(
        write_scenario, scenario, tmp_path / "a.toml"
    )
    table.unlink()
    assert "No such file or directory; put the file back" in told_of(write_scenario, scenario, tmp_path / "a.toml")
    assert not (tmp_path / "a.toml").exists()


def test_few_rows_of_a_table_are_written_as_points(tmp_path, table, monkeypatch):
    monkeypatch.setattr(conversion, "MOST_POINTS", ROWS)
    data = read_data_file(table)
    write_scenario(scenario_of(data), tmp_path / "a.toml")
    table.unlink()
    assert read_scenario(tmp_path / "a.toml").experiment.problem.data == data


def test_a_seed_says_nothing_of_rows_that_stay_in_their_file(tmp_path, table, monkeypatch):
    monkeypatch.setattr(data_file, "MOST_IN_MEMORY", 2_000)
    text = f'title = "T"\n[schedule]\nlearning_rate = 1\n[data]\nfile = "{table.as_posix()}"\nseed = 3\n'
    (tmp_path / "a.toml").write_text(text)
    assert "data.seed: 3,000 rows that stay in their file are not generated" in told_of(
        read_scenario, tmp_path / "a.toml"
    )
