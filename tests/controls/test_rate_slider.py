"""The learning rate by mouse, by wheel and by typing, as a person does it."""

import math
from dataclasses import replace
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QToolButton

from gdviz.controls.rate_bar import RateBar
from gdviz.controls.rate_scale import HIGHEST, LOWEST, Scale, scale_of, zone_labels, zone_parts
from gdviz.controls.rate_slider import RateSlider
from gdviz.core.descent.optimizers import GradientDescent, Momentum
from gdviz.presentation.look import Look, Theme
from gdviz.session.controls import Zones
from gdviz.widgets.theme import TEXT_SIZE
from tests.controls_shown import ZONES, emitted, make_controls, retype, turn_wheel

USUAL = Scale()
SUM = Zones(3.94e-6, 7.885e-6, False)
"""Of the sum of the squares of 100,000 rows."""
SINGLE = Zones(0.3877, 0.6935, False, ("1/L =", "limit of batches of 1:"))


@pytest.fixture
def slider(qtbot):
    widget = RateSlider()
    qtbot.addWidget(widget)
    widget.resize(1000, widget.height())
    widget.show_controls(make_controls())
    widget.show()
    return widget


@pytest.fixture
def bar(qtbot):
    bar = RateBar()
    qtbot.addWidget(bar)
    bar.resize(1000, 60)
    bar.show_controls(make_controls())
    bar.show()
    bar.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is bar)
    return bar


def place_of(slider, rate):
    margin = 12
    return QPoint(round(margin + USUAL.fraction_of(rate) * (slider.width() - 2 * margin)), 27)


def from_here_button(bar):
    return next(found for found in bar.findChildren(QToolButton) if found.accessibleName() == "from this step on")


# The scale


def test_the_scale_is_logarithmic_from_1e_5_to_20():
    assert USUAL.fraction_of(LOWEST) == 0.0
    assert USUAL.fraction_of(HIGHEST) == 1.0
    assert USUAL.fraction_of(1e-3) - USUAL.fraction_of(1e-4) == pytest.approx(
        USUAL.fraction_of(10) - USUAL.fraction_of(1)
    )
    for rate in (1e-5, 0.0123, 0.9, 20.0):
        assert USUAL.rate_at(USUAL.fraction_of(rate)) == rate


@pytest.mark.parametrize("rate", [0.0, -1.0, 1e-9, -math.inf, math.nan])
def test_a_rate_below_the_scale_stands_at_its_beginning(rate):
    assert USUAL.fraction_of(rate) == 0.0


@pytest.mark.parametrize("rate", [21.0, 1e30, math.inf])
def test_a_rate_above_the_scale_stands_at_its_end(rate):
    assert USUAL.fraction_of(rate) == 1.0


def test_a_notch_leads_onto_the_scale_but_not_off_it():
    assert USUAL.scaled_by_notches(0.9, 1) == 0.99
    assert USUAL.scaled_by_notches(19.5, 1) == HIGHEST
    assert USUAL.scaled_by_notches(0.0, 1) == LOWEST
    assert USUAL.scaled_by_notches(0.0, -1) == 0.0
    assert USUAL.scaled_by_notches(-1.0, 1) == -1.1


def test_the_zones_cover_the_scale():
    parts = zone_parts(ZONES, USUAL)
    assert [part.name for part in parts] == ["crawl", "steady", "zigzag", "diverge"]
    assert (parts[0].begin, parts[-1].end) == (0.0, 1.0)
    assert [left.end for left in parts[:-1]] == [right.begin for right in parts[1:]]


def test_zones_beyond_the_scale_are_left_out():
    assert [part.name for part in zone_parts(Zones(30.0, 60.0, False), USUAL)] == ["steady"]
    assert [part.name for part in zone_parts(Zones(0.1, 0.2, False, crawling=math.inf), USUAL)][:2] == [
        "crawl",
        "zigzag",
    ]
    assert [part.name for part in zone_parts(Zones(1e-8, 2e-8, False), USUAL)] == ["diverge"]
    assert zone_parts(Zones(None, None, True), USUAL) == ()


