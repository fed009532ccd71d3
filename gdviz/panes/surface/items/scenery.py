"""What stands around the path: it depends on the surface, the camera and the look, and is drawn when these change."""

import numpy as np

from gdviz.panes.landscape.landscape import Surface
from gdviz.panes.surface.geometry.shot import Shot
from gdviz.panes.surface.items.box import BoxItem
from gdviz.panes.surface.items.surface import SurfaceItem
from gdviz.panes.surface.opengl.framebuffer_cache import Keeper
from gdviz.panes.surface.opengl.item import Item, clear, reset_state


class SceneryItem(Item):
    """Draws the empty pane with the surface and the box; from memory, as far as nothing of it has changed.

    While a run goes on only the path does, and the surface is the dearest thing in the pane. Where the view grows the
    lines of the box do, and the surface of a quadratic is the same in every box.
    """

    def __init__(self) -> None:
        """Make the parts, in the order in which they are drawn."""
        super().__init__()
        self._surface, self._box = SurfaceItem(), BoxItem()

    def initializeGL(self) -> None:
        """Make the parts' objects, and the memories: of the surface alone, and of all."""
        for part in (self._surface, self._box):
            part.initializeGL()
        self._bare: _Memory = self.own(_Memory())
        self._whole: _Memory = self.own(_Memory())

    def draw(self, shot: Shot) -> None:
        """Fill the whole framebuffer."""
        if self._whole.put_back(_key(shot), shot):
            return
        bare = _bare_key(shot)
        if not self._bare.put_back(bare, shot):
            clear(shot.palette)
            reset_state()
            self._surface.draw(shot)
            self._bare.keep(bare, shot)
        reset_state()
        self._box.draw(shot)
        self._whole.keep(_key(shot), shot)

    def release(self) -> None:
        """Free what the parts have too."""
        self._surface.release()
        self._box.release()
        super().release()


class _Memory:
    """A keeper for what comes again: to copy means to wait for the drawing, in vain while the camera turns."""

    def __init__(self) -> None:
        self._keeper = Keeper()
        self._drawn: object = None

    def put_back(self, key: object, shot: Shot) -> bool:
        return self._keeper.put_back(key, shot.area, shot.palette)

    def keep(self, key: object, shot: Shot) -> None:
        if key == self._drawn:
            self._keeper.keep(key, shot.lens.width, shot.lens.height, shot.area)
        self._drawn = key

    def release(self) -> None:
        self._keeper.release()


class _Relief:
    """A surface as the mesh shows it: equal to any other with the same heights and slopes."""

    def __init__(self, surface: Surface) -> None:
        self._surface = surface

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Relief):
            return NotImplemented
        mine, theirs = self._surface, other._surface
        return mine is theirs or (
            np.array_equal(mine.heights, theirs.heights) and np.array_equal(mine.slopes, theirs.slopes)
        )

    def __hash__(self) -> int:
        return hash(self._surface.heights.shape)


def _bare_key(shot: Shot) -> tuple[object, ...]:
    """All that the surface's picture depends on."""
    return _Relief(shot.landscape.surface), *_common(shot)


def _key(shot: Shot) -> tuple[object, ...]:
    """All that the parts look at in a shot. The surface is compared by identity, and held, so that it keeps it."""
    landscape = shot.landscape
    outline = None if landscape.first_box is None else landscape.first_box.tobytes()
    return landscape.surface, outline, *_common(shot)


def _common(shot: Shot) -> tuple[object, ...]:
    look, lens = shot.look, shot.lens
    # A legend above the surface moves it within a picture of the same size.
    seen = look.camera, lens.width, lens.height, lens.focal, lens.centre
    return *seen, look.theme, look.transparent, shot.unit
