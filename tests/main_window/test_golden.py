"""The same frame is the same picture: in any order, on the visible stage and off screen, and as it was approved."""

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage

from gdviz.core.analysis.phase_map import default_grid, phase_map
from gdviz.core.descent.recording import record
from gdviz.core.scenarios.library import load_scenario
from gdviz.core.scenarios.races import Race
from gdviz.presentation.look import DataPane, Look, LossScale, TapeLook, Theme, View
from gdviz.scene.scene import Scene
from gdviz.session.maps import with_charts

GOLDEN = Path(__file__).parent.parent / "golden"
SIZE = (960, 540)
MEAN_TOLERANCE = 1.0
"""Mean difference of a channel, of 255: other versions of the software renderer shade and round a little otherwise."""
FAR_TOLERANCE = 0.005
"""The part of the pixels that may differ by more than 40: edges that moved by a fraction of a pixel."""

PICTURES = {
    "point-nine-start": ("point-nine", 0, Look()),
    "point-nine-leaves": ("point-nine", 4, Look()),
    "point-nine-grows": ("point-nine", 4.5, Look()),
    "point-nine-end-dark": ("point-nine", 200, Look(theme=Theme.DARK)),
    "one-hold-linear": ("one", 200, Look(view=View.HOLD, loss_scale=LossScale.LINEAR)),
    "ten-contour-histograms": ("ten", 29, Look(pane="contour", data_pane=DataPane.HISTOGRAMS)),
    "best-contour-dark": ("best", 200, Look(theme=Theme.DARK, pane="contour")),
    "range-test-end": ("range-test", 174, Look()),
    "point-nine-map": ("point-nine", 30, Look(pane="map")),
    "two-wells-basins-dark": ("two-wells", 20, Look(theme=Theme.DARK, pane="basins")),
    "point-nine-ghost-formula": ("point-nine", 2, Look(ghost=True, switched_on=frozenset({"formula"}))),
    "just-right-ghost-contour-dark": ("just-right", 4, Look(theme=Theme.DARK, pane="contour", ghost=True)),
    "race-leaves": ("race", 4, Look()),
    "race-contour-dark": ("race", 40, Look(theme=Theme.DARK, pane="contour")),
    "race-side-by-side-dark": ("race", 12, Look(theme=Theme.DARK, multiples=True)),
    "race-side-by-side-contour": ("race", 12, Look(pane="contour", multiples=True)),
    "point-nine-tape-residuals": ("point-nine", 2, Look(tape=TapeLook(lit=6))),
    "point-nine-tape-slope-dark": ("point-nine", 2, Look(theme=Theme.DARK, tape=TapeLook(lit=15, checked=True))),
    "mini-batch": ("mini-batch", 200, Look()),
    "big-data-dark": ("big-data", 20, Look(theme=Theme.DARK)),
}


def pixels(image):
    """The picture as an array of shape (height, width, 3)."""
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3).astype(int)


def test_visible_and_off_screen_in_any_order_are_one_picture(qtbot, window, still):
    scene = Scene("Point nine", (window.session.runs.live,), Look())
    moments = [0, 1, 4, 4.5, 5, 29, 150, 200]
    size = (window.stage.width(), window.stage.height())
    off_screen = {moment: still.picture(scene.frame(moment), *size, samples=0) for moment in moments}
    for seed in (1, 2):
        for moment in random.Random(seed).sample(moments, len(moments)):
            frame = scene.frame(moment)
            window.stage.show_frame(frame)
            qtbot.wait(1)
            assert window.stage.picture() == off_screen[moment], moment
            assert still.picture(frame, *size, samples=0) == off_screen[moment], moment


def test_the_chart_panes_leave_no_trace_in_each_other(window, still):
    """Whatever was asked before, the picture is that of its frame."""
    run, sweep = window.session.runs.live, record(load_scenario("range-test").experiment)
    tape = Look(tape=TapeLook(lit=15))
    looks = [Look(), Look(pane="map"), Look(pane="contour", ghost=True), Look(switched_on=frozenset({"formula"})), tape]
    scenes = [*(Scene("Run", (run,), look) for look in looks), Scene("Sweep", (sweep,), Look())]
    race = tuple(record(experiment) for experiment in Race("learning-rate").runs(run.experiment))
    scenes += [Scene("Race", race, look) for look in (Look(), Look(multiples=True), tape)]
    grid = default_grid(run.experiment, 20)
    scenes = [replace(scene, chart=phase_map(run.experiment, grid)) for scene in scenes]
    shown = [(scene, step) for scene in scenes for step in (3, 100)]
    size = (window.stage.width(), window.stage.height())
    alone = [still.picture(scene.frame(step), *size, samples=0) for scene, step in shown]
    for seed in (1, 2):
        for index in random.Random(seed).sample(range(len(shown)), len(shown)):
            scene, step = shown[index]
            window.stage.show_frame(scene.frame(step))
            assert window.stage.picture() == alone[index], (scene.look, step)


def test_what_the_screen_shows_is_the_picture(qtbot, window):
    """The pixels of the window itself, as a person sees them, are those of the picture."""
    window.session.player.seek(3)
    qtbot.wait(300)
    stage = window.stage
    grabbed = window.screen().grabWindow(stage.winId() if stage.isWindow() else window.winId())
    corner = stage.mapTo(window, stage.rect().topLeft())
    seen = pixels(grabbed.toImage())[corner.y() :, corner.x() :][: stage.height(), : stage.width()]
    assert np.abs(seen - pixels(stage.picture())).mean() < 0.5


@pytest.mark.golden
@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_as_approved(still, name, tmp_path):
    scenario, moment, look = PICTURES[name]
    scenario = load_scenario(scenario)
    runs = tuple(record(experiment) for experiment in (scenario.experiment, *scenario.others))
    scene = with_charts(Scene(scenario.title, runs, look))
    picture = still.picture(scene.frame(moment), *SIZE)
    golden = QImage(str(GOLDEN / f"{name}.png"))
    if golden.isNull():
        picture.save(str(GOLDEN / f"{name}.png"))
        pytest.fail(f"there was no approved picture {name}; look at the new one in {GOLDEN} and commit it")
    difference = np.abs(pixels(picture) - pixels(golden))
    if difference.mean() > MEAN_TOLERANCE or (difference.max(axis=2) > 40).mean() > FAR_TOLERANCE:
        picture.save(str(tmp_path / f"{name}.png"))
        far = (difference.max(axis=2) > 40).mean()
        pytest.fail(f"{name}: mean {difference.mean():.2f}, far {far:.2%}; see {tmp_path / name}.png")