def test_the_ends_move_with_the_limit_not_with_the_rate(slider, qtbot):
    assert scale_of(ZONES) == scale_of(Zones(1e-9, 2e-9, True)) == scale_of(Zones(None, None, False)) == USUAL
    assert scale_of(SUM) == Scale(1e-9, 2e-3)
    assert [part.name for part in zone_parts(SUM, scale_of(SUM))] == ["steady", "zigzag", "diverge"]
    assert texts(SUM) == ["steady", "1/L = 3.94e−06", "zigzag", "2/L = 7.88e−06", "diverge"]
    rates = emitted(slider.learning_rate_changed)
    for rate in (0.9, 5e-6, 1e-9, 0.0):
        slider.show_controls(make_controls(zones=SUM, learning_rate=rate))
        qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(12 + 976 // 2, 27))
    assert len(set(rates)) == 1
    assert rates[0] == pytest.approx(math.sqrt(1e-9 * 2e-3), rel=0.02)
    slider.show_controls(make_controls(zones=SUM, learning_rate=1e-6))
    turn_wheel(slider, 1)
    assert rates[-1] == 1.1e-6


def test_every_power_of_ten_of_the_scale_has_its_tick():
    assert list(USUAL.exponents) == list(range(-5, 2))
    assert list(Scale(1e-9, 2e-3).exponents) == list(range(-9, -2))


def test_the_limit_of_batches_is_named_where_there_is_room():
    assert texts(SINGLE, 1300.0)[3] == "limit of batches of 1: 0.694"
    assert "limit 0.694" in texts(SINGLE, 800.0)
    assert "limit 0.694" in texts(SINGLE, 650.0)
    assert "diverge" not in texts(SINGLE, 650.0), "it gives way to the number"


def test_no_overshoot_is_labelled_beyond_the_limit():
    zones = replace(SINGLE, limit=0.2)
    assert [part.name for part in zone_parts(zones, scale_of(zones))] == ["steady", "diverge"]
    assert texts(zones, 1300.0) == ["steady", "limit of batches of 1: 0.2", "diverge"]


MOMENTUM_NAMES = Momentum().rate_names


def texts(zones, width=900.0):
    return [label.text for label in zone_labels(zones, scale_of(zones), width, 8.0, lambda text: 8.0 * len(text))]


def test_the_labels_say_where_each_zone_begins():
    assert texts(ZONES) == ["crawl", "steady", "1/L = 0.388", "zigzag", "2/L = 0.775", "diverge"]
    assert texts(Zones(0.001, 1.47, False, MOMENTUM_NAMES)) == [
        "steady",
        "overshoots from 0.001",
        "zigzag",
        "limit 1.47",
        "diverge",
    ]


def test_a_limit_that_holds_only_here_says_so():
    assert texts(Zones(0.01, 0.02, True)) == ["steady", "1/L = 0.01 locally", "zigzag", "2/L = 0.02 locally", "diverge"]
    assert texts(Zones(None, None, True)) == ["no limit is known locally"]


@pytest.mark.parametrize(
    "zones",
    [
        ZONES,
        SUM,
        SINGLE,
        replace(ZONES, crawling=2e-5),
        replace(ZONES, crawling=0.38),
        replace(ZONES, crawling=9),
        Zones(1e-4, 15.0, True),
        Zones(2e-5, 3e-5, True),
        Zones(9.0, 18.0, True),
    ],
)
@pytest.mark.parametrize("names", [GradientDescent().rate_names, MOMENTUM_NAMES, SINGLE.names])
def test_labels_never_overlap_or_leave_the_scale_at_any_width(zones, names):
    zones = replace(zones, names=names)
    for width in range(40, 1400, 7):
        labels = sorted(
            zone_labels(zones, scale_of(zones), width, 8.0, lambda text: 8.0 * len(text)), key=lambda label: label.left
        )
        assert all(left.right <= right.left for left, right in pairwise(labels))
        assert all(label.left >= 0 and label.right <= width for label in labels)


def test_a_narrow_scale_leaves_labels_out():
    assert len(texts(ZONES, width=150.0)) < 5


# The slider


def test_a_click_calls_the_rate_to_that_place(slider, qtbot):
    rates = emitted(slider.learning_rate_changed)
    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=place_of(slider, 0.01))
    assert rates == [pytest.approx(0.01, rel=0.02)]


