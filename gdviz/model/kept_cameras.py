"""The positions from which a person wants the surface to be seen, kept for an animation that comes by there."""

from gdviz.model.camera_path import CameraKey
from gdviz.model.look import Look, Pane


class KeptCameras:
    """Positions by the steps at which they are taken; what it is told to do it answers with a line for the person."""

    def __init__(self) -> None:
        """None is kept."""
        self.keys: tuple[CameraKey, ...] = ()

    def keep(self, step: int, look: Look) -> str:
        """Keep where the surface is seen from at this step, in the place of what was kept there."""
        if look.pane is not Pane.SURFACE:
            return "only the surface has a camera; show it (V) to keep a camera position"
        others = [key for key in self.keys if key.step != step]
        self.keys = tuple(sorted([*others, CameraKey(step, look.camera)], key=lambda key: key.step))
        count = len(self.keys)
        return f"camera kept at step {step:,} ({count} position{'s' if count > 1 else ''})"

    def forget(self) -> str:
        """Keep none any more."""
        had_some, self.keys = bool(self.keys), ()
        return "the camera positions are forgotten" if had_some else "no camera position is kept"
