"""Export jobs: an animation or a picture, its size, and the files to write."""

import os
from dataclasses import field, replace
from pathlib import Path

from gdviz.animation.animation import Animation
from gdviz.animation.formats import Format, Size
from gdviz.core.atomic import check_target, new_token
from gdviz.core.errors import InputError
from gdviz.core.frozen import frozen
from gdviz.core.reading import absolute
from gdviz.scene.scene import Scene

DEFAULT_SAMPLES = 4
"""Samples per pixel for antialiasing the surface."""


@frozen
class AnimationJob:
    """An animation to export; it can be pickled for another process.

    target: the file, or the folder of pictures. poster, captions: optional companion files.
    beamer: whether a folder also gets LaTeX code that plays it. samples: per pixel, for antialiasing in 3D; 0 for none.
    token: a part of the names of temporary files, by which the parent process finds and removes them after a crash.
    """

    animation: Animation
    format: Format
    size: Size
    target: Path
    poster: Path | None = None
    captions: Path | None = None
    beamer: bool = False
    samples: int = DEFAULT_SAMPLES
    token: str = field(default_factory=new_token, compare=False)

    @property
    def scene(self) -> Scene:
        """The scene being animated."""
        return self.animation.scene

    def with_scene(self, scene: Scene) -> "AnimationJob":
        """The same job for another scene."""
        return replace(self, animation=replace(self.animation, scene=scene))

    @property
    def files(self) -> tuple[Path, ...]:
        """All files the job writes."""
        return (self.target, *(path for path in (self.poster, self.captions) if path is not None))


@frozen
class PictureJob:
    """A picture of a scene at a step."""

    scene: Scene
    step: int
    size: Size
    target: Path
    samples: int = DEFAULT_SAMPLES

    def with_scene(self, scene: Scene) -> "PictureJob":
        """The same job for another scene."""
        return replace(self, scene=scene)

    @property
    def files(self) -> tuple[Path, ...]:
        """All files the job writes."""
        return (self.target,)


Job = AnimationJob | PictureJob


def companion_path(target: Path, format: Format, ending: str) -> Path:
    """The path of a companion file: the target's, with this ending instead of its format's.

    A folder's name has no ending, even if it contains dots: "rate 0.9" becomes "rate 0.9.png".
    """
    return target.parent / f"{target.stem if format.ending else target.name}{ending}"


def check_job(job: Job, replace_old: bool) -> None:
    """Raise InputError if a file of the job cannot be written, or exists and may not be replaced.

    Only what can be known in advance is checked; the disk may still fill up.
    """
    is_folder = isinstance(job, AnimationJob) and not job.format.ending
    places = [Path(os.path.realpath(absolute(path))) for path in job.files]
    for number, path in enumerate(job.files):
        if path.name in ("", ".."):
            raise InputError(f"{path}: does not name a file or a folder; add a name")
        if places[number] in places[:number]:
            raise InputError(f"{path}: two files would have this name; give each its own")
        if places[0] in places[number].parents:
            raise InputError(f"{path}: would be inside {job.target}, which is replaced as a whole; use another folder")
        check_target(path, replace_old, is_folder=number == 0 and is_folder)
