"""A sheet: what one painting of the view shows, a picture of all runs or, beside each other, one of each."""

from dataclasses import dataclass

from gdviz.gl.key import KeyStyle, fitting
from gdviz.gl.key_place import EDGE
from gdviz.gl.layout import NOTES
from gdviz.gl.shot import TEXT_SIZE, Shot, take
from gdviz.model.frame import Frame
from gdviz.model.multiples import grid_of, has_multiples, multiples
from gdviz.model.palette import Palette, palette_of

SMALLER = 0.87
"""The unit of one of several pictures in that of the sheet: with it no text is below 16 units."""
LEAST = (300.0, 170.0)
"""Units that one of several pictures has in width and height at least; in a smaller one the unit is smaller too."""
MOST_UPRIGHT = 1.05
"""The height of one of several pictures in its width, at most."""
GAP = 6.0
"""Units between two pictures."""
LEGEND = 2.1
"""The room above the surface in which the legend of several runs has a row, in sizes of the text."""
HEADING = 2.7
"""The room for the heading of a picture and the notes below it, in sizes of its text."""


@dataclass(frozen=True, eq=False)
class Tile:
    """A picture and where its left and top edges are on the sheet, in pixels."""

    shot: Shot
    left: int
    top: int

    def is_near(self, x: float, y: float) -> bool:
        """Whether a pixel of the sheet is in the picture."""
        return 0 <= x - self.left < self.shot.lens.width and 0 <= y - self.top < self.shot.lens.height


@dataclass(frozen=True, eq=False)
class Sheet:
    """Pictures, the whole of ``width`` x ``height`` pixels; one that is alone fills all of it."""

    tiles: tuple[Tile, ...]
    width: int
    height: int

    @property
    def palette(self) -> Palette:
        """The colours of all of them."""
        return self.tiles[0].shot.palette

    @property
    def is_single(self) -> bool:
        """Whether one picture is all there is."""
        return len(self.tiles) == 1

    def tile_at(self, x: float, y: float) -> int:
        """Which picture a pixel is in; the first, for one that is in none."""
        return next((index for index, tile in enumerate(self.tiles) if tile.is_near(x, y)), 0)


def lay_out(frame: Frame, width: int, height: int, unit: float) -> Sheet:
    """The sheet of a frame of so many pixels."""
    if not has_multiples(frame):
        above = _room_for_legend(frame, width, height, unit) if frame.legend.entries else 0.0
        return Sheet((Tile(take(frame, width, height, unit, above), 0, 0),), width, height)
    frames, gap = multiples(frame), round(GAP * unit)
    across, down = grid_of(len(frames), width, height)
    # All of the same size, so that they share one lens and one picture of the surface.
    size = (width - gap * (across - 1)) // across, (height - gap * (down - 1)) // down
    # No higher than a picture needs, so that its heading stands close to it.
    size = size[0], min(size[1], round(MOST_UPRIGHT * size[0]))
    above = (height - down * size[1] - gap * (down - 1)) // 2
    smaller = min(SMALLER * unit, size[0] / LEAST[0], size[1] / LEAST[1])
    tiles = []
    for index, one in enumerate(frames):
        row, column = divmod(index, across)
        shot = take(one, *size, smaller, HEADING * TEXT_SIZE * smaller)
        tiles.append(Tile(shot, column * (size[0] + gap), above + row * (size[1] + gap)))
    return Sheet(tuple(tiles), width, height)


def _room_for_legend(frame: Frame, width: int, height: int, unit: float) -> float:
    """Pixels above the surface for the legend in a row, or in several where its texts are long."""
    look = KeyStyle(palette_of(frame.look), NOTES * TEXT_SIZE * unit)
    image = fitting(frame.legend, look, width - 2 * EDGE * look.size, height)
    return max(LEGEND * TEXT_SIZE * unit, image.height() + 3 * EDGE * look.size)
