"""The program as a process of its own: it opens its window, and goes when it is told to."""

import os
import signal
import subprocess
import sys
import time

import pytest


@pytest.fixture
def environment(tmp_path):
    """The environment of the tests, with settings of its own."""
    return {**os.environ, "XDG_CONFIG_HOME": str(tmp_path)}


def interrupted(environment, *arguments):
    """Start the program, let it open its window, and press Ctrl+C; its exit code, and what it printed as errors."""
    command = [sys.executable, "-X", "faulthandler", "-m", "gdviz", *arguments]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    time.sleep(4)
    assert process.poll() is None, process.stderr.read()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    # Qt's platform for no screen says this about every window.
    return process.returncode, errors.replace("This plugin does not support propagateSizeHints()\n", "")


@pytest.mark.slow
@pytest.mark.parametrize("variables", [{}, {"GDVIZ_NO_OPENGL": "1"}, {"QT_QPA_PLATFORM": "offscreen"}])
def test_a_window_opens_and_ctrl_c_closes_it(environment, variables):
    assert interrupted({**environment, **variables}, "ten", "--theme", "dark") == (130, "")
