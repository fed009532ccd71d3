"""The loop that renders the frames of an animation on a private stage and passes them to an encoder."""

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
"""Number of evenly spaced frames rendered in advance for formats that need a palette."""


def write_animation(job: AnimationJob, on_frame: Callable[[int], None]) -> None:
    """Draw and write all files of a job that `adapt_job` has returned; needs an application.

    on_frame: called with the number of frames drawn, after each and while the palette is sampled; an exception from it
    ends the export without leaving any files. InputError if a file cannot be written.
    """
    animation = job.animation
    tags = Tags(animation.scene.title, alternative_text(animation))
    with ExitStack() as stack:
        stack.enter_context(logged_export(job.target, len(animation), job.size))
        stage = stack.enter_context(closing(StillStage(job.scene.look.pane == SURFACE)))
        pictures = _FrameImages(job, stage)
        # All files get their names at the end, the target last: if it exists, so do the others.
        target = stack.enter_context(replacing_target(job.target, job.format, job.token))
        if job.poster is not None:
            stack.enter_context(replacing(job.poster, job.token)).write_bytes(png_of(pictures.at(0), tags))
        if job.captions is not None:
            text = webvtt(captions(animation), tags.title)
            stack.enter_context(replacing(job.captions, job.token)).write_text(text, encoding="utf-8")
        stack.enter_context(
            wrap_os_errors(job.target)
        )  # otherwise errors would name the captions, whose block is innermost
        rate, transparent = animation.frame_rate, animation.scene.look.transparent
        latex_folder = job.target.name if job.beamer else None
        samples = partial(pictures.sample, on_frame)
        output = Output(target, job.size, rate, tags, transparent, samples, latex_folder)
        write = stack.enter_context(frame_writer(job.format, output))
        for index in range(len(animation)):
            write(pictures.at(index))
            on_frame(index + 1)


class _FrameImages:
    """Renders the frames of an animation; a frame that is held for a while is rendered once."""

    def __init__(self, job: AnimationJob, stage: StillStage) -> None:
        self._job, self._animation, self._stage = job, job.animation, stage
        self._last: tuple[object, QImage] | None = None

    def at(self, index: int) -> QImage:
        """The image of a frame, which must not be modified."""
        shown = (self._animation.moments[index], self._animation.cameras[index])
        if self._last is None or self._last[0] != shown:
            frame = self._animation.frame(index)
            self._last = (shown, self._stage.picture(frame, *self._job.size, self._job.samples))
        return self._last[1]

    def sample(self, on_frame: Callable[[int], None]) -> Iterator[QImage]:
        """Evenly spaced images, including the first and the last."""
        last = len(self._animation) - 1
        for index in np.linspace(0, last, min(SAMPLED_FRAMES, last + 1)).round().astype(int):
            on_frame(0)
            yield self.at(index)
