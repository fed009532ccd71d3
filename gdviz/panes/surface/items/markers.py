"""The markers: step dots, start, current step, minima, arrowheads, and a first box too small to see."""

import math
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QPointF

from gdviz.panes.landscape.ghost import cut_off
from gdviz.panes.landscape.landscape import RunPath
from gdviz.panes.surface.geometry import heightfield as field
from gdviz.panes.surface.geometry.camera import HEIGHT, to_world
from gdviz.panes.surface.geometry.render_state import MARKER_SIZE, Colour, RenderState, rgba
from gdviz.panes.surface.items.inside import colour_of, place_direction
from gdviz.panes.surface.items.paths import ARROW_HEAD, place_arrow
from gdviz.panes.surface.items.scenery import MIN_OUTLINE, first_box_is_small
from gdviz.panes.surface.opengl import gl
from gdviz.panes.surface.opengl.item import Item
from gdviz.panes.surface.opengl.lines import LIFT
from gdviz.panes.surface.opengl.program import Program, Vertices
from gdviz.plotting.shapes import stacked_radii
from gdviz.plotting.style import STAR_COLOURS, STAR_DEPTH, STAR_RADIUS
from gdviz.presentation.palette import MARKERS

DOT = 2.3
"""Radius of a dot in units."""
DOT_SPACING = 15.0
"""The minimum distance between two dots along the path, in units."""
START_RADIUS = 9.5
"""Radius of the start's ring in units."""
HIGHLIGHT_RADIUS = 15.0
"""Radius of the ring around what the tape highlights, in units; clear of the run's marker."""
GHOST_HEAD_RADIUS = 6.5
"""Radius of the arrowhead where the next steps leave the box, in units."""
HIDDEN_OPACITY = 0.4
"""Opacity of a marker behind the surface."""


Shape = IntEnum("Shape", "CIRCLE SQUARE TRIANGLE DIAMOND RING STAR ARROWHEAD FRAME", start=0)
"""The shapes in the shader."""
RUN_SHAPES = {"o": Shape.CIRCLE, "s": Shape.SQUARE, "t": Shape.TRIANGLE, "d": Shape.DIAMOND}

VERTEX = f"""
layout(location = 0) in vec3 place;
layout(location = 1) in vec4 form;      // radius and rim in pixels, shape, angle
layout(location = 2) in vec4 fill;
layout(location = 3) in vec4 rim;
uniform mat4 matrix;
uniform vec2 depth;
uniform float lift;
flat out vec4 kind;
flat out vec4 inner;
flat out vec4 outer;
flat out float size;

void main() {{
    vec4 at = matrix * vec4(place.xy, place.z * {HEIGHT}, 1.0);
    at.z = (depth.x + depth.y / (at.w - lift)) * at.w;
    gl_Position = at;
    size = 2.0 * (form.x * 1.25 + form.y + 1.5);
    gl_PointSize = size;
    kind = form;
    inner = fill;
    outer = rim;
}}
"""

