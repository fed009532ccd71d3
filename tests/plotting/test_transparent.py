"""A transparent stage: nothing of the ground is left, and what is drawn looks as it does on its own ground."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage

from gdviz.core.descent.recording import record
from gdviz.core.scenarios.library import load_scenario
from gdviz.panes.registry import large_panes
from gdviz.presentation.look import DataPane, Look, Theme
from gdviz.presentation.palette import PALETTES, palette_of
from gdviz.scene.scene import Scene

SIZE = (900, 520)
CONTOUR = Look(pane="contour")


@pytest.fixture(scope="module")
def scene():
    """The lecture's run that leaves the view at step 4."""
    scenario = load_scenario("point-nine")
    return Scene(scenario.title, (record(scenario.experiment),), CONTOUR)


def drawn(still, scene, step=4, **choices):
    """The picture with these choices of the viewer, and the stage."""
    frame = replace(scene, look=replace(CONTOUR, **choices)).frame(step)
    return still.picture(frame, *SIZE, samples=0), still.stage_of(frame, *SIZE)


def channels(image):
    """Red, green, blue and alpha from 0 to 255, not premultiplied, shape (height, width, 4)."""
    image = image.convertToFormat(QImage.Format.Format_RGBA8888)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4).astype(int)


def over(picture, colour):
    """The picture on a ground of one colour, shape (height, width, 3)."""
    alpha = picture[..., 3:] / 255
    return picture[..., :3] * alpha + np.array(QColor(colour).getRgb()[:3]) * (1 - alpha)


def test_only_a_transparent_picture_has_an_alpha_channel(still, scene):
    before, _ = drawn(still, scene)
    clear, _ = drawn(still, scene, transparent=True)
    after, _ = drawn(still, scene)
    assert clear.format() == QImage.Format.Format_ARGB32_Premultiplied
    assert before.format() == QImage.Format.Format_RGB32
    assert before == after


@pytest.mark.parametrize("theme", list(Theme))
@pytest.mark.parametrize("pane", large_panes())
def test_nothing_of_the_ground_is_left(still, scene, theme, pane):
    image, stage = drawn(still, scene, theme=theme, pane=pane, transparent=True)
    alpha = channels(image)[..., 3]
    for part in (stage.panes["contour"], stage.panes["data"], stage.panes["loss"]):
        place = part.geometry()
        for x, y in ((place.left(), place.top()), (place.right(), place.top()), (place.right(), place.bottom())):
            assert alpha[y, x] == 0, (part, x, y)
    for bar in (stage.header, stage.arithmetic):
        assert alpha[bar.geometry().top() + 1, bar.geometry().left() + 1] == 0
    # the plates of the plots: beside the line of an axis, where nothing is drawn
    for plot in (stage.panes["data"].shown, stage.panes["loss"]):
        corner = plot.mapTo(stage, plot.grid.area.topLeft().toPoint())
        assert 0 in alpha[corner.y() + 2 : corner.y() + 8, corner.x() + 2 : corner.x() + 8]
    assert (alpha == 0).mean() > 0.35


@pytest.mark.parametrize("theme", list(Theme))
def test_what_is_drawn_covers_what_is_behind(still, scene, theme):
    image, stage = drawn(still, scene, theme=theme, transparent=True)
    picture, palette = channels(image), PALETTES[theme]
    grid = stage.panes["contour"].grid
    middle = stage.panes["contour"].mapTo(stage, grid.area.center().toPoint())
    assert (picture[middle.y() - 30 : middle.y() + 30, middle.x() - 60 : middle.x() - 30, 3] == 255).all()
    current = stage.frame.pictures["loss"].curves[0].current
    place = stage.panes["loss"].mapTo(stage, stage.panes["loss"].grid.place(*current).toPoint())
    assert picture[place.y(), place.x()].tolist() == [*QColor(palette.runs[0]).getRgb()]


@pytest.mark.parametrize("theme", list(Theme))
def test_on_its_own_ground_it_is_the_opaque_picture(still, scene, theme):
    """The bars of text have no plates, so that a ground put behind them later is the one that was left out.

    Only the edges of letters differ: Qt makes them a little stronger on a ground that it knows.
    """
    opaque, stage = drawn(still, scene, theme=theme)
    clear, _ = drawn(still, scene, theme=theme, transparent=True)
    difference = np.abs(over(channels(clear), PALETTES[theme].background) - channels(opaque)[..., :3])
    for bar in (stage.header.geometry(), stage.arithmetic.geometry()):
        text = difference[bar.top() : bar.bottom() + 1]
        assert text.max() <= 50
        assert text.mean() <= 2


def test_text_has_no_fringe_on_any_ground(still, scene):
    """A pixel at the edge of a letter is some of the text's colour and nothing else."""
    for theme in Theme:
        image, stage = drawn(still, scene, theme=theme, transparent=True)
        bar = stage.arithmetic.geometry()
        picture = channels(image)[bar.top() : bar.bottom() + 1]
        edge = (picture[..., 3] > 100) & (picture[..., 3] < 255)
        ink = np.array(QColor(PALETTES[theme].text).getRgb()[:3])
        assert edge.sum() > 500
        # what is premultiplied has lost half a level of 255 times the inverse of its alpha
        assert np.abs(picture[edge][:, :3] - ink).max() <= 3


def test_histograms_are_set_apart_by_gaps(still, scene):
    image, stage = drawn(still, scene, data_pane=DataPane.HISTOGRAMS, transparent=True)
    grid, row = stage.panes["data"].shown.grid, stage.panes["data"]
    histogram = stage.frame.pictures["data"].histograms[0]
    alpha = channels(image)[..., 3]
    y = round(row.y() + grid.y(0.5 * histogram.counts.min()))
    columns = [round(row.x() + grid.x(edge)) for edge in histogram.edges]
    bars = alpha[y, columns[0] : columns[-1]]
    assert (bars > 200).sum() > 0.7 * bars.size
    for column in columns[1:-1]:
        assert alpha[y, column - 2 : column + 2].min() == 0


def test_a_transparent_look_keeps_the_colours_of_plates():
    plain, clear = palette_of(CONTOUR), palette_of(replace(CONTOUR, transparent=True))
    assert plain is PALETTES[Theme.LIGHT]
    assert (clear.background, clear.pane) == (plain.background, plain.pane)
    assert QColor(plain.backdrop(plain.pane)) == QColor(plain.pane)
    assert QColor(clear.backdrop(clear.pane)).alpha() == 0
