import os
import subprocess
import sys

import pytest

from gdviz.gl import setup

SAY = """
from gdviz.gl import setup
setup.prepare_application()
from PySide6.QtWidgets import QApplication
app = QApplication([])
print(setup.opengl_problem())
"""


def say(**environment):
    done = subprocess.run(
        [sys.executable, "-c", SAY], env=os.environ | environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_opengl_can_be_used_here(qapp):
    assert setup.opengl_problem() is None


def test_platform_without_opengl_is_named():
    assert say(QT_QPA_PLATFORM="offscreen") == "Qt's platform 'offscreen' has no OpenGL"


def test_opengl_can_be_switched_off(qapp, monkeypatch):
    monkeypatch.setenv("GDVIZ_NO_OPENGL", "1")
    assert setup.opengl_problem() == "switched off by GDVIZ_NO_OPENGL"
    monkeypatch.setenv("GDVIZ_NO_OPENGL", "0")
    assert setup.opengl_problem() is None


@pytest.mark.parametrize(
    ("name", "software"),
    [
        ("llvmpipe (LLVM 15.0.6, 256 bits)", True),
        ("softpipe", True),
        ("Google SwiftShader", True),
        ("GDI Generic", True),
        ("NVIDIA GeForce RTX 3060/PCIe/SSE2", False),
        ("Mesa Intel(R) UHD Graphics 620 (KBL GT2)", False),
        ("Apple M1", False),
    ],
)
def test_software_renderers_are_known(name, software):
    assert setup.is_software_renderer(name) == software


def test_nothing_of_opengl_is_imported_before_the_application():
    code = "import sys, gdviz.gl.setup; print([m for m in ('OpenGL', 'pyqtgraph') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(("asked", "checks"), [(None, "False"), ("1", "True")])
def test_pyopengl_asks_for_errors_only_if_told_to(asked, checks):
    code = "from gdviz.gl.setup import prepare_application as p; p(); import OpenGL; print(OpenGL.ERROR_CHECKING)"
    environment = {name: value for name, value in os.environ.items() if name != "PYOPENGL_ERROR_CHECKING"}
    environment |= {"PYOPENGL_ERROR_CHECKING": asked} if asked else {}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == checks
