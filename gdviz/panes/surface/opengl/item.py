"""The base of all items, which draw a render state and free their OpenGL objects."""

from typing import Protocol, TypeVar

from gdviz.panes.surface.geometry.render_state import RenderState, rgba
from gdviz.panes.surface.opengl import gl
from gdviz.presentation.palette import Palette


class Releasable(Protocol):
    """An OpenGL object that can be freed."""

    def release(self) -> None:
        """Free it; the context in which it was made must be current."""


Owned = TypeVar("Owned", bound=Releasable)


class Item:
    """A layer of the picture that a `LandscapeView` draws."""

    def __init__(self) -> None:
        self._owned: list[Releasable] = []

    def own(self, thing: Owned) -> Owned:
        """Register an OpenGL object to be freed with the item, and return it."""
        self._owned.append(thing)
        return thing

    def initialize(self) -> None:
        """Make the OpenGL objects in a new context; some are only made when needed."""

    def draw(self, state: RenderState) -> None:
        """Draw the item; blending and the depth test (less or equal) are on."""
        raise NotImplementedError

    def release_pictures(self) -> None:
        """Free the framebuffers only, which are made again when needed; their context must be current."""

    def release(self) -> None:
        """Free the OpenGL objects; their context must be current."""
        for thing in self._owned:
            thing.release()
        self._owned.clear()


def clear(palette: Palette) -> None:
    """Clear the framebuffer to an empty pane, in premultiplied colours."""
    gl.glDisable(gl.GL_SCISSOR_TEST)
    gl.glColorMask(True, True, True, True)
    gl.glDepthMask(True)
    gl.glStencilMask(0xFF)
    gl.glClearColor(*((0.0, 0.0, 0.0, 0.0) if palette.see_through else rgba(palette.pane)))
    gl.glClearStencil(0)
    gl.glClear(gl.GL_COLOR_BUFFER_BIT | gl.GL_DEPTH_BUFFER_BIT | gl.GL_STENCIL_BUFFER_BIT)


def reset_gl_state() -> None:
    """Set the OpenGL state in which every item starts, whatever other items left behind."""
    for capability in (gl.GL_CULL_FACE, gl.GL_STENCIL_TEST, gl.GL_SCISSOR_TEST):
        gl.glDisable(capability)
    gl.glEnable(gl.GL_DEPTH_TEST)
    gl.glDepthFunc(gl.GL_LEQUAL)
    gl.glDepthMask(True)
    gl.glColorMask(True, True, True, True)
    gl.glEnable(gl.GL_BLEND)
    gl.glBlendEquation(gl.GL_FUNC_ADD)
    # Over an opaque pane alpha stays 1, as the format of the picture wants it; otherwise colours are premultiplied.
    gl.glBlendFuncSeparate(gl.GL_SRC_ALPHA, gl.GL_ONE_MINUS_SRC_ALPHA, gl.GL_ONE, gl.GL_ONE_MINUS_SRC_ALPHA)
    gl.glActiveTexture(gl.GL_TEXTURE0)
