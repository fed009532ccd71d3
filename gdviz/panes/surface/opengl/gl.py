"""OpenGL 3.3: PyOpenGL's plain functions, without wrappers and later versions, with which importing it takes longer.

They return in arrays what they find; below is what gdviz needs as values.
"""

# ruff: noqa: F403

import ctypes
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from OpenGL.raw.GL.VERSION.GL_1_0 import *
from OpenGL.raw.GL.VERSION.GL_1_1 import *
from OpenGL.raw.GL.VERSION.GL_1_2 import *
from OpenGL.raw.GL.VERSION.GL_1_3 import *
from OpenGL.raw.GL.VERSION.GL_1_4 import *
from OpenGL.raw.GL.VERSION.GL_1_5 import *
from OpenGL.raw.GL.VERSION.GL_2_0 import *
from OpenGL.raw.GL.VERSION.GL_2_0 import glShaderSource
from OpenGL.raw.GL.VERSION.GL_3_0 import *
from OpenGL.raw.GL.VERSION.GL_3_1 import *
from OpenGL.raw.GL.VERSION.GL_3_2 import *
from OpenGL.raw.GL.VERSION.GL_3_3 import *

if TYPE_CHECKING:  # PyOpenGL has no types

    def __getattr__(name: str) -> Any: ...


LONGEST_LOG = 10_000
"""Bytes of what a driver says about a shader."""


def made(generate: Callable[..., None]) -> int:
    """Make one object, such as a buffer with `glGenBuffers`, and return its number."""
    number = np.zeros(1, np.uint32)
    generate(1, number)
    return int(number[0])


def free(delete: Callable[..., None], numbers: Sequence[int]) -> None:
    """Free objects of one kind, such as buffers with `glDeleteBuffers`."""
    delete(len(numbers), np.array(numbers, np.uint32))


def integer(get: Callable[..., None], *what: int) -> int:
    """Ask for an integer, such as a limit with `glGetIntegerv`; the first one where there are two."""
    return integers(get, *what)[0]


def integers(get: Callable[..., None], *what: int) -> tuple[int, int]:
    """Ask for two integers; the second is 0 where there is one."""
    values = np.zeros(2, np.int32)
    get(*what, values)
    return int(values[0]), int(values[1])


def log(get: Callable[..., None], number: int) -> str:
    """Return what the driver says about a shader or a program."""
    text = ctypes.create_string_buffer(LONGEST_LOG)
    get(number, LONGEST_LOG, None, text)
    return text.value.decode(errors="replace")


def set_source(shader: int, source: str) -> None:
    """Give a shader its source."""
    text = ctypes.create_string_buffer(source.encode())
    lines = (ctypes.POINTER(ctypes.c_char) * 1)(ctypes.cast(text, ctypes.POINTER(ctypes.c_char)))
    glShaderSource(shader, 1, lines, None)
