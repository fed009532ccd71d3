"""What stands around the path: it depends on the surface, the camera and the look, and is drawn when these change."""

from gdviz.gl.box import BoxItem
from gdviz.gl.item import Item, clear, reset_state
from gdviz.gl.keeper import Keeper
from gdviz.gl.shot import Shot
from gdviz.gl.surface import SurfaceItem


class SceneryItem(Item):
    """Draws the empty pane with the surface and the box; from memory, if nothing of it has changed.

    While a run goes on only the path does, and the surface is the dearest thing in the pane.
    """

    def __init__(self) -> None:
        """Make the parts, in the order in which they are drawn."""
        super().__init__()
        self._parts: tuple[Item, ...] = (SurfaceItem(), BoxItem())

    def initializeGL(self) -> None:
        """Make the parts' objects, and the memory."""
        for part in self._parts:
            part.initializeGL()
        self._keeper: Keeper = self.own(Keeper())
        self._drawn: object = None

    def draw(self, shot: Shot) -> None:
        """Fill the whole framebuffer."""
        key = _key(shot)
        if self._keeper.put_back(key):
            return
        clear(shot.palette)
        for part in self._parts:
            reset_state()
            part.draw(shot)
        # Only when it comes again: to copy means to wait for the drawing, in vain while the camera turns.
        if key == self._drawn:
            self._keeper.keep(key, shot.lens.width, shot.lens.height)
        self._drawn = key

    def release(self) -> None:
        """Free what the parts have too."""
        self._drawn = None
        for part in self._parts:
            part.release()
        super().release()


def _key(shot: Shot) -> tuple[object, ...]:
    """All that the parts look at in a shot. The surface is compared by identity, and held, so that it keeps it."""
    landscape, look = shot.landscape, shot.frame.look
    outline = None if landscape.first_box is None else landscape.first_box.tobytes()
    return landscape.surface, outline, look.camera, look.theme, shot.lens.width, shot.lens.height, shot.unit
