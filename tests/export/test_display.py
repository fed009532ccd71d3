"""Displays that are there, are gone, keep silent or have too few colours: what is said of them, and what Qt is told."""

import os
import socket
import struct
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress

import pytest

from gdviz.export.display import reachable_display
from gdviz.export.virtual_screen import virtual_screen
from tests.export.marked import wait_until

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the displays of Linux")

NONE = "there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)"
DEAD = ":7777"


@pytest.fixture
def ask(monkeypatch, tmp_path):
    """A function that asks for a display with these variables alone; what is said, and the platforms for Qt."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    usual = os.environ.get("DISPLAY")
    if not usual:
        pytest.skip("there is no X server")

    def asked(display=None, wayland=None, platform=None, session=None):
        values = {
            "DISPLAY": usual if display == "usual" else display,
            "WAYLAND_DISPLAY": wayland,
            "QT_QPA_PLATFORM": platform,
            "XDG_SESSION_TYPE": session,
        }
        for name, value in values.items():
            monkeypatch.setenv(name, value or "")
            if value is None:
                monkeypatch.delenv(name)
        with reachable_display(timeout=0.3) as problem:
            answer = problem, os.environ.get("QT_QPA_PLATFORM")
        assert os.environ.get("QT_QPA_PLATFORM") == platform
        return answer

    return asked


@pytest.mark.parametrize(
    ("variables", "problem"),
    [
        ({}, NONE),
        ({"platform": "xcb"}, NONE),
        ({"platform": "wayland;xcb"}, NONE),
        ({"display": DEAD}, "the display :7777 does not respond"),
        ({"wayland": "wayland-9"}, "the Wayland display wayland-9 does not respond"),
        ({"display": "usual", "wayland": "gone", "platform": "wayland"}, "the Wayland display gone does not respond"),
        ({"display": "usual", "platform": "wayland"}, "WAYLAND_DISPLAY is not set"),
        (
            {"display": DEAD, "wayland": "wayland-9"},
            "the display :7777 does not respond and the Wayland display wayland-9 does not respond",
        ),
        (
            {"display": "usual", "platform": "nonsense"},
            "Qt cannot use the platform 'nonsense' here, which QT_QPA_PLATFORM asks for",
        ),
    ],
)
def test_what_is_wrong_is_said(ask, variables, problem):
    assert ask(**variables) == (problem, variables.get("platform"))


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"wayland": "wayland-9"},
        {"wayland": "wayland-9", "session": "wayland"},
        {"wayland": "wayland-9", "platform": "wayland;xcb"},
    ],
)
def test_an_x_server_that_answers_is_taken(ask, variables):
    assert ask(display="usual", **variables) == (None, "xcb")


@contextmanager
def listening(address, family, answer):
    """A server that answers and leaves, or where it has no answer keeps silent until the block ends."""
    with socket.socket(family) as server:
        server.bind(address)
        server.listen()
        ended, taken = threading.Event(), []

        def serve():
            while not ended.is_set():
                connection, _ = server.accept()
                with connection:
                    if ended.is_set():
                        return
                    taken.append(connection.recv(64))
                    if answer:
                        connection.sendall(answer)
                    else:
                        ended.wait()

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server.getsockname()
        finally:
            ended.set()
            with suppress(OSError), socket.socket(family) as last:  # wakes it
                last.connect(server.getsockname())
            thread.join()
    assert taken[0]


def test_an_x_server_that_keeps_silent_is_not_waited_for(ask):
    with listening(("127.0.0.1", 0), socket.AF_INET, b"") as (_, port):
        display = f"127.0.0.1:{port - 6000}"
        assert ask(display=display) == (f"the display {display} does not respond", None)
    for thread in threading.enumerate():
        if thread.name == "display":
            thread.join(20)


def test_a_compositor_that_keeps_silent_is_not_waited_for(ask, tmp_path):
    with listening(str(tmp_path / "quiet"), socket.AF_UNIX, b""):
        assert ask(wayland="quiet") == ("the Wayland display quiet does not respond", None)


@pytest.fixture
def compositor(tmp_path):
    """One that answers, and then leaves: Qt cannot use it."""
    with listening(str(tmp_path / "well"), socket.AF_UNIX, struct.pack("=III", 2, 12 << 16, 0)) as path:
        yield path


@pytest.mark.parametrize(
    ("variables", "platforms"),
    [
        ({}, "xcb;wayland"),
        ({"session": "wayland"}, "wayland;xcb"),
        ({"platform": "wayland;nonsense;xcb"}, "wayland;xcb"),
    ],
)
def test_among_all_that_answer_qt_may_choose(ask, compositor, variables, platforms):
    assert ask(display="usual", wayland=compositor, **variables) == (None, platforms)


def test_a_compositor_that_qt_cannot_use_alone_is_named(ask, compositor):
    assert ask(wayland=compositor) == (f"Qt cannot use the Wayland display {compositor}", None)


def test_an_x_server_replaces_an_unusable_compositor(tmp_path, compositor):
    target = tmp_path / "picture.png"
    command = [sys.executable, "-m", "gdviz", "render", "--step", "1", "--size", "480x300", "-o", str(target)]
    variables = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"}
    variables |= {"WAYLAND_DISPLAY": compositor, "XDG_SESSION_TYPE": "wayland"}
    done = subprocess.run(command, env=variables, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert target.exists()


def test_a_screen_needs_15_bits_of_colour(ask):
    with virtual_screen(["-screen", "0", "640x480x8", "-screen", "1", "640x480x16", "-noreset"]) as display:
        told = f"the display {display} has 8 bits of colour; set it to 24, or at least 15"
        assert ask(display=display) == (told, None)
        assert ask(display=f"{display}.1") == (None, "xcb")


def test_a_server_without_clients_does_not_reset_before_qt(monkeypatch):
    with virtual_screen(["-screen", "0", "640x480x24", "-terminate"]) as display:
        monkeypatch.setenv("DISPLAY", display)
        monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
        with reachable_display() as problem:
            assert problem is None
            with reachable_display() as again:  # stands for Qt
                assert again is None
        wait_until(lambda: not answers())  # with its last client this server ends


def answers():
    with reachable_display() as problem:
        return problem is None


@pytest.mark.parametrize("variables", [{"QT_QPA_PLATFORM": "nonsense"}, {"QT_QPA_PLATFORM": "wayland"}])
def test_the_window_that_cannot_open_says_so_in_one_line(variables):
    command = [sys.executable, "-m", "gdviz"]
    environment = {**os.environ, "WAYLAND_DISPLAY": "wayland-9", **variables}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (3, "", 1)
    assert done.stderr.endswith("; `gdviz render` makes pictures without one\n")
