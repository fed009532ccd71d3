"""The header: what makes way for what, what it says about itself, the rate, and the question to the class."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QRegion
from PySide6.QtWidgets import QWidget

from gdviz.core.analysis.verdict import Kind, Verdict
from gdviz.core.descent.recording import record
from gdviz.core.scenarios.library import load_scenario
from gdviz.panes.bars.fit import fit_title
from gdviz.panes.bars.header import HeaderBar
from gdviz.panes.bars.parts import second_line, wordings
from gdviz.panes.bars.picture import Header, RunVerdict
from gdviz.presentation.learning_rates import VARYING, rate_texts
from gdviz.presentation.look import Look, Theme
from gdviz.presentation.palette import PALETTES
from gdviz.scene.scene import Scene
from tests.frames import make_frame, show_frame

HONEST = "The learning rate of nought point nine is less than one, yet the loss grows with every step of the run"
LONG = ("W" * 300, HONEST, "👨‍👩‍👧‍👦" * 20, "ffi" * 100)
SIZES = ((824, 38, 0.85), (990, 44, 0.95), (1500, 61, 1.4), (700, 44, 1.3))
VERDICT = Verdict(Kind.DIVERGING, "loss infinite since step 150")
HEADER = Header("Point nine", VERDICT, "float32", "view ×2·10⁵", "step 4 / 200", last_counter="step 200 / 200")


@pytest.fixture
def bar(qtbot):
    header = HeaderBar()
    qtbot.addWidget(header)
    return header


def painted(bar, header, size, theme=Theme.LIGHT):
    """The columns in which there is the colour of the badge, of the zoom label, and any ink in the right half."""
    width, height, unit = size
    bar.resize(width, height)
    bar.set_unit(unit)
    show_frame(bar, replace(make_frame(look=Look(theme=theme)), header=header))
    palette = PALETTES[theme]
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(palette.background))
    bar.render(image, QPoint(), QRegion(), QWidget.RenderFlag.DrawChildren)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(height, width, 4)[:, :, 2::-1].astype(int)
    return rows, [_columns(rows, colour) for colour in (palette.warning, palette.accent)]


def _columns(rows, colour):
    wanted = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)])
    return np.flatnonzero((np.abs(rows - wanted).max(axis=2) < 24).any(axis=0))


@pytest.mark.parametrize("theme", Theme)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("title", LONG)
def test_a_long_title_makes_nothing_beside_it_smaller(bar, title, size, theme):
    short, (badge, zoom_label) = painted(bar, replace(HEADER, title="Good zigzag with"), size, theme)
    rows, (moved, same) = painted(bar, replace(HEADER, title=title), size, theme)
    assert (rows[:, zoom_label[0] :] == short[:, zoom_label[0] :]).all()
    assert (same == zoom_label).all()
    assert abs(np.ptp(moved) - np.ptp(badge)) <= 1
    assert moved[-1] < same[0]


def test_a_sentence_without_room_still_tells_the_loss():
    why = "the steps are below the rounding of float32"
    assert wordings(f"{why}; loss 0.632, minimum 0.162") == (
        f"{why}; loss 0.632, minimum 0.162",
        why,
        why,
        "loss 0.632, minimum 0.162",
    )
    assert wordings("loss grown from 2 to 3; but the rate is below the limit")[-1] == "loss grown from 2 to 3"
    assert wordings("at a minimum, to a millionth of the way down")[-1] == "at a minimum"


def test_a_run_that_is_named_with_a_comma_is_told_with_its_verdict():
    """The header said "gradient descent" and nothing else."""
    sentence = "gradient descent, 0.447: loss fell from 2 to 1, in 3 steps"
    names = ["gradient descent, 0.447", "Adam, 0.1"]
    assert wordings(sentence, names)[-1] == "gradient descent, 0.447: loss fell from 2 to 1"
    assert wordings("at a minimum: 0, 0", names)[-1] == "at a minimum: 0"


def test_a_title_that_would_take_the_room_of_the_verdicts_on_all_runs_is_shortened(bar):
    title = "One-cycle: Linear regression"
    runs = tuple(RunVerdict(style, f"0.{style}", Kind.CONVERGED) for style in range(4))
    header = replace(HEADER, title=title, zoom_label="view ×1")
    size = (1160, 44, 1.0)
    assert fit_title(header, size[0], size[2]).title == title
    _, (badge, _) = painted(bar, header, size)
    _, (of_runs, _) = painted(bar, replace(header, runs=runs), size)
    assert badge.size
    assert not of_runs.size, "no badge with the verdict on the first run alone"


def tip(bar, column, row):
    """What the header says at a place, in parts of its width, and in its first or second line."""
    return bar._tooltip_at(QPointF(column * bar.width(), (0.3, 0.8)[row] * bar.height()))


def test_each_part_says_what_it_is_when_pointed_at(bar):
    """All of them, but for the title, said the verdict's sentence."""
    header = replace(HEADER, title=HONEST, learning_rate="0.9", longest_rate="0.9")
    _, (badge, zoom_label) = painted(bar, header, (1100, 70, 1.0))
    assert tip(bar, 0.05, 0) == HONEST, "the whole of a shortened one"
    assert tip(bar, badge[0] / 1100 - 0.02, 0) == "the learning rate of the next step"
    assert tip(bar, (badge[0] + 40) / 1100, 0) == VERDICT.sentence
    assert tip(bar, (badge[-1] + 40) / 1100, 0).startswith("computed in single precision")
    assert tip(bar, (zoom_label[-1] - 5) / 1100, 0) == "the view is 2·10⁵ times as wide as the first one"
    assert tip(bar, 0.97, 0) == "shown is step 4 / 200"
    assert tip(bar, 0.1, 1) == VERDICT.sentence
    assert bar.accessibleDescription() == f"{HONEST}\nlearning rate 0.9\n{VERDICT.sentence}"
    painted(bar, replace(HEADER, zoom_label="view ×1", runs=(RunVerdict(0, "0.1", Kind.SLOW),) * 2), (1100, 70, 1.0))
    assert tip(bar, 0.2, 0) == "0.1: slow\n0.1: slow"


