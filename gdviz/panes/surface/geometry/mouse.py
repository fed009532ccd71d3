"""What the mouse does to the camera and to the start, as pure functions of a state and pixels."""

import math
from dataclasses import replace

from PySide6.QtCore import QPointF

from gdviz.panes.surface.geometry import heightfield as field
from gdviz.panes.surface.geometry.camera import to_world
from gdviz.panes.surface.geometry.render_state import RenderState
from gdviz.presentation.look import DISTANCES, ELEVATIONS, Camera

DEGREES_PER_PIXEL = 0.4
GRIP = 14.0
"""A press within at least this many pixels of the start marker grabs it."""


def orbited(camera: Camera, moved: QPointF) -> Camera:
    """The camera after the mouse moved by this many pixels: the box follows it."""
    azimuth = math.remainder(camera.azimuth - DEGREES_PER_PIXEL * moved.x(), 360.0)
    elevation = camera.elevation + DEGREES_PER_PIXEL * moved.y()
    return replace(camera, azimuth=azimuth, elevation=min(max(elevation, ELEVATIONS[0]), ELEVATIONS[1]))


def zoomed(camera: Camera, turned: int) -> Camera:
    """The camera after the wheel turned, in eighths of a degree; towards the screen is nearer."""
    distance = camera.distance * 0.999**turned
    return replace(camera, distance=min(max(distance, DISTANCES[0]), DISTANCES[1]))


def grip(state: RenderState, x: float, y: float, reach: float) -> tuple[float, float] | None:
    """From a pixel to the middle of the start marker, if it is within reach (pixels); None if it is not."""
    start = next((path.start for path in state.landscape.paths if path.start is not None), None)
    if start is None:
        return None
    to_x, to_y = state.lens.project(to_world(start)) - (x, y)
    return (float(to_x), float(to_y)) if math.hypot(to_x, to_y) <= reach else None


def pick(state: RenderState, x: float, y: float) -> tuple[float, float] | None:
    """The parameters of the surface's point that is seen at a pixel; None beside the surface."""
    surface = state.landscape.surface
    place = field.pick(surface, state.lens, x, y)
    if place is None:
        return None
    first, second = surface.box.denormalised(place)
    return float(first), float(second)
