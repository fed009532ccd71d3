"""An export as one value: the animation or the picture, its size, and the files to write."""

import os
from dataclasses import dataclass, field, replace
from pathlib import Path

from gdviz.animation.animation import Animation
from gdviz.animation.formats import Format, Size
from gdviz.core.atomic import check_target, new_token
from gdviz.core.errors import InputError
from gdviz.core.reading import absolute
from gdviz.scene.scene import Scene

SAMPLES = 4
"""For each pixel of the surface, to smooth its edges."""


@dataclass(frozen=True)
class AnimationJob:
    """One animation to export; it can be sent to another process.

    target: the file, or the folder of pictures. poster, captions: files beside it, if wanted.
    beamer: whether a folder also gets the lines of LaTeX that play it. samples: for antialiasing in 3D, 0 for none.
    token: part of the names of its temporary files, by which the parent process removes them after a crash.
    """

    animation: Animation
    format: Format
    size: Size
    target: Path
    poster: Path | None = None
    captions: Path | None = None
    beamer: bool = False
    samples: int = SAMPLES
    token: str = field(default_factory=new_token, compare=False)

    @property
    def scene(self) -> Scene:
        """What is shown."""
        return self.animation.scene

    def with_scene(self, scene: Scene) -> "AnimationJob":
        """The same job for another scene."""
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
        """The same job for another scene."""
        return replace(self, scene=scene)

    @property
    def files(self) -> tuple[Path, ...]:
        """All that is written."""
        return (self.target,)


Job = AnimationJob | PictureJob


def beside(target: Path, format: Format, ending: str) -> Path:
    """The path of a file that goes with an animation: the target's, with this ending instead of its format's.

    A folder's name has no ending, whatever dots are in it: "rate 0.9" becomes "rate 0.9.png".
    """
    return target.parent / f"{target.stem if format.ending else target.name}{ending}"


def check_job(job: Job, replace_old: bool) -> None:
    """InputError for a job with a file that could not be written, or that exists and may not be replaced.

    This is what can be known before anything is drawn; the disk may still be full at the end.
    """
    is_folder = isinstance(job, AnimationJob) and not job.format.ending
    places = [Path(os.path.realpath(absolute(path))) for path in job.files]
    for number, path in enumerate(job.files):
        if path.name in ("", ".."):
            raise InputError(f"{path}: is no name of a file or a folder; add one")
        if places[number] in places[:number]:
            raise InputError(f"{path}: two files would have this name; give each its own")
        if places[0] in places[number].parents:
            raise InputError(f"{path}: would be inside of {job.target}, which is made anew; take another folder")
        check_target(path, replace_old, is_folder=number == 0 and is_folder)
