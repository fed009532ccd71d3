"""How the stage divides its room, and that its header fits whatever the size of the text."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect

from gdviz.animation.formats import MAX_SIZE, MIN_SIZE
from gdviz.core.descent.optimizers import make_optimizer
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant, fitted_settings, make_schedule
from gdviz.core.scenarios.library import load_scenario
from gdviz.export.still import StillStage
from gdviz.presentation.look import TEXT_SCALES, Look
from gdviz.presentation.palette import PALETTES
from gdviz.scene.scene import Scene
from gdviz.stage.arrangement import arrange, unit_of
from gdviz.stage.stage import Stage
from tests.recordings import lecture


@given(
    st.integers(MIN_SIZE[0], MAX_SIZE[0]),
    st.integers(MIN_SIZE[1], MAX_SIZE[1]),
    st.floats(*TEXT_SCALES),
    st.booleans(),
)
def test_the_parts_share_the_stage_without_overlapping(width, height, scale, with_data):
    places = arrange(width, height, unit_of(width, height, scale), with_data)
    parts = [places.header, places.landscape, places.loss, places.arithmetic, *([places.data] if with_data else [])]
    for index, part in enumerate(parts):
        assert part.isValid()
        assert QRect(0, 0, width, height).contains(part)
        assert not any(part.intersects(other) for other in parts[index + 1 :])


def test_a_square_stage_has_its_plots_below_the_landscape():
    places = arrange(1080, 1080, unit_of(1080, 1080, 1.0), True)
    assert places.landscape.bottom() < places.data.top() == places.loss.top()
    assert places.data.right() < places.loss.left()
    assert places.landscape.width() > 1000


@pytest.mark.parametrize("step", [3, 30, 200])
def test_two_plots_have_more_of_the_height_than_one(qtbot, step):
    """Where the rates vary, they have room for their name and for that of each limit."""
    rules = {"gd": 0.447, "momentum": 0.0447, "rmsprop": 0.0891, "adam": 0.224}
    stage, shown = Stage(False), Look(pane="contour")
    qtbot.addWidget(stage)
    stage.resize(1280, 600)
    heights = []
    for name in ("one-cycle", "constant"):
        made = {
            rule: make_schedule(name, rate, fitted_settings(name, {}, Constant(rate), 200, False))
            for rule, rate in rules.items()
        }
        runs = [record(lecture(0.1, schedule=made[rule], optimizer=make_optimizer(rule, {}))) for rule in rules]
        stage.show_frame(Scene("Race", tuple(runs), shown).frame(step))
        heights.append(stage.panes["loss"].height())
        if name == "one-cycle":
            texts = {words.text for words in stage.panes["loss"].words}
            assert texts >= {"2/L = 0.775", "limit 1.47", "learning rate (log)"}
    assert heights[0] > 1.15 * heights[1]


@pytest.mark.parametrize("scale", [1.3, 1.6, 1.8])
def test_large_text_leaves_a_plot_to_the_data(qtbot, scale):
    stage = Stage(False)
    qtbot.addWidget(stage)
    stage.resize(1280, 720)
    heights = []
    for name in ("cosine", "constant"):
        run = record(
            lecture(0.1, schedule=make_schedule(name, 0.1, fitted_settings(name, {}, Constant(0.1), 200, False)))
        )
        stage.show_frame(Scene("Run", (run,), Look(pane="contour", text_scale=scale)).frame(20))
        heights.append(stage.panes["data"].height())
    assert heights[0] == heights[1]


@pytest.mark.parametrize("size", [(1280, 720), (1080, 1080), (720, 1280)])
@pytest.mark.parametrize("scale", [1.0, 1.6, 1.8])
def test_nothing_in_the_header_is_written_over(qapp, size, scale):
    scenario = load_scenario("point-nine")
    look = Look(pane="contour", text_scale=scale)
    stage = StillStage(False)
    image = stage.picture(Scene(scenario.title, (record(scenario.experiment),), look).frame(200), *size, 0)
    stage.close()
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    header = pixels[: round(40 * unit_of(*size, scale)), :, 2::-1].astype(int)
    palette = PALETTES[look.theme]
    badge, zoom_label, counter = (
        _columns(header, colour) for colour in (palette.warning, palette.accent, palette.text)
    )
    rate, zoom_label = (zoom_label[is_right == (zoom_label > badge[-1])] for is_right in (False, True))
    assert rate[-1] < badge[0] < badge[-1] < zoom_label[0]
    assert zoom_label[-1] < counter[-1] < size[0] - 1
    assert not np.intersect1d(counter, zoom_label).size


def _columns(header, colour):
    """The columns in which there is that colour."""
    wanted = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)])
    return np.flatnonzero((np.abs(header - wanted).max(axis=2) < 24).any(axis=0))
