"""The OpenGL objects that items need: shader programs, vertex arrays and index buffers."""

from collections.abc import Sequence
from ctypes import c_void_p

import numpy as np
from numpy.typing import ArrayLike, NDArray
from OpenGL import GL
from OpenGL.raw.GL.VERSION.GL_1_5 import glBufferSubData

HEADER = "#version 330 core\n"
SETTERS = {2: GL.glUniform2f, 3: GL.glUniform3f, 4: GL.glUniform4f}


class ShaderError(RuntimeError):
    """A shader failed to compile or link; the message is the driver's log."""


class Program:
    """A linked shader program whose uniforms are set by name. Needs a current context throughout."""

    def __init__(self, vertex: str, fragment: str) -> None:
        """Compile and link GLSL 330 sources (without the version line); ShaderError carries the log."""
        self._id = GL.glCreateProgram()
        self._locations: dict[str, int] = {}
        self._values: dict[str, object] = {}
        shaders = [_compile(GL.GL_VERTEX_SHADER, vertex), _compile(GL.GL_FRAGMENT_SHADER, fragment)]
        for shader in shaders:
            GL.glAttachShader(self._id, shader)
        GL.glLinkProgram(self._id)
        for shader in shaders:
            GL.glDeleteShader(shader)
        if not GL.glGetProgramiv(self._id, GL.GL_LINK_STATUS):
            raise ShaderError(_text(GL.glGetProgramInfoLog(self._id)))

    def use(self, **uniforms: object) -> None:
        """Use the program and set uniforms: int, float, tuple of 2 to 4 floats, or a (4, 4) matrix.

        Setting a uniform costs more than checking whether it has changed.
        """
        GL.glUseProgram(self._id)
        for name, value in uniforms.items():
            known = self._values.get(name)
            if value is not known and (isinstance(value, np.ndarray) or value != known):
                if name not in self._locations:
                    self._locations[name] = GL.glGetUniformLocation(self._id, name)
                self._set(self._locations[name], value)
                self._values[name] = value

    def release(self) -> None:
        """Free it."""
        GL.glDeleteProgram(self._id)

    @staticmethod
    def _set(location: int, value: object) -> None:
        if isinstance(value, int):
            GL.glUniform1i(location, value)
        elif isinstance(value, float):
            GL.glUniform1f(location, value)
        elif isinstance(value, tuple):
            SETTERS[len(value)](location, *value)
        else:
            GL.glUniformMatrix4fv(location, 1, True, np.ascontiguousarray(value, dtype=np.float32))


class Vertices:
    """Buffers of float32 and the vertex array that binds them to the attributes 0, 1, ... of a program."""

    def __init__(self, layout: Sequence[Sequence[int]], per_instance: bool = False) -> None:
        """Make one buffer for each inner sequence, which gives the sizes of its interleaved attributes."""
        self._array = int(GL.glGenVertexArrays(1))
        self._buffers = [int(GL.glGenBuffers(1)) for _ in layout]
        self._sizes = [-1] * len(layout)
        GL.glBindVertexArray(self._array)
        attribute = 0
        for buffer, sizes in zip(self._buffers, layout, strict=True):
            GL.glBindBuffer(GL.GL_ARRAY_BUFFER, buffer)
            offset = 0
            for size in sizes:
                GL.glEnableVertexAttribArray(attribute)
                GL.glVertexAttribPointer(attribute, size, GL.GL_FLOAT, False, 4 * sum(sizes), c_void_p(4 * offset))
                GL.glVertexAttribDivisor(attribute, int(per_instance))
                attribute, offset = attribute + 1, offset + size
        GL.glBindVertexArray(0)

    def upload(self, index: int, values: ArrayLike) -> None:
        """Replace the contents of a buffer."""
        data = np.ascontiguousarray(values, dtype=np.float32)
        GL.glBindBuffer(GL.GL_ARRAY_BUFFER, self._buffers[index])
        if data.nbytes == self._sizes[index]:
            # PyOpenGL takes ten times as long to convert an array as a pointer.
            glBufferSubData(GL.GL_ARRAY_BUFFER, 0, data.nbytes, c_void_p(data.ctypes.data))
        else:
            GL.glBufferData(GL.GL_ARRAY_BUFFER, data.nbytes, data, GL.GL_DYNAMIC_DRAW)
            self._sizes[index] = data.nbytes
        GL.glBindBuffer(GL.GL_ARRAY_BUFFER, 0)

    def bind(self) -> None:
        """Bind the array for draw calls."""
        GL.glBindVertexArray(self._array)

    def release(self) -> None:
        """Free the array and its buffers."""
        GL.glDeleteVertexArrays(1, [self._array])
        GL.glDeleteBuffers(len(self._buffers), self._buffers)


class Indices:
    """An element buffer of triangles."""

    def __init__(self) -> None:
        self._buffer = int(GL.glGenBuffers(1))
        self._count = 0

    def upload(self, triangles: NDArray[np.uint32]) -> None:
        """Replace the contents with indices of any shape, three per triangle."""
        self._count = triangles.size
        data = np.ascontiguousarray(triangles, dtype=np.uint32)
        # Not as an element buffer: that binding belongs to whichever vertex array is bound.
        GL.glBindBuffer(GL.GL_ARRAY_BUFFER, self._buffer)
        GL.glBufferData(GL.GL_ARRAY_BUFFER, data.nbytes, data, GL.GL_STATIC_DRAW)
        GL.glBindBuffer(GL.GL_ARRAY_BUFFER, 0)

    def draw(self) -> None:
        """Draw the triangles from the bound vertex array."""
        GL.glBindBuffer(GL.GL_ELEMENT_ARRAY_BUFFER, self._buffer)
        GL.glDrawElements(GL.GL_TRIANGLES, self._count, GL.GL_UNSIGNED_INT, None)

    def release(self) -> None:
        """Free the buffer."""
        GL.glDeleteBuffers(1, [self._buffer])


def _compile(kind: int, source: str) -> int:
    shader = GL.glCreateShader(kind)
    GL.glShaderSource(shader, HEADER + source)
    GL.glCompileShader(shader)
    if not GL.glGetShaderiv(shader, GL.GL_COMPILE_STATUS):
        raise ShaderError(_text(GL.glGetShaderInfoLog(shader)))
    return int(shader)


def _text(log: bytes | str) -> str:
    return log.decode(errors="replace") if isinstance(log, bytes) else log
