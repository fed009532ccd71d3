"""No file, however it is made, takes the machine's memory or makes anyone wait: it is refused in one line."""

import os
import socket
from pathlib import Path

import numpy as np
import pytest

from gdviz.core.data.creation import from_points
from gdviz.core.data.data_file import read_data_file
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.manual_changes import MAX_CHANGES, PiecewiseConstant
from gdviz.core.descent.schedules import Constant
from gdviz.core.errors import InputError
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.reading import read_bytes
from gdviz.core.scenarios.conversion import MOST_POINTS
from gdviz.core.scenarios.library import load_scenario
from gdviz.core.scenarios.scenario import MAX_BYTES, MAX_LENGTHS, MAX_RUNS, Scenario, read_scenario, write_scenario
from tests.core.scenarios.exhausting_files import HOSTILE, HUGE
from tests.core.scenarios.scenario_files import RATE, data, top, write


def told_of(read, path):
    with pytest.raises(InputError) as caught:
        read(path)
    line = str(caught.value)
    assert line.isprintable()
    assert len(line) <= 300
    return line


@pytest.mark.unmeasured
@pytest.mark.parametrize("case", HOSTILE)
def test_a_text_that_would_exhaust_the_machine(tmp_path, case):
    text, told = HOSTILE[case]
    assert len(text) > 99_000
    path = write(tmp_path, text)
    line = told_of(read_scenario, path)
    assert line.startswith(f"{path}: ")
    assert told in line


@pytest.mark.parametrize("case", HUGE)
def test_a_number_that_is_none_in_double_precision(tmp_path, case):
    text, place = HUGE[case]
    line = told_of(read_scenario, write(tmp_path, text))
    assert line.endswith(f"{place}: needs a number up to 1.8e308")


def device(path: Path) -> str:
    path.symlink_to("/dev/zero")
    return "a device"


def pipe(path: Path) -> str:
    os.mkfifo(path)
    return "a pipe"


def linked_pipe(path: Path) -> str:
    os.mkfifo(path.with_name("pipe"))
    path.symlink_to(path.with_name("pipe"))
    return "a pipe"


def folder(path: Path) -> str:
    path.mkdir()
    return "a folder"


KINDS = [device, pipe, linked_pipe, folder]


@pytest.mark.parametrize("make", KINDS)
@pytest.mark.parametrize("ending", [".toml", ".csv", ".TOML", ".Csv", ""])
def test_what_is_no_file_is_not_read(tmp_path, make, ending):
    path = tmp_path / f"a{ending}"
    kind = make(path)
    assert told_of(load_scenario, str(path)) == f"{path}: is {kind}, not a file; give a file"


@pytest.mark.parametrize("make", KINDS)
def test_what_is_no_file_is_not_read_as_the_data_of_a_scenario(tmp_path, make):
    kind = make(tmp_path / "p.csv")
    line = told_of(read_scenario, write(tmp_path, data('file = "p.csv"')))
    assert line.endswith(f"data.file: {tmp_path / 'p.csv'}: is {kind}, not a file; give a file")


def test_a_socket_is_not_read(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # the name of a socket is short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("s.csv")
        assert told_of(read_data_file, Path("s.csv")).startswith("s.csv: cannot be read: ")


def test_the_size_that_the_system_tells_is_not_believed():
    made_up = Path("/proc/self/status")
    if not made_up.is_file():
        pytest.skip("this system makes up no files")
    assert made_up.stat().st_size == 0
    with pytest.raises(InputError, match="is larger than 10 bytes; use less"):
        read_bytes(made_up, 10, "use less")
    assert b"Pid" in read_bytes(made_up, 1_000_000, "use less")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("x,y\n1," + "2" * 1_000_000, "line 2: has more than 1,000,000 bytes; a table has a line for each row"),
        ("x,y\n" + '1,2,"\n",' * 200_000, "columns; use a table of 2 to 1,000"),
        (",x,y" * 300_000, "has 32,769 columns; use a table of 2 to 1,000"),
    ],
)
def test_a_row_of_a_table_without_an_end(tmp_path, content, told):
    path = tmp_path / "a.csv"
    path.write_text(content)
    line = told_of(read_data_file, path)
    assert told in line


def test_a_file_of_nothing_is_no_row_at_all(tmp_path):
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.truncate(6_000_000_000)  # takes no room on the disk
    assert "is not a table of text" in told_of(read_data_file, path)
    assert f"is larger than {MAX_BYTES:,} bytes" in told_of(read_scenario, path)


@pytest.mark.unmeasured
def test_the_largest_scenario_that_is_written_is_read_again(tmp_path):
    points = -np.random.default_rng(1).uniform(1.0, 9.0, MOST_POINTS) * 1e-300
    words = {name: "\U00010000" * longest for name, longest in MAX_LENGTHS.items()}
    changes = tuple((900_000 + step, -1.2345678901234567e-30) for step in range(MAX_CHANGES))
    longest = PiecewiseConstant(Constant(0.1), changes)
    problem = LinearRegression(from_points(points, points, None, "mine"))
    experiment = Experiment(problem, schedule=longest, start=(0.0, -1.0), steps=1_000_000)
    scenario = Scenario(experiment=experiment, **words)
    path = tmp_path / "a.toml"
    write_scenario(scenario, path)
    assert 0.7 * MAX_BYTES < path.stat().st_size <= MAX_BYTES
    assert read_scenario(path) == scenario


@pytest.mark.unmeasured
def test_a_file_too_large_to_be_read_is_not_written(tmp_path):
    changes = [tuple((step, rate) for step in range(1, MAX_CHANGES + 1)) for rate in (0.1, 0.2, 0.3, 0.4)]
    points = np.arange(float(MOST_POINTS))
    problem = LinearRegression(from_points(points, points, None, "mine"))
    runs = [Experiment(problem, schedule=PiecewiseConstant(Constant(0.5), made), steps=10_000) for made in changes]
    assert len(runs) == MAX_RUNS
    path = tmp_path / "a.toml"
    with pytest.raises(InputError, match=r"a\.toml: the runs have too many rate changes for one file; leave out a"):
        write_scenario(Scenario("a", runs[0], others=tuple(runs[1:])), path)
    assert not path.exists()


def test_many_changes_are_read_as_one_schedule(tmp_path):
    made = [[step, step] for step in range(MAX_CHANGES - 1, -1, -1)]
    text = top("steps = 10_000").replace(RATE, f"{RATE}changes = {made}\n")
    schedule = read_scenario(write(tmp_path, text)).experiment.schedule
    assert schedule == PiecewiseConstant(Constant(0.0), tuple((step, float(step)) for step in range(1, MAX_CHANGES)))
