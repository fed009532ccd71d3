"""The pane with the analytic solution as a person sees it."""

import re
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from PySide6.QtGui import QFontMetricsF

from gdviz.core.data.creation import from_points
from gdviz.core.data.standardise import standardise
from gdviz.core.descent.experiment import OWN_STEPS, Experiment
from gdviz.core.descent.optimizers import make_optimizer
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.problems.surfaces import Himmelblau, TwoWells
from gdviz.panes.formula.pane import QUESTION, SMALLEST_DERIVATION, TITLE, FormulaPane, _fit
from gdviz.panes.formula.picture import build_formula_picture
from gdviz.plotting.text import width_of
from gdviz.presentation.look import Look, Theme
from gdviz.presentation.palette import PALETTES
from tests.frames import depends_on_the_frame_alone, labels, make_frame, pixels, resembles, show_frame, with_pictures
from tests.panes.support import assert_words_stand_clear, svg_of
from tests.seams import WITHOUT_RATE
from tests.tables import named

USUAL = [(520, 215, 0.85), (566, 220, 0.935), (860, 380, 1.4)]
ODD = [(400, 210, 0.85), (480, 260, 0.8), (700, 340, 1.7), (1100, 800, 1.7), (530, 227, 2.09)]
LIGHT = PALETTES[Theme.LIGHT]


@cache
def recorded(problem, rate):
    return record(Experiment(problem, schedule=Constant(rate), start=problem.start))


def frame(rate=0.9, step=4, problem=None, **look):
    recording = recorded(problem or LinearRegression(), rate)
    shown = make_frame(look=Look(switched_on=frozenset({"formula"}), **look))
    return with_pictures(replace(shown, step=step), formula=build_formula_picture(recording, step))


@pytest.fixture
def pane(new_pane):
    return new_pane(FormulaPane, 520, 215, 0.85)


def texts(pane):
    return [words.text for words in pane.words]


def test_it_tells_derivation_solution_and_distance(pane):
    show_frame(pane, frame())
    shown = texts(pane)
    assert shown[0] == TITLE
    assert {"∂L/∂w = ∂L/∂b = 0  ⇒  w = cov(x, y) / var(x),  b = mean(y) − w·mean(x)"} <= set(shown)
    assert "one pass over the 100 rows, and no learning rate" in shown
    assert {"w", "b", "loss", "distance", "minimum", "0.094967", "0.50356"} <= set(shown)
    assert {"step 4", "−1.5838", "−3.3039", "22.146", "4.1611"} <= set(shown)
    assert {QUESTION, "at learning rate 0.9:", "never"} <= set(shown)
    assert "0.9 is beyond 2/L = 0.7755, every step makes it worse" in shown


def test_each_number_stands_below_its_name(pane):
    show_frame(pane, frame())
    shown = labels(pane)
    for name, numbers in (
        ("w", ("0.094967", "−1.5838")),
        ("b", ("0.50356", "−3.3039")),
        ("loss", ("22.146",)),
        ("distance", ("4.1611",)),
    ):
        for number in numbers:
            assert shown[number].rect.right() == pytest.approx(shown[name].rect.right(), abs=0.5)
            assert shown[number].rect.top() > shown[name].rect.top()


def test_never_is_told_apart_by_more_than_the_word(pane):
    show_frame(pane, frame(0.9))
    assert labels(pane)["never"].colour == LIGHT.warning
    show_frame(pane, frame(0.1))
    assert labels(pane)["12 steps"].colour == LIGHT.accent
    answer = labels(pane)["12 steps"]
    assert answer.font.pixelSize() > 1.4 * labels(pane)["distance"].font.pixelSize()


@pytest.mark.parametrize(("width", "height", "unit"), USUAL + ODD)
@pytest.mark.parametrize("problem", [LinearRegression(), Himmelblau(), TwoWells()], ids=lambda problem: problem.name)
def test_all_texts_stand_in_the_pane_and_clear_of_each_other(pane, width, height, unit, problem):
    pane.set_unit(unit)
    pane.resize(width, height)
    for rate, step in ((0.9, 200), (1e-4, 200), (0.1, 7)):
        show_frame(pane, frame(rate, step, problem))
        assert {TITLE, QUESTION, problem.derivation} <= set(texts(pane))
        assert_words_stand_clear(pane, across=0)
        for words in pane.words:
            assert words.wrap or width_of(words.font, words.text) <= words.rect.width() + 0.5, words.text
            assert words.rect.height() >= QFontMetricsF(words.font).height() - 0.5


