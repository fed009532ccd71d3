"""`gdviz render` on machines with and without a display: real files, looked at, and what a killed one leaves."""

import os
import signal
import subprocess
import sys
from uuid import uuid4

import pytest
from PySide6.QtGui import QImage

import tools.screen
from gdviz.export.messages import pack
from gdviz.export.virtual_screen import virtual_screen
from tests.export.marked import MARK, marked, wait_until
from tests.export.test_process import make_job

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the displays and processes of Linux")

NOWHERE = dict.fromkeys(("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
"""A machine without a display."""


def render(tmp_path, *arguments, **environment):
    """Run the command in a process of its own; its result, and the path of the picture."""
    target = tmp_path / "picture.png"
    variables = {key: value for key, value in {**os.environ, **environment}.items() if value is not None}
    command = [sys.executable, "-m", "gdviz", "render", *arguments, "-o", str(target)]
    return subprocess.run(command, env=variables, capture_output=True, text=True, timeout=120), target


def colours(image):
    """How many different colours there are on a coarse grid of the picture."""
    return len({image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)})


def test_the_picture_is_the_same_on_a_poorer_display(tmp_path):
    # GLX, in whose place there is EGL; and colours, for which there is a virtual screen.
    lacking = (["-screen", "0", "640x480x24", "-extension", "GLX"], ["-screen", "0", "640x480x8"])
    with virtual_screen([*lacking[0], "-noreset"]) as first, virtual_screen([*lacking[1], "-noreset"]) as second:
        pictures = []
        for variables in ({}, {"DISPLAY": first}, {"DISPLAY": second}):
            done, target = render(tmp_path, "--step", "20", "--size", "480x300", "--force", **variables)
            assert (done.returncode, done.stderr) == (0, "")
            pictures.append(target.read_bytes())
    assert pictures == pictures[:1] * 3


def test_without_a_display_it_brings_a_screen(tmp_path):
    done, target = render(tmp_path, "ten", **NOWHERE)
    assert done.returncode == 0, done.stderr
    assert colours(QImage(str(target))) > 200


def test_without_display_and_xvfb_it_names_the_package(tmp_path):
    done, target = render(tmp_path, "ten", **NOWHERE, PATH="/nowhere")
    assert done.returncode == 3
    assert "xvfb" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not target.exists()


def test_without_opengl_it_draws_the_contour_and_says_so(tmp_path):
    done, target = render(tmp_path, "point-nine", GDVIZ_NO_OPENGL="1")
    assert done.returncode == 0
    assert "contour instead of the surface" in done.stderr
    assert colours(QImage(str(target))) > 200


def killed(command, is_time, job=b""):
    """Start a program without a display, kill it when it is time, and wait until all that it has started has ended."""
    mark = uuid4().hex
    variables = {key: value for key, value in {**os.environ, **NOWHERE, MARK: mark}.items() if value is not None}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, env=variables, **pipes) as process:
        process.stdin.write(job)
        process.stdin.flush()
        wait_until(lambda: process.poll() is not None or is_time(sorted(marked(mark).values())))
        assert process.poll() is None
        process.kill()
    wait_until(lambda: not marked(mark))


@pytest.mark.parametrize("is_drawing", [False, True])
def test_nothing_outlives_a_killed_export(tmp_path, is_drawing):
    def is_time(running):
        # The screen has just been begun, or the file.
        return any(tmp_path.iterdir()) if is_drawing else len(running) > 1

    render = ["render", "-o", str(tmp_path / "clip.mp4"), "--pane", "contour", "--size", "480x300"]
    killed([sys.executable, "-m", "gdviz", *render], is_time)
    for left in tmp_path.iterdir():
        left.unlink()
    killed([sys.executable, "-m", "gdviz.export.worker"], is_time, pack(make_job(tmp_path / "clip.mp4", last=200)))


def test_nothing_outlives_a_killed_run_of_the_tests():
    killed([sys.executable, tools.screen.__file__, "cat"], lambda running: {"cat", "Xvfb"} <= set(running))


def test_a_screen_that_does_not_react_is_killed(monkeypatch):
    mark = uuid4().hex
    monkeypatch.setenv(MARK, mark)
    with virtual_screen(["-screen", "0", "640x480x24"], timeout=0.2) as display:
        assert display is not None
        numbers = {name: number for number, name in marked(mark).items()}
        os.kill(numbers["Xvfb"], signal.SIGSTOP)  # does not even hear that it should end
    wait_until(lambda: not marked(mark))
