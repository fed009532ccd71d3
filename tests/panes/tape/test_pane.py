"""The pane that shows where the gradients come from, as a person sees and uses it."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtWidgets import QApplication, QToolTip

from gdviz.core.data.creation import from_points, generate
from gdviz.core.data.settings import DataSettings
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.optimizers import GradientDescent, Momentum
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant
from gdviz.core.precision import Precision
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.problems.surfaces import Himmelblau, Rosenbrock, TwoWells
from gdviz.panes.tape import columns
from gdviz.panes.tape import page as page_module
from gdviz.panes.tape.check import AGREES, CHECK, DIFFERS, NOT_FINITE
from gdviz.panes.tape.columns import fitting_number
from gdviz.panes.tape.page import TITLES, lay_out_page
from gdviz.panes.tape.pane import TapePane
from gdviz.panes.tape.picture import build_tape_picture
from gdviz.plotting.text import width_of
from gdviz.presentation.legend import Legend, LegendEntry
from gdviz.presentation.look import Look, Theme
from gdviz.presentation.palette import PALETTES
from gdviz.stage.arrangement import MAX_WORDY_SHARE, TAPE_SHARE, arrange, unit_of
from tests.frames import depends_on_the_frame_alone, labels, make_frame, pixels, resembles, show_frame, with_pictures
from tests.panes.support import ask_for_tip, assert_words_stand_clear, point_at, svg_of

USUAL = [(640, 500, 0.85), (960, 800, 1.4)]
ODD = [(480, 260, 0.8), (700, 340, 1.7), (1100, 800, 1.7), (1100, 300, 1.0), (400, 700, 1.0)]
PROBLEMS = {"regression": LinearRegression(), "four wells": Himmelblau(), "valley": Rosenbrock(), "two": TwoWells()}
LINE = LinearRegression()
MANY = LinearRegression(generate(DataSettings(rows=20_000)))
PLAIN = GradientDescent()
TINY = LinearRegression(generate(DataSettings(rows=2)))
PRESENT = (1280, 587)
"""The stage in Present on a screen of 1280 x 720: what the bars below it leave."""


@cache
def recorded(problem, rate, precision=Precision.FLOAT32, rule=PLAIN, batch=None):
    start = problem.start
    return record(Experiment(problem, rule, Constant(rate), start, precision=precision, batch_size=batch))


def frame(step=4, rate=0.9, problem=LINE, lit=None, checked=False, precision=Precision.FLOAT32, **look):
    picture = build_tape_picture(recorded(problem, rate, precision), step, lit, checked)
    return with_pictures(replace(make_frame(look=Look(**look)), step=step), tape=picture)


@pytest.fixture
def pane(new_pane):
    return new_pane(TapePane, 640, 500, 0.85)


def texts(pane):
    return [words.text for words in pane.words]


def band(pane, index):
    return pane.bands[index]


def test_it_shows_both_passes_and_the_update_in_numbers(pane):
    show_frame(pane, frame())
    shown = texts(pane)
    assert shown[0] == TITLES[0]
    assert {"x", "w", "w·x", "b", "w·x + b", "y", "… − y", "(…)²", "L = mean"} <= set(shown)
    assert {"L", "∂L/∂b", "∂L/∂w", "× 1/100", "× 2·(…)", "Σ × 1", "Σ × x"} <= set(shown)
    assert {"row 1", "row 51", "row 100", "97 more"} <= set(shown)
    assert {"−1.584", "−3.304", "22.15", "−9.36", "−5.156"} <= set(shown)
    assert "w ← w − lr·∂L/∂w = −1.584 − 0.9·(−5.156) =  3.056" in shown


@pytest.mark.parametrize("checked", [False, True])
@pytest.mark.parametrize(("width", "height", "unit"), USUAL + ODD)
@pytest.mark.parametrize("name", PROBLEMS)
def test_all_texts_stand_in_the_pane_and_clear_of_each_other(pane, name, width, height, unit, checked):
    pane.set_unit(unit)
    pane.resize(width, height)
    for step, rate in ((4, 0.01), (200, 0.9)):
        show_frame(pane, frame(step, rate, PROBLEMS[name], checked=checked, precision=Precision.FLOAT64))
        assert_words_stand_clear(pane, across=0, down=2)
        for words in pane.words:
            assert width_of(words.font, words.text) <= words.rect.width() + 0.5, words.text


@pytest.mark.parametrize(("width", "height", "unit"), USUAL)
@pytest.mark.parametrize("name", PROBLEMS)
def test_it_can_be_read_from_the_back_row(pane, name, width, height, unit):
    pane.set_unit(unit)
    pane.resize(width, height)
    show_frame(pane, frame(4, 0.01, PROBLEMS[name], checked=True))
    assert min(words.font.pixelSize() for words in pane.words) >= int(14 * unit)


def presented(pane, shown):
    """The sizes of all texts, where the stage stands in Present on a projector."""
    unit = unit_of(*PRESENT, 1.0)
    place = arrange(*PRESENT, unit, True, TAPE_SHARE, MAX_WORDY_SHARE, with_arithmetic=False).landscape
    pane.set_unit(unit)
    pane.resize(place.size())
    show_frame(pane, shown)
    return {words.text: words.font.pixelSize() for words in pane.words}


@pytest.mark.parametrize("step", [0, 4, 149])
def test_on_a_projector_its_text_is_as_large_as_the_room_allows(pane, step):
    assert min(presented(pane, frame(step)).values()) >= 16
    assert {"row 1", "row 51", "row 100"} <= set(texts(pane))


def test_on_a_projector_check_and_buffer_can_still_be_read(pane):
    assert min(presented(pane, frame(checked=True)).values()) >= 14
    picture = build_tape_picture(recorded(LINE, 0.25, rule=Momentum()), 4)
    assert min(presented(pane, with_pictures(frame(), tape=picture)).values()) >= 14


def test_a_batch_of_one_row_fills_the_pane(pane):
    picture = build_tape_picture(recorded(LINE, 0.25, batch=1), 4)
    assert min(presented(pane, with_pictures(frame(), tape=picture)).values()) >= 16
    assert max(band.right() for band in pane.bands) > 0.7 * pane.width()


def test_the_update_says_to_which_step_it_leads(pane):
    show_frame(pane, frame())
    shown = texts(pane)
    assert shown.index("UPDATE: TO STEP 5") == shown.index("w ← w − lr·∂L/∂w = −1.584 − 0.9·(−5.156) =  3.056") - 1
    show_frame(pane, frame(200))
    assert texts(pane)[-2:] == ["UPDATE", "This is the last step: no update follows."]


@pytest.mark.parametrize(("width", "height", "unit"), USUAL + ODD)
def test_of_several_runs_the_title_names_its_own(pane, width, height, unit):
    pane.set_unit(unit)
    pane.resize(width, height)
    legend = Legend("learning rate", (LegendEntry(0, "0.1"), LegendEntry(2, "0.9")))
    show_frame(pane, replace(frame(), legend=replace(legend, live=2)))
    words = labels(pane)["(learning rate 0.9)"]
    assert QRectF(pane.rect()).contains(words.rect)
    assert width_of(words.font, words.text) <= words.rect.width() + 0.5
    assert pane.accessibleDescription().startswith("learning rate 0.9: loss 22.15")
    show_frame(pane, frame())
    assert "(learning rate 0.9)" not in texts(pane)


@pytest.mark.parametrize(("width", "height", "unit"), USUAL)
def test_the_closed_form_has_two_lines_below_the_title(pane, width, height, unit):
    pane.set_unit(unit)
    pane.resize(width, height)
    show_frame(pane, frame(4, 0.5, MANY))
    found = [words for words in pane.words if words.text.startswith(("20,000 rows in closed form", "mean of x: m = "))]
    assert len(found) == 2
    assert min(words.font.pixelSize() for words in found) >= int(14 * unit)
    assert found[0].rect.bottom() <= found[1].rect.top()
    assert found[1].rect.bottom() <= labels(pane)["FORWARD: VALUES"].rect.top()


@pytest.mark.parametrize(("width", "height", "unit"), USUAL)
def test_numbers_of_a_column_end_below_its_name(pane, width, height, unit):
    pane.set_unit(unit)
    pane.resize(width, height)
    show_frame(pane, frame())
    ends = {words.text: words.rect.right() for words in pane.words if words.text.startswith("row ")}
    column = build_tape_picture(recorded(LINE, 0.9), 4).forward[2]
    for value, name in zip(column.values, ("row 1", "row 51", "row 100"), strict=True):
        found = [words for words in pane.words if words.text == fitting_number(value, 10)]
        assert found[0].rect.right() == pytest.approx(ends[name], abs=0.5)


def test_a_pane_with_less_room_shows_one_sample_and_says_so(pane):
    pane.set_unit(0.8)
    pane.resize(480, 260)
    show_frame(pane, frame())
    shown = texts(pane)
    assert "row 1" in shown
    assert "row 51" not in shown
    assert "99 more" in shown
    assert "97 more" not in shown


def test_two_rows_of_data_are_all_there_is(pane):
    show_frame(pane, frame(problem=TINY, rate=0.1))
    assert {"row 1", "row 2"} <= set(texts(pane))
    assert not [text for text in texts(pane) if "more" in text]


def test_pointing_at_a_row_and_leaving_it_are_told_once(pane):
    show_frame(pane, frame())
    told = []
    pane.row_hovered.connect(told.append)
    nowhere = QPointF(pane.width() - 2.0, pane.height() - 2.0)
    for place in (
        band(pane, 6).center(),
        band(pane, 6).bottomLeft() + QPointF(9, -3),
        band(pane, 12).center(),
        nowhere,
    ):
        point_at(pane, place)
    assert told == [6, 12, None]
    point_at(pane, band(pane, 0).center())
    QApplication.sendEvent(pane, QEvent(QEvent.Type.Leave))
    assert told == [6, 12, None, 0, None]


def test_a_step_shown_meanwhile_keeps_the_row_pointed_at(pane):
    show_frame(pane, frame(3))
    told = []
    pane.row_hovered.connect(told.append)
    point_at(pane, band(pane, 6).center())
    show_frame(pane, frame(4, lit=6))
    point_at(pane, band(pane, 6).center())
    assert told == [6]


@pytest.mark.parametrize("theme", list(Theme))
def test_the_row_that_is_pointed_at_is_highlighted_and_no_other(pane, theme):
    show_frame(pane, frame(theme=theme))
    before = pixels(pane)
    show_frame(pane, frame(theme=theme, lit=6))
    changed = np.flatnonzero((pixels(pane) != before).any(axis=(1, 2)))
    assert band(pane, 6).top() - 2 <= changed.min() < changed.max() <= band(pane, 6).bottom() + 2
    assert changed.size >= band(pane, 6).height() - 1


@pytest.mark.usefixtures("no_tip_left")
def test_the_tooltip_says_what_a_row_means(pane, qtbot):
    show_frame(pane, frame())
    ask_for_tip(pane, band(pane, 6).center())
    assert QToolTip.text() == "w·x + b − y: by how much the line misses, for every row of the data"
    ask_for_tip(pane, QPointF(pane.width() - 2, pane.height() - 2))
    qtbot.waitUntil(lambda: not QToolTip.isVisible())


def test_only_a_click_on_the_button_asks_for_the_check(pane, qtbot):
    show_frame(pane, frame())
    button = labels(pane)[CHECK].rect.center().toPoint()
    with qtbot.waitSignal(pane.check_clicked, timeout=1000):
        qtbot.mouseClick(pane, Qt.MouseButton.LeftButton, pos=button)
    with qtbot.assertNotEmitted(pane.check_clicked):
        qtbot.mouseClick(pane, Qt.MouseButton.RightButton, pos=button)
        qtbot.mouseClick(pane, Qt.MouseButton.LeftButton, pos=band(pane, 3).center().toPoint())


def test_a_hand_shows_where_one_can_click(pane):
    show_frame(pane, frame())
    point_at(pane, labels(pane)[CHECK].rect.center())
    assert pane.cursor().shape() is Qt.CursorShape.PointingHandCursor
    point_at(pane, band(pane, 3).center())
    assert pane.cursor().shape() is Qt.CursorShape.ArrowCursor


def test_the_check_shows_both_gradients_and_their_difference(pane):
    show_frame(pane, frame())
    assert "finite differences" not in texts(pane)
    show_frame(pane, frame(checked=True))
    shown = texts(pane)
    assert {"reverse pass", "finite differences", "difference", "expected up to", AGREES} <= set(shown)
    assert shown.count("−5.15573824") == 2
    assert shown.count("−9.35969759") == 2


def test_a_failed_and_an_impossible_check_are_said_in_words(pane):
    right = frame(checked=True)
    wrong = replace(right.pictures["tape"], check=replace(right.pictures["tape"].check, error=(1.0, 0.0)))
    show_frame(pane, with_pictures(right, tape=wrong))
    assert labels(pane)[DIFFERS].colour == PALETTES[Theme.LIGHT].warning
    show_frame(pane, frame(200, 1.0, checked=True))
    assert NOT_FINITE in texts(pane)


def test_numbers_that_are_none_are_shown_as_such(pane):
    show_frame(pane, frame(150, 0.9))
    assert "inf" in texts(pane)
    show_frame(pane, frame(200, 1.0))
    assert "NaN" in texts(pane)
    assert "This is the last step: no update follows." in texts(pane)


def test_long_exponents_keep_to_their_column():
    assert fitting_number(-1.2345e-308, 10) == "−1.23e−308"
    assert fitting_number(-1.2346e-30, 10) == "−1.235e−30"
    assert fitting_number(-1.2345e-308, 9) == "−1.2e−308"


def test_while_a_run_plays_only_numbers_change(pane):
    show_frame(pane, frame(step=0))
    lay_out_page.cache_clear()
    names = {words for words in texts(pane) if not any(sign.isdigit() for sign in words)}
    places = {name: labels(pane)[name].rect for name in names}
    for step in range(25):
        show_frame(pane, frame(step=step))
        assert {name: labels(pane)[name].rect for name in names} == places
    assert lay_out_page.cache_info().misses == 1


@pytest.mark.parametrize(("width", "height", "unit"), USUAL + ODD)
def test_the_text_is_the_largest_that_fits_though_not_all_sizes_are_tried(pane, width, height, unit, monkeypatch):
    tried, compose = [], page_module._compose

    def counted(content, width, style, how):
        tried.append((content, style, how))
        return compose(content, width, style, how)

    monkeypatch.setattr(page_module, "_compose", counted)
    lay_out_page.cache_clear()
    pane.resize(width, height)
    pane.set_unit(unit)
    show_frame(pane, frame(4))
    pane.draw()
    assert len(tried) < 60
    *looked_for, _ = (how for _, _, how in tried)
    assert len({*looked_for}) == len(looked_for), "none is laid out twice"
    content, style, how = tried[-1]
    readable = page_module._arrangements(page_module.ALL_SAMPLES, page_module.READABLE, has_samples=True)
    smaller = page_module._arrangements(1, 0.1, has_samples=True)
    room = QPointF(width, height - page_module.MARGIN * unit / 2)
    largest = next(
        one
        for size in (*readable, *smaller)
        for one in size
        if page_module._fits(compose(content, float(width), style, one), room)
    )
    assert (how.factor, how.beside, how.samples, how.digits) == (
        largest.factor,
        largest.beside,
        largest.samples,
        largest.digits,
    )


def test_only_the_page_that_is_shown_gets_its_words(pane, monkeypatch):
    """Some twenty are tried, which are to be measured only: to make all of their words took as long again."""
    made, left_aligned = [], columns.left_aligned

    def counted(text, *where):
        made.append(text)
        return left_aligned(text, *where)

    monkeypatch.setattr(columns, "left_aligned", counted)
    lay_out_page.cache_clear()
    show_frame(pane, frame())
    pane.draw()
    assert made.count("w·x + b") == 2, "once forward, once in reverse"


def test_an_unchanged_picture_is_not_made_again(pane):
    show_frame(pane, frame())
    before = pane.words
    show_frame(pane, frame())
    assert all(one is other for one, other in zip(before, pane.words, strict=True))


@pytest.mark.parametrize("theme", list(Theme))
def test_text_has_the_colours_of_the_theme(pane, theme):
    show_frame(pane, frame(theme=theme))
    palette, picture = PALETTES[theme], pixels(pane)
    row = labels(pane)["∂L/∂w"].rect.toRect()
    assert resembles(picture[row.top() : row.bottom(), row.left() : row.right()], palette.accent).sum() > 20
    assert resembles(picture[-2:, :], palette.pane, 0).all()


def test_the_picture_depends_on_the_frame_alone(pane, new_pane):
    frames = [
        frame(),
        frame(200, 0.1, theme=Theme.DARK),
        frame(5, 0.01, Himmelblau(), lit=3),
        frame(4, lit=2, checked=True),
    ]
    assert depends_on_the_frame_alone(pane, frames, new_pane(TapePane), unit=0.85)


def test_those_who_do_not_see_it_hear_it(pane):
    show_frame(pane, frame())
    assert pane.accessibleDescription() == "loss 22.15, ∂L/∂b −9.36, ∂L/∂w −5.156"


def test_it_has_no_ground_where_the_picture_is_see_through(pane):
    """A file of vectors then holds words and marks only, no rectangle behind them."""
    sizes = []
    for transparent in (False, True):
        show_frame(pane, frame(transparent=transparent))
        text = svg_of(pane)
        assert text.count("<path") > 60
        sizes.append(text.count("<rect"))
    assert sizes[0] == sizes[1] + 1


@pytest.mark.parametrize("names", [("Größe", "Preis (€)"), ("W" * 40, "房屋面积（平方米）" * 4), ("المساحة", "מחיר")])
@pytest.mark.parametrize(("width", "height", "unit"), [*USUAL, *ODD])
def test_no_name_of_a_column_moves_anything(new_pane, names, width, height, unit):
    pane = new_pane(TapePane, width, height, unit)
    data = from_points([0, 1, 2, 3], [1, 2, 4, 5], None, "test")
    show_frame(pane, frame(problem=LinearRegression(data)))
    before = {words.text: words.rect for words in pane.words}
    show_frame(pane, frame(problem=LinearRegression(replace(data, names=names))))
    assert_words_stand_clear(pane, across=2, down=3)
    after = {words.text: words.rect for words in pane.words}
    assert {text: rect for text, rect in before.items() if text not in ("x", "y")}.items() <= after.items()
    for symbol in "xy":
        (words,) = [words for words in pane.words if words.text.startswith(f"{symbol} = ")]
        assert words.rect.topLeft() == before[symbol].topLeft()


def test_the_whole_name_of_a_column_is_in_the_tooltip(pane):
    data = replace(from_points([0, 1, 2, 3], [1, 2, 4, 5], None, "test"), names=("W" * 40, "a"))
    show_frame(pane, frame(problem=LinearRegression(data)))
    ask_for_tip(pane, pane.bands[0].center())
    assert QToolTip.text() == f"x = {'W' * 40}, for every row of the data"
