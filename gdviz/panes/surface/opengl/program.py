"""The OpenGL objects that items need: shader programs, vertex arrays and index buffers."""

from collections.abc import Sequence
from ctypes import c_void_p

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.panes.surface.opengl import gl

HEADER = "#version 330 core\n"
SETTERS = {2: gl.glUniform2f, 3: gl.glUniform3f, 4: gl.glUniform4f}


class ShaderError(RuntimeError):
    """A shader failed to compile or link; the message is the driver's log."""


class Program:
    """A linked shader program whose uniforms are set by name. Needs a current context throughout."""

    def __init__(self, vertex: str, fragment: str) -> None:
        """Compile and link GLSL 330 sources (without the version line); ShaderError carries the log."""
        self._id = gl.glCreateProgram()
        self._locations: dict[str, int] = {}
        self._values: dict[str, object] = {}
        shaders = [_compile(gl.GL_VERTEX_SHADER, vertex), _compile(gl.GL_FRAGMENT_SHADER, fragment)]
        for shader in shaders:
            gl.glAttachShader(self._id, shader)
        gl.glLinkProgram(self._id)
        for shader in shaders:
            gl.glDeleteShader(shader)
        if not gl.integer(gl.glGetProgramiv, self._id, gl.GL_LINK_STATUS):
            raise ShaderError(gl.log(gl.glGetProgramInfoLog, self._id))

    def use(self, **uniforms: object) -> None:
        """Use the program and set uniforms: int, float, tuple of 2 to 4 floats, or a (4, 4) matrix.

        Setting a uniform costs more than checking whether it has changed.
        """
        gl.glUseProgram(self._id)
        for name, value in uniforms.items():
            known = self._values.get(name)
            if value is not known and (isinstance(value, np.ndarray) or value != known):
                if name not in self._locations:
                    self._locations[name] = gl.glGetUniformLocation(self._id, name.encode())
                self._set(self._locations[name], value)
                self._values[name] = value

    def release(self) -> None:
        """Free it."""
        gl.glDeleteProgram(self._id)

    @staticmethod
    def _set(location: int, value: object) -> None:
        if isinstance(value, int):
            gl.glUniform1i(location, value)
        elif isinstance(value, float):
            gl.glUniform1f(location, value)
        elif isinstance(value, tuple):
            SETTERS[len(value)](location, *value)
        else:
            gl.glUniformMatrix4fv(location, 1, True, np.ascontiguousarray(value, dtype=np.float32))


class Vertices:
    """Buffers of float32 and the vertex array that binds them to the attributes 0, 1, ... of a program."""

    def __init__(self, layout: Sequence[Sequence[int]], per_instance: bool = False) -> None:
        """Make one buffer for each inner sequence, which gives the sizes of its interleaved attributes."""
        self._array = gl.made(gl.glGenVertexArrays)
        self._buffers = [gl.made(gl.glGenBuffers) for _ in layout]
        self._sizes = [-1] * len(layout)
        gl.glBindVertexArray(self._array)
        attribute = 0
        for buffer, sizes in zip(self._buffers, layout, strict=True):
            gl.glBindBuffer(gl.GL_ARRAY_BUFFER, buffer)
            offset = 0
            for size in sizes:
                gl.glEnableVertexAttribArray(attribute)
                gl.glVertexAttribPointer(attribute, size, gl.GL_FLOAT, False, 4 * sum(sizes), c_void_p(4 * offset))
                gl.glVertexAttribDivisor(attribute, int(per_instance))
                attribute, offset = attribute + 1, offset + size
        gl.glBindVertexArray(0)

    def upload(self, index: int, values: ArrayLike) -> None:
        """Replace the contents of a buffer."""
        data = np.ascontiguousarray(values, dtype=np.float32)
        gl.glBindBuffer(gl.GL_ARRAY_BUFFER, self._buffers[index])
        if data.nbytes == self._sizes[index]:
            # PyOpenGL takes ten times as long to convert an array as a pointer.
            gl.glBufferSubData(gl.GL_ARRAY_BUFFER, 0, data.nbytes, c_void_p(data.ctypes.data))
        else:
            gl.glBufferData(gl.GL_ARRAY_BUFFER, data.nbytes, data, gl.GL_DYNAMIC_DRAW)
            self._sizes[index] = data.nbytes
        gl.glBindBuffer(gl.GL_ARRAY_BUFFER, 0)

    def bind(self) -> None:
        """Bind the array for draw calls."""
        gl.glBindVertexArray(self._array)

    def release(self) -> None:
        """Free the array and its buffers."""
        gl.free(gl.glDeleteVertexArrays, [self._array])
        gl.free(gl.glDeleteBuffers, self._buffers)


class Indices:
    """An element buffer of triangles."""

    def __init__(self) -> None:
        self._buffer = gl.made(gl.glGenBuffers)
        self._count = 0

    def upload(self, triangles: NDArray[np.uint32]) -> None:
        """Replace the contents with indices of any shape, three per triangle."""
        self._count = triangles.size
        data = np.ascontiguousarray(triangles, dtype=np.uint32)
        # Not as an element buffer: that binding belongs to whichever vertex array is bound.
        gl.glBindBuffer(gl.GL_ARRAY_BUFFER, self._buffer)
        gl.glBufferData(gl.GL_ARRAY_BUFFER, data.nbytes, data, gl.GL_STATIC_DRAW)
        gl.glBindBuffer(gl.GL_ARRAY_BUFFER, 0)

    def draw(self) -> None:
        """Draw the triangles from the bound vertex array."""
        gl.glBindBuffer(gl.GL_ELEMENT_ARRAY_BUFFER, self._buffer)
        gl.glDrawElements(gl.GL_TRIANGLES, self._count, gl.GL_UNSIGNED_INT, None)

    def release(self) -> None:
        """Free the buffer."""
        gl.free(gl.glDeleteBuffers, [self._buffer])


def _compile(kind: int, source: str) -> int:
    shader = gl.glCreateShader(kind)
    gl.set_source(shader, HEADER + source)
    gl.glCompileShader(shader)
    if not gl.integer(gl.glGetShaderiv, shader, gl.GL_COMPILE_STATUS):
        raise ShaderError(gl.log(gl.glGetShaderInfoLog, shader))
    return int(shader)
