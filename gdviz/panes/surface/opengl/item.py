"""What all items have in common: they draw a render state, and free what they made in OpenGL."""

from typing import Protocol, TypeVar

from OpenGL import GL

from gdviz.panes.surface.geometry.render_state import RenderState, rgba
from gdviz.presentation.palette import Palette


class Releasable(Protocol):
    """An OpenGL object that can be freed."""

    def release(self) -> None:
        """Free it, with the context current in which it was made."""


Owned = TypeVar("Owned", bound=Releasable)


class Item:
    """What a `LandscapeView` draws: one layer of the picture."""

    def __init__(self) -> None:
        self._owned: list[Releasable] = []

    def own(self, thing: Owned) -> Owned:
        """Remember an OpenGL object, to be freed with the others; returns it."""
        self._owned.append(thing)
        return thing

    def initialize(self) -> None:
        """Make the OpenGL objects, in a context that has none of this item's; some wait until they are needed."""

    def draw(self, state: RenderState) -> None:
        """Draw the item, with blending on and the depth test on (less or equal)."""
        raise NotImplementedError

    def release(self) -> None:
        """Free the OpenGL objects; their context is current."""
        for thing in self._owned:
            thing.release()
        self._owned.clear()


def clear(palette: Palette) -> None:
    """Make the framebuffer an empty pane, of premultiplied colours."""
    GL.glDisable(GL.GL_SCISSOR_TEST)
    GL.glColorMask(True, True, True, True)
    GL.glDepthMask(True)
    GL.glStencilMask(0xFF)
    GL.glClearColor(*((0.0, 0.0, 0.0, 0.0) if palette.see_through else rgba(palette.pane)))
    GL.glClearStencil(0)
    GL.glClear(GL.GL_COLOR_BUFFER_BIT | GL.GL_DEPTH_BUFFER_BIT | GL.GL_STENCIL_BUFFER_BIT)


def reset_gl_state() -> None:
    """Set the OpenGL state in which every item starts, whatever Qt or another item left behind."""
    for capability in (GL.GL_CULL_FACE, GL.GL_STENCIL_TEST, GL.GL_SCISSOR_TEST):
        GL.glDisable(capability)
    GL.glEnable(GL.GL_MULTISAMPLE)  # Qt's painter switches it off
    GL.glEnable(GL.GL_DEPTH_TEST)
    GL.glDepthFunc(GL.GL_LEQUAL)
    GL.glDepthMask(True)
    GL.glColorMask(True, True, True, True)
    GL.glEnable(GL.GL_BLEND)
    GL.glBlendEquation(GL.GL_FUNC_ADD)
    # Over an opaque pane alpha stays 1, or the window would shine through; over none the colours are premultiplied.
    GL.glBlendFuncSeparate(GL.GL_SRC_ALPHA, GL.GL_ONE_MINUS_SRC_ALPHA, GL.GL_ONE, GL.GL_ONE_MINUS_SRC_ALPHA)
    GL.glActiveTexture(GL.GL_TEXTURE0)