def houses(names):
    size = np.array([1206.0, 2000.0, 2794.0, 3100.0])
    price = 134.5 * size + np.array([71e3, 69e3, 80e3, 64e3])
    return LinearRegression(standardise(named(size, price, names), x=True, y=True))


@pytest.mark.parametrize(("width", "height", "unit"), USUAL + ODD)
@pytest.mark.parametrize("names", [("size", "price"), ("living area in square feet", "sale price in dollars")])
def test_standardised_data_are_told_in_their_own_units_at_any_size(pane, width, height, unit, names):
    pane.set_unit(unit)
    pane.resize(width, height)
    problem = houses(names)
    heights = set()
    for rate, step in ((10.0, 200), (0.1, 7)):
        show_frame(pane, frame(rate, step, problem))
        assert_words_stand_clear(pane, across=0)
        scales, best, now = (words for words in pane.words if " · " in words.text or "x = (" in words.text)
        assert scales.text.startswith(f"x = ({names[0][:2]}")
        assert re.fullmatch(r"best fit.* = 134\.2 · .* \+ 71,581", best.text)
        assert now.text.startswith("now")
        heights.add((scales.rect.top(), best.rect.top(), now.rect.top()))
        for words in (scales, best, now):
            assert not words.wrap
            assert words.rect.right() <= width
    assert len(heights) == 1
    assert f"now in own units: {names[1]} = " in pane.accessibleName()


@pytest.mark.parametrize(("width", "height", "unit"), USUAL)
def test_the_derivation_fits_in_one_line(pane, width, height, unit):
    pane.set_unit(unit)
    pane.resize(width, height)
    show_frame(pane, frame())
    words = labels(pane)[LinearRegression.derivation]
    assert not words.wrap
    assert words.font.pixelSize() >= round(SMALLEST_DERIVATION * unit)
    least = round(16 * unit)
    assert all(other.font.pixelSize() >= least for other in pane.words if other is not words)


@pytest.mark.parametrize(("width", "height", "unit"), [*USUAL, *ODD])
@pytest.mark.parametrize("step", [0, 4])
def test_a_line_of_minima_is_told_and_fits(pane, width, height, unit, step):
    pane.set_unit(unit)
    pane.resize(width, height)
    one = LinearRegression(from_points([2.0, 2.0, 2.0], [1.0, 2.0, 6.0], None, "rows"))
    show_frame(pane, frame(0.1, step, one))
    shown = texts(pane)
    assert "∂L/∂w = ∂L/∂b = 0  ⇒  b = mean(y) − w·mean(x), for any w" in shown
    useless = (
        "var(x) = 0, so w = cov(x, y) / var(x) is 0/0: any point of this line is a minimum; below is the shortest one"
    )
    assert f"{useless}, nearest to the origin" in shown
    assert {"shortest", "to the line", "1.2", "0.6"} <= set(shown)
    assert "distance" not in shown
    assert max(words.rect.bottom() for words in pane.words) <= height
    assert_words_stand_clear(pane)
    rates = "along the line μ = 0, and 2/(μ + L) is the stability limit"
    if (width, height) == (1100, 800):  # where there is room
        assert f"{rates}; at 1/L = 0.1 one step of plain descent leads to it" in shown
    assert "one step of plain descent leads to it" in pane.accessibleName()


def test_one_step_at_that_rate_leads_to_the_line_indeed():
    one = LinearRegression(from_points([2.0, 2.0, 2.0], [1.0, 2.0, 6.0], None, "rows"))
    assert build_formula_picture(recorded(one, 0.1), 1).distance < 1e-7


def test_all_minima_are_named_or_the_nearest_as_room_allows(pane):
    pane.resize(860, 380)
    show_frame(pane, frame(0.01, 5, Himmelblau()))
    assert texts(pane).count("minimum") == 3
    assert texts(pane).count("nearest") == 1
    pane.resize(520, 180)
    show_frame(pane, frame(0.01, 5, Himmelblau()))
    assert "minimum" not in texts(pane)
    assert "nearest of 4" in texts(pane)
    nearest, current = labels(pane)["nearest of 4"], labels(pane)["step 5"]
    assert nearest.rect.bottom() <= current.rect.top() + 2


