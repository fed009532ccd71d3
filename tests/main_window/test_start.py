"""What is not done between launch and the first picture: importing what is used later, and reading other scenarios."""

import json
import subprocess
import sys

import pytest

LATER = (
    "pyqtgraph",  # but for its functions, which `gdviz.plotting.array_paths` imports alone
    "av",
    "duckdb",
    "tqdm",
    "multiprocessing",
    "PySide6.QtNetwork",
    "PySide6.QtOpenGLWidgets",
    "PySide6.QtTest",
    "gdviz.export.animate",
    "gdviz.export.encoders.video",
    "gdviz.export_dialog.dialog",
    "gdviz.panes.range_test.plot",
    "gdviz.panes.rate_map.plot",
    "gdviz.panes.tape.pane",
)
START = """
import dataclasses, json, sys
make, compiled = dataclasses.dataclass, []
def counting(cls=None, /, **options):
    if options.get("frozen"):
        compiled.append(sys._getframe(1).f_globals["__name__"])
    return make(cls, **options)
dataclasses.dataclass = counting
from gdviz.cli.main import run
from gdviz.main_window import app
prepare = app.show_uncaught_exceptions  # is given the window before it is shown
def prepare_and_quit(window):
    prepare(window)
    window.session.player.frame_changed.connect(lambda frame: window.close())
app.show_uncaught_exceptions = prepare_and_quit
assert run(["point-nine"]) == 0
from gdviz.core.scenarios.library import announcements
print(json.dumps([sorted(sys.modules), compiled, announcements.cache_info().currsize]))
"""


@pytest.fixture(scope="module")
def start():
    """The names of the modules, those of frozen classes not made by `frozen`, and how often scenarios were read."""
    done = subprocess.run([sys.executable, "-c", START], capture_output=True, text=True, check=True, timeout=120)
    return json.loads(done.stdout)


def test_what_is_used_later_is_not_imported(start):
    modules = start[0]
    assert {"gdviz.panes.loss.plot", "PySide6.QtWidgets"} <= set(modules)
    assert [name for name in LATER if name in modules] == []


def test_value_types_are_made_by_frozen(start):
    assert start[1] == ["gdviz.core.descent.checkpoint"], "only the one with slots is a plain dataclass"


def test_the_other_scenarios_are_not_read(start):
    assert start[2] == 0
