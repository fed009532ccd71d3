"""What can be drawn here of what a job asks for: everything, something in its place, or nothing."""

from dataclasses import replace
from typing import TypeVar

from gdviz.export.job import AnimationJob, PictureJob
from gdviz.presentation.look import Pane
from gdviz.session.maps import with_charts

Job = TypeVar("Job", AnimationJob, PictureJob)


def drawable(job: Job, opengl_problem: str | None) -> tuple[Job, tuple[str, ...]]:
    """The job as it can be drawn, and a line for each thing that is not as it was asked for; needs an application.

    opengl_problem: why there is no OpenGL, if so: then the contour takes the surface's place. InputError for a size
    that OpenGL cannot draw, or a pane that there is not.
    """
    # Only here: a map takes a second, and the window must not wait for it.
    job = job.with_scene(with_charts(job.scene))
    look = job.scene.look
    if look.pane is not Pane.SURFACE:
        return job, ()
    if opengl_problem is not None:
        note = f"drawn with the contour in the place of the surface: {opengl_problem}"
        return job.with_scene(replace(job.scene, look=replace(look, pane=Pane.CONTOUR))), (note,)
    from gdviz.panes.surface.opengl.setup import check_picture, limits

    samples = min(job.samples, limits().samples)
    check_picture(*job.size, samples)
    if samples == job.samples:
        return job, ()
    return replace(job, samples=samples), (f"drawn with {samples} samples a pixel, which is all that OpenGL has here",)