def test_the_rate_is_told_in_fewer_words_before_anything_else_makes_way():
    header = replace(HEADER, learning_rate="0.9", longest_rate="0.9")
    wide, narrow = (fit_title(header, width, 1.0) for width in (1100.0, 860.0))
    assert wide == ("Point nine", 1.0, "learning rate")
    assert narrow == ("Point nine", 1.0, "rate")
    varying = replace(header, learning_rate="0.0123", longest_rate="0.000888")
    assert fit_title(varying, 860.0, 1.0) == fit_title(replace(varying, learning_rate="1"), 860.0, 1.0)


def test_the_question_has_the_place_of_the_sentence_until_the_first_step(qapp):
    scenario = load_scenario("point-nine")
    scene = Scene(scenario.title, (record(scenario.experiment),), Look(), question=scenario.question)
    for step, wanted in ((0, scenario.question), (1, "")):
        assert scene.frame(step).header.question == wanted
    header = scene.frame(0).header
    for unit in (0.6, 1.0, 1.6):
        part = second_line(header, unit, QRectF(0.0, 42.0, 820.0 * min(unit, 1.0), 28.0), PALETTES[Theme.LIGHT])
        (words,) = part.things
        assert words.text == scenario.question, "as a whole"
        assert QFontMetricsF(words.font).horizontalAdvance(words.text) <= words.rect.width()


def test_the_rate_in_the_header_is_that_of_the_next_step():
    rescue = record(load_scenario("rescue").experiment)
    found = [rate_texts((rescue,), step) for step in (0, 19, 20, 200)]
    assert found == [("0.9", "0.9"), ("0.9", "0.9"), ("0.5", "0.9"), ("0.5", "0.9")]
    race = load_scenario("race")
    runs = [record(run) for run in (race.experiment, *race.others)]
    assert rate_texts(runs, 3) == ("", "")
    assert rate_texts(runs[:1] * 2, 3) == ("0.01", "0.01")
    assert rate_texts((record(load_scenario("newton").experiment),), 0) == ("", "")
    sweep = record(load_scenario("range-test").experiment)
    assert rate_texts((sweep,), 0)[1] == VARYING


