"""Standard output and standard error that are full, closed, or cannot hold a letter, as a shell makes them."""

import subprocess
import sys

import pytest

from gdviz.cli.main import run

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the files of Linux")

FULL = "gdviz: standard output: cannot be written: the disk is full; free some space or redirect it elsewhere\n"
TOO_LARGE = "gdviz: standard output: cannot be written: the file would exceed the size limit here"
CLOSED = "gdviz: standard output: cannot be written: it is closed\n"


def shell(arguments, **environment):
    """Run gdviz in a shell, which may redirect; the exit code, standard output and standard error."""
    command = ["/usr/bin/env", *(f"{name}={value}" for name, value in environment.items())]
    command += ["/bin/sh", "-c", f'"$0" -m gdviz {arguments}', sys.executable]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("trace >/dev/full", FULL),
        ("--help >/dev/full", FULL),
        ("trace >&-", CLOSED),
        ("scenarios >&- <&-", CLOSED),
        ("scenarios >/dev/full 2>&1", ""),
        ("trace --steps x 2>/dev/full", ""),
        ("trace --steps x 2>&-", ""),
    ],
)
def test_what_cannot_be_printed_is_one_line_and_no_success(arguments, told):
    assert shell(arguments) == (2, "", told)


@pytest.mark.parametrize(
    "arguments",
    [
        ["scenarios"],
        ["range-test", "--picks"],
        ["range-test"],
        ["map", "--rates", "0.01:1:3"],
        ["render", "-o", "clip.mp4", "--dry-run"],
        ["trace", "--help"],
        ["--version"],
    ],
)
def test_every_command_that_prints_says_that_the_disk_is_full(capsys, monkeypatch, arguments):
    with monkeypatch.context() as patched, open("/dev/full", "w", encoding="utf-8") as full:
        patched.setattr(sys, "stdout", full)
        assert run(arguments) == 2
    assert capsys.readouterr().err == FULL


def test_a_reader_that_has_had_enough_is_no_error():
    code, printed, told = shell("trace --steps 20000 | head -n 1")
    assert (code, printed.count("\n"), told) == (0, 1, "")


def test_letters_that_cannot_be_shown_are_spelled():
    code, printed, told = shell("trace --problem nö", PYTHONIOENCODING="ascii")
    assert (code, printed) == (2, "")
    assert "there is no 'n\\xf6'" in told
    assert shell("render -o ö.mp4 --dry-run", PYTHONIOENCODING="ascii")[1].startswith("\\xf6.mp4: ")


@pytest.mark.parametrize("closed", [">&- 2>&- <&-", ">/dev/full 2>/dev/full"])
def test_a_file_is_written_though_nothing_can_be_told(tmp_path, closed):
    assert shell(f"range-test -o '{tmp_path}/curve.csv' {closed}")[0] == 0
    assert (tmp_path / "curve.csv").read_text(encoding="ascii").startswith("learning_rate,")


def test_standard_output_that_may_not_grow(tmp_path):
    command = ["/bin/sh", "-c", f"ulimit -f 1; exec \"$0\" -m gdviz trace --steps 200 >'{tmp_path}/numbers.csv'"]
    done = subprocess.run([*command, sys.executable], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (2, f"{TOO_LARGE}; redirect it elsewhere\n")
