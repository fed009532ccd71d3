"""Scenario files that are refused for more than a key: missing files, data that cannot be had, runs and styles."""

import pytest

from gdviz.core.descent.experiment import Experiment
from gdviz.core.errors import InputError
from gdviz.core.problems.surfaces import Himmelblau, Rosenbrock
from gdviz.core.scenarios import conversion
from gdviz.core.scenarios.scenario import Scenario, read_scenario
from tests.core.scenarios.scenario_files import data, top, write


@pytest.mark.parametrize(
    ("name", "told"), [("missing.toml", "cannot be read: No such file"), (".", "is a folder, not a file; give a file")]
)
def test_a_file_that_is_not_there(tmp_path, name, told):
    path = tmp_path / name
    with pytest.raises(InputError) as caught:
        read_scenario(path)
    assert str(caught.value).startswith(f"{path}: {told}")


@pytest.mark.parametrize("folder", ["data", "s", "schedule"])
def test_the_file_is_named_whatever_its_folder_is_called(tmp_path, monkeypatch, folder):
    monkeypatch.chdir(tmp_path)
    (tmp_path / folder).mkdir()
    path = write(tmp_path / folder, data("rows = 0")).relative_to(tmp_path)
    with pytest.raises(InputError, match=rf"^{folder}/s\.toml: data\.rows: 0"):
        read_scenario(path)


def test_a_bad_data_file_is_named(tmp_path):
    (tmp_path / "p.csv").write_text("x,y\n1,2\n3,four\n")
    with pytest.raises(InputError, match=r"s\.toml: data\.file: .*p\.csv: has one column of numbers \(x\): y has"):
        read_scenario(write(tmp_path, data('file = "p.csv"')))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            'precision = """float\n\' - at `$.nowhere"""',
            ': precision: there is no "float\\n\' - at `$.nowhere"; use "float32" or "float64"',
        ),
        (
            '"x` - at `$.nowhere" = 1',
            ": x` - at `$.nowhere: there is no such key; names consist of letters, digits and underscores",
        ),
    ],
)
def test_what_looks_like_a_place_in_the_file_is_none(tmp_path, text, told):
    with pytest.raises(InputError) as caught:
        read_scenario(write(tmp_path, top(text)))
    assert str(caught.value).endswith(told)


def test_runs_of_different_problems_make_no_scenario():
    one, two = Experiment(Himmelblau()), Experiment(Rosenbrock())
    with pytest.raises(InputError, match="runs: different problems cannot share a surface"):
        Scenario("T", one, others=(two,))


def test_points_that_do_not_fit_into_the_memory_are_told(tmp_path, monkeypatch):
    def full(*arguments):
        raise MemoryError

    path = tmp_path / "a.toml"
    path.write_text(data("x = [1, 2]\ny = [3, 4]"))
    monkeypatch.setattr(conversion, "from_points", full)
    with pytest.raises(InputError) as caught:
        read_scenario(path)
    assert str(caught.value) == f"{path}: the data have more rows than fit in memory; give fewer"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("style = 5", "style: there is no 5; use 1 to 4"),
        ("style = 0", "style: there is no 0; use 1 to 4"),
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
    with pytest.raises(InputError, match="style: two runs have 2; give each its own, from 1 to 4"):
        read_scenario(write(tmp_path, top("style = 2") + runs))
