"""What is to be written and where: an animation or a picture with its size and files, as one value."""

from dataclasses import dataclass, replace
from pathlib import Path

from gdviz.core.errors import InputError
from gdviz.model.animation import Animation
from gdviz.model.formats import Format
from gdviz.model.picture_size import Size
from gdviz.model.scene import Scene

SAMPLES = 4
"""For each pixel of the surface, so that its edges are smooth."""


@dataclass(frozen=True)
class AnimationJob:
    """One export; it can be sent to another process.

    target: the file, or the folder of pictures. poster, captions: files beside it, if wanted.
    beamer: whether a folder is given the lines of LaTeX that play it. samples: for antialiasing in 3D, 0 for none.
    """

    animation: Animation
    format: Format
    size: Size
    target: Path
    poster: Path | None = None
    captions: Path | None = None
    beamer: bool = False
    samples: int = SAMPLES

    @property
    def scene(self) -> Scene:
        """What is shown."""
        return self.animation.scene

    def with_scene(self, scene: Scene) -> "AnimationJob":
        """The same of another scene."""
        return replace(self, animation=replace(self.animation, scene=scene))

    @property
    def files(self) -> tuple[Path, ...]:
        """All that is written."""
        return (self.target, *(path for path in (self.poster, self.captions) if path is not None))


@dataclass(frozen=True)
class PictureJob:
    """One picture of a scene at a step."""

    scene: Scene
    step: int
    size: Size
    target: Path
    samples: int = SAMPLES

    def with_scene(self, scene: Scene) -> "PictureJob":
        """The same of another scene."""
        return replace(self, scene=scene)

    @property
    def files(self) -> tuple[Path, ...]:
        """All that is written."""
        return (self.target,)


def check_files(files: tuple[Path, ...], replace_old: bool) -> None:
    """InputError for a file that could not be written, or that is there and may not be replaced.

    Asked before anything is drawn, for what is known then; the disk may still be full at the end.
    """
    for place, path in enumerate(files):
        if path.name in ("", ".."):
            raise InputError(f"{path}: is no name of a file or a folder; add one")
        if path in files[:place]:
            raise InputError(f"{path}: two files would have this name; give each its own")
        if files[0].resolve() in path.resolve().parents:
            raise InputError(f"{path}: would be inside of {files[0]}, which is made anew; take another folder")
        if not path.parent.is_dir():
            raise InputError(f"{path}: there is no folder {path.parent}")
        if path.exists() and not replace_old:
            raise InputError(f"{path}: is there already; add --force to replace it, or take another name")
        if path.is_dir() and path.suffix:
            raise InputError(f"{path}: is a folder; take another name")
