"""Files that the command line writes: what is there stays, and a name is what it looks like."""

import os
import signal
import subprocess
import sys

import pytest

POINTS = "x,y\n0,1\n1,3\n"
TABLES = (["trace"], ["range-test"], ["map", "--rates", "0.1:1:3"])
PICTURES = [
    ["map", "--rates", "0.1:1:5", "-o", "a.png"],
    ["map", "--basins", "--problem", "two-wells", "-o", "a.svg"],
    ["range-test", "--pane", "contour", "-o", "a.png"],
    ["range-test", "--pane", "contour", "-o", "a.svg"],
]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").write_text(POINTS)
    return tmp_path


@pytest.mark.parametrize("command", TABLES)
def test_existing_data_are_replaced_only_when_asked(gdviz, folder, monkeypatch, command):
    name, *more = command
    arguments = [name, "a.csv", *more, "--steps", "3", "-o", "a.csv"]
    with monkeypatch.context() as patch:
        for place in ("gdviz.cli.main.record", "gdviz.cli.range_test.record", "gdviz.cli.maps._computed_map"):
            patch.setattr(place, lambda *_: pytest.fail("computed before it is known where to write"))
        told = "gdviz: --output: a.csv: already exists; add --force to replace it, or use another name\n"
        assert gdviz(*arguments) == (2, "", told)
        (folder / "a.csv").chmod(0o444)
        code, _, told = gdviz(*arguments, "--force")
        assert code == 2
        assert "it is read-only; make it writable" in told
        (folder / "a.csv").chmod(0o644)
    assert (folder / "a.csv").read_text() == POINTS
    assert gdviz(*arguments, "--force") == (0, "", "")
    assert (folder / "a.csv").read_text().startswith(("step,w,b,", "learning_rate,"))
    assert os.listdir(folder) == ["a.csv"]


@pytest.mark.parametrize("command", TABLES)
def test_a_file_has_what_would_be_printed(output_of, folder, command):
    printed = output_of(*command, "--steps", "4")
    assert output_of(*command, "--steps", "4", "-o", "b.csv") == ""
    assert (folder / "b.csv").read_text() == printed


@pytest.mark.parametrize("command", TABLES)
def test_a_name_may_be_its_ending(output_of, folder, command):
    (folder / "a.csv").rename(folder / ".CSV")
    assert output_of(command[0], ".CSV", *command[1:], "--steps", "3", "-o", ".csv") == ""
    assert (folder / ".csv").read_text().count("\n") > 3


@pytest.mark.parametrize("command", PICTURES, ids=" ".join)
def test_a_picture_in_the_place_of_numbers(gdviz, folder, command):
    arguments = [*command, "--size", "640x360", "--steps", "40"]
    assert gdviz(*arguments) == (0, "", "")
    content = (folder / command[-1]).read_bytes()
    assert content.startswith(b"\x89PNG" if command[-1] == "a.png" else b"<?xml")
    code, _, complaint = gdviz(*arguments)
    assert (code, complaint.count("\n")) == (2, 1)
    assert "already exists" in complaint


@pytest.mark.parametrize("name", [".mp4", ".frames", "clip/"])
def test_a_hidden_folder_of_pictures_has_no_ending(output_of, folder, name):
    printed = output_of("render", "-o", name, "--steps", "3", "--dry-run")
    assert ("MB" in printed) == (name != ".mp4")  # pictures are larger than a clip


@pytest.mark.skipif(os.name == "nt", reason="Windows does not delete a folder in use")
@pytest.mark.parametrize("target", [["trace", "-o", "x.csv"], ["render", "-o", "x.png"], ["map", "-o", "m.png"]])
def test_a_current_folder_that_was_deleted(gdviz, tmp_path, monkeypatch, target):
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    code, printed, told = gdviz(*target)
    assert (code, printed, told.count("\n")) == (2, "", 1)
    assert f"{target[-1]}: the current folder no longer exists; give an absolute path" in told


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
@pytest.mark.parametrize("module", ["gdviz.cli.main", "numpy", "gdviz.core.descent.recording"])
def test_ctrl_c_during_imports_ends_the_program_silently(tmp_path, module):
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


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
def test_a_second_ctrl_c_ends_the_program_silently_too():
    # The first one comes while it works, the second one while it ends.
    code = (
        "import atexit, os, signal\n"
        f"press = lambda *_: os.kill(os.getpid(), signal.{signal.SIGINT.name})\n"
        "atexit.register(press)\n"
        "import gdviz.cli.main\n"
        "gdviz.cli.main.run = press\n"
        "from gdviz.__main__ import main\n"
        "main()"
    )
    done = subprocess.run([sys.executable, "-c", code, "trace"], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_two_hyphens_that_are_joined_to_an_option_are_its_value(gdviz, output_of, folder):
    code, _, told = gdviz("trace", "--output=--")
    assert code == 2
    assert told.startswith("gdviz: --output: --: a trace can be written as .csv or .npz; use")
    assert output_of("render", "--output=--", "--steps", "3", "--dry-run").startswith("--: 240 frames")


def test_data_of_a_scenario_need_a_name(gdviz, folder):
    (folder / "a.toml").write_text('title = "T"\n[schedule]\nlearning_rate = 0.1\n[data]\nfile = ""\n')
    code, _, told = gdviz("trace", "a.toml")
    assert code == 2
    assert "data.file: is empty; give the name of a file" in told
