"""The legend of several runs, on its own and where it stands in the plots."""

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPointF, QRectF
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from gdviz.panes.contour.plot import ContourPlot
from gdviz.panes.loss.plot import LossPlot
from gdviz.plotting.run_legend import row_legend
from gdviz.plotting.shapes import Words
from gdviz.plotting.style import Style, height_of
from gdviz.presentation.legend import Legend, LegendEntry
from gdviz.presentation.look import Look, Theme
from gdviz.presentation.palette import PALETTES
from tests.frames import (
    around,
    curve,
    labels,
    landscape,
    loss_picture,
    make_frame,
    pixels,
    resembles,
    run_path,
    show_frame,
    with_pictures,
)

SIZES = [(480, 260, 0.8), (560, 300, 1.0), (700, 340, 1.7), (1100, 800, 1.7)]
RATES = ("0.01", "0.1", "0.7", "0.9")
LONG = tuple(f"momentum 0.9, learning rate {rate}, then 0.5 from step 20" for rate in RATES)


def legend_of(*texts, title="learning rate"):
    return Legend(title, tuple(LegendEntry(style, text) for style, text in enumerate(texts)))


def words_of(found):
    return [thing for thing in found.things if isinstance(thing, Words)]


def race_frame(legend, theme=Theme.LIGHT):
    curves = [curve([3.0 - style, 2.0 - style], style) for style in range(4)]
    paths = [run_path((0.8, 0.8 - 0.2 * style), (0.3 * style - 0.6, 0.0), style=style) for style in range(4)]
    frame = make_frame(loss_picture(*curves), ground=landscape(*paths), look=Look(theme=theme))
    return replace(frame, legend=legend)


@pytest.fixture
def plot(qtbot):
    widget = LossPlot()
    qtbot.addWidget(widget)
    widget.resize(560, 300)
    return widget


@pytest.fixture
def contour(qtbot):
    widget = ContourPlot()
    qtbot.addWidget(widget)
    widget.resize(560, 560)
    return widget


@given(
    st.lists(st.text("abc 0.123", min_size=1, max_size=60), min_size=2, max_size=4, unique=True),
    st.sampled_from(["", "learning rate"]),
    st.floats(400.0, 1200.0),
    st.floats(41.0, 120.0),
    st.sampled_from([0.8, 1.0, 1.7]),
)
def test_no_text_overlaps_another_or_sticks_out(qapp, texts, title, width, height, unit):
    style = Style(PALETTES[Theme.LIGHT], unit)
    room = QRectF(8.0, 20.0, width * unit, height * unit)
    found = row_legend(legend_of(*texts, title=title), room.getRect(), style)
    words = words_of(found)
    assert found.height <= max(room.height(), height_of(style.text))
    assert len(words) == len(texts) + bool(title)
    for one, other in combinations(words, 2):
        assert not one.rect.intersects(other.rect)
    for one in words:
        assert room.left() <= one.rect.left()
        assert one.rect.right() <= room.right() + 1e-6
        assert one.rect.bottom() <= room.top() + found.height + 1e-6
    assert {whole for _, whole in found.shortened} <= {f"{title} {text}".lstrip() for text in texts}


def test_a_single_run_has_none(qapp):
    found = row_legend(Legend(), (0.0, 0.0, 400.0, 40.0), Style(PALETTES[Theme.LIGHT], 1.0))
    assert not found.things
    assert found.height == 0.0


def test_runs_that_fit_stand_in_one_row_and_others_in_columns(qapp):
    style = Style(PALETTES[Theme.LIGHT], 1.0)
    rows = []
    for width in (600.0, 320.0):
        words = words_of(row_legend(legend_of(*RATES), (0.0, 0.0, width, 100.0), style))
        assert [one.text for one in words] == ["learning rate", *RATES]
        rows.append(len({one.rect.top() for one in words}))
    assert rows == [1, 2]


@pytest.mark.parametrize(("width", "height", "unit"), SIZES)
@pytest.mark.parametrize("theme", Theme)
def test_in_the_loss_plot_each_text_has_its_colour_beside_it(plot, theme, width, height, unit):
    plot.resize(width, height)
    plot.set_unit(unit)
    show_frame(plot, race_frame(legend_of(*RATES), theme))
    picture, found = pixels(plot), labels(plot)
    for style, rate in enumerate(RATES):
        rect = found[rate].rect
        beside = picture[round(rect.top()) : round(rect.bottom()), round(rect.left() - 41 * unit) : round(rect.left())]
        assert resembles(beside, PALETTES[theme].runs[style]).sum() > 30 * unit**2
        assert rect.bottom() <= plot.grid.area.top()
    assert plot.grid.area.height() > 0.3 * height


