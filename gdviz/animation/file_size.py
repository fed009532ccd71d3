"""About how large the file of an animation will be, for people to know before it is written."""

import math
from itertools import pairwise

import numpy as np

from gdviz.animation.animation import Animation
from gdviz.animation.events import box_jumps
from gdviz.animation.formats import Format, FrameBytes, Size

GROWTH_WITH_PIXELS = 0.65
"""Lines and letters in a picture grow with its sides, and flat areas cost next to nothing."""


def estimated_bytes(animation: Animation, format: Format, size: Size) -> int:
    """The size of the file, or of all pictures in the folder, in bytes.

    For the shipped scenarios it was 0.75 to 1.4 times the true size of videos and pictures, and 0.6 to 2 times that of
    GIF and WebP files, whose size depends almost entirely on how much of the picture a step changes.
    """
    each = format.frame_bytes
    whole = math.ceil(animation.duration / each.whole_seconds) if math.isfinite(each.whole_seconds) else 1
    count = len(animation)
    # The whole frames take the place of others, of each kind in proportion.
    bytes_of_megapixel = each.whole * whole + _changes(animation, each) * (count - whole) / count
    return round(bytes_of_megapixel * math.pow(size[0] * size[1] / 1e6, GROWTH_WITH_PIXELS))


def _changes(animation: Animation, each: FrameBytes) -> float:
    """The bytes, for frames of a megapixel, if none of them had to be whole."""
    moments, cameras = np.array(animation.moments), animation.cameras
    turned = [False, *(before != behind for before, behind in pairwise(cameras))]
    stepped = np.diff(moments, prepend=moments[0]) > 0
    jumps = box_jumps(animation.scene, *animation.steps)
    grows = (moments > jumps[0]) & (moments <= jumps[-1] + 1) if len(jumps) else np.zeros_like(stepped)
    # The most expensive change decides; a turned camera hides nothing else that has changed.
    kinds = [(each.turned, turned), (each.growing, stepped & grows), (each.stepped, stepped)]
    costs = np.max([rate * np.asarray(kind) for rate, kind in kinds], axis=0)
    return float(np.maximum(costs, each.held).sum())


def size_in_words(count: int) -> str:
    """A number of bytes to two digits, as people read it: ``830 kB``, ``2.4 MB``."""
    rounded = max(1e3, float(f"{count:.2g}"))
    unit, scale = next(pair for pair in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)) if rounded >= pair[1])
    return f"{rounded / scale:g} {unit}"