def test_the_zoom_label_stands_still_while_the_counter_gains_digits(bar):
    long = replace(HEADER, last_counter="step 200 / 200")
    _, places = zip(
        *(painted(bar, replace(long, counter=f"step {step} / 200"), SIZES[0]) for step in (4, 40, 200)), strict=True
    )
    assert len({(int(zoom_label[0]), int(zoom_label[-1])) for _, zoom_label in places}) == 1


SCALED = replace(HEADER, scaling="standardised x and y", scales=("x = (size − 2000) / 794", "y = price / 5"))


@pytest.mark.parametrize("size", SIZES)
def test_what_is_standardised_is_told_where_there_is_room(bar, size):
    plain, _ = painted(bar, HEADER, size)
    assert bar.accessibleDescription() == f"Point nine\n{VERDICT.sentence}"
    scaled, (_, zoom_label) = painted(bar, SCALED, size)
    assert bar.accessibleDescription() == f"Point nine\n{VERDICT.sentence}\nx = (size − 2000) / 794\ny = price / 5"
    assert bool((plain != scaled).any()) == (size != SIZES[-1]), "only the last one has no room"
    assert (plain[:, zoom_label[0] :] == scaled[:, zoom_label[0] :]).all()


def test_what_is_standardised_makes_way_for_the_verdicts_on_all_runs(bar):
    for count, is_told in ((2, True), (4, False)):
        runs = tuple(RunVerdict(style, f"0.{style}", Kind.CONVERGED) for style in range(count))
        plain, scaled = (painted(bar, replace(header, runs=runs), (1000, 44, 0.95))[0] for header in (HEADER, SCALED))
        assert bool((plain != scaled).any()) == is_told


def test_the_verdicts_on_all_runs_have_room_beside_a_long_title(bar):
    runs = tuple(RunVerdict(style, f"0.{style}", Kind.CONVERGED) for style in range(4))
    _, (badge, _) = painted(bar, replace(HEADER, title=HONEST), SIZES[2])
    _, (of_runs, zoom_label) = painted(bar, replace(HEADER, title=HONEST, runs=runs), SIZES[2])
    assert np.ptp(badge) > 100
    assert not of_runs.size, "no badge with the verdict on the first run alone"
    assert zoom_label.size


def test_a_verdict_on_another_run_that_changes_is_painted(bar):
    first = tuple(RunVerdict(style, f"0.{style}", Kind.FALLING) for style in range(4))
    later = (*first[:3], RunVerdict(3, "0.3", Kind.RISING))
    wide = (1280, 44, 1.0)
    before, _ = painted(bar, replace(HEADER, title="Race", runs=first), wide)
    after, _ = painted(bar, replace(HEADER, title="Race", runs=later), wide)
    assert (before != after).any(), "the header was older than its runs"


def test_a_title_is_the_same_at_every_step(qapp):
    scene = Scene(HONEST, (record(load_scenario("point-nine").experiment),), Look())
    found = {fit_title(scene.frame(step).header, 1000.0, 1.0) for step in range(0, 201, 5)}
    assert len(found) == 1
    (shown,) = found
    assert shown.title.endswith("…")
    assert HONEST.startswith(shown.title[:-1])
    assert shown.unit == 1.0


@pytest.mark.parametrize("width", [480, 600, 720, 820])
@pytest.mark.parametrize("scale", [0.7, 1.0, 1.4, 1.8])
def test_the_titles_that_we_ship_are_whole_at_any_size(bar, width, scale):
    size = (width, 60, width / 820 * scale)
    for title in ("Point nine", "Good zigzag", "Range test"):
        header = replace(HEADER, title=title, counter="step 1,000,000 / 1,000,000")
        assert fit_title(header, width, size[2]).title == title
        _, (badge, zoom_label) = painted(bar, header, size)
        assert badge[-1] < zoom_label[0]
