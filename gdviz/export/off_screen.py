"""Drawing without a window: a screen, real or virtual, an application, and how much of a job can be drawn there."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeVar

from gdviz.export.display import reachable_display
from gdviz.export.job import AnimationJob, PictureJob
from gdviz.export.virtual_screen import screen
from gdviz.presentation.look import CONTOUR, SURFACE
from gdviz.session.maps import with_charts

Job = TypeVar("Job", AnimationJob, PictureJob)


@contextmanager
def off_screen() -> Iterator[str | None]:
    """Make drawing possible while the block runs; yields why there is no OpenGL, None where there is.

    NoDisplayError without any screen.
    """
    with reachable_display() as problem, screen(problem):
        from PySide6.QtCore import QCoreApplication, QEvent
        from PySide6.QtWidgets import QApplication

        from gdviz.panes.surface.opengl.setup import opengl_problem, prepare_application
        from gdviz.plotting.text import forget_fonts

        made = None
        if QApplication.instance() is None:
            prepare_application()
            made = QApplication(["gdviz"])
            made.setApplicationName("gdviz")
            made.setStyle("Fusion")
        try:
            yield opengl_problem()
        finally:
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            if made is not None:
                made.shutdown()  # before its screen goes, or Qt would end the program
                forget_fonts()


def drawable(job: Job, opengl_problem: str | None) -> tuple[Job, tuple[str, ...]]:
    """The job as it can be drawn here, and a line for each difference from the job given; needs an application.

    opengl_problem: why there is no OpenGL, if so: the contour then replaces the surface. InputError for a size that
    OpenGL cannot draw, or a pane that does not exist for this scene.
    """
    # Only here: a map takes a second, and the window must not wait for it.
    job = job.with_scene(with_charts(job.scene))
    look = job.scene.look
    if look.pane != SURFACE:
        return job, ()
    if opengl_problem is not None:
        note = f"drawn with the contour in the place of the surface: {opengl_problem}"
        return job.with_scene(replace(job.scene, look=replace(look, pane=CONTOUR))), (note,)
    from gdviz.panes.surface.opengl.setup import check_picture, limits

    samples = min(job.samples, limits().samples)
    check_picture(*job.size, samples)
    if samples == job.samples:
        return job, ()
    return replace(job, samples=samples), (f"drawn with {samples} samples a pixel, which is all that OpenGL has here",)