def test_without_others_the_loss_plot_is_as_it_was(plot):
    frame = make_frame()
    show_frame(plot, frame)
    top = plot.grid.area.top()
    show_frame(plot, race_frame(legend_of(*RATES)))
    assert plot.grid.area.top() > top
    show_frame(plot, frame)
    assert plot.grid.area.top() == top


def test_a_note_stands_below_the_legend(plot):
    frame = race_frame(legend_of(*RATES))
    show_frame(plot, with_pictures(frame, loss=replace(frame.pictures["loss"], note="losses of 0 are not shown")))
    found = labels(plot)
    assert found["0.9"].rect.bottom() <= found["losses of 0 are not shown"].rect.top()


def test_a_shortened_text_is_whole_in_its_tooltip(plot, qtbot):
    show_frame(plot, race_frame(legend_of(*LONG, title="")))
    shown = [words for words in plot.words if "…" in words.text]
    # Shortened, one can still tell them apart.
    assert len({words.text for words in shown}) == 4
    place = shown[2].rect.center().toPoint()
    QApplication.sendEvent(plot, QHelpEvent(QEvent.Type.ToolTip, place, plot.mapToGlobal(place)))
    assert QToolTip.text() == LONG[2]
    QToolTip.hideText()
    qtbot.waitUntil(lambda: not QToolTip.isVisible())


def test_markers_in_one_place_are_all_seen_the_live_one_on_top(plot):
    together = [curve([3.0, 2.0], style) for style in (2, 0, 3, 1)]
    show_frame(plot, replace(make_frame(loss_picture(*together)), legend=legend_of(*RATES)))
    picture, place = pixels(plot), plot.grid.place(1.0, 2.0)
    runs = PALETTES[Theme.LIGHT].runs
    assert resembles(around(picture, place), runs[2]).all()
    right = around(picture, place + QPointF(13.0, 0.0), 16)
    for style in range(4):
        assert resembles(right, runs[style], 60).sum() >= 8


@pytest.mark.parametrize("theme", Theme)
@pytest.mark.parametrize(("width", "height", "unit"), [(740, 594, 1.16), (1100, 800, 1.7), (900, 420, 1.0)])
def test_beside_the_contour_it_is_clear_of_bar_and_notes(contour, theme, width, height, unit):
    contour.resize(width, height)
    contour.set_unit(unit)
    frame = race_frame(legend_of(*RATES), theme)
    notes = ("loss 67.46", "distance to the minimum 7.238")
    show_frame(contour, replace(frame, landscape=replace(frame.landscape, notes=notes)))
    found = labels(contour)
    assert {"learning rate", *RATES} <= set(found)
    beside = [words for words in contour.words if words.text and words.rect.left() > contour.grid.area.right()]
    for one, other in combinations(beside, 2):
        assert not one.rect.intersects(other.rect), (one.text, other.text)
    for words in beside:
        assert QRectF(contour.rect()).contains(words.rect)


@pytest.mark.parametrize(
    ("width", "height", "unit"), [(400, 440, 1.0), (480, 300, 0.8), (740, 594, 1.16), (520, 280, 1.16)]
)
@pytest.mark.parametrize("texts", [RATES, [f"Nesterov momentum 0.9, learning rate {rate}" for rate in RATES]])
def test_where_it_does_not_fit_beside_the_contour_it_is_above(contour, width, height, unit, texts):
    contour.resize(width, height)
    contour.set_unit(unit)
    show_frame(contour, race_frame(legend_of(*texts, title="")))
    found = labels(contour)
    assert set(texts) <= set(found)
    assert contour.grid.area.height() > 0.3 * height
    for text in texts:
        rect = found[text].rect
        assert QRectF(contour.rect()).contains(rect)
        assert not any(rect.intersects(words.rect) for words in contour.words if words.text and words.text != text)
        assert not rect.intersects(contour.grid.area)


def test_on_the_contour_no_run_hides_the_marker_of_another(contour):
    there, back = (0.0, -0.8), (0.0, 0.8)
    standing = [run_path((0.0, 0.4 * style - 0.6), style=style) for style in (1, 2, 3)]
    show_frame(contour, make_frame(ground=landscape(run_path(there, back), *standing, minima=())))
    picture = pixels(contour)
    for style in (1, 2, 3):
        place = contour.grid.place(0.0, 0.4 * style - 0.6)
        assert resembles(around(picture, place), PALETTES[Theme.LIGHT].runs[style]).all()
