"""House prices opened as a person opens them, standardised in the window, saved, opened again and exported."""

import io
import re
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton

from gdviz.core.scenarios.library import load_scenario
from gdviz.export.messages import pack, unpack
from gdviz.presentation.look import Theme
from gdviz.widgets.buttons import CheckBox
from tests.export.test_process import make_job
from tests.main_window.actions import CONTROL, SHIFT, activate, click, press
from tests.main_window.conftest import wait_computed

SENTENCE = "condition number"
SCALE = r"x = \(size − ([\d.]+)\) / ([\d.]+)"


@pytest.fixture
def houses(tmp_path):
    """The file, and the line of least squares through it."""
    generator = np.random.default_rng(3)
    size = generator.uniform(800.0, 4500.0, 120).round()
    price = (134.5 * size + 71_270.0 + generator.normal(0.0, 60_000.0, 120)).round()
    file = tmp_path / "houses.csv"
    file.write_text("size,price\n" + "".join(f"{x:.0f},{y:.0f}\n" for x, y in zip(size, price, strict=True)))
    line = np.linalg.lstsq(np.stack([size, np.ones(120)], axis=1), price, rcond=None)[0]
    return str(file), line


@pytest.fixture
def window(open_window, houses):
    return open_window(houses[0])


def shown_sentence(window):
    labels = window.control_panel.findChildren(QLabel)
    return next((found.text() for found in labels if found.isVisible() and found.text().startswith(SENTENCE)), "")


def improve(window):
    return next(found for found in window.control_panel.findChildren(QPushButton) if found.text() == "Standardise x")


def box(window, text):
    return next(found for found in window.control_panel.findChildren(CheckBox) if found.text() == text)


def texts(window, pane):
    return [words.text for words in window.stage.panes[pane].words]


def found(pattern, lines):
    return next(match for line in lines if (match := re.fullmatch(pattern, line)))


def test_the_button_below_the_sentence_standardises_x(qtbot, window, houses):
    data = window.session.state.experiment.problem.data
    assert "times as long as it is wide" in shown_sentence(window)
    assert not [text for text in texts(window, "data") if "own units" in text]
    improve(window).setFocus()
    click(qtbot, improve(window))
    wait_computed(qtbot, window)
    assert window.focusWidget() is None, "the keys of the window go to no other field"
    assert shown_sentence(window) == ""
    assert not improve(window).isVisible()
    assert box(window, "standardise x").isChecked()
    assert not box(window, "standardise y").isChecked()
    mean, spread = map(float, found(SCALE, texts(window, "data")).groups())
    assert (mean, spread) == (pytest.approx(data.x.mean(), abs=0.1), pytest.approx(data.x.std(), abs=0.1))
    assert "x = (size − " in window.stage.header.accessibleDescription()
    assert window.stage.frame.header.scaling == "standardised x"
    assert window.stage.frame.landscape.notes[-1] == "w, b: for standardised x"
    activate(qtbot, window)
    press(qtbot, window, Qt.Key.Key_Z, CONTROL)
    wait_computed(qtbot, window)
    assert SENTENCE in shown_sentence(window)
    assert window.stage.frame.header.scaling == ""
    assert window.session.state.experiment.problem.data == data
    press(qtbot, window, Qt.Key.Key_Z, CONTROL | SHIFT)
    wait_computed(qtbot, window)
    assert window.stage.frame.header.scaling == "standardised x"


