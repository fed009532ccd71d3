"""The pane with the suggestions of a range test as a person sees and uses it."""

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QToolTip

from gdviz.core.analysis.trial_runs import compute
from gdviz.core.descent.optimizers import Momentum, make_optimizer
from gdviz.core.problems.surfaces import Rosenbrock
from gdviz.panes.range_test.picture import build_rate_picture, build_trials
from gdviz.panes.range_test.suggestions import RUNNING, SuggestionsPane
from gdviz.plotting.text import width_of
from gdviz.presentation.look import Look, Theme
from gdviz.presentation.numbers import format_number
from gdviz.presentation.palette import PALETTES
from tests.frames import labels, pixels, resembles, show_frame, with_pictures
from tests.panes.range_test.frames import rate_frame, swept
from tests.panes.support import ask_for_tip, assert_words_stand_clear

SIZES = [(480, 215, 0.8), (520, 215, 0.8), (520, 215, 0.9), (860, 380, 1.4), (1100, 400, 1.7), (700, 500, 1.0)]
SWEEPS = [
    {},
    {"fresh_steps": 5},
    {"optimizer": Momentum()},
    {"problem": Rosenbrock()},
    {"start": 100.0, "end": 1e6, "stops": False},
]


def sentence_of(suggestion, pane):
    """What is shown of its sentences, of which some are shorter."""
    return max((text for text in labels(pane) if any(one.startswith(text) for one in suggestion.sentences)), key=len)


@pytest.fixture
def pane(new_pane):
    return new_pane(SuggestionsPane, 520, 215, 0.85)


def test_each_pick_has_its_name_its_rate_and_its_sentence(pane):
    picture = rate_frame(swept()).pictures["rates"]
    show_frame(pane, rate_frame(swept()))
    shown = labels(pane)
    assert "WHICH RATE?" in shown
    for suggestion in picture.suggestions:
        cells = [
            shown[text].rect
            for text in (suggestion.name, format_number(suggestion.learning_rate, 3), sentence_of(suggestion, pane))
        ]
        assert cells[0].center().y() == cells[1].center().y() == cells[2].center().y()
        assert cells[0].right() <= cells[1].left()
        assert cells[1].right() <= cells[2].left()
    assert picture.truth in shown


def test_suggestions_of_the_curve_have_no_rate_until_its_end(pane):
    recording = swept()
    show_frame(pane, rate_frame(recording))
    after = labels(pane)
    show_frame(pane, rate_frame(recording, recording.last_step - 1))
    before = labels(pane)
    assert RUNNING in before
    assert "0.168" not in before
    assert "0.775" in before
    assert sum(words.text == "–" for words in pane.words) == 5
    # Nothing moves when they come.
    assert {name: before[name].rect.top() for name in ("minimum", "tenth", "best")} == {
        name: after[name].rect.top() for name in ("minimum", "tenth", "best")
    }


def test_a_rule_that_reads_its_first_rate_only_needs_fresh_starts(pane):
    show_frame(pane, rate_frame(swept(optimizer=make_optimizer("rprop", {}))))
    assert any("Take a fresh start at each rate." in label for label in labels(pane))


@pytest.mark.parametrize(("width", "height", "unit"), SIZES)
@pytest.mark.parametrize("sweep", SWEEPS)
def test_everything_has_room(pane, width, height, unit, sweep):
    pane.set_unit(unit)
    pane.resize(width, height)
    picture = rate_frame(swept(**sweep)).pictures["rates"]
    show_frame(pane, rate_frame(swept(**sweep)))
    shown, truth = pane.words, picture.truth
    assert {suggestion.name for suggestion in picture.suggestions} <= {words.text for words in shown}
    for words in shown:
        assert words.font.pixelSize() >= round(14 * unit)
        if words.text == truth:
            needed = QFontMetricsF(words.font).boundingRect(words.rect, Qt.TextFlag.TextWordWrap, truth)
            assert needed.height() <= words.rect.height()
        else:
            assert width_of(words.font, words.text) <= words.rect.width() + 1.0, words.text
    assert_words_stand_clear(pane)
    assert truth in labels(pane)


