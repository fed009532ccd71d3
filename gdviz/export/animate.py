"""The loop that shows the frames of an animation on a private stage and hands their pictures to an encoder."""

from collections.abc import Callable

from gdviz.export.job import AnimationJob

SAMPLED_FRAMES = 16


def write_animation(job: AnimationJob, opengl_problem: str | None, on_frame: Callable[[int], None]) -> None:
    """Draw and write everything that the job names; needs an application.

    opengl_problem: why there is no OpenGL, if so: then the contour is drawn in the surface's place.
    on_frame: told after each frame how many are drawn; what it raises ends the export, and nothing of it is left.
    InputError where a file cannot be written.
    """
    raise NotImplementedError
