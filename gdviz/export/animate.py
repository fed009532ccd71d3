"""The loop that shows the frames of an animation on a private stage and hands their pictures to an encoder."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from functools import partial

import numpy as np
from PySide6.QtGui import QImage

from gdviz.animation.captions import alternative_text, captions, webvtt
from gdviz.core.atomic import replacing, wrap_os_errors
from gdviz.export.encoders.encoder import Output, Tags, frame_writer, replacing_target
from gdviz.export.job import AnimationJob
from gdviz.export.log import logged_export
from gdviz.export.picture_files import png_of
from gdviz.export.still import StillStage
from gdviz.presentation.look import SURFACE

SAMPLED_FRAMES = 16
"""How many frames, evenly spread, are drawn beforehand for a format that has to know the colours."""


def write_animation(job: AnimationJob, on_frame: Callable[[int], None]) -> None:
    """Draw and write everything that the job names, which must be `drawable`; needs an application.

    on_frame: called with the number of frames drawn, after each and while others are prepared; what it raises ends the
    export, and nothing of it is left. InputError where a file cannot be written.
    """
    animation = job.animation
    tags = Tags(animation.scene.title, alternative_text(animation))
    with ExitStack() as stack:
        stack.enter_context(logged_export(job.target, len(animation), job.size))
        stage = stack.enter_context(closing(StillStage(job.scene.look.pane == SURFACE)))
        pictures = _Pictures(job, stage)
        # All get their names at the end, the target last: where it is, everything is.
        target = stack.enter_context(replacing_target(job.target, job.format, job.token))
        if job.poster is not None:
            stack.enter_context(replacing(job.poster, job.token)).write_bytes(png_of(pictures.at(0), tags))
        if job.captions is not None:
            text = webvtt(captions(animation), tags.title)
            stack.enter_context(replacing(job.captions, job.token)).write_text(text, encoding="utf-8")
        stack.enter_context(wrap_os_errors(job.target))  # or the captions would be blamed, whose block is the innermost
        rate, transparent = animation.frame_rate, animation.scene.look.transparent
        latex_folder = job.target.name if job.beamer else None
        samples = partial(pictures.spread, on_frame)
        output = Output(target, job.size, rate, tags, transparent, samples, latex_folder)
        write = stack.enter_context(frame_writer(job.format, output))
        for index in range(len(animation)):
            write(pictures.at(index))
            on_frame(index + 1)


class _Pictures:
    """The frames of an animation as pictures; one that is shown for some time is drawn once."""

    def __init__(self, job: AnimationJob, stage: StillStage) -> None:
        self._job, self._animation, self._stage = job, job.animation, stage
        self._drawn: tuple[object, QImage] | None = None

    def at(self, index: int) -> QImage:
        """The picture of a frame; it must not be changed."""
        shown = (self._animation.moments[index], self._animation.cameras[index])
        if self._drawn is None or self._drawn[0] != shown:
            frame = self._animation.frame(index)
            self._drawn = (shown, self._stage.picture(frame, *self._job.size, self._job.samples))
        return self._drawn[1]

    def spread(self, on_frame: Callable[[int], None]) -> Iterator[QImage]:
        """Some of the pictures, from all over the clip, the first and the last among them."""
        last = len(self._animation) - 1
        for index in np.linspace(0, last, min(SAMPLED_FRAMES, last + 1)).round().astype(int):
            on_frame(0)
            yield self.at(index)
