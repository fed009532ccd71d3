"""Files that the command line writes: what is there stays, and a name is what it looks like."""

import os
import signal
import subprocess
import sys

import pytest

from gdviz.cli.main import run

POINTS = "x,y\n0,1\n1,3\n"
TABLES = (["trace"], ["range-test"], ["map", "--rates", "0.1:1:3"])


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").write_text(POINTS)
    return tmp_path


@pytest.mark.parametrize("command", TABLES)
def test_somebodys_own_data_are_not_replaced_unless_that_is_asked_for(capsys, folder, monkeypatch, command):
    name, *more = command
    arguments = [name, "a.csv", *more, "--steps", "3", "-o", "a.csv"]
    with monkeypatch.context() as patch:
        for place in ("gdviz.cli.main.record", "gdviz.cli.range_test.record", "gdviz.cli.maps._chart"):
            patch.setattr(place, lambda *_: pytest.fail("computed before it is known where to write"))
        assert run(arguments) == 2
        told = "gdviz: --output: a.csv: is there already; add --force to replace it, or take another name\n"
        assert capsys.readouterr() == ("", told)
        (folder / "a.csv").chmod(0o444)
        assert run([*arguments, "--force"]) == 2
        assert "it is read-only; make it writable" in capsys.readouterr().err
        (folder / "a.csv").chmod(0o644)
    assert (folder / "a.csv").read_text() == POINTS
    assert run([*arguments, "--force"]) == 0
    assert (folder / "a.csv").read_text().startswith(("step,w,b,", "learning_rate,"))
    assert os.listdir(folder) == ["a.csv"]


@pytest.mark.parametrize("command", TABLES)
def test_a_name_may_be_its_ending(capsys, folder, command):
    (folder / "a.csv").rename(folder / ".CSV")
    assert run([command[0], ".CSV", *command[1:], "--steps", "3", "-o", ".csv"]) == 0
    assert capsys.readouterr() == ("", "")
    assert (folder / ".csv").read_text().count("\n") > 3


@pytest.mark.parametrize("name", [".mp4", ".frames", "clip/"])
def test_a_hidden_folder_of_pictures_has_no_ending(capsys, folder, name):
    assert run(["render", "-o", name, "--steps", "3", "--dry-run"]) == 0
    assert ("MB" in capsys.readouterr().out) == (name != ".mp4")  # pictures are larger than a clip


@pytest.mark.skipif(os.name == "nt", reason="Windows does not delete a folder in use")
@pytest.mark.parametrize("target", [["trace", "-o", "x.csv"], ["render", "-o", "x.png"], ["map", "-o", "m.png"]])
def test_a_current_folder_that_was_deleted(capsys, tmp_path, monkeypatch, target):
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert run(target) == 2
    printed, told = capsys.readouterr()
    assert (printed, told.count("\n")) == ("", 1)
    assert f"{target[-1]}: the current folder is not there any more; give a name that begins at /" in told


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
@pytest.mark.parametrize("module", ["gdviz.cli.main", "numpy", "gdviz.core.descent.recording"])
def test_ctrl_c_while_the_program_is_imported_ends_it_without_a_word(tmp_path, module):
    # As if it were pressed in the middle of an import.
    code = (
        "import os, signal, sys\n"
        "class Pressed:\n"
        "    def find_spec(self, name, *_):\n"
        f"        if name == {module!r}: os.kill(os.getpid(), signal.{signal.SIGINT.name})\n"
        "sys.meta_path.insert(0, Pressed())\n"
        "from gdviz.__main__ import main\n"
        "main()"
    )
    done = subprocess.run([sys.executable, "-c", code, "trace"], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_two_hyphens_that_are_joined_to_an_option_are_its_value(capsys, folder):
    assert run(["trace", "--output=--"]) == 2
    assert capsys.readouterr().err.startswith("gdviz: --output: --: a trace is written as .csv or .npz; take")
    assert run(["render", "--output=--", "--steps", "3", "--dry-run"]) == 0
    assert capsys.readouterr().out.startswith("--: 240 frames")


def test_data_of_a_scenario_need_a_name(capsys, folder):
    (folder / "a.toml").write_text('title = "T"\n[schedule]\nlearning_rate = 0.1\n[data]\nfile = ""\n')
    assert run(["trace", "a.toml"]) == 2
    assert "data.file: is empty; give the name of a file" in capsys.readouterr().err
