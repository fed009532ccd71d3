"""How the camera moves during an animation: not at all, in a slow turn, or from one kept position to the next."""

from dataclasses import dataclass

from gdviz.model.look import Camera


@dataclass(frozen=True)
class CameraKey:
    """A camera that was kept at a step: the animation comes by there when it shows that step first."""

    step: int
    camera: Camera


@dataclass(frozen=True)
class CameraPath:
    """``keys`` in the order of their steps, none for a camera that stays; ``turn``: degrees around, over the clip."""

    keys: tuple[CameraKey, ...] = ()
    turn: float = 0.0


STANDING = CameraPath()
"""A camera that stays where it is."""
