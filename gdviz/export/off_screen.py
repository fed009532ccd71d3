"""Drawing without a window: a display, real or virtual, an application, and jobs adapted to what they support."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeVar

from gdviz.export.display import reachable_display
from gdviz.export.job import AnimationJob, PictureJob
from gdviz.export.virtual_screen import available_display
from gdviz.presentation.look import CONTOUR, SURFACE
from gdviz.session.maps import with_charts

Job = TypeVar("Job", AnimationJob, PictureJob)


@contextmanager
def off_screen() -> Iterator[str | None]:
    """Provide a display and an application while the block runs; yields why OpenGL is missing, None if it is not.

    NoDisplayError if there is neither a real nor a virtual display.
    """
    with reachable_display() as problem, available_display(problem):
        from PySide6.QtCore import QCoreApplication, QEvent
        from PySide6.QtWidgets import QApplication

        from gdviz.panes.surface.opengl.setup import opengl_problem
        from gdviz.plotting.text import forget_fonts, load_fonts

        application = None
        if QApplication.instance() is None:
            application = QApplication(["gdviz"])
            application.setApplicationName("gdviz")
            application.setStyle("Fusion")
            load_fonts()  # not when a font is first asked for, since fonts from an earlier application may be kept
        try:
            yield opengl_problem()
        finally:
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            if application is not None:
                application.shutdown()  # before its display goes away, which would make Qt abort
                forget_fonts()


def adapt_job(job: Job, opengl_problem: str | None) -> tuple[Job, tuple[str, ...]]:
    """Return the job as it can be drawn here, and a note for each change made; needs an application.

    opengl_problem: why OpenGL is missing, or None; without it the contour replaces the surface. InputError for a size
    that OpenGL cannot draw, or a pane that this scene does not have.
    """
    # Not in the window, which must not wait: a map takes a second.
    job = job.with_scene(with_charts(job.scene))
    look = job.scene.look
    if look.pane != SURFACE:
        return job, ()
    if opengl_problem is not None:
        note = f"drawn with the contour instead of the surface: {opengl_problem}"
        return job.with_scene(replace(job.scene, look=replace(look, pane=CONTOUR))), (note,)
    from gdviz.panes.surface.opengl.setup import check_picture, limits

    samples = min(job.samples, limits().samples)
    check_picture(*job.size, samples)
    if samples == job.samples:
        return job, ()
    return replace(job, samples=samples), (f"drawn with {samples} samples per pixel, the most that OpenGL has here",)
