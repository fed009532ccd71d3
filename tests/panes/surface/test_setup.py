import os
import subprocess
import sys

import pytest

from gdviz.core.errors import InputError
from gdviz.panes.surface.opengl import setup

SAY = """
from gdviz.panes.surface.opengl import setup
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
    assert setup.opengl_problem() == "disabled by GDVIZ_NO_OPENGL"
    monkeypatch.setenv("GDVIZ_NO_OPENGL", "0")
    assert setup.opengl_problem() is None


def test_the_limits_are_those_that_every_opengl_has_or_more(qapp):
    assert setup.limits().side >= 1024
    assert setup.limits().samples >= 4


@pytest.mark.parametrize(
    ("picture", "said"),
    [
        ((4097, 100, 0), "size: 4097x100 is larger than OpenGL can draw here (4096); choose a smaller picture"),
        ((100, 4097, 4), "size: 100x4097 is larger than OpenGL can draw here (4096); choose a smaller picture"),
        ((100, 100, 8), "samples: 8 are more than OpenGL supports here; choose 4 or fewer"),
    ],
)
def test_pictures_beyond_the_limits_are_refused_in_one_line(picture, said, monkeypatch):
    monkeypatch.setattr(setup, "limits", lambda: setup.Limits(4096, 4))
    with pytest.raises(InputError) as refused:
        setup.check_picture(*picture)
    assert str(refused.value) == said
    setup.check_picture(4096, 4096, 4)


def test_without_opengl_there_are_no_limits(monkeypatch):
    monkeypatch.setattr(setup, "_probe", lambda: ("no driver", "", None))
    with pytest.raises(RuntimeError, match="no OpenGL"):
        setup.limits()


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
    code = (
        "import sys, gdviz.panes.surface.opengl.setup; print([m for m in ('OpenGL', 'pyqtgraph') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is one place for contexts")
def test_importing_pyopengl_too_early_is_an_error(qapp):
    code = "from OpenGL import GL" + SAY
    for first, told in (("glx", ""), ("egl", "RuntimeError: PyOpenGL was imported before")):
        environment = os.environ | {"PYOPENGL_PLATFORM": first, "QT_XCB_GL_INTEGRATION": "xcb_glx"}
        done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60)
        assert (told in done.stderr, bool(done.stderr), done.returncode) == (True, bool(told), 1 if told else 0)


@pytest.mark.parametrize(("asked", "checks"), [(None, "False"), ("1", "True")])
def test_pyopengl_asks_for_errors_only_if_told_to(asked, checks):
    code = SAY + "import OpenGL; print(OpenGL.ERROR_CHECKING)"
    environment = {name: value for name, value in os.environ.items() if name != "PYOPENGL_ERROR_CHECKING"}
    environment |= {"PYOPENGL_ERROR_CHECKING": asked} if asked else {}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.split() == ["None", checks]