def test_dragging_tells_every_rate_on_the_way_and_then_lets_go(slider, qtbot):
    rates, released = emitted(slider.learning_rate_changed), emitted(slider.released)
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=place_of(slider, 0.001))
    for rate in (0.01, 0.1, 1.0):
        qtbot.mouseMove(slider, place_of(slider, rate))
    assert released == []
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=place_of(slider, 1.0))
    assert rates == [pytest.approx(rate, rel=0.02) for rate in (0.001, 0.01, 0.1, 1.0)]
    assert released == [None]


def test_dragging_beyond_the_ends_stays_on_the_scale(slider, qtbot):
    rates = emitted(slider.learning_rate_changed)
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=place_of(slider, 0.001))
    qtbot.mouseMove(slider, QPoint(-200, 20))
    qtbot.mouseMove(slider, QPoint(3000, 20))
    assert rates[1:] == [LOWEST, HIGHEST]


def test_taking_the_handle_does_not_change_the_rate(slider, qtbot):
    rates = emitted(slider.learning_rate_changed)
    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=place_of(slider, 0.9) + QPoint(3, 0))
    assert rates == []


def test_a_notch_of_the_wheel_changes_the_rate_by_a_tenth(slider):
    rates = emitted(slider.learning_rate_changed)
    turn_wheel(slider, 1)
    slider.show_controls(make_controls(learning_rate=0.99))
    turn_wheel(slider, -1)
    assert rates == [0.99, 0.9]


def test_showing_controls_emits_nothing(slider):
    rates = emitted(slider.learning_rate_changed)
    for rate in (0.1, -3.0, 0.0, 1e300, math.inf, math.nan):
        slider.show_controls(make_controls(learning_rate=rate))
        slider.grab()
    assert rates == []


def test_the_slider_leaves_the_keys_to_the_window(qtbot, bar):
    rates = emitted(bar.learning_rate_changed)
    bar.slider.setFocus()
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down):
        qtbot.keyClick(bar.slider, key)
    assert rates == []


def test_rate_zones_and_theme_are_seen(slider):
    pictures = [slider.grab().toImage()]
    base = make_controls()
    for controls in (
        replace(base, learning_rate=0.2),
        replace(base, zones=Zones(0.001, 1.4, False)),
        replace(base, zones=Zones(0.3877, 0.7755, True)),
        replace(base, zones=replace(ZONES, names=MOMENTUM_NAMES)),
        replace(base, look=Look(theme=Theme.DARK)),
    ):
        slider.show_controls(controls)
        pictures.append(slider.grab().toImage())
    assert all(first != second for k, first in enumerate(pictures) for second in pictures[k + 1 :])
    slider.show_controls(base)
    assert slider.grab().toImage() == pictures[0]


def test_the_zones_differ_in_grey_too(slider):
    grey = slider.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    columns = [range(place_of(slider, rate).x(), place_of(slider, rate).x() + 30) for rate in (0.01, 2.0)]
    crawl, diverge = ([grey.pixelColor(x, 27).lightness() for x in column] for column in columns)
    assert len(set(crawl)) == 1  # plain
    assert len(set(diverge)) > 3  # striped
    assert sum(diverge) < sum(crawl)
    steady = grey.pixelColor(place_of(slider, 0.06).x(), 27).lightness()
    assert abs(steady - crawl[0]) > 8