FRAGMENT = (
    f"""
const float STAR_DEPTH = {STAR_DEPTH};
"""
    + """
flat in vec4 kind;
flat in vec4 inner;
flat in vec4 outer;
flat in float size;
out vec4 colour;

float triangle(vec2 p, float r) {          // tip to the right
    return max(-p.x - 0.6 * r, dot(vec2(p.x - r, abs(p.y)), normalize(vec2(0.62, 1.0))));
}

float star(vec2 p, float r) {              // as `gdviz.plotting.style.star`: one tip up, round edges
    const float half_turn = 0.62831853;
    float angle = mod(atan(p.x, -p.y) + half_turn, 2.0 * half_turn) - half_turn;
    vec2 q = length(p) * vec2(cos(angle), abs(sin(angle)));
    vec2 along = STAR_DEPTH * vec2(cos(half_turn), sin(half_turn)) - vec2(1.0, 0.0);
    return max(dot(q - vec2(r, 0.0), normalize(vec2(along.y, -along.x))), length(p) - r);
}

float outside(vec2 p, float r, int shape) {
    float square = max(abs(p.x), abs(p.y));
    if (shape == 1) return square - 0.88 * r;
    if (shape == 2) return triangle(vec2(-p.y, p.x), 1.15 * r);
    if (shape == 3) return (abs(p.x) + abs(p.y)) * 0.7071 - 0.85 * r;
    if (shape == 4) return abs(length(p) - r) - 0.14 * r;
    if (shape == 5) return star(p, r);
    if (shape == 6) return triangle(p, r);
    if (shape == 7) return abs(square - r) - 0.2 * r;
    return length(p) - r;
}

void main() {
    vec2 p = (gl_PointCoord - 0.5) * size;
    float c = cos(kind.w), s = sin(kind.w);
    float d = outside(vec2(c * p.x + s * p.y, c * p.y - s * p.x), kind.x, int(kind.z + 0.5));
    float covered = clamp(0.5 + kind.y - d, 0.0, 1.0);
    if (covered <= 0.0) discard;
    vec4 mixed = mix(outer, inner, clamp(0.5 - d, 0.0, 1.0));
    colour = vec4(mixed.rgb, mixed.a * covered);
}
"""
)

Row = list[float]
NO_ROWS = np.empty((0, 15), dtype=np.float32)


class MarkersItem(Item):
    """Draws all markers of the landscape."""

    def initialize(self) -> None:
        """Make the shader and the buffers."""
        self._program = self.own(Program(VERTEX, FRAGMENT))
        self._dots, self._markers = (self.own(Vertices([[3, 4, 4, 4]])) for _ in range(2))

    def draw(self, state: RenderState) -> None:
        """Draw the dots, hidden behind the surface, then the markers, faint behind the surface."""
        gl.glEnable(gl.GL_PROGRAM_POINT_SIZE)
        gl.glDepthMask(False)
        self._program.use(matrix=state.lens.matrix, depth=state.lens.depth_terms(), lift=float(1.5 * LIFT))
        _draw(self._dots, np.concatenate([NO_ROWS, *(_dot_rows(state, path) for path in state.landscape.paths[::-1])]))
        gl.glDisable(gl.GL_DEPTH_TEST)
        _draw(self._markers, _marker_rows(state))


def _draw(vertices: Vertices, rows: NDArray[np.float32]) -> None:
    if len(rows):
        vertices.upload(0, rows)
        vertices.bind()
        gl.glDrawArrays(gl.GL_POINTS, 0, len(rows))


def _dot_rows(state: RenderState, path: RunPath) -> NDArray[np.float32]:
    """Return the rows of a path's dots, shape (k, 15); where steps are short, only some, to keep the path visible."""
    if not len(path.dots):
        return NO_ROWS
    x, y = state.lens.project(to_world(path.dots)).T
    way = np.cumsum(np.hypot(np.diff(x, prepend=x[0]), np.diff(y, prepend=y[0])))
    stretch = np.floor(way / (DOT_SPACING * state.unit))
    is_kept = np.diff(stretch, prepend=-1.0) > 0.0
    if path.start is not None:  # its ring stays hollow
        start = state.lens.pixel(to_world(path.start).tolist())
        is_kept &= np.hypot(x - start[0], y - start[1]) > START_RADIUS * state.unit
    kept = path.dots[is_kept]
    unit, palette = state.unit, state.palette
    look = _row((0.0, 0.0, 0.0), Shape.CIRCLE, DOT * unit, 1.1 * unit, rgba(palette.background), rgba(palette.text))
    rows = np.empty((len(kept), 15), dtype=np.float32)
    rows[:, :3], rows[:, 3:] = kept, look[3:]
    return rows