@pytest.mark.parametrize("columns", ["x", "xy"])
def test_slope_and_intercept_are_told_in_own_units_as_least_squares_gives_them(qtbot, window, houses, columns):
    for column in columns:
        click(qtbot, box(window, f"standardise {column}"))
        wait_computed(qtbot, window)
    activate(qtbot, window)
    press(qtbot, window, Qt.Key.Key_A)
    press(qtbot, window, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: window.stage.frame.step == 200)
    problem, (slope, intercept) = window.session.state.experiment.problem, houses[1]
    assert problem.data.in_own_units(*problem.minima[0]) == pytest.approx((slope, intercept), rel=1e-9)
    line = f"price = {slope:.4g} · size + {intercept:,.0f}"
    assert f"best fit in own units: {line}" in texts(window, "formula")
    now = found(r"now in own units: price = ([\d.]+) · size \+ ([\d,]+)", texts(window, "formula"))
    # The run is in single precision.
    assert float(now[1]) == pytest.approx(slope, rel=1e-3)
    assert float(now[2].replace(",", "")) == pytest.approx(intercept, rel=1e-3)
    press(qtbot, window, Qt.Key.Key_A)
    qtbot.waitUntil(lambda: "data" in window.stage.frame.pictures)
    assert [text for text in texts(window, "data") if text.endswith(now[0].partition("price")[2])]


def test_a_line_that_is_not_finite_any_more_is_told_so(qtbot, window):
    click(qtbot, improve(window))
    wait_computed(qtbot, window)
    window.session.set_learning_rate(10.0)
    wait_computed(qtbot, window)
    activate(qtbot, window)
    press(qtbot, window, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: window.stage.frame.step == 200)
    assert "now: price = NaN · size + NaN" in window.stage.frame.pictures["data"].own_line


@pytest.mark.parametrize("theme", list(Theme))
@pytest.mark.parametrize("size", [(1280, 720), (1024, 640)])
def test_all_of_it_fits_into_a_small_window(qtbot, open_window, houses, size, theme):
    window = open_window(houses[0], size=size, theme=theme)
    assert improve(window).visibleRegion().boundingRect() == improve(window).rect()
    for column in "xy":
        click(qtbot, box(window, f"standardise {column}"))
        wait_computed(qtbot, window)
    plot = window.stage.panes["data"].shown
    told = [words for words in plot.words if any(name in words.text for name in ("size", "price"))]
    assert len(told) == 3
    for words in told:
        assert plot.rect().toRectF().contains(words.rect)
        assert "…" not in words.text
    for first in told:
        assert not [other for other in told if other is not first and first.rect.intersects(other.rect)]


def test_saved_opened_again_and_sent_to_an_export(qtbot, window, tmp_path, monkeypatch):
    for column in "xy":
        click(qtbot, box(window, f"standardise {column}"))
        wait_computed(qtbot, window)
    before = window.session.state.experiment
    target = tmp_path / "mine.toml"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    window.commands["save"].trigger()
    again = load_scenario(str(target)).experiment
    assert again.problem.data.are_standardised == (True, True)
    assert again.problem.data.scales == before.problem.data.scales
    assert again.problem.data.drawn[0].tolist() == before.problem.data.drawn[0].tolist()
    assert replace(again, problem=before.problem) == before
    job = make_job("never.mp4", recording=window.session.runs.live)
    received = unpack(io.BytesIO(pack(job))).scene.recordings[0].experiment
    assert received == before
    assert received.problem.data.scales == before.problem.data.scales
    header = job.scene.frame(0.0).header
    assert header.scaling == "standardised x and y"


def test_the_scenario_units_shows_the_same(qtbot, open_window):
    window = open_window("units")
    assert shown_sentence(window) == ""
    assert window.stage.frame.header.scaling == ""
    click(qtbot, box(window, "standardise x"))
    wait_computed(qtbot, window)
    assert found(r"x = \(raw x − [\d.]+\) / [\d.]+", texts(window, "data"))
    assert found(r"(now in )?own units: y = −?[\d.]+ · x [+−] [\d.]+", texts(window, "data"))
    assert window.stage.frame.header.scaling == "standardised x"


def test_the_line_in_own_units_is_told_at_the_usual_size_whatever_the_names(qtbot, open_window, tmp_path):
    table = tmp_path / "flats.csv"
    table.write_text(
        "Wohnfläche (m²);Preis (€)\n" + "".join(f"{40 + 7 * n};{160_000 + 21_000 * n}\n" for n in range(20))
    )
    window = open_window(str(table), size=(1280, 720))
    click(qtbot, box(window, "standardise x"))
    wait_computed(qtbot, window)
    assert [text for text in texts(window, "data") if "·" in text and "…" in text]
