"""What is to be written and where: an animation with its format, size and files, as one value."""

from dataclasses import dataclass
from pathlib import Path

from gdviz.model.animation import Animation
from gdviz.model.formats import Format
from gdviz.model.picture_size import Size

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
    def files(self) -> tuple[Path, ...]:
        """All that is written."""
        return (self.target, *(path for path in (self.poster, self.captions) if path is not None))
