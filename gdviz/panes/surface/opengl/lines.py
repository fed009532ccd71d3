"""Lines of any width, drawn as screen-space strips, since the core profile has no wide lines."""

import numpy as np
from numpy.typing import NDArray

from gdviz.core.frozen import frozen
from gdviz.panes.surface.geometry.camera import HEIGHT, Lens
from gdviz.panes.surface.geometry.mesh import distinct_segments, join_tiny, start_lengths
from gdviz.panes.surface.geometry.render_state import Colour, RenderState
from gdviz.panes.surface.opengl import gl
from gdviz.panes.surface.opengl.item import Item
from gdviz.panes.surface.opengl.program import Program, Vertices

LIFT = 0.02
"""World units by which a line is moved towards the viewer for the depth test, 1 % of the box's width."""

CROWD = 400
"""With more lines than this, lines that coincide with others are left out, and the edges of translucent lines are not
smoothed, which would take as long again."""

VERTEX = f"""
layout(location = 0) in vec3 first;
layout(location = 1) in vec3 second;
layout(location = 2) in float start;   // of the dashes: world length of the line so far
uniform mat4 matrix;
uniform vec2 size;                     // of the picture, in pixels
uniform vec2 depth;                    // depth terms: a + b / distance
uniform vec2 flatten;                  // world height for all points, and whether to use it
uniform float lift;
uniform float half_width;
uniform float scale;                   // pixels per world unit in the middle of the box
noperspective out vec2 at;             // along and across, in pixels
flat out float span;
flat out float phase;

void main() {{
    vec4 a = vec4(first.xy, flatten.y > 0.5 ? flatten.x : first.z * {HEIGHT}, 1.0);
    vec4 b = vec4(second.xy, flatten.y > 0.5 ? flatten.x : second.z * {HEIGHT}, 1.0);
    vec4 from = matrix * a;
    vec4 to = matrix * b;
    vec2 pixel_from = from.xy / from.w * 0.5 * size;
    vec2 pixel_to = to.xy / to.w * 0.5 * size;
    span = distance(pixel_from, pixel_to);
    vec2 along = span > 1e-4 ? (pixel_to - pixel_from) / span : vec2(1.0, 0.0);
    bool at_end = (gl_VertexID & 1) == 1;
    float side = (gl_VertexID & 2) == 2 ? 1.0 : -1.0;
    float reach = half_width + 1.0;
    at = vec2(at_end ? span + reach : -reach, side * reach);
    vec2 pixel = pixel_from + at.x * along + at.y * vec2(-along.y, along.x);
    float w = at_end ? to.w : from.w;
    gl_Position = vec4(pixel / (0.5 * size), depth.x + depth.y / (w - lift), 1.0) * w;
    phase = start * scale;
}}
"""

HEAD = """
noperspective in vec2 at;
flat in float span;
flat in float phase;
uniform vec4 colour;
uniform float half_width;
uniform bool butt;        // ends cut off instead of round
uniform int part;         // 0: all, 1: the covered core, 2: the soft edge outside of it
out vec4 result;
"""

SOLID = """
float beside_dash(float place) {
    return -1e6;
}
"""

DASHED = """
uniform vec4 dash;        // on, off, on, off in pixels
uniform float grow;       // pixels by which dashes are longer at each end

float beside_dash(float place) {
    float period = dash.x + dash.y + dash.z + dash.w;
    float p = mod(place, period);
    float second = dash.x + dash.y;
    float to_first = min(abs(p - 0.5 * dash.x), abs(p - period - 0.5 * dash.x)) - 0.5 * dash.x;
    float middle = second + 0.5 * dash.z;
    float to_second = min(abs(p - middle), abs(p + period - middle)) - 0.5 * dash.z;
    return min(to_first, to_second) - grow;
}
"""

MAIN = """
void main() {
    float inside = clamp(at.x, 0.0, span);
    if (butt && inside != at.x) discard;
    float coverage = clamp(half_width + 0.5 - length(vec2(at.x - inside, at.y)), 0.0, 1.0);
    coverage *= clamp(0.5 - beside_dash(phase + inside), 0.0, 1.0);
    if (coverage <= 0.0 || (part == 1 && coverage < 0.5) || (part == 2 && coverage >= 0.5)) discard;
    result = vec4(colour.rgb, colour.a * coverage);
}
"""


