"""Data that stay in their file are those of the same table in memory: sums, rows, counts, and what is said of them."""

import gc
import os
import pickle
import threading
from pathlib import Path

import duckdb
import numpy as np
import pytest

from gdviz.core.data import data_file, file_dataset
from gdviz.core.data.data_file import read_data_file
from gdviz.core.data.dataset import Dataset
from gdviz.core.data.file_dataset import FileDataset
from gdviz.core.data.standardise import standardise
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant
from gdviz.core.errors import InputError
from gdviz.core.long_work import between_pieces
from gdviz.core.precision import Precision
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.tables import large, row_file
from gdviz.panes.data.density import summary
from gdviz.presentation.data_notes import data_notes

ROWS = 30_000
KINDS = ("parquet", "gaps.parquet", "text.parquet", "csv")
FIELDS = (
    "weight",
    "bias",
    "minimum",
    "mean",
    "variance",
    "mean_square",
    "third",
    "fourth",
    "error_first",
    "error_second",
)


@pytest.fixture(autouse=True)
def low_limit(monkeypatch):
    monkeypatch.setattr(data_file, "MOST_IN_MEMORY", 10_000)
    monkeypatch.setattr(large, "ROWS_AT_A_TIME", 4_096)


@pytest.fixture
def columns():
    """x, y of a table whose x is skewed, so that all moments differ from 0."""
    drawn = np.random.default_rng(8)
    x = 2000.0 + 700.0 * drawn.gamma(2.0, size=ROWS)
    return x, 150.0 * x + drawn.normal(0.0, 1.0 + 0.01 * x, ROWS)


@pytest.fixture
def write(tmp_path):
    """A function that writes a table of one of KINDS; "gaps" have rows without a value, also one without any."""

    def written(kind, x, y):
        path = tmp_path / f"houses {kind}"
        cells = {"parquet": ("x", "y"), "text.parquet": ("x::VARCHAR", "y::VARCHAR"), "csv": ("x", "y")}
        size, price = cells.get(kind, ("x", "y"))
        if kind == "gaps.parquet":
            size, price = (
                "CASE WHEN r % 7 = 3 THEN NULL ELSE x END",
                "CASE WHEN r % 21 = 3 THEN 'nan'::DOUBLE ELSE y END",
            )
        ending = "csv" if kind == "csv" else "parquet"
        with duckdb.connect() as connection:
            connection.register("pairs", {"x": x, "y": y, "r": np.arange(x.size)})
            query = f"SELECT {size} AS size, {price} AS price FROM pairs ORDER BY r"
            connection.execute(f"COPY ({query}) TO '{path}' (FORMAT {ending})")
        return path

    return written


@pytest.fixture
def both(write, columns, monkeypatch):
    """A function from a kind of table to its data from the file, and in memory."""

    def read(kind, x=None, y=None):
        path = write(kind, *(columns if x is None else (x, y)))
        found = read_data_file(path)
        with monkeypatch.context() as patched:
            patched.setattr(data_file, "MOST_IN_MEMORY", 10**9)
            known = read_data_file(path)
        assert isinstance(found, FileDataset)
        assert type(known) is Dataset
        return found, known

    return read


def exact_fit(x, y):
    """The fields of a fit in long double."""
    x, y = x.astype(np.longdouble), y.astype(np.longdouble)
    mean, y_mean = x.mean(), y.mean()
    d, e = x - mean, y - y_mean
    variance = (d * d).mean()
    weight = (d * e).mean() / variance
    squares = (weight * d - e) ** 2
    moments = squares.mean(), mean, variance, (x * x).mean(), (d**3).mean(), (d**4).mean()
    return weight, y_mean - weight * mean, *moments, (squares * d).mean(), (squares * d * d).mean()