@pytest.mark.parametrize("theme", list(Theme))
def test_text_and_marker_have_the_colours_of_the_theme(pane, theme):
    show_frame(pane, frame(theme=theme))
    palette, picture = PALETTES[theme], pixels(pane)
    row = labels(pane)["step 4"].rect
    marker = picture[int(row.top()) : int(row.bottom()), : int(row.left())]
    assert resembles(marker, palette.runs[0]).sum() > 20
    answer = labels(pane)["never"].rect.toRect()
    inside = picture[answer.top() : answer.bottom(), answer.left() : answer.right()]
    assert resembles(inside, palette.warning).sum() > 50
    assert resembles(picture[-2:, :], palette.pane, 0).all()


def test_while_only_the_dot_moves_the_rest_stands_still(pane):
    """Nothing jumps: from one step to the next only the row of the run changes."""
    show_frame(pane, frame(step=4))
    before = pixels(pane)
    show_frame(pane, frame(step=5))
    row = labels(pane)["step 5"].rect
    changed = np.flatnonzero((pixels(pane) != before).any(axis=(1, 2)))
    assert changed.size > 0
    assert row.top() - 3 <= changed.min() <= changed.max() <= row.bottom() + 3


def test_while_only_the_dot_moves_nothing_is_laid_out_anew(pane):
    pane.set_unit(1.7)
    _fit.cache_clear()
    for step in range(30):
        show_frame(pane, frame(step=step))
        pane.draw()
    # one for the size it is shown in
    assert _fit.cache_info().misses == 1


def test_the_picture_depends_on_the_frame_alone(pane, new_pane):
    frames = [frame(), frame(0.1, 200, theme=Theme.DARK), frame(0.01, 5, Himmelblau()), frame(1.0, 200)]
    assert depends_on_the_frame_alone(pane, frames, new_pane(FormulaPane), unit=0.85)


def test_those_who_do_not_see_it_hear_it(pane):
    show_frame(pane, frame())
    said = pane.accessibleName()
    assert LinearRegression.derivation in said
    assert "distance 4.161" in said
    assert "within 1 % at learning rate 0.9: never, 0.9 is beyond 2/L = 0.7755, every step makes it worse" in said


def test_it_has_no_ground_where_the_picture_is_see_through(pane):
    """A file of vectors then holds the words and marks only, no rectangle behind them."""
    sizes = []
    for transparent in (False, True):
        show_frame(pane, frame(transparent=transparent))
        text = svg_of(pane)
        assert text.count("<path") > 20
        sizes.append(text.count("<rect"))
    assert sizes[0] == sizes[1] + 1


@pytest.mark.parametrize("names", [("Größe", "Preis (€)"), ("W" * 40, "房屋面积（平方米）" * 4)])
@pytest.mark.parametrize(("width", "height", "unit"), [*USUAL, *ODD])
def test_names_of_columns_fit_the_pane(new_pane, names, width, height, unit):
    pane = new_pane(FormulaPane, width, height, unit)
    data = replace(from_points([0, 1, 2], [1, 2, 4], None, "test"), names=names)
    show_frame(pane, frame(problem=LinearRegression(data)))
    assert_words_stand_clear(pane)
    assert any(text.startswith("x is ") for text in texts(pane))
    assert "; x is " in pane.accessibleName()


@pytest.mark.parametrize("name", [kind.name for kind in WITHOUT_RATE])
def test_a_rule_without_a_learning_rate_shows_none(pane, name):
    problem = LinearRegression()
    recording = record(Experiment(problem, make_optimizer(name, {}), OWN_STEPS, problem.start, 20))
    shown = make_frame(look=Look(switched_on=frozenset({"formula"})))
    show_frame(pane, with_pictures(replace(shown, step=20), formula=build_formula_picture(recording, 20)))
    assert "with this rule:" in texts(pane)
    said = [*texts(pane), *pane.accessibleName().split("; ")]
    assert [text for text in said if "rate" in text and not text.endswith("no learning rate")] == []
