"""The surface and the floor plate below it, with one mesh and one shader."""

import numpy as np

from gdviz.panes.landscape.landscape import Surface
from gdviz.panes.surface.geometry.camera import FLOOR, HEIGHT
from gdviz.panes.surface.geometry.mesh import strides, triangles
from gdviz.panes.surface.geometry.render_state import RenderState, rgba
from gdviz.panes.surface.opengl import gl
from gdviz.panes.surface.opengl.item import Item
from gdviz.panes.surface.opengl.program import Indices, Program, Vertices
from gdviz.presentation.palette import COLOUR_DECADES, CONTOUR_LEVELS, colour_table

VERTEX = """
layout(location = 0) in vec2 place;
layout(location = 1) in float height;
layout(location = 2) in vec2 slope;
uniform mat4 matrix;
uniform float lift;       // world height of height 0
uniform float scale;      // world height per height; 0 makes it flat
out vec2 at;
out vec2 tilt;
out vec2 parts;           // height, and the slope's share of it

void main() {
    at = place;
    tilt = slope;
    parts = vec2(height, dot(slope, place));
    gl_Position = matrix * vec4(place, lift + scale * height, 1.0);
}
"""

# The height is interpolated to second order from the corners' slopes (see `heightfield.height`), so that contour lines
# of a quadratic are smooth and not polygons on the mesh.
FRAGMENT = f"""
in vec2 at;
in vec2 tilt;
in vec2 parts;
uniform sampler2D colours;
uniform vec3 light;       // direction to it
uniform vec4 pane;        // the colour that mutes it, and how much
uniform vec2 line;        // half width of a contour line in pixels, its opacity
uniform float scale;
uniform vec4 eye;         // position of the viewer, and how much the underside is darkened
uniform float lift;
out vec4 colour;

void main() {{
    float height = max(parts.x + 0.5 * (dot(tilt, at) - parts.y), 0.0);
    float position = clamp(1.0 + log2(max(height, 1e-12)) * {0.30102999566 / COLOUR_DECADES}, 0.0, 1.0);
    vec3 base = texture(colours, vec2((position * 255.0 + 0.5) / 256.0, 0.5)).rgb;

    vec3 normal = normalize(vec3(-tilt * scale, 1.0));
    // By the smooth normal: the facing of triangles flickers along the silhouette.
    float towards = dot(normal, normalize(eye.xyz - vec3(at, lift + scale * height)));
    float below = smoothstep(0.04, -0.04, towards);
    float facing = dot(normal, light) * (1.0 - 2.0 * below);
    vec3 shaded = base * (0.80 + 0.24 * facing) * (1.0 - eye.w * below);
    shaded = mix(shaded, pane.rgb, pane.a);

    float phase = sqrt(height) * {float(CONTOUR_LEVELS)};
    float change = max(length(vec2(dFdx(phase), dFdy(phase))), 1e-6);
    float distance = abs(phase - max(round(phase), 1.0)) / change;
    float inked = clamp(line.x + 0.5 - distance, 0.0, 1.0) * (1.0 - smoothstep(0.12, 0.45, change));
    colour = vec4(mix(shaded, vec3(0.02, 0.03, 0.06), inked * line.y), 1.0);
}}
"""

LIGHT = np.array([-0.45, 0.55, 0.70])
"""Direction to the light in camera coordinates (right, up, towards the viewer), so that it turns with the camera."""


class SurfaceItem(Item):
    """Draws `Landscape.surface` and the floor plate."""

    def initialize(self) -> None:
        """Make the shader and the colour map; the mesh is made with the first surface."""
        self._program = self.own(Program(VERTEX, FRAGMENT))
        self._colours = self.own(ColourMapTexture())
        self._vertices = self.own(Vertices([[2], [1], [2]]))
        self._surface, self._floor = self.own(Indices()), self.own(Indices())
        self._mesh = (0, 0)
        self._uploaded: Surface | None = None

    def draw(self, state: RenderState) -> None:
        """Draw the surface, then the visible part of the floor."""
        self._upload(state.landscape.surface)
        self._vertices.bind()
        self._colours.bind()
        light = LIGHT / np.linalg.norm(LIGHT) @ state.lens.axes
        common = {"matrix": state.lens.matrix, "light": tuple(light.tolist()), "colours": 0}
        pane, eye = rgba(state.palette.pane)[:3], state.lens.eye.tolist()
        gl.glDisable(gl.GL_BLEND)
        gl.glEnable(gl.GL_POLYGON_OFFSET_FILL)
        gl.glPolygonOffset(0.5, 1.0)
        half = 0.5 * max(1.0, 1.15 * state.unit)
        self._program.use(**common, lift=0.0, scale=HEIGHT, pane=(*pane, 0.0), line=(half, 0.62), eye=(*eye, 0.28))
        self._surface.draw()
        self._program.use(lift=FLOOR, scale=0.0, pane=(*pane, 0.42), line=(half, 0.34), eye=(*eye, 0.0))
        self._floor.draw()
        gl.glDisable(gl.GL_POLYGON_OFFSET_FILL)

    def _upload(self, surface: Surface) -> None:
        if surface is self._uploaded:
            return
        stride, floor_stride = strides(surface)
        count = len(surface.heights[::stride])
        mesh = (count, floor_stride // stride)
        if mesh != self._mesh:
            self._mesh = mesh
            self._surface.upload(triangles(count, 1))
            self._floor.upload(triangles(*mesh))
            places = np.linspace(-1.0, 1.0, count)
            self._vertices.upload(0, np.stack(np.meshgrid(places, places, indexing="ij"), axis=-1))
        self._vertices.upload(1, surface.heights[::stride, ::stride])
        self._vertices.upload(2, surface.slopes[::stride, ::stride])
        self._uploaded = surface


class ColourMapTexture:
    """The colour map as a texture."""

    def __init__(self) -> None:
        self._texture = gl.made(gl.glGenTextures)
        self.bind()
        table = np.full((1, 256, 4), 255, dtype=np.uint8)
        table[0, :, :3] = colour_table(256)
        gl.glPixelStorei(gl.GL_UNPACK_ALIGNMENT, 4)  # Qt's text rendering relies on it
        gl.glTexImage2D(gl.GL_TEXTURE_2D, 0, gl.GL_RGBA8, 256, 1, 0, gl.GL_RGBA, gl.GL_UNSIGNED_BYTE, table)
        for name in (gl.GL_TEXTURE_MIN_FILTER, gl.GL_TEXTURE_MAG_FILTER):
            gl.glTexParameteri(gl.GL_TEXTURE_2D, name, gl.GL_LINEAR)
        for name in (gl.GL_TEXTURE_WRAP_S, gl.GL_TEXTURE_WRAP_T):
            gl.glTexParameteri(gl.GL_TEXTURE_2D, name, gl.GL_CLAMP_TO_EDGE)

    def bind(self) -> None:
        """Bind the texture to unit 0."""
        gl.glActiveTexture(gl.GL_TEXTURE0)
        gl.glBindTexture(gl.GL_TEXTURE_2D, self._texture)

    def release(self) -> None:
        """Free it."""
        gl.free(gl.glDeleteTextures, [self._texture])
