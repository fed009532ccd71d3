"""The base of all items, which draw a render state and free their OpenGL objects."""

from typing import Protocol, TypeVar

from OpenGL import GL

from gdviz.panes.surface.geometry.render_state import RenderState, rgba
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

    def release(self) -> None:
        """Free the OpenGL objects; their context must be current."""
        for thing in self._owned:
            thing.release()
        self._owned.clear()


def clear(palette: Palette) -> None:
    """Clear the framebuffer to an empty pane, in premultiplied colours."""
    GL.glDisable(GL.GL_SCISSOR_TEST)
    GL.glColorMask(True, True, True, True)
    GL.glDepthMask(True)
    GL.glStencilMask(0xFF)
    GL.glClearColor(*((0.0, 0.0, 0.0, 0.0) if palette.see_through else rgba(palette.pane)))
    GL.glClearStencil(0)
    GL.glClear(GL.GL_COLOR_BUFFER_BIT | GL.GL_DEPTH_BUFFER_BIT | GL.GL_STENCIL_BUFFER_BIT)


def reset_gl_state() -> None:
    """Set the OpenGL state in which every item starts, whatever other items left behind."""
    for capability in (GL.GL_CULL_FACE, GL.GL_STENCIL_TEST, GL.GL_SCISSOR_TEST):
        GL.glDisable(capability)
    GL.glEnable(GL.GL_DEPTH_TEST)
    GL.glDepthFunc(GL.GL_LEQUAL)
    GL.glDepthMask(True)
    GL.glColorMask(True, True, True, True)
    GL.glEnable(GL.GL_BLEND)
    GL.glBlendEquation(GL.GL_FUNC_ADD)
    # Over an opaque pane alpha stays 1, as the format of the picture wants it; otherwise colours are premultiplied.
    GL.glBlendFuncSeparate(GL.GL_SRC_ALPHA, GL.GL_ONE_MINUS_SRC_ALPHA, GL.GL_ONE, GL.GL_ONE_MINUS_SRC_ALPHA)
    GL.glActiveTexture(GL.GL_TEXTURE0)
