"""A title that is too long for the header is shortened; all else stands where it does with a short one."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QImage, QRegion
from PySide6.QtWidgets import QWidget

from gdviz.core.analysis.verdict import Kind, Verdict
from gdviz.core.descent.recording import record
from gdviz.core.scenarios.library import load_scenario
from gdviz.panes.bars.header import HeaderBar, fit_title, wordings
from gdviz.panes.bars.picture import Header, RunVerdict
from gdviz.presentation.look import Look, Theme
from gdviz.presentation.palette import PALETTES
from gdviz.scene.scene import Scene
from tests.frames import make_frame, show_frame
from tests.widgets.hostile_text import told_by

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


def test_the_tooltip_has_the_whole_of_a_shortened_title(bar):
    bar.show()
    painted(bar, replace(HEADER, title=HONEST), SIZES[0])
    whole = f"{HONEST}\n{VERDICT.sentence}"
    assert told_by(bar.toolTip()) == bar.accessibleDescription() == whole
    bar.resize(3000, 40)
    assert bar.toolTip() == bar.accessibleDescription() == VERDICT.sentence
    bar.resize(700, 40)
    assert told_by(bar.toolTip()) == bar.accessibleDescription() == whole
    painted(bar, HEADER, SIZES[0])
    assert bar.toolTip() == VERDICT.sentence


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
    assert bar.accessibleDescription() == VERDICT.sentence
    scaled, (_, zoom_label) = painted(bar, SCALED, size)
    assert bar.accessibleDescription() == f"{VERDICT.sentence}\nx = (size − 2000) / 794\ny = price / 5"
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
