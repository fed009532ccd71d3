"""Rendering from the command line: a scenario becomes a picture file, on whatever screen there is."""

from dataclasses import dataclass
from pathlib import Path

from gdviz.core.errors import InputError
from gdviz.core.recording import record
from gdviz.core.scenario import Scenario
from gdviz.export.virtual_screen import display_problem, screen
from gdviz.model.look import Look, Pane, Theme
from gdviz.model.picture_size import parse_size
from gdviz.model.scene import Scene


@dataclass(frozen=True)
class RenderJob:
    """What is to be drawn: the step of the scenario, and the size in pixels."""

    scenario: Scenario
    target: Path
    step: int
    size: tuple[int, int]
    theme: Theme

    @classmethod
    def of(cls, scenario: Scenario, target: Path, step: int | None, size: str, theme: Theme) -> "RenderJob":
        """Check what was typed; InputError names what is not possible before anything is computed."""
        if target.suffix.lower() != ".png":
            raise InputError(f"{target}: pictures are written as .png; take a name with this ending")
        if not target.parent.is_dir():
            raise InputError(f"{target}: there is no folder {target.parent}")
        steps = scenario.experiment.steps
        if step is not None and not 0 <= step <= steps:
            raise InputError(f"--step: {step} is not in this run; take 0 to {steps}")
        return cls(scenario, target, steps if step is None else step, parse_size(size), theme)


def render(job: RenderJob) -> tuple[str, ...]:
    """Draw and write the picture; returns what a person should know about it. NoDisplayError without any screen."""
    recording = record(job.scenario.experiment)
    with screen(display_problem()):
        return _draw(job, Scene(job.scenario.title, (recording,), Look(theme=job.theme)))


def _draw(job: RenderJob, scene: Scene) -> tuple[str, ...]:
    from gdviz.gl.setup import opengl_problem, prepare_application

    prepare_application()
    from PySide6.QtCore import QCoreApplication, QEvent
    from PySide6.QtWidgets import QApplication

    from gdviz.export.still import StillStage, save_picture

    application = QApplication.instance() or QApplication(["gdviz"])
    application.setStyle("Fusion")  # type: ignore[attr-defined]
    problem = opengl_problem()
    if problem is not None:
        scene = Scene(scene.title, scene.recordings, Look(theme=job.theme, pane=Pane.CONTOUR))
    stage = StillStage(problem is None)
    picture = stage.picture(scene.frame(job.step), *job.size)
    stage.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    save_picture(picture, job.target)
    return () if problem is None else (f"drawn with the contour in the place of the surface: {problem}",)
