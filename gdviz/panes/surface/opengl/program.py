"""The two kinds of OpenGL objects that every item needs: a shader program, and an array of vertices."""

from collections.abc import Sequence
from ctypes import c_void_p

import numpy as np
from numpy.typing import ArrayLike, NDArray
from OpenGL import GL

HEADER = "#version 330 core\n"
SETTERS = {2: GL.glUniform2f, 3: GL.glUniform3f, 4: GL.glUniform4f}


class ShaderError(RuntimeError):
    """A shader does not compile or link; the driver's log is the message."""


class Program:
    """A linked shader program whose uniforms are set by name. Needs a current context throughout."""

    def __init__(self, vertex: str, fragment: str) -> None:
        """Compile and link GLSL 330 sources (without the version line); ShaderError carries the log."""
        self._id = GL.glCreateProgram()
        self._places: dict[str, int] = {}
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
        """Make it the program in use and set uniforms: int, float, tuple of 2 to 4 floats, or a (4, 4) matrix.

        Setting one costs more than looking whether it has changed.
        """
        GL.glUseProgram(self._id)
        for name, value in uniforms.items():
            known = self._values.get(name)
            if value is not known and (isinstance(value, np.ndarray) or value != known):
                if name not in self._places:
                    self._places[name] = GL.glGetUniformLocation(self._id, name)
                self._set(self._places[name], value)
                self._values[name] = value

    def release(self) -> None:
        """Free it."""
        GL.glDeleteProgram(self._id)

    @staticmethod
    def _set(place: int, value: object) -> None:
        if isinstance(value, int):
            GL.glUniform1i(place, value)
        elif isinstance(value, float):
            GL.glUniform1f(place, value)
        elif isinstance(value, tuple):
            SETTERS[len(value)](place, *value)
        else:
            GL.glUniformMatrix4fv(place, 1, True, np.ascontiguousarray(value, dtype=np.float32))


class Vertices:
    """Buffers of float32 and the vertex array that binds them to the attributes 0, 1, ... of a program."""

    def __init__(self, layout: Sequence[Sequence[int]], per_instance: bool = False) -> None:
        """Lay out one buffer for each inner sequence, which gives the sizes of its interleaved attributes."""
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
        """Replace what is in a buffer."""
        data = np.ascontiguousarray(values, dtype=np.float32)
        GL.glBindBuffer(GL.GL_ARRAY_BUFFER, self._buffers[index])
        if data.nbytes == self._sizes[index]:
            GL.glBufferSubData(GL.GL_ARRAY_BUFFER, 0, data.nbytes, data)
        else:
            GL.glBufferData(GL.GL_ARRAY_BUFFER, data.nbytes, data, GL.GL_DYNAMIC_DRAW)
            self._sizes[index] = data.nbytes
        GL.glBindBuffer(GL.GL_ARRAY_BUFFER, 0)

    def bind(self) -> None:
        """Make it the array that draw calls read."""
        GL.glBindVertexArray(self._array)

    def release(self) -> None:
        """Free array and buffers."""
        GL.glDeleteVertexArrays(1, [self._array])
        GL.glDeleteBuffers(len(self._buffers), self._buffers)


class Indices:
    """An element buffer of triangles."""

    def __init__(self) -> None:
        self._buffer = int(GL.glGenBuffers(1))
        self._count = 0

    def upload(self, triangles: NDArray[np.uint32]) -> None:
        """Replace what is in it with indices of any shape, three of which make a triangle."""
        self._count = triangles.size
        data = np.ascontiguousarray(triangles, dtype=np.uint32)
        # Not as element buffer: that binding belongs to whichever vertex array happens to be bound.
        GL.glBindBuffer(GL.GL_ARRAY_BUFFER, self._buffer)
        GL.glBufferData(GL.GL_ARRAY_BUFFER, data.nbytes, data, GL.GL_STATIC_DRAW)
        GL.glBindBuffer(GL.GL_ARRAY_BUFFER, 0)

    def draw(self) -> None:
        """Draw the triangles from the vertex array that is bound."""
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
