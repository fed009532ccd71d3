"""A sheet: what one painting of the view shows, a picture of all runs or, beside each other, one of each."""

from dataclasses import dataclass

from gdviz.panes.surface.labels.run_legend import KeyStyle, fitting
from gdviz.panes.surface.labels.legend_placement import EDGE
from gdviz.panes.surface.labels.layout import NOTES
from gdviz.panes.surface.geometry.shot import TEXT_SIZE, Shot, take
from gdviz.panes.landscape.landscape import Landscape
from gdviz.presentation.look import Look
from gdviz.panes.landscape.multiples import grid_of, has_multiples, multiples
from gdviz.presentation.palette import Palette, palette_of
from gdviz.presentation.run_names import Legend

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


def lay_out(landscape: Landscape, look: Look, legend: Legend, width: int, height: int, unit: float) -> Sheet:
    """The sheet of so many pixels that shows a landscape."""
    if not has_multiples(look, legend):
        above = _room_for_legend(look, legend, width, height, unit) if legend.entries else 0.0
        return Sheet((Tile(take(landscape, look, legend, width, height, unit, above), 0, 0),), width, height)
    runs, gap = multiples(landscape, look, legend), round(GAP * unit)
    across, down = grid_of(len(runs), width, height)
    # All of the same size, so that they share one lens and one picture of the surface.
    size = (width - gap * (across - 1)) // across, (height - gap * (down - 1)) // down
    # No higher than a picture needs, so that its heading stands close to it.
    size = size[0], min(size[1], round(MOST_UPRIGHT * size[0]))
    above = (height - down * size[1] - gap * (down - 1)) // 2
    smaller = min(SMALLER * unit, size[0] / LEAST[0], size[1] / LEAST[1])
    tiles = []
    for index, (own, name) in enumerate(runs):
        row, column = divmod(index, across)
        shot = take(own, look, name, *size, smaller, HEADING * TEXT_SIZE * smaller)
        tiles.append(Tile(shot, column * (size[0] + gap), above + row * (size[1] + gap)))
    return Sheet(tuple(tiles), width, height)


def _room_for_legend(look: Look, legend: Legend, width: int, height: int, unit: float) -> float:
    """Pixels above the surface for the legend in a row, or in several where its texts are long."""
    style = KeyStyle(palette_of(look), NOTES * TEXT_SIZE * unit)
    image = fitting(legend, style, width - 2 * EDGE * style.size, height)
    return max(LEGEND * TEXT_SIZE * unit, image.height() + 3 * EDGE * style.size)
