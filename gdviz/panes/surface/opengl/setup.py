"""Finds out whether OpenGL can be used and what its limits are, and sets PyOpenGL up for it."""

import ctypes
import logging
import os
import sys
from functools import cache

from PySide6.QtGui import QGuiApplication, QOffscreenSurface, QOpenGLContext, QSurfaceFormat

from gdviz.core.errors import InputError
from gdviz.core.frozen import frozen

logger = logging.getLogger(__name__)

VERSION = (3, 3)
DISABLING_VARIABLE = "GDVIZ_NO_OPENGL"
SOFTWARE_RENDERERS = ("llvmpipe", "softpipe", "swiftshader", "swrast", "software", "gdi")
PLATFORMS_WITHOUT_OPENGL = ("offscreen", "minimal", "vnc", "linuxfb")
LIVE_SAMPLES = 4
GL_VENDOR, GL_RENDERER, GL_VERSION = 0x1F00, 0x1F01, 0x1F02  # literals, since OpenGL is not imported here


@frozen
class Limits:
    """The limits of this OpenGL: pixels on a side of a picture, and samples per pixel."""

    side: int
    samples: int


def default_format() -> QSurfaceFormat:
    """Return the format of every context and surface: core profile, depth and stencil, no multisampling."""
    surface_format = QSurfaceFormat()
    surface_format.setVersion(*VERSION)
    surface_format.setProfile(QSurfaceFormat.OpenGLContextProfile.CoreProfile)
    surface_format.setDepthBufferSize(24)
    surface_format.setStencilBufferSize(8)
    surface_format.setSamples(0)
    return surface_format


def is_software_renderer(name: str) -> bool:
    """Return whether the named renderer runs on the CPU, where multisampling is too slow."""
    return any(part in name.lower() for part in SOFTWARE_RENDERERS)


def live_samples() -> int:
    """Return the samples per pixel on the screen; 0 unless the GPU renders. Needs a QApplication."""
    _, renderer, _ = _probe()
    return 0 if not renderer or is_software_renderer(renderer) else LIVE_SAMPLES


def opengl_problem() -> str | None:
    """Return why OpenGL cannot be used, in one sentence; None if it can. Needs a QApplication."""
    is_off = os.environ.get(DISABLING_VARIABLE, "") not in ("", "0")
    problem = f"disabled by {DISABLING_VARIABLE}" if is_off else _probe()[0]
    platform, display = QGuiApplication.platformName(), os.environ.get("DISPLAY", "")
    logger.info("Qt platform %s, DISPLAY is %r; OpenGL: %s", platform, display, problem or "usable")
    return problem


def limits() -> Limits:
    """Return the largest picture that can be drawn. Needs a QApplication and no `opengl_problem`."""
    found = _probe()[2]
    if found is None:
        raise RuntimeError("there is no OpenGL, so there are no limits")
    return found


def check_picture(width: int, height: int, samples: int) -> None:
    """Raise InputError if OpenGL cannot draw pictures of this size or with this many samples."""
    most = limits()
    if max(width, height) > most.side:
        raise InputError(
            f"size: {width}x{height} is larger than OpenGL can draw here ({most.side}); choose a smaller picture"
        )
    if samples > most.samples:
        raise InputError(f"samples: {samples} are more than OpenGL supports here; choose {most.samples} or fewer")


def _set_up_pyopengl() -> None:
    """Make PyOpenGL use the platform of Qt's current context, and not check for errors; it decides when it is imported.

    Qt's choice is not known in advance: on an X server without GLX it is EGL. RuntimeError if PyOpenGL was imported too
    early and uses another platform, which would crash.
    """
    # A check after each call would double the cost; the environment may ask for it with 1.
    os.environ.setdefault("PYOPENGL_ERROR_CHECKING", "0")
    if not sys.platform.startswith("linux"):
        return
    if "OpenGL.platform" not in sys.modules:
        os.environ["PYOPENGL_PLATFORM"] = "egl" if _is_egl() else "glx"
        return
    from OpenGL.platform import PLATFORM

    if not PLATFORM.GetCurrentContext():
        raise RuntimeError("PyOpenGL was imported before `opengl_problem` was called, and does not find Qt's context")


def _is_egl() -> bool:
    """Return whether the current context was made with EGL."""
    try:
        current = ctypes.CDLL("libEGL.so.1").eglGetCurrentContext
    except OSError:
        return False
    current.restype = ctypes.c_void_p
    return bool(current())


@cache
def _probe() -> tuple[str | None, str, Limits | None]:
    """Return why OpenGL cannot be used (None if it can), the renderer's name, and its limits."""
    platform = QGuiApplication.platformName()
    if platform in PLATFORMS_WITHOUT_OPENGL:
        return f"Qt's platform '{platform}' has no OpenGL", "", None
    surface, context = QOffscreenSurface(), QOpenGLContext()
    surface.setFormat(default_format())
    context.setFormat(default_format())
    surface.create()
    if not (context.create() and context.makeCurrent(surface)):
        return "could not create an OpenGL context; is a graphics driver installed?", "", None
    try:
        _set_up_pyopengl()
        vendor, renderer, version = map(context.functions().glGetString, (GL_VENDOR, GL_RENDERER, GL_VERSION))
        logger.info("OpenGL: %s, %s, version %s", vendor, renderer, version)
        problem = _version_problem(context)
        return (problem, "", None) if problem else (None, renderer or "", _limits())
    finally:
        context.doneCurrent()


def _version_problem(context: QOpenGLContext) -> str | None:
    """Return why a context's version is too old; None if it is not."""
    major, minor = context.format().version()
    if not context.isOpenGLES() and (major, minor) >= VERSION:
        return None
    kind = "OpenGL ES" if context.isOpenGLES() else "OpenGL"
    return f"the graphics driver offers {kind} {major}.{minor}, but OpenGL {VERSION[0]}.{VERSION[1]} is needed"


def _limits() -> Limits:
    """Return the limits of the current context."""
    from gdviz.panes.surface.opengl import gl

    single = (gl.GL_MAX_RENDERBUFFER_SIZE, gl.GL_MAX_TEXTURE_SIZE)
    sides = [
        *(gl.integer(gl.glGetIntegerv, name) for name in single),
        *gl.integers(gl.glGetIntegerv, gl.GL_MAX_VIEWPORT_DIMS),
    ]
    return Limits(min(sides), gl.integer(gl.glGetIntegerv, gl.GL_MAX_SAMPLES))