@frozen
class Pen:
    """How lines are drawn; lengths in pixels, dash with two or four lengths or none."""

    width: float
    colour: Colour
    dash: tuple[float, ...] = ()
    grow: float = 0.0
    butt: bool = False
    floor: float | None = None
    """World height that replaces the line's own."""
    lift: float = LIFT
    behind: bool = False
    """Whether to draw the parts that the surface hides instead of the visible ones."""


class LineShader:
    """The program that draws lines, for one item."""

    def __init__(self, owner: Item) -> None:
        """Compile a program for each kind: in software rendering a branch costs time even if not taken."""
        self._solid, self._dashed = (owner.own(Program(VERTEX, HEAD + kind + MAIN)) for kind in (SOLID, DASHED))

    def draw(self, lines: "Lines", state: RenderState, pen: Pen, part: int = 0) -> None:
        """Draw all lines, or the ``part`` of their coverage that the shader defines; depth is tested, not written."""
        if not lines.count:
            return
        # Lines thinner than a pixel are drawn one pixel wide, but fainter.
        width, (red, green, blue, alpha) = max(pen.width, 1.0), pen.colour
        (self._dashed if pen.dash else self._solid).use(
            matrix=state.lens.matrix,
            size=state.size,
            depth=state.lens.depth_terms(),
            flatten=(pen.floor or 0.0, float(pen.floor is not None)),
            lift=float(pen.lift),
            half_width=width / 2.0,
            colour=(red, green, blue, alpha * min(pen.width, 1.0)),
            butt=int(pen.butt),
            part=part,
            scale=state.lens.scale,
            dash=(pen.dash * 2)[:4] or (0.0,) * 4,
            grow=float(pen.grow),
        )
        gl.glDepthMask(False)
        gl.glDepthFunc(gl.GL_GREATER if pen.behind else gl.GL_LEQUAL)
        lines.draw()

    def draw_once(self, lines: "Lines", state: RenderState, pen: Pen, number: int) -> None:
        """Draw translucent lines so that no pixel is painted twice where they join or cross.

        First the pixels that are at least half covered, then the soft edges around them, unless there are too many
        lines for these to show. number: the stencil value, from 1 to 255, unique in the picture.
        """
        gl.glEnable(gl.GL_STENCIL_TEST)
        gl.glStencilFunc(gl.GL_NOTEQUAL, number, 0xFF)
        gl.glStencilOp(gl.GL_KEEP, gl.GL_KEEP, gl.GL_REPLACE)
        for part in (1,) if lines.is_crowd else (1, 2):
            self.draw(lines, state, pen, part)
        gl.glDisable(gl.GL_STENCIL_TEST)


class Lines:
    """Straight lines in unit-box coordinates on the GPU, for one item."""

    def __init__(self, owner: Item) -> None:
        self._vertices = owner.own(Vertices([[3, 3], [1]], per_instance=True))
        self._uploaded: object = None
        self._lens: Lens | None = None
        self._dashed = False
        self.count = 0
        self.is_crowd = False

    def show(self, segments: NDArray[np.float32]) -> None:
        """Upload segments of shape (m, 2, 3), unless they are the same array as last time."""
        if segments is not self._uploaded:
            self._uploaded = segments
            self._upload(segments, start_lengths(segments))

    def show_path(self, segments: NDArray[np.float32], state: RenderState, *, dashed: bool) -> None:
        """Upload the segments of a path, shape (m, 2, 3), without those that would not be visible."""
        if segments is self._uploaded and state.lens is self._lens and dashed == self._dashed:
            return
        self._uploaded, self._lens, self._dashed = segments, state.lens, dashed
        joined, first = join_tiny(segments, state.lens)
        self.is_crowd = len(joined) > CROWD
        if dashed:
            self._upload(joined, start_lengths(segments)[first])
        else:
            self._upload(joined[distinct_segments(joined, state.lens)] if self.is_crowd else joined)

    def _upload(self, segments: NDArray[np.float32], offsets: NDArray[np.float64] | None = None) -> None:
        self.count = len(segments)
        if self.count:
            self._vertices.upload(0, segments)
            self._vertices.upload(1, np.zeros(self.count) if offsets is None else offsets)

    def draw(self) -> None:
        """Draw the lines with the program in use."""
        self._vertices.bind()
        gl.glDrawArraysInstanced(gl.GL_TRIANGLE_STRIP, 0, 4, self.count)
