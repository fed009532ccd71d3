"""`gdviz render` on machines with and without a display: real files, looked at."""

import os
import subprocess
import sys

from PySide6.QtGui import QImage


def render(tmp_path, *arguments, **environment):
    """Run the command in a process of its own; its result, and the path of the picture."""
    target = tmp_path / "picture.png"
    variables = {key: value for key, value in os.environ.items() if environment.get(key, value) is not None}
    variables |= {key: value for key, value in environment.items() if value is not None}
    command = [sys.executable, "-m", "gdviz", "render", *arguments, "-o", str(target)]
    return subprocess.run(command, env=variables, capture_output=True, text=True, timeout=120), target


def colours(image):
    """How many different colours there are on a coarse grid of the picture."""
    return len({image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)})


def test_the_picture_is_the_same_twice(tmp_path):
    pictures = []
    for _ in range(2):
        _, target = render(tmp_path, "point-nine", "--step", "20", "--force")
        pictures.append(target.read_bytes())
    assert pictures[0] == pictures[1]


def test_without_a_display_it_brings_a_screen(tmp_path):
    done, target = render(tmp_path, "ten", DISPLAY=None, WAYLAND_DISPLAY=None, QT_QPA_PLATFORM=None)
    assert done.returncode == 0, done.stderr
    assert colours(QImage(str(target))) > 200


def test_without_a_display_and_without_xvfb_it_names_the_package(tmp_path):
    done, target = render(tmp_path, "ten", DISPLAY=None, WAYLAND_DISPLAY=None, QT_QPA_PLATFORM=None, PATH="/nowhere")
    assert done.returncode == 3
    assert "xvfb" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not target.exists()


def test_without_opengl_it_draws_the_contour_and_says_so(tmp_path):
    done, target = render(tmp_path, "point-nine", GDVIZ_NO_OPENGL="1")
    assert done.returncode == 0
    assert "contour in the place of the surface" in done.stderr
    assert colours(QImage(str(target))) > 200