@pytest.mark.parametrize("kind", KINDS)
def test_the_sums_are_those_of_long_double(both, kind):
    found, known = both(kind)
    assert found.rows == known.rows == found.fit.rows
    assert found.reading.left_out == known.reading.left_out == (0 if kind != "gaps.parquet" else 2857)
    expected = exact_fit(known.x, known.y)
    for name, value in zip(FIELDS, expected, strict=True):
        # The intercept has as many digits behind the point as y.
        room = 1e-12 * float(known.y.mean()) if name == "bias" else 0.0
        assert getattr(found.fit, name) == pytest.approx(float(value), rel=1e-12, abs=room), name


def test_ten_digits_where_x_is_far_from_zero(both):
    drawn = np.random.default_rng(1)
    x = 1e9 + drawn.uniform(-10.0, 10.0, ROWS)
    y = 3.0 * (x - 1e9) + drawn.normal(0.0, 0.5, ROWS)
    found, known = both("parquet", x, y)
    expected = dict(zip(FIELDS, exact_fit(known.x, known.y), strict=True))
    for name in ("weight", "bias", "minimum", "mean", "variance", "mean_square", "fourth", "error_second"):
        assert getattr(found.fit, name) == pytest.approx(float(expected[name]), rel=1e-10), name
    scale = float(expected["variance"]) ** 0.5
    assert found.fit.third == pytest.approx(float(expected["third"]), abs=1e-7 * scale**3)
    assert found.fit.error_first == pytest.approx(float(expected["error_first"]), abs=1e-7 * scale * found.fit.minimum)


def test_x_that_is_the_same_in_every_row(both):
    found, known = both("parquet", np.full(ROWS, 3.5), np.random.default_rng(2).normal(2.0, 1.0, ROWS))
    assert found.fit.variance == 0.0
    for name in ("weight", "bias", "minimum"):
        assert getattr(found.fit, name) == pytest.approx(getattr(known.fit, name), rel=1e-9), name
    with pytest.raises(InputError, match="size is the same in every row and cannot be standardised"):
        standardise(found, True, False)


@pytest.mark.parametrize("kind", KINDS)
def test_any_rows_are_those_in_memory(both, kind):
    found, known = both(kind)
    rows = np.random.default_rng(3).integers(found.rows, size=(17, 5))
    for asked in (rows, np.array([0]), slice(0), slice(None, None, 97), slice(5, 20), slice(-3, None)):
        for got, expected in zip(found.at(asked), known.at(asked), strict=True):
            np.testing.assert_array_equal(got, expected)
            assert got.shape == expected.shape


def test_rows_of_a_file_too_large_to_be_mapped(both, monkeypatch):
    monkeypatch.setattr(row_file, "MOST_MAPPED", 0)
    found, known = both("parquet")
    rows = np.random.default_rng(3).integers(found.rows, size=(17, 5))
    for got, expected in zip(found.at(rows), known.at(rows), strict=True):
        np.testing.assert_array_equal(got, expected)


