"""A session on data that stay in their file: what happens when that changes, and what undo keeps of them."""

import time
from dataclasses import replace

import duckdb
import pytest

from gdviz.core.data import data_file
from gdviz.core.data.data_file import read_data_file
from gdviz.core.data.settings import DataSettings
from gdviz.core.scenarios.library import scenario_of_data
from gdviz.core.tables import large
from gdviz.core.tables.large import LargePairs
from gdviz.session import edits
from gdviz.session.compact import compact, stored_datasets
from gdviz.session.runner import Runner


@pytest.fixture
def data(tmp_path, monkeypatch):
    """12,000 rows that stay in a Parquet file."""
    monkeypatch.setattr(data_file, "MOST_IN_MEMORY", 10_000)
    path = tmp_path / "houses.parquet"
    with duckdb.connect() as connection:
        rows = "SELECT r % 100 AS size, 2.0 * (r % 100) + r % 7 AS price FROM range(12_000) rows(r)"
        connection.execute(f"COPY ({rows}) TO '{path}' (FORMAT parquet)")
    return read_data_file(path)


def test_batches_of_a_file_that_is_gone_are_refused_in_one_line(drive, data):
    driven = drive(scenario_of_data(data))
    driven.finish()
    data.reading.file.unlink()
    driven.session.apply(edits.change, batch_size=32)
    driven.finish()
    assert not driven.failures
    assert driven.notices[-1].endswith("cannot be read: No such file or directory; put the file back, or open"
                                       " other data")  # fmt: skip
    assert "\n" not in driven.notices[-1]
    # All rows at once need no file.
    driven.session.undo()
    driven.finish()
    assert driven.session.runs.live.is_complete


def test_a_file_that_goes_during_a_run_does_not_end_it(drive, data):
    driven = drive(scenario_of_data(data))
    driven.session.apply(edits.change, batch_size=32)
    driven.finish()
    data.reading.file.unlink()
    driven.session.apply(edits.change, batch_size=16)
    driven.finish()
    assert driven.session.runs.live.is_complete
    assert not driven.failures


def test_undo_keeps_no_rows_and_brings_the_same_data_back(drive, data):
    driven = drive(scenario_of_data(data))
    driven.finish()
    kept = stored_datasets(compact(driven.session.state))
    assert sum(column.nbytes for points in kept for column in points.columns) == 0
    driven.session.set_data(DataSettings(rows=50))
    driven.finish()
    driven.session.undo()
    driven.finish()
    assert driven.session.state.experiment.problem.data == data
    assert driven.session.state.experiment.problem.data.pairs is data.pairs


def test_a_run_that_is_stopped_before_its_rows_are_there(data, monkeypatch):
    monkeypatch.setattr(large, "ROWS_AT_A_TIME", 100)
    runner = Runner()
    experiment = replace(scenario_of_data(data).experiment, batch_size=4)
    monkeypatch.setattr(LargePairs, "_rows_of", slowed(LargePairs._rows_of))
    runner.start(experiment)
    began = time.perf_counter()
    runner.stop()
    assert time.perf_counter() - began < 2.0  # all of it would take twelve
    assert (runner.channel.error, runner.channel.refusal, runner.channel.drain()) == (None, None, [])


def slowed(function):
    def slow(*arguments):
        time.sleep(0.1)
        return function(*arguments)

    return slow
