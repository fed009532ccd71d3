"""Four runs on one stage against one: how many frames a second each has, one picture of all and one of each."""

from dataclasses import replace

from measuring import make_application, median, report, seconds

from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.scenarios.races import RACE_RATES
from gdviz.presentation.look import Look
from gdviz.scene.scene import Scene

FRAMES, ROUNDS = 12, 12
"""So many frames are timed together, and so often, one kind of scene after the other."""


def main() -> None:
    """The runs of the race, while the fastest is still inside of the first few boxes and when it is far out."""
    application = make_application()
    from gdviz.panes.surface.opengl.setup import opengl_problem
    from gdviz.stage.stage import Stage

    with_surface = opengl_problem() is None
    stage = Stage(with_surface)
    stage.resize(1280, 720)
    stage.show()
    problem = LinearRegression()
    runs = tuple(record(Experiment(problem, schedule=Constant(rate), start=problem.start)) for rate in RACE_RATES)

    def play(scene: Scene, begin: int) -> float:
        def draw() -> None:
            for step in range(begin, begin + FRAMES):
                stage.show_frame(scene.frame(step))
                application.processEvents()

        return FRAMES / seconds(draw)

    for pane in ("surface", "contour") if with_surface else ("contour",):
        # The live run is the one that diverges: alone it is the dearest of the four.
        look = Look(pane=pane)
        one = Scene("one", runs[-1:], look)
        for what, scene in (
            ("four runs in one", Scene("four", runs[::-1], look)),
            ("one picture of each", Scene("four", runs[::-1], replace(look, multiples=True))),
        ):
            rates = [(play(one, begin), play(scene, begin)) for begin in _begins()]
            alone, together = (median([pair[index] for pair in rates]) for index in (0, 1))
            part = median([pair[1] / pair[0] for pair in rates])
            report(f"{pane}, {what}, to one run", part, "of its frames", "0.8 or more", part >= 0.8)
            print(f"      {together:.0f} and {alone:.0f} frames a second", flush=True)
    stage.close()
    stage.deleteLater()


def _begins() -> list[int]:
    """The first of the steps that are shown, all over the run."""
    return [1 + round(index * (199 - FRAMES) / ROUNDS) for index in range(ROUNDS)]


main()
