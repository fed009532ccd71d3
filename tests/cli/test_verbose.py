"""`--verbose`: what is done goes to standard error, and what is printed stays as it is."""

import logging
import re
import subprocess
import sys

import pytest

from gdviz.cli.main import COMMANDS, run

LINE = re.compile(r" *\d+\.\d{3} s gdviz\.[a-z_.]+: \S.*")


def assert_all_logged(text):
    lines = text.splitlines()
    assert lines
    assert [line for line in lines if not LINE.fullmatch(line) or not line.isprintable()] == []


def test_a_trace_prints_the_same_numbers_and_logs(gdviz):
    arguments = ("trace", "one", "--steps", "7")
    quiet = gdviz(*arguments)
    code, printed, told = gdviz(*arguments, "--verbose")
    assert (code, printed, "") == quiet
    assert_all_logged(told)
    assert re.search(r"gdviz\.core\.reading: file read: .*one\.toml, bytes: [1-9]\d*\n", told)
    configuration = (
        r"Linear regression on \d+ rows, Gradient descent, learning rate 1\.0, start \(.*\), 7 steps, float32"
    )
    assert re.search(rf"gdviz\.core\.descent\.recording: run begins: {configuration}\n", told)
    assert re.search(r"gdviz\.core\.descent\.recording: run ended: step 7 of 7, \d+\.\d{3} s\n", told)
    assert gdviz(*arguments) == quiet  # nothing of it stays


@pytest.mark.parametrize("arguments", [("scenarios",), ("range-test", "--picks"), ("map", "--rates", "0.1:1:3")])
def test_every_command_that_prints(gdviz, arguments):
    quiet = gdviz(*arguments)
    code, printed, told = gdviz(*arguments, "--verbose")
    assert (code, printed, "") == quiet
    assert_all_logged(told)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_it(command):
    action = next(action for action in COMMANDS[command][0]().known if action.dest == "verbose")
    assert (action.option_strings, action.default) == (["--verbose"], False)


def test_without_it_nothing_is_set_up(gdviz):
    logger = logging.getLogger("gdviz")
    assert gdviz("trace", "--steps", "1")[2] == ""
    assert (logger.handlers, logger.level) == ([], logging.NOTSET)
    gdviz("trace", "--steps", "1", "--verbose")
    assert (logger.handlers, logger.level) == ([], logging.NOTSET)


def test_a_written_file_with_its_bytes(gdviz, tmp_path):
    target = tmp_path / "a.csv"
    code, printed, told = gdviz("trace", "--steps", "3", "-o", str(target), "--verbose")
    assert (code, printed) == (0, "")
    assert told.count(f"gdviz.core.atomic: file written: {target}, bytes: {target.stat().st_size}\n") == 1


@pytest.mark.parametrize("option", [(), ("--data",)])
def test_a_failed_read_is_logged_once_and_told_as_ever(gdviz, tmp_path, option):
    file = tmp_path / "\x1b[31m.csv"
    file.write_text("x,y\n1,two\n")
    quiet = gdviz("trace", *option, str(file))
    code, printed, told = gdviz("trace", *option, str(file), "--verbose")
    assert (code, printed) == quiet[:2] == (2, "")
    *log, last = told.splitlines(keepends=True)
    assert last == quiet[2]
    assert_all_logged("".join(log))
    assert sum("rejected: " in line and "y has 'two'; two columns of numbers are needed" in line for line in log) == 1


def test_a_picture_tells_its_display_its_opengl_and_its_file(tmp_path):
    target = tmp_path / "a.png"
    command = [sys.executable, "-m", "gdviz", "render", "-o", str(target), "--size", "480x300", "--verbose"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, "")
    assert_all_logged(done.stderr)
    for told in (
        r"gdviz\.export\.display: Qt's platform xcb: can be used",
        r"gdviz\.panes\.surface\.opengl\.setup: OpenGL: .+, .+, version \d.*",
        r"gdviz\.panes\.surface\.opengl\.setup: Qt platform xcb, DISPLAY is ':\d+.*'; OpenGL: usable",
        rf"gdviz\.export\.log: export started: {target}, frames: 1, size: 480x300",
        rf"gdviz\.core\.atomic: file written: {target}, bytes: {target.stat().st_size}",
        rf"gdviz\.export\.log: export finished: {target}, frames: 1, \d+\.\d+ s",
    ):
        assert re.search(rf"{told}\n", done.stderr), told


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the files of Linux")
@pytest.mark.parametrize("closed", ["2>&-", "2>/dev/full"])
def test_a_standard_error_that_takes_nothing_changes_nothing(closed):
    command = ["/bin/sh", "-c", f'"$0" -m gdviz trace --steps 2 --verbose {closed}', sys.executable]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout.count("\n"), done.stderr) == (0, 4, "")


def test_a_line_that_cannot_be_printed_ends_nothing(gdviz, capsys, monkeypatch):
    class Closed:
        def write(self, text):
            raise ValueError("I/O operation on closed file")

        def flush(self):
            pass

    quiet = gdviz("trace", "--steps", "2")
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stderr", Closed())
        code = run(["trace", "--steps", "2", "--verbose"])
    assert (code, capsys.readouterr().out) == quiet[:2]
