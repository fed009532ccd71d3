"""Text from files is shown as text, wherever it may be shown: labels, tooltips, questions, and what is painted."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLabel, QMainWindow, QWidget

import gdviz
from gdviz.controls.scenarios import ScenarioList
from gdviz.controls.unpin_menu import UnpinMenu
from gdviz.core.scenarios.scenario import ScenarioSummary
from gdviz.export_dialog.progress import ExportProgress
from gdviz.panes.bars.header import HeaderBar
from gdviz.panes.bars.picture import RunVerdict
from gdviz.panes.loss.plot import LossPlot
from gdviz.panes.surface.labels.run_legend import LegendStyle, heading_image, legend_image, strip_image
from gdviz.panes.surface.labels.text import NUMBERS, label
from gdviz.panes.surface.labels.text import style as gl_style
from gdviz.presentation.legend import Legend, LegendEntry
from gdviz.presentation.look import Theme
from gdviz.presentation.palette import PALETTES
from gdviz.widgets.dialogs import ErrorDialog, Question
from gdviz.widgets.plain import PlainLabel, escape_mnemonic, plain_tooltip, show_tooltip, window_title
from tests.frames import curve, loss_picture, make_frame, pixels, show_frame
from tests.widgets.hostile_text import HOSTILE, hide_tip, labels_that_guess, tip_label, told_by

PALETTE = PALETTES[Theme.LIGHT]
GUARDED = {
    "QLabel",
    "QMessageBox",
    "QTextDocument",
    "QTextEdit",
    "QTextBrowser",
    "QStaticText",
    "LabelItem",
    "TextItem",
}
GUARDED |= {"setToolTip", "setWhatsThis", "setHtml", "showText", "setLabel"}
"""What takes text for HTML, or may do so."""


@pytest.fixture
def over(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


def test_only_these_modules_use_what_may_take_text_for_html():
    package, found = Path(gdviz.__file__).parent, {}
    for path in package.rglob("*.py"):
        used = GUARDED.intersection(re.findall(r"\w+", path.read_text(encoding="utf-8")))
        if used:
            found[path.relative_to(package).as_posix()] = used
    assert found == {
        "widgets/plain.py": {"QLabel", "setToolTip", "showText"},
        "main_window/help.py": {"QTextDocument", "setHtml"},  # HTML of our own
        "widgets/dialogs.py": {"QMessageBox"},
    }


def as_qt_shows_plain_text(text):
    """The picture of a label that is told that its text is plain."""
    shown = QLabel()
    shown.setTextFormat(Qt.TextFormat.PlainText)
    shown.setText(text)
    shown.ensurePolished()
    return shown.grab().toImage()


def test_a_label_shows_the_text_as_it_is(picture, qtbot):
    shown = PlainLabel(HOSTILE)
    qtbot.addWidget(shown)
    assert shown.grab().toImage() == as_qt_shows_plain_text(HOSTILE)
    spoken = QAccessible.queryAccessibleInterface(shown).text(QAccessible.Text.Name)
    assert spoken == HOSTILE


@pytest.mark.parametrize("text", [HOSTILE, "a<b and c>d", "x &lt; y", "1 < 2 & 3 > 2", "<b>\n  two  lines"])
def test_a_tooltip_shows_the_text_as_it_is(picture, over, text):
    show_tooltip(QPoint(50, 50), text, over)
    tip = tip_label()
    assert told_by(tip.text()) == text
    shown = pixels(tip)
    tip.setWordWrap(False)
    tip.setTextFormat(Qt.TextFormat.PlainText)
    tip.setText(text)
    assert np.abs(shown - pixels(tip)).max() <= 3, "edges of letters are rounded a little otherwise"
    hide_tip()


def test_a_long_tooltip_is_broken_and_whole(over):
    text = "a sentence of which one could say & write more, " * 5
    show_tooltip(QPoint(50, 50), text, over)
    tip = tip_label()
    assert told_by(tip.text()) == text
    assert tip.width() < 40 * tip.fontMetrics().averageCharWidth() + 300
    assert tip.height() > 2 * tip.fontMetrics().height()
    hide_tip()


def test_a_short_tooltip_stays_as_it_is():
    assert plain_tooltip("step 3: 1 > 0") == "step 3: 1 > 0"
    assert plain_tooltip("") == ""


@pytest.mark.parametrize("text", [HOSTILE, "[*]", "a[*][*]b", "all & nothing"])
def test_the_title_of_a_window_shows_the_text_as_it_is(qtbot, text):
    window = QMainWindow()
    qtbot.addWidget(window)
    window.setWindowTitle(window_title(text))
    window.show()
    assert window.windowHandle().title() == text


def test_a_question_shows_the_text_as_it_is(over, picture):
    question = Question(HOSTILE, HOSTILE, "Replace", "Keep it", over)
    assert [shown.text() for shown in question.findChildren(QLabel) if shown.text()] == [HOSTILE, HOSTILE]
    assert labels_that_guess(question) == []


def test_an_unexpected_error_shows_the_text_as_it_is(over):
    dialog = ErrorDialog(f"Traceback\nValueError: {HOSTILE}", over)
    assert dialog.findChild(QLabel).text().endswith(f"ValueError: {HOSTILE}")
    assert labels_that_guess(dialog) == []


def test_the_end_of_an_export_shows_the_text_as_it_is(qtbot):
    progress = ExportProgress()
    qtbot.addWidget(progress)
    progress.show_written(HOSTILE)
    shown = progress.findChild(QLabel)
    assert (shown.text(), shown.toolTip()) == (HOSTILE, "")
    long = f"{HOSTILE} and {HOSTILE}"
    progress.show_failed(long)
    begin, _, end = shown.text().partition("…")
    assert long.startswith(begin)
    assert long.endswith(end)
    assert told_by(shown.toolTip()) == long
    assert labels_that_guess(progress) == []


# What is painted: a text that Qt could take for something else is drawn otherwise than that something.


def _header(text, kept):
    bar = kept(HeaderBar())
    bar.resize(900, 40)
    frame = make_frame(loss_picture(curve([2.0, 1.0])))
    show_frame(bar, replace(frame, header=replace(frame.header, title=text)))
    return bar.grab().toImage()


def _standings(text, kept):
    bar = kept(HeaderBar())
    bar.resize(900, 40)
    frame = make_frame(loss_picture(curve([2.0, 1.0])))
    runs = (RunVerdict(0, text, frame.header.verdict.kind), RunVerdict(1, "other", frame.header.verdict.kind))
    show_frame(bar, replace(frame, header=replace(frame.header, runs=runs)))
    return bar.grab().toImage()


def _legend(text, kept):
    plot = kept(LossPlot())
    plot.resize(600, 320)
    frame = make_frame(loss_picture(curve([2.0, 1.0]), curve([3.0, 1.0], style=1)))
    show_frame(plot, replace(frame, legend=_two_runs(text)))
    return plot.grab().toImage()


def _two_runs(text):
    return Legend("learning rate", (LegendEntry(0, text), LegendEntry(1, "0.9")))


def _listed(text, kept):
    listed = kept(ScenarioList(lambda: {"one": ScenarioSummary(text, text, "")}))
    listed.resize(400, 100)
    return listed.grab().toImage()


def _said(text, kept):
    window = kept(QMainWindow())
    window.resize(600, 100)
    window.statusBar().showMessage(text)
    return window.statusBar().grab().toImage()


def _unpinned(text, kept):
    menu = kept(UnpinMenu())
    menu.show_runs([text], [0], PALETTE)
    menu.resize(QSize(300, 40))
    return menu.grab().toImage()


PAINTED = {
    "header": _header,
    "verdicts in the header": _standings,
    "legend of a plot": _legend,
    "list of scenarios": _listed,
    "status bar": _said,
    "unpin menu": _unpinned,
    "legend of the surface": lambda text, _: legend_image(_two_runs(text), 2, LegendStyle(PALETTE, 16.0)),
    "heading of a surface": lambda text, _: heading_image(
        LegendEntry(0, "0.9"), (text,), (text,), 500, LegendStyle(PALETTE, 16.0)
    ),
    "label on the surface": lambda text, _: label(text, gl_style(NUMBERS, 16.0, PALETTE)),
    "note on the surface": lambda text, _: strip_image((text,), LegendStyle(PALETTE, 16.0), 500, 30),
}


@pytest.mark.parametrize("place", PAINTED)
def test_what_is_painted_is_the_text_as_it_is(qtbot, place, picture):
    def kept(widget):
        qtbot.addWidget(widget)
        return widget

    def paint(text):
        return PAINTED[place](text, kept)

    assert paint("<b>") == paint("<b>")
    assert paint("a &lt; b") != paint("a < b")
    assert paint("<b>bold</b>") != paint("bold")
    assert paint('<img src="x.png">z') != paint("z")
    assert paint("a &b") != paint("a b")
    assert paint("a &&b") != paint("a &b")


def test_an_ampersand_in_a_menu_is_one(over):
    menu = UnpinMenu(over)
    menu.show_runs([HOSTILE], [0], PALETTE)
    assert menu.actions()[0].text() == escape_mnemonic(HOSTILE) == HOSTILE.replace("&", "&&")
