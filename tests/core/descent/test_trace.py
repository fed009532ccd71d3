import csv
import io
import os
from dataclasses import replace

import numpy as np
import pytest

from gdviz.core.data.creation import from_points
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.optimizers import GradientDescent, Momentum
from gdviz.core.descent.recording import Recording, record
from gdviz.core.descent.schedules import Constant
from gdviz.core.descent.trace import write_csv, write_trace
from gdviz.core.errors import InputError
from gdviz.core.precision import Precision
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.problems.surfaces import Himmelblau

HEADER = "step,w,b,loss,gradient_w,gradient_b,learning_rate"


def run(precision: Precision = Precision.FLOAT32, rate: float = 10.0) -> Recording:
    return record(
        Experiment(LinearRegression(), schedule=Constant(rate), start=(0.0, -1.0), precision=precision, steps=60)
    )


def text_of(recording: Recording) -> str:
    file = io.StringIO(newline="")
    write_csv(recording, file)
    return file.getvalue()


@pytest.mark.parametrize("precision", Precision)
@pytest.mark.parametrize("rate", [0.1, 10.0])
def test_numbers_round_trip(precision, rate):
    recording = run(precision, rate)
    text = text_of(recording)
    assert text.splitlines()[0] == HEADER
    assert text.endswith("\n")
    assert "\r" not in text
    rows = list(csv.reader(io.StringIO(text)))[1:]
    assert [row[0] for row in rows] == [str(step) for step in range(61)]
    values = np.array([[precision.dtype.type(value) for value in row[1:]] for row in rows])
    expected = np.column_stack([recording.points, recording.losses, recording.gradients, recording.learning_rates])
    np.testing.assert_array_equal(values, expected)


def test_numbers_are_no_longer_than_their_precision_needs():
    first = text_of(run(rate=0.1)).splitlines()[1].split(",")
    assert first[:3] == ["0", "0.0", "-1.0"]
    assert first[6] == "0.1"
    assert text_of(run(Precision.FLOAT64, 0.1)).splitlines()[1].split(",")[6] == "0.1"


def test_what_is_no_number_is_spelled_so():
    rows = [line.split(",") for line in text_of(run()).splitlines()]
    assert rows[14][3] == "inf"
    assert {rows[29][1], rows[29][2]} == {"inf", "-inf"} or rows[29][1] == rows[29][2] != "nan"
    assert rows[30][1:6] == ["nan"] * 5
    assert {value for row in rows[1:] for value in row if not value[-1].isdigit()} == {"inf", "-inf", "nan"}


def test_columns_are_named_as_the_problem_names_its_parameters():
    text = text_of(record(Experiment(Himmelblau(), steps=1)))
    assert text.splitlines()[0] == "step,x,y,loss,gradient_x,gradient_y,learning_rate"


def test_csv_file_is_the_csv_text(tmp_path):
    write_trace(run(), tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_bytes() == text_of(run()).encode()
    assert os.listdir(tmp_path) == ["a.csv"]


@pytest.mark.parametrize("precision", Precision)
def test_npz_holds_the_same_bits(tmp_path, precision):
    recording = run(precision)
    write_trace(recording, tmp_path / "a.npz")
    assert os.listdir(tmp_path) == ["a.npz"]
    with np.load(tmp_path / "a.npz", allow_pickle=False) as archive:
        assert list(archive) == [*HEADER.split(","), "x_name", "y_name"]
        assert archive["step"].tolist() == list(range(61))
        assert {archive[name].dtype for name in HEADER.split(",")[1:]} == {precision.dtype}
        assert archive["w"].tobytes() == recording.points[:, 0].tobytes()
        assert archive["b"].tobytes() == recording.points[:, 1].tobytes()
        assert archive["gradient_w"].tobytes() == recording.gradients[:, 0].tobytes()
        assert archive["gradient_b"].tobytes() == recording.gradients[:, 1].tobytes()
        assert archive["loss"].tobytes() == recording.losses.tobytes()
        assert archive["learning_rate"].tobytes() == recording.learning_rates.tobytes()


@pytest.mark.parametrize("names", [("x", "y"), ("Größe", "Preis (€)"), ("房屋面积", "W" * 40)])
def test_npz_names_the_columns_of_the_data(tmp_path, names):
    data = replace(from_points([0, 1, 2], [1, 2, 4], None, "test"), names=names)
    recording = record(Experiment(LinearRegression(data), steps=3))
    write_trace(recording, tmp_path / "a.npz")
    with np.load(tmp_path / "a.npz", allow_pickle=False) as archive:
        assert (archive["x_name"].item(), archive["y_name"].item()) == names
    assert text_of(recording).splitlines()[0] == HEADER


def test_npz_without_data_names_no_columns(tmp_path):
    write_trace(record(Experiment(Himmelblau(), steps=1)), tmp_path / "a.npz")
    with np.load(tmp_path / "a.npz", allow_pickle=False) as archive:
        assert len(list(archive)) == 7


def test_endings_in_capitals_are_the_same(tmp_path):
    write_trace(run(), tmp_path / "a.CSV")
    assert (tmp_path / "a.CSV").read_bytes() == text_of(run()).encode()
    write_trace(run(), tmp_path / "a.NPZ")
    with np.load(tmp_path / "a.NPZ", allow_pickle=False) as archive:
        assert list(archive) == [*HEADER.split(","), "x_name", "y_name"]
    assert sorted(os.listdir(tmp_path)) == ["a.CSV", "a.NPZ"]


@pytest.mark.parametrize("name", ["a.txt", "a", "a.CSV.txt", "a.npy"])
def test_other_endings(tmp_path, name):
    with pytest.raises(InputError, match=r"a trace can be written as \.csv or \.npz; use one of these endings"):
        write_trace(run(), tmp_path / name)
    assert os.listdir(tmp_path) == []


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(InputError, match="cannot be written: No such file or directory"):
        write_trace(run(), tmp_path / "missing" / "a.npz")


def with_rule(optimizer) -> Recording:
    return record(Experiment(LinearRegression(), optimizer, start=(0.0, -1.0), steps=5))


def test_quantities_of_the_rule_are_further_columns(tmp_path):
    recording, file = with_rule(Momentum()), io.StringIO(newline="")
    write_csv(recording, file, with_state=True)
    header, *rows = csv.reader(io.StringIO(file.getvalue()))
    assert header == [*HEADER.split(","), "v_w", "v_b", "step_w", "step_b"]
    assert [row[:7] for row in rows] == [line.split(",") for line in text_of(recording).splitlines()[1:]]
    buffer = np.float32(0.0)
    for row in rows:
        buffer = np.float32(0.9) * buffer + np.float32(row[4])
        assert np.float32(row[7]) == buffer
    write_trace(recording, tmp_path / "a.npz", with_state=True)
    with np.load(tmp_path / "a.npz", allow_pickle=False) as archive:
        assert list(archive) == [*header, "x_name", "y_name"]
        assert archive["v_w"].tolist() == [np.float32(row[7]) for row in rows]


def test_a_rule_without_quantities_adds_no_columns():
    file = io.StringIO(newline="")
    write_csv(with_rule(GradientDescent()), file, with_state=True)
    assert file.getvalue() == text_of(with_rule(GradientDescent()))
