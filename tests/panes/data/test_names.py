"""The names of the columns in the data pane: axes, histograms, notes and tooltips."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QToolTip

from gdviz.core.data.creation import from_points, generate
from gdviz.core.data.settings import DataSettings
from gdviz.core.data.standardise import standardise
from gdviz.core.descent.recording import record
from gdviz.core.problems.regression import LinearRegression
from gdviz.panes.data.density import MAX_DOTS
from gdviz.panes.data.picture import build_data_picture
from gdviz.panes.data.plot import DataPlot
from gdviz.panes.data.tooltips import value_text
from gdviz.plotting.text import width_of
from gdviz.presentation.look import DataPane, Look, View
from gdviz.presentation.numbers import MINUS
from tests.frames import SIZES, labels, make_frame, show_frame
from tests.panes.support import ask_for_tip, assert_words_stand_clear
from tests.recordings import invented

X = np.linspace(40.0, 160.0, 60)
Y = 1500.0 * X + 50_000.0
LETTERS, GERMAN = ("x", "y"), ("Größe", "Preis (€)")
CHINESE = ("房屋面积（平方米）" * 4, "成交价格（人民币万元）不含税")
LONG = ("Kilometerstand in tausend Kilometern (km", "Wiederverkaufspreis beim Händler in Euro")
WIDE = ("W" * 40, "M" * 40)
RIGHT_TO_LEFT = ("المساحة", "מחיר")
ALL = [LETTERS, GERMAN, CHINESE, LONG, WIDE, RIGHT_TO_LEFT]


def problem(names, x=X, y=Y):
    return LinearRegression(replace(from_points(x, y, None, "test"), names=names))


def picture(names, mode=DataPane.LINE, line=(1500.0, 50_000.0), view=View.FOLLOW):
    recording = invented([line], problem=problem(names))
    return build_data_picture((recording,), 0, Look(data_pane=mode, view=view))


@pytest.fixture
def plot(new_pane):
    return new_pane(DataPlot, 400, 210, 0.85)


def show(plot, shown):
    show_frame(plot, make_frame(data=shown, look=Look(data_pane=shown.mode)))
    return [words.text for words in plot.words]


def number_rects(plot):
    """Where the numbers of the horizontal axes stand: below the plots."""
    unit = plot.shown._unit
    for grid in plot.shown.grids:
        for value, label in grid.x_ticks.major:
            half = width_of(plot_font(unit), label) / 2
            yield QRectF(grid.x(value) - half, grid.area.bottom() + 8 * unit, 2 * half, 12 * unit)


def plot_font(unit):
    from gdviz.plotting.text import number_font

    return number_font(16 * unit)


@pytest.mark.parametrize("names", ALL)
@pytest.mark.parametrize(("width", "height", "unit"), SIZES)
def test_both_names_stand_clear_of_all_numbers(new_pane, names, width, height, unit):
    plot = new_pane(DataPlot, width, height, unit)
    show(plot, picture(names))
    assert_words_stand_clear(plot)
    x_name = labels(plot)[plot.line_plot._x_name.words.text]
    assert not any(x_name.rect.intersects(rect) for rect in number_rects(plot))
    y_name = labels(plot)[plot.line_plot._y_name.words.text]
    area = plot.shown.grid.area
    assert area.adjusted(0, 0, 0, 1).contains(y_name.rect)
    assert y_name.rect.top() == area.top()


@pytest.mark.parametrize("names", ALL)
@pytest.mark.parametrize(("width", "height", "unit"), SIZES)
def test_no_name_pushes_the_plot_away(new_pane, names, width, height, unit):
    plot = new_pane(DataPlot, width, height, unit)
    show(plot, picture(LETTERS))
    usual = plot.shown.grid.area
    show(plot, picture(names))
    area = plot.shown.grid.area
    assert abs(area.left() - usual.left()) <= 20 * unit
    assert area.width() >= usual.width() - 20 * unit
    assert area.height() >= usual.height() - 24 * unit


def test_short_names_are_whole(plot):
    assert set(GERMAN) <= set(show(plot, picture(GERMAN)))


def test_a_letter_is_where_it_always_was(plot, new_pane):
    other, names = new_pane(DataPlot, 400, 210, 0.85), (*LETTERS,)
    data = generate(DataSettings())
    show(plot, build_data_picture((invented([(0.1, 0.5)], problem=LinearRegression(data)),), 0, Look()))
    show(other, build_data_picture((invented([(0.1, 0.5)]),), 0, Look()))
    for name in names:
        assert labels(plot)[name].rect == labels(other)[name].rect
        assert labels(plot)[name].plate is None


def test_a_word_keeps_its_place_while_the_line_moves(plot):
    places = set()
    for slope in (-3000.0, 0.0, 1500.0, 3000.0):
        show(plot, picture(GERMAN, line=(slope, 200_000.0), view=View.HOLD))
        places.add(labels(plot)[GERMAN[1]].rect.top() - plot.shown.grid.area.top())
    assert places == {0.0}


@pytest.mark.parametrize("names", ALL)
@pytest.mark.parametrize(("width", "height", "unit"), SIZES)
def test_histograms_are_titled_by_the_names(new_pane, names, width, height, unit):
    plot = new_pane(DataPlot, width, height, unit)
    shown = picture(names, DataPane.HISTOGRAMS)
    assert [histogram.title for histogram in shown.histograms] == list(names)
    show(plot, shown)
    assert_words_stand_clear(plot, across=0)
    assert "DISTRIBUTION OF THE DATA" in labels(plot)


@pytest.mark.parametrize("mode", DataPane)
def test_the_whole_of_a_shortened_name_is_a_tooltip(plot, mode):
    show(plot, picture(WIDE, mode))
    shortened = [words for words in plot.words if "…" in words.text]
    assert len(shortened) == 2
    for words, name in zip(sorted(shortened, key=lambda words: "M" in words.text), WIDE, strict=True):
        ask_for_tip(plot.shown, words.rect.center())
        assert QToolTip.text() == name
    show(plot, picture(("a", "b c"), mode))
    assert plot.shown.tooltip_at(labels(plot)["b c"].rect.center()) == ""


def test_the_tooltip_of_a_point_names_its_columns(plot):
    show(plot, picture(GERMAN))
    grid = plot.shown.grid
    ask_for_tip(plot.shown, grid.place(X[30], Y[30]))
    assert QToolTip.text() == "row 31: Größe = 101.0169, Preis (€) = 201,525.4"
    assert plot.shown.tooltip_at(grid.area.bottomRight() - QPointF(2, 2)) == ""


def test_the_tooltip_of_a_bar_counts_its_rows(plot):
    show(plot, picture(GERMAN, DataPane.HISTOGRAMS))
    grid = plot.shown.grids[0]
    first = plot.shown.picture.histograms[0]
    ask_for_tip(plot.shown, QPointF(grid.x(41.0), grid.area.center().y()))
    assert QToolTip.text() == f"{first.counts[0]} rows: Größe from 40 to {first.edges[1]:.6g}"
    assert plot.shown.tooltip_at(QPointF(grid.x(0.0), grid.area.center().y())) == ""


def test_a_density_has_no_tooltip_of_a_row(plot):
    x = np.linspace(0.0, 1.0, MAX_DOTS + 1)
    recording = invented([(1.0, 0.0)], problem=problem(GERMAN, x, x))
    show(plot, build_data_picture((recording,), 0, Look()))
    assert plot.shown.tooltip_at(plot.shown.grid.place(0.5, 0.5)) == ""


def test_the_tooltip_of_a_standardised_column_is_in_its_own_units(plot):
    shown = build_data_picture((invented([(1.0, 0.0)], problem=standardised_problem()),), 0, Look())
    show(plot, shown)
    x, y = float(shown.data.x[0]), float(shown.data.y[0])
    assert plot.shown.tooltip_at(plot.shown.grid.place(x, y)) == "row 1: size = 40, price = 110,000"


def standardised_problem():
    return LinearRegression(standardise(problem(("size", "price")).data, x=True, y=True))


def test_the_note_on_a_line_off_the_plot_uses_the_names():
    note = picture(("size", "price"), line=(0.0, 1e24), view=View.HOLD).note
    assert note == "the line is off the plot: price = 1e24 at size = 100"
    note = picture(RIGHT_TO_LEFT, line=(0.0, 1e24), view=View.HOLD).note
    assert note == "the line is off the plot: מחיר\u200e = 1e24 at المساحة\u200e = 100"
    note = picture(WIDE, line=(0.0, 1e24), view=View.HOLD).note
    assert len(note) < 110


@pytest.mark.parametrize("names", ALL)
def test_the_note_and_the_name_stand_clear(plot, names):
    show(plot, picture(names, line=(0.0, 1e24), view=View.HOLD))
    assert_words_stand_clear(plot)


def test_it_is_described_by_the_names(plot):
    show(plot, picture(GERMAN))
    assert plot.accessibleDescription() == "Preis (€) against Größe, 60 rows"
    show(plot, picture(GERMAN, DataPane.HISTOGRAMS))
    assert plot.accessibleDescription() == "histograms of Größe and Preis (€), 60 rows"
    show(plot, build_data_picture((record(invented([(0.1, 0.5)]).experiment),), 0, Look()))
    assert plot.accessibleDescription().startswith("y against x, 100 rows")


def test_a_value_that_rounds_up_to_eight_digits_has_a_power_of_ten():
    assert value_text(9_999_999.4) == "9,999,999"
    assert value_text(-9_999_999.9) == f"{MINUS}{value_text(9_999_999.9)}"
    assert "e+" not in value_text(9_999_999.9)