@pytest.mark.parametrize("precision", Precision)
def test_mini_batches_give_the_same_recording(both, precision):
    recordings = []
    for data in both("gaps.parquet"):
        problem = LinearRegression(data)
        run = Experiment(
            problem, schedule=Constant(1e-9), start=(0.0, 0.0), steps=50, precision=precision, batch_size=32
        )
        recordings.append(record(run))
    np.testing.assert_array_equal(recordings[0].gradients, recordings[1].gradients)
    np.testing.assert_array_equal(recordings[0].points, recordings[1].points)
    np.testing.assert_allclose(recordings[0].losses, recordings[1].losses, rtol=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_density_and_histograms_are_those_in_memory(both, kind):
    found, known = (summary(data) for data in both(kind))
    assert (found.x, found.y) == (known.x, known.y)
    assert (found.density.x_range, found.density.y_range) == (known.density.x_range, known.density.y_range)
    np.testing.assert_array_equal(found.density.counts, known.density.counts)
    assert [histogram.title for histogram in found.histograms] == ["size", "price"]
    for got, expected in zip(found.histograms, known.histograms, strict=True):
        np.testing.assert_array_equal(got.counts, expected.counts)
        np.testing.assert_array_equal(got.edges, expected.edges)


def test_the_density_of_data_far_from_zero_has_many_cells(both):
    x, y = np.random.default_rng(1).normal(size=(2, ROWS))
    found, known = both("parquet", 1e9 + x, y)
    counts = summary(found).density.counts
    np.testing.assert_array_equal(counts, summary(known).density.counts)
    assert np.count_nonzero(counts.sum(axis=0)) > 50
    scaled = summary(standardise(found, True, False))
    assert scaled.density.x_range == scaled.x


def test_values_on_the_edges_are_counted_as_numpy_does(both):
    x = np.tile(np.linspace(0.1, 0.7, 31), ROWS // 31 + 1)[:ROWS]
    found, known = (summary(data) for data in both("parquet", x, np.tile([0.0, 0.1, 0.3], ROWS // 3)))
    for got, expected in zip(found.histograms, known.histograms, strict=True):
        np.testing.assert_array_equal(got.counts, expected.counts)
    np.testing.assert_array_equal(found.density.counts, known.density.counts)


def test_standardised_without_reading_the_rows_again(both, monkeypatch):
    found, known = both("parquet")
    assert summary(found).density is not None
    monkeypatch.setattr(large, "open_database", None)  # nothing is asked any more
    measured, expected = standardise(found, True, False), standardise(known, True, False)
    assert measured.are_standardised == (True, False)
    assert measured != found
    for name in FIELDS:
        assert getattr(measured.fit, name) == pytest.approx(getattr(expected.fit, name), rel=1e-9, abs=1e-9), name
    np.testing.assert_allclose(summary(measured).x, summary(expected).x, rtol=1e-9)
    np.testing.assert_allclose(summary(measured).density.counts.sum(), ROWS)
    assert np.abs(summary(measured).density.counts - summary(expected).density.counts).sum() <= 20
    assert standardise(measured, True, False) == measured
    for both in (standardise(found, True, True), standardise(measured, False, True)):
        expected = standardise(known, *both.are_standardised)
        for name in FIELDS:
            assert getattr(both.fit, name) == pytest.approx(getattr(expected.fit, name), rel=1e-9, abs=1e-9), name
        assert both.in_own_units(*LinearRegression(both).minima[0]) == pytest.approx((found.fit.weight, found.fit.bias))
    assert standardise(measured, False, False) == found
    assert standardise(found, False, False) is found


def test_a_column_with_mean_0_and_deviation_1_can_be_standardised(both):
    for data in both("parquet", np.tile([-1.0, 1.0], ROWS // 2), np.arange(ROWS) * 1.0):
        scaled = standardise(data, True, False)
        assert scaled.are_standardised == (True, False)
        assert scaled.fit == data.fit
        assert standardise(scaled, False, False).are_standardised == (False, False)


def test_what_was_found_out_is_kept_with_the_file(both, monkeypatch):
    found, _ = both("parquet")
    monkeypatch.setattr(large, "open_database", None)
    assert standardise(found, True, True).distinct_x[::2] == (ROWS, ROWS)


def test_standardised_rows(both):
    found, known = (standardise(data, True, False) for data in both("gaps.parquet"))
    rows = np.arange(0, found.rows, 13)
    np.testing.assert_allclose(found.at(rows)[0], known.at(rows)[0], rtol=1e-9, atol=1e-12)
    np.testing.assert_array_equal(found.at(rows)[1], known.at(rows)[1])


def test_data_are_equal_by_file_and_columns(both, write, columns):
    found, known = both("parquet")
    again = read_data_file(found.reading.file)
    assert again == found
    assert hash(again) == hash(found)
    assert found != known
    assert read_data_file(found.reading.file, ("price", "size")) != found
    assert read_data_file(write("text.parquet", *columns)) != found


def test_nothing_of_them_is_kept_in_memory(both):
    found, _ = both("parquet")
    assert found.columns == ()
    with pytest.raises(AttributeError):
        _ = found.x


def test_what_is_said_of_time_stamps_names_the_rows_that_were_looked_at(both, monkeypatch):
    monkeypatch.setattr(file_dataset, "FIRST_ROWS", 5_000)
    found, known = both("parquet", 1_700_000_000.0 + 60.0 * np.arange(ROWS), np.arange(ROWS) * 1.0)
    run = Experiment(LinearRegression(found), schedule=Constant(1e-20))
    (note,) = data_notes(run)
    assert "of 5,000 distinct values of size in the first 5,000 rows single precision keeps 2,344" in note
    for data in (found, known):
        run = Experiment(LinearRegression(standardise(data, True, False)), schedule=Constant(1e-20))
        assert not any("single precision" in note for note in data_notes(run))


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_a_pickled_one_asks_for_itself(both, kind):
    found, known = both(kind)
    assert summary(found).density is not None
    sent = pickle.dumps(found)
    assert len(sent) < 600_000
    there = pickle.loads(sent)
    assert there == found
    rows = np.array([7, 3])
    np.testing.assert_array_equal(there.at(rows)[1], known.at(rows)[1])
    assert summary(there).x == summary(found).x


def test_a_file_that_has_changed_or_is_gone(both):
    found, _ = both("parquet")
    path = found.reading.file
    os.utime(path, (1, 1))
    with pytest.raises(InputError, match=r"parquet: has changed since it was opened; open it again"):
        found.at(np.array([1]))
    path.unlink()
    with pytest.raises(InputError, match=r"cannot be read: No such file or directory; put the file back"):
        found.at(np.array([1]))
    assert found.fit.rows == ROWS


def test_once_the_rows_have_a_file_of_their_own_the_table_may_go(both):
    found, known = both("parquet")
    rows = np.array([5, 9])
    found.at(rows)
    found.reading.file.unlink()
    np.testing.assert_array_equal(found.at(rows)[0], known.at(rows)[0])


def test_temporary_files_go_with_the_data(both, monkeypatch, tmp_path):
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    found, _ = both("csv")
    found.at(np.array([1]))
    assert {path.name for path in folder.glob("*/*")} == {"table.parquet", "rows"}
    del found
    gc.collect()
    assert list(folder.iterdir()) == []


def test_writing_the_rows_goes_on_where_it_was_stopped(both):
    found, known = both("gaps.parquet")
    calls = iter(range(100))

    def stop():
        if next(calls) in (2, 5):
            raise KeyboardInterrupt

    token = between_pieces.set(stop)
    try:
        for _ in range(2):
            with pytest.raises(KeyboardInterrupt):
                found.at(np.array([1]))
        rows = np.arange(found.rows)
        np.testing.assert_array_equal(found.at(rows)[1], known.at(rows)[1])
    finally:
        between_pieces.reset(token)
    assert next(calls) == 10  # eight pieces, two of which were stopped before they began


def test_a_column_of_the_name_of_the_row_numbers(tmp_path):
    path = tmp_path / "a.parquet"
    with duckdb.connect() as connection:
        query = f"SELECT 2.0 * r AS File_Row_Number, r % 7 AS y FROM range({ROWS}) rows(r)"
        connection.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
    assert read_data_file(path).at(np.array([3]))[0].tolist() == [6.0]


def test_a_disk_without_room(both, monkeypatch):
    found, _ = both("parquet")
    monkeypatch.setattr(row_file.shutil, "disk_usage", lambda path: type("Usage", (), {"free": 1000}))
    with pytest.raises(
        InputError, match=r"mini-batches of 30,000 rows need 0 MB in .*; make room there, or let each step"
    ):
        found.at(np.array([1]))


def test_several_threads_may_ask(both):
    found, known = both("parquet")
    rows, wrong = np.arange(100), []

    def ask():
        if not np.array_equal(found.at(rows)[0], known.at(rows)[0]):
            wrong.append(1)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


@pytest.mark.parametrize(
    ("values", "told"), [((1.0, 1e39), "size has the value 1e"), ((np.nan, np.nan), "has one column")]
)
def test_what_cannot_be_used(write, values, told):
    path: Path = write("parquet", np.tile(values, ROWS // 2), np.arange(ROWS) * 1.0)
    with pytest.raises(InputError, match=told):
        read_data_file(path)