def _marker_rows(state: RenderState) -> NDArray[np.float32]:
    """Return the rows of all other markers, shape (k, 15), most important last; translucent behind the surface."""
    unit, palette = state.unit, state.palette
    light, dark = rgba(palette.background), rgba(palette.text)
    fill, edge = map(rgba, STAR_COLOURS)
    rows = [_row(place, Shape.STAR, STAR_RADIUS * unit, 1.4 * unit, fill, edge) for place in state.landscape.minima]
    if first_box_is_small(state):
        middle = np.asarray(state.landscape.first_box, dtype=np.float64)[:-1].mean(axis=0)
        rows.append(_row(middle, Shape.FRAME, MIN_OUTLINE / 2.0 * unit, 1.4 * unit, dark, light))
    paths = state.landscape.paths[::-1]
    starts = [path.start for path in paths if path.start is not None]
    rows += [_row(start, Shape.RING, START_RADIUS * unit, 1.4 * unit, dark, light) for start in starts]
    rows += [head for path in paths for head in _ghost_heads(state, path)]
    radii = _marker_radii(state)
    for path in paths:
        fill = rgba(palette.runs[path.style])
        if path.arrow is not None:
            placed, radius = place_arrow(state, path.arrow), ARROW_HEAD * unit
            rows.append(_row(placed.shaft[0, 1], Shape.ARROWHEAD, radius, 1.4 * unit, fill, light, placed.angle))
        if path.current is not None:
            shape = RUN_SHAPES[MARKERS[path.style]]
            rows.append(_row(path.current, shape, radii[path.style], 2.0 * unit, fill, light))
    rows += _inside_heads(state)  # over the run's marker, which would cover that of a short step
    lit = state.landscape.light
    if lit is not None and lit.place is not None:
        rows.append(_row(lit.place, Shape.RING, HIGHLIGHT_RADIUS * unit, 1.6 * unit, rgba(palette.accent), light))
    table = np.array(rows, dtype=np.float32).reshape(-1, 15)
    surface, lens = state.landscape.surface, state.lens
    # Decided for whole markers, so that none is cut in half.
    behind = [field.is_hidden(surface, lens, (x, y, z * HEIGHT)) for x, y, z in table[:, :3].tolist()]
    table[np.ix_(behind, [10, 14])] *= HIDDEN_OPACITY
    return table


def _marker_radii(state: RenderState) -> dict[int, float]:
    """Return the marker radius of each run by style; covered markers are larger, so that all are visible."""
    shown = {path.style: path.current for path in state.landscape.paths if path.current is not None}
    places = [QPointF(*state.lens.pixel(to_world(current).tolist())) for current in shown.values()]
    return dict(zip(shown, stacked_radii(places, MARKER_SIZE / 2.0 * state.unit), strict=True))


def _ghost_heads(state: RenderState, path: RunPath) -> list[Row]:
    """Return the rows of the arrowheads where the next steps leave the box."""
    cut = path.ghost[cut_off(path.ghost)]
    form = (Shape.ARROWHEAD, GHOST_HEAD_RADIUS * state.unit, 1.4 * state.unit)
    colours = (rgba(state.palette.background), rgba(state.palette.runs[path.style]))
    ways = np.diff(state.lens.project(to_world(cut)), axis=1)[:, 0].tolist()
    return [_row(wall, *form, *colours, math.atan2(y, x)) for wall, (x, y) in zip(cut[:, 1], ways, strict=True)]


def _inside_heads(state: RenderState) -> list[Row]:
    """Return the rows of the heads of the arrows of the next step, the step on top."""
    inside, found = state.landscape.inside, list[Row]()
    for direction in inside.shown if inside is not None else ():
        placed = place_direction(state, direction)
        colours = rgba(colour_of(state, direction)), rgba(state.palette.background)
        form = (placed.shaft[-1], Shape.ARROWHEAD, placed.radius, 1.4 * state.unit)
        found.append(_row(*form, *colours, placed.angle))
    return found


def _row(
    place: ArrayLike, shape: Shape, radius: float, rim_width: float, fill: Colour, rim: Colour, angle: float = 0.0
) -> Row:
    """Return one vertex: unit-box place, form, colours."""
    form = (radius, rim_width, float(shape), math.remainder(angle, math.tau))
    return [*np.asarray(place, dtype=np.float64), *form, *fill, *rim]
