"""What OpenGL needs before there is an application, and whether it can be used once there is one."""

import ctypes
import logging
import os
import sys
from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication, QOffscreenSurface, QOpenGLContext, QSurfaceFormat

from gdviz.core.errors import InputError

logger = logging.getLogger(__name__)

VERSION = (3, 3)
SWITCH = "GDVIZ_NO_OPENGL"
SOFTWARE_RENDERERS = ("llvmpipe", "softpipe", "swiftshader", "swrast", "software", "gdi")
PLATFORMS_WITHOUT_OPENGL = ("offscreen", "minimal", "vnc", "linuxfb")
LIVE_SAMPLES = 4
GL_VENDOR, GL_RENDERER, GL_VERSION = 0x1F00, 0x1F01, 0x1F02  # spelled out, since OpenGL is not imported here


@dataclass(frozen=True)
class Limits:
    """What OpenGL can do here: pixels on a side of a picture, and samples of a pixel."""

    side: int
    samples: int


def default_format() -> QSurfaceFormat:
    """The format of every surface: a core profile, depth and stencil, no multisampling."""
    wanted = QSurfaceFormat()
    wanted.setVersion(*VERSION)
    wanted.setProfile(QSurfaceFormat.OpenGLContextProfile.CoreProfile)
    wanted.setDepthBufferSize(24)
    wanted.setStencilBufferSize(8)
    wanted.setSamples(0)
    return wanted


def prepare_application() -> None:
    """Do what must be done before QApplication is made and before OpenGL is imported."""
    # A view that gets another window gets another context; shared, its programs and textures stay valid.
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    QSurfaceFormat.setDefaultFormat(default_format())
    # PyOpenGL would ask for errors after each call, which costs as much again. The variable is its own, read when it is
    # imported; set to 1 it brings that back.
    os.environ.setdefault("PYOPENGL_ERROR_CHECKING", "0")


def is_software_renderer(name: str) -> bool:
    """Whether an OpenGL renderer of this name computes on the processor, where multisampling is too slow."""
    return any(part in name.lower() for part in SOFTWARE_RENDERERS)


def live_samples() -> int:
    """Samples per pixel on the screen: several on hardware only. Needs an application."""
    _, renderer, _ = _probe()
    return 0 if not renderer or is_software_renderer(renderer) else LIVE_SAMPLES


def opengl_problem() -> str | None:
    """One sentence on why OpenGL cannot be used, None if it can. Needs an application."""
    is_off = os.environ.get(SWITCH, "") not in ("", "0")
    problem = f"switched off by {SWITCH}" if is_off else _probe()[0]
    platform, display = QGuiApplication.platformName(), os.environ.get("DISPLAY", "")
    logger.info("Qt draws with its platform %s, DISPLAY is %r; OpenGL: %s", platform, display, problem or "can be used")
    return problem


def limits() -> Limits:
    """The largest pictures that can be drawn. Needs an application, and no `opengl_problem`."""
    found = _probe()[2]
    if found is None:
        raise RuntimeError("there is no OpenGL, so that it has no limits")
    return found


def check_picture(width: int, height: int, samples: int) -> None:
    """Raise InputError where OpenGL cannot draw pictures of this size or with this many samples."""
    most = limits()
    if max(width, height) > most.side:
        raise InputError(
            f"size: {width}x{height} is more than OpenGL can draw here ({most.side}); take a smaller picture"
        )
    if samples > most.samples:
        raise InputError(f"samples: {samples} are more than OpenGL has here; take {most.samples} or fewer")


def _match_pyopengl() -> None:
    """Let PyOpenGL look for contexts where Qt has made the current one; it decides once, when it is imported.

    What Qt takes cannot be told before: on an X server without GLX it is EGL. RuntimeError where it was imported too
    early and looks elsewhere, which would end in a crash.
    """
    if not sys.platform.startswith("linux"):
        return
    if "OpenGL.platform" not in sys.modules:
        os.environ["PYOPENGL_PLATFORM"] = "egl" if _is_egl() else "glx"
        return
    from OpenGL.platform import PLATFORM

    if not PLATFORM.GetCurrentContext():
        raise RuntimeError("PyOpenGL was imported before `opengl_problem` was asked, and does not find Qt's context")


def _is_egl() -> bool:
    """Whether the current context was made with EGL."""
    try:
        current = ctypes.CDLL("libEGL.so.1").eglGetCurrentContext
    except OSError:
        return False
    current.restype = ctypes.c_void_p
    return bool(current())


@cache
def _probe() -> tuple[str | None, str, Limits | None]:
    """Why OpenGL cannot be used (None if it can), the renderer's name, and its limits."""
    platform = QGuiApplication.platformName()
    if platform in PLATFORMS_WITHOUT_OPENGL:
        return f"Qt's platform '{platform}' has no OpenGL", "", None
    surface, context = QOffscreenSurface(), QOpenGLContext()
    surface.setFormat(default_format())
    context.setFormat(default_format())
    surface.create()
    if not (context.create() and context.makeCurrent(surface)):
        return "no OpenGL context could be made; is a graphics driver installed?", "", None
    try:
        _match_pyopengl()
        vendor, renderer, version = map(context.functions().glGetString, (GL_VENDOR, GL_RENDERER, GL_VERSION))
        logger.info("OpenGL: %s, %s, version %s", vendor, renderer, version)
        problem = _version_problem(context)
        return (problem, "", None) if problem else (None, renderer or "", _limits())
    finally:
        context.doneCurrent()


def _version_problem(context: QOpenGLContext) -> str | None:
    """Why a context is not good enough; None if it is."""
    major, minor = context.format().version()
    if not context.isOpenGLES() and (major, minor) >= VERSION:
        return None
    kind = "OpenGL ES" if context.isOpenGLES() else "OpenGL"
    return f"the graphics driver offers {kind} {major}.{minor}, and OpenGL {VERSION[0]}.{VERSION[1]} is needed"


def _limits() -> Limits:
    """The limits of the current context."""
    from OpenGL import GL

    single = (GL.GL_MAX_RENDERBUFFER_SIZE, GL.GL_MAX_TEXTURE_SIZE)
    sides = [*(GL.glGetIntegerv(name) for name in single), *GL.glGetIntegerv(GL.GL_MAX_VIEWPORT_DIMS)]
    return Limits(min(map(int, sides)), int(GL.glGetIntegerv(GL.GL_MAX_SAMPLES)))