# The field and the bar


@pytest.mark.parametrize(
    ("text", "rate"),
    [("0.5", 0.5), ("0", 0.0), ("-2", -2.0), ("1e-3", 0.001), ("1E3", 1000.0), (" .5 ", 0.5), ("1_000", 1000.0)],
)
def test_a_typed_rate_is_taken_at_enter(bar, qtbot, text, rate):
    rates = emitted(bar.learning_rate_changed)
    retype(qtbot, bar.field, text)
    assert rates == []
    qtbot.keyClick(bar.field, Qt.Key.Key_Return)
    assert rates == [rate]


def test_after_enter_the_keyboard_is_the_windows_again(bar, qtbot):
    retype(qtbot, bar.field, "0.5")
    qtbot.keyClick(bar.field, Qt.Key.Key_Return)
    assert not bar.field.hasFocus()


def test_a_click_on_the_slider_first_takes_what_was_typed(bar, qtbot):
    rates = emitted(bar.learning_rate_changed)
    retype(qtbot, bar.field, "0.5")
    qtbot.mouseClick(bar.slider, Qt.MouseButton.LeftButton, pos=place_of(bar.slider, 0.01))
    assert rates == [0.5, pytest.approx(0.01, rel=0.02)]


def test_a_click_on_a_button_first_takes_what_was_typed(bar, qtbot):
    told = []
    bar.learning_rate_changed.connect(told.append)
    bar.from_here_toggled.connect(told.append)
    retype(qtbot, bar.field, "0.5")
    qtbot.mouseClick(from_here_button(bar), Qt.MouseButton.LeftButton)
    assert told == [0.5, True]


NONSENSE = [
    "abc",
    "nan",
    "inf",
    "-inf",
    "infinity",
    "",
    "   ",
    "1e400",
    "٣",
    "0,5,5",
    "1.2.3",
    "--1",
    "0x10",
    "1e",
    "9" * 100 + "e",
]


@pytest.mark.parametrize("text", NONSENSE)
def test_nonsense_changes_nothing_and_is_told_once(bar, qtbot, text):
    rates, told = emitted(bar.learning_rate_changed), emitted(bar.field.rejected)
    retype(qtbot, bar.field, text)
    qtbot.keyClick(bar.field, Qt.Key.Key_Return)
    assert rates == []
    assert len(told) == 1
    assert told[0].startswith("learning rate: ")
    assert "\n" not in told[0]
    assert bar.field.property("refused") is True
    assert bar.field.toolTip() == told[0]
    qtbot.keyClick(bar.field, Qt.Key.Key_Escape)
    assert bar.field.text() == "0.9"
    assert not bar.field.property("refused")


def test_the_button_tells_from_where_on_a_change_counts(bar, qtbot):
    wanted = emitted(bar.from_here_toggled)
    button = from_here_button(bar)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert wanted == [True]
    bar.show_controls(make_controls(changes_from_here=True))
    assert button.isChecked()
    bar.show_controls(make_controls(changes_from_here=False))
    assert not button.isChecked()
    assert wanted == [True]


@pytest.mark.parametrize("unit", [0.8, 1.0, 1.7])
def test_the_bar_is_as_high_as_its_unit_says(bar, unit):
    bar.set_unit(unit)
    QApplication.sendPostedEvents()
    assert bar.slider.height() == round(54 * unit)
    assert bar.sizeHint().height() <= 62 * unit


@pytest.mark.parametrize("unit", [1.0, 1.5])
def test_all_text_is_at_least_a_fiftieth_of_the_height(bar, unit):
    bar.set_unit(unit)
    told = [found for kind in (QToolButton, QLabel, QLineEdit) for found in bar.findChildren(kind)]
    assert len(told) >= 3
    assert TEXT_SIZE >= 720 / 50
    assert all(found.font().pixelSize() >= 720 * unit / 50 for found in told)