def test_a_narrow_pane_has_fewer_words_and_not_smaller_ones(pane):
    pane.resize(390, 320)
    show_frame(pane, rate_frame(swept()))
    assert {"the minimum divided by ten", "the loss falls fastest here"} <= set(labels(pane))
    assert "the minimum divided by ten, the usual choice" not in labels(pane)
    assert min(words.font.pixelSize() for words in pane.words) >= round(14 * 0.85)
    pane.resize(300, 320)
    show_frame(pane, rate_frame(swept()))
    assert "tenth" in labels(pane)
    assert min(words.font.pixelSize() for words in pane.words) >= round(14 * 0.85)
    assert "left of it the slope hardly changes" not in labels(pane)
    assert min(words.font.pixelSize() for words in pane.words) >= round(14 * 0.85)


def test_with_huge_text_nothing_is_cut(pane):
    pane.set_unit(2.4)
    picture = rate_frame(swept()).pictures["rates"]
    show_frame(pane, rate_frame(swept()))
    assert all(QRectF(pane.rect()).contains(words.rect) for words in pane.words)
    assert picture.truth in labels(pane)


@pytest.mark.parametrize(("width", "height"), [(520, 215), (390, 320), (300, 320), (200, 120)])
def test_that_a_rate_diverges_is_never_left_out(pane, width, height):
    recording = swept()
    *_, trials = compute(recording.experiment, build_trials(recording).rates)
    pane.resize(width, height)
    picture = build_rate_picture(recording, recording.last_step, trials)
    show_frame(pane, with_pictures(rate_frame(recording), suggestions=picture))
    assert any(text.startswith("diverges") for text in labels(pane))


@pytest.mark.parametrize("theme", list(Theme))
def test_each_row_has_a_sample_of_its_line(pane, theme):
    show_frame(pane, rate_frame(swept(), look=Look(theme=theme)))
    picture, palette = pixels(pane), PALETTES[theme]
    colours = {"minimum": palette.accent, "tenth": palette.accent, "limit": palette.warning, "best": palette.truth}
    inked = {}
    for name, colour in colours.items():
        rect = labels(pane)[name].rect
        rows = picture[round(rect.center().y()) - 1 : round(rect.center().y()) + 2, : int(rect.left()) - 2]
        inked[name] = resembles(rows, colour, 90).any(axis=0).sum()
    assert inked["minimum"] > inked["tenth"] > 8
    assert inked["limit"] > inked["best"] > 8


def test_a_click_on_a_row_takes_its_rate(pane, qtbot):
    picture = rate_frame(swept()).pictures["rates"]
    show_frame(pane, rate_frame(swept()))
    for suggestion in picture.suggestions:
        for text in (suggestion.name, sentence_of(suggestion, pane)):
            with qtbot.waitSignal(pane.rate_clicked) as clicked:
                qtbot.mouseClick(pane, Qt.MouseButton.LeftButton, pos=labels(pane)[text].rect.center().toPoint())
            assert clicked.args == [suggestion.learning_rate]


def test_a_row_without_a_rate_and_all_else_take_nothing(pane, qtbot):
    show_frame(pane, rate_frame(swept(), 50))
    clicks = []
    pane.rate_clicked.connect(clicks.append)
    for text in ("minimum", "WHICH RATE?", RUNNING):
        qtbot.mouseClick(pane, Qt.MouseButton.LeftButton, pos=labels(pane)[text].rect.center().toPoint())
    qtbot.mouseClick(pane, Qt.MouseButton.RightButton, pos=labels(pane)["limit"].rect.center().toPoint())
    assert clicks == []


def test_the_pointer_is_a_hand_over_a_row_that_can_be_taken(pane, qtbot):
    show_frame(pane, rate_frame(swept(), 50))
    pane.show()
    qtbot.waitExposed(pane)
    qtbot.mouseMove(pane, labels(pane)["limit"].rect.center().toPoint())
    qtbot.waitUntil(lambda: pane.cursor().shape() is Qt.CursorShape.PointingHandCursor)
    qtbot.mouseMove(pane, labels(pane)["minimum"].rect.center().toPoint())
    qtbot.waitUntil(lambda: pane.cursor().shape() is Qt.CursorShape.ArrowCursor)


@pytest.mark.usefixtures("no_tip_left")
def test_hovering_over_a_row_tells_what_a_click_does(pane):
    show_frame(pane, rate_frame(swept()))
    ask_for_tip(pane, labels(pane)["limit"].rect.center())
    assert "Click to use this learning rate" in QToolTip.text()
    assert "from 2/L on every step grows: it diverges" in QToolTip.text()


def test_hovering_elsewhere_tells_nothing(pane):
    show_frame(pane, rate_frame(swept()))
    ask_for_tip(pane, QPointF(300.0, 5.0))
    assert not QToolTip.isVisible()
