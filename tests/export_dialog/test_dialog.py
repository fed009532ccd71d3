"""The export dialog: what it shows of the choices, what a person can choose, and how it is used from the keyboard."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from gdviz.animation.camera_path import FIXED_CAMERA, CameraKey, CameraPath
from gdviz.animation.formats import FORMATS, MAX_SIZE, MIN_SIZE
from gdviz.animation.pace import EveryStep, Steady, Teach
from gdviz.core.errors import printable
from gdviz.export_dialog.choices import CameraChoice, ExportChoices, from_texts, to_texts
from gdviz.export_dialog.dialog import ExportDialog
from gdviz.export_dialog.progress import ExportProgress, time_left
from gdviz.plotting.text import text_font
from gdviz.presentation.look import Camera, Theme
from gdviz.presentation.palette import PALETTES
from gdviz.widgets.dialogs import Question
from gdviz.widgets.plain import plain_tooltip
from tests.controls_shown import emitted, retype

CHOICES = ExportChoices(steps=(0, 200))


@pytest.fixture
def over(qtbot):
    """A window to stand over."""
    over = QWidget()
    qtbot.addWidget(over)
    over.setFont(text_font(14))
    over.show()
    return over


@pytest.fixture
def open_dialog(qtbot, over):
    def make(choices=CHOICES, keys=0, with_surface=True):
        dialog = ExportDialog(choices, Theme.LIGHT, over)
        dialog.form.show_run(200, keys, with_surface)
        dialog.show_summary("1 s")
        dialog.open()
        dialog.activateWindow()
        qtbot.waitUntil(lambda: QApplication.activeWindow() is dialog)
        return dialog

    return make


@pytest.fixture
def dialog(open_dialog):
    return open_dialog()


def choose(qtbot, choice, text):
    """With the keyboard: from the top downwards until it is there."""
    choice.setFocus()
    qtbot.keyClick(choice, Qt.Key.Key_Home)
    for _ in range(choice.count()):
        if not choice.currentText().startswith(text):
            qtbot.keyClick(choice, Qt.Key.Key_Down)
    assert choice.currentText().startswith(text)


def wanted(qtbot, dialog):
    """What it wants figures for, once it is calm."""
    with qtbot.waitSignal(dialog.preview_requested) as caught:
        pass
    return caught.args[0]


def test_it_shows_the_choices(dialog):
    form = dialog.form
    choices = (form.format, form.size_choice, form.rate, form.pace, form.theme, form.camera)
    assert [choice.currentText() for choice in choices] == [
        "MP4 video (H.264)",
        "720p, 1280x720",
        "30",
        "Slow at first, then faster",
        "As in the window",
        "As in the window",
    ]
    fields = (form.width_field, form.height_field, form.first_step, form.last_step, form.text_size)
    assert [field.text() for field in fields] == ["1280", "720", "0", "200", "100"]
    assert not form.width_field.isEnabled()
    assert not form.transparent.isEnabled()
    assert not form.speed.isVisible()
    assert not form.turn.isVisible()
    assert not form.beamer.isVisible()


@pytest.mark.parametrize("pixels", range(14, 22))
def test_it_opens_as_large_as_its_content_with_previews(qtbot, over, open_dialog, pixels):
    """One that is empty is less high than one with text, and the scroll bar it then needs hides part of the rest."""
    over.setFont(text_font(pixels))
    dialog = open_dialog()
    before = dialog.sizeHint()
    for place in (0, 1):
        dialog.show_preview(place, QImage(8, 8, QImage.Format.Format_RGB32), 0, Theme.LIGHT)
    qtbot.wait(50)  # until it would be laid out anew
    assert dialog.sizeHint() == before == dialog.size()


def test_choices_are_reported_together_after_a_pause(qtbot, dialog):
    heard = emitted(dialog.preview_requested)
    choose(qtbot, dialog.form.pace, "C")
    retype(qtbot, dialog.form.speed, "2.5")
    choose(qtbot, dialog.form.theme, "D")  # goes to another field: the number counts
    qtbot.mouseClick(dialog.form.poster, Qt.MouseButton.LeftButton)
    retype(qtbot, dialog.form.last_step, "20")
    assert heard == []
    qtbot.keyClick(dialog.form.last_step, Qt.Key.Key_Tab)
    assert wanted(qtbot, dialog) == replace(CHOICES, pace=Steady(2.5), theme=Theme.DARK, poster=True, steps=(0, 20))
    assert len(heard) == 1


def test_a_format_offers_what_it_can_do_and_forgets_nothing(qtbot, open_dialog):
    dialog = open_dialog(replace(CHOICES, format=FORMATS["webm"], frame_rate=60, transparent=True))
    form = dialog.form
    choose(qtbot, form.format, "Animated GIF")
    assert [form.rate.itemText(place) for place in range(form.rate.count())] == ["20", "25", "50"]
    assert form.rate.currentText() == "25"
    assert (form.transparent.isEnabled(), form.transparent.isChecked()) == (False, False)
    settings = wanted(qtbot, dialog).settings(Theme.LIGHT, ())
    assert (settings.frame_rate, settings.transparent) == (25, False)
    choose(qtbot, form.format, "Folder")
    assert form.beamer.isVisible()
    assert form.rate.currentText() == "60"
    assert (form.transparent.isEnabled(), form.transparent.isChecked()) == (True, True)
    choices = wanted(qtbot, dialog)
    assert choices.writes_beamer
    assert choices.settings(Theme.LIGHT, ()).frame_rate == 60


def test_an_own_size_is_typed(qtbot, dialog):
    form = dialog.form
    choose(qtbot, form.size_choice, "Custom")
    assert form.width_field.isEnabled()
    retype(qtbot, form.width_field, "640")
    retype(qtbot, form.height_field, "360")
    qtbot.keyClick(form.height_field, Qt.Key.Key_Tab)
    assert wanted(qtbot, dialog).size == (640, 360)
    choose(qtbot, form.size_choice, "1080p")
    assert wanted(qtbot, dialog).size == (1920, 1080)
    assert (form.width_field.text(), form.width_field.isEnabled()) == ("1920", False)


def test_the_camera_can_turn_or_go_by_kept_positions(qtbot, open_dialog):
    key = CameraKey(3, Camera(10.0))
    dialog = open_dialog(keys=1)
    form = dialog.form
    assert CHOICES.settings(Theme.LIGHT, (key,)).camera_path == FIXED_CAMERA
    choose(qtbot, form.camera, "Slow")
    retype(qtbot, form.turn, "-180")
    qtbot.keyClick(form.turn, Qt.Key.Key_Tab)
    assert wanted(qtbot, dialog).settings(Theme.LIGHT, (key,)).camera_path == CameraPath(turn=-180.0)
    choose(qtbot, form.camera, "Through")
    assert wanted(qtbot, dialog).settings(Theme.LIGHT, (key,)).camera_path == CameraPath((key,))
    assert "1 kept" in [label.text() for label in form.findChildren(QLabel) if label.isVisible()]
    with qtbot.waitSignal(form.forget_keys):
        qtbot.mouseClick(form.forget, Qt.MouseButton.LeftButton)


def test_when_the_camera_cannot_be_chosen(qtbot, open_dialog):
    form = open_dialog(replace(CHOICES, camera=CameraChoice.TURN)).form
    form.camera.setFocus()
    qtbot.keyClick(form.camera, Qt.Key.Key_End)
    assert form.camera.currentData() == CameraChoice.TURN
    form.show_run(200, 0, with_surface=False)
    assert not form.camera.isEnabled()
    assert "above" in form.camera.toolTip()


def test_what_is_not_possible_replaces_the_figures(qtbot, dialog):
    dialog.show_problem("size: no")
    assert dialog.summary.text() == "size: no"
    assert not dialog.export.isEnabled()
    dialog.show_summary("2 s")
    assert dialog.summary.text() == "2 s"
    assert dialog.export.isEnabled()


def test_enter_does_not_export_a_number_that_is_not_possible(qtbot, dialog):
    heard = emitted(dialog.export_requested)
    retype(qtbot, dialog.form.last_step, "ten")
    qtbot.keyClick(dialog.form.last_step, Qt.Key.Key_Return)
    assert dialog.summary.text() == "last step: 'ten' is not a whole number of at least 0"
    assert heard == []
    assert dialog.isVisible()


def test_enter_takes_the_number_and_exports_with_it(qtbot, dialog):
    heard = emitted(dialog.export_requested)
    retype(qtbot, dialog.form.last_step, "7")
    qtbot.keyClick(dialog.form.last_step, Qt.Key.Key_Return)
    assert [choices.steps for choices in heard] == [(0, 7)]


def test_escape_takes_back_what_is_typed_and_then_closes(qtbot, dialog):
    field = dialog.form.last_step
    retype(qtbot, field, "7")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == "200"
    with qtbot.waitSignal(dialog.rejected):
        qtbot.keyClick(field, Qt.Key.Key_Escape)


def test_tab_goes_through_all_fields_in_their_order(qtbot, dialog):
    dialog.form.format.setFocus()
    visited = [QApplication.focusWidget()]
    while len(visited) < 40:
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        if QApplication.focusWidget() is visited[0]:
            break
        visited.append(QApplication.focusWidget())
    form = dialog.form
    seen = [widget for widget in visited if widget in form.findChildren(QWidget)]
    assert seen == [
        form.format,
        form.size_choice,
        form.rate,
        form.first_step,
        form.last_step,
        form.pace,
        form.theme,
        form.text_size,
        form.camera,
        form.poster,
        form.captions,
    ]
    assert dialog.export in visited


def test_every_mnemonic_is_there_once(dialog):
    texts = [widget.text() for kind in (QLabel, QAbstractButton) for widget in dialog.findChildren(kind)]
    letters = [text[text.index("&") + 1].lower() for text in texts if "&" in text]
    assert len(letters) == len(set(letters)) > 10


def test_a_transparent_preview_shows_a_chequered_ground(qtbot, dialog):
    image = QImage(480, 300, QImage.Format.Format_ARGB32)
    image.fill(QColor(0, 0, 0, 0))
    for theme in Theme:
        dialog.show_preview(0, image, 0, theme)
        dialog.show_preview(1, image, 3, theme)
        shown = dialog.first.grab().toImage()
        middle = {shown.pixelColor(shown.width() // 2 + x, shown.height() // 2).name() for x in range(32)}
        assert middle == {PALETTES[theme].background, PALETTES[theme].grid}
    texts = {label.text() for label in dialog.findChildren(QLabel)}
    assert {"first frame: step 0", "last frame: step 3"} <= texts


CHOSEN = st.builds(
    ExportChoices,
    format=st.sampled_from(list(FORMATS.values())),
    size=st.tuples(st.integers(MIN_SIZE[0], MAX_SIZE[0]), st.integers(MIN_SIZE[1], MAX_SIZE[1])),
    frame_rate=st.integers(1, 120),
    pace=st.just(Teach()) | st.just(EveryStep()) | st.builds(Steady, st.floats(0.01, 1e6)),
    theme=st.none() | st.sampled_from(list(Theme)),
    text_scale=st.floats(0.7, 1.8),
    turn=st.floats(-3600, 3600),
    transparent=st.booleans(),
    poster=st.booleans(),
    captions=st.booleans(),
    beamer=st.booleans(),
)


@given(CHOSEN)
def test_what_is_remembered_comes_back(choices):
    assert from_texts(to_texts(choices), ExportChoices()) == choices


@given(st.dictionaries(st.sampled_from(list(to_texts(CHOICES))), st.text() | st.sampled_from(["nan", "inf", "-1"])))
def test_damaged_settings_are_left_out(texts):
    choices = from_texts(texts, CHOICES)
    assert from_texts(to_texts(choices), CHOICES) == choices


def test_the_time_left_is_as_exact_as_anybody_knows():
    assert [time_left(seconds) for seconds in (0.2, 8.4, 89.0, 100.0, 600.0)] == [
        "about 1 s left",
        "about 8 s left",
        "about 89 s left",
        "about 2 min left",
        "about 10 min left",
    ]


def test_the_progress_line_during_an_export_and_after_it(qtbot):
    progress = ExportProgress()
    qtbot.addWidget(progress)
    buttons = (progress.cancel_button, progress.folder_button, progress.open_button, progress.dismiss_button)

    def shown():
        return [button.text() for button in buttons if button.isVisible()]

    assert not progress.isVisible()
    progress.show_progress(0, 546, None)
    assert (progress.line, shown()) == ("starting the export", ["Cancel"])
    progress.show_progress(120, 546, 8.2)
    assert progress.line == "frame 120 of 546, about 8 s left"
    progress.show_progress(546, 546, 0.0)
    assert progress.line == "frame 546 of 546, finishing the file"
    with qtbot.waitSignal(progress.cancel_button.clicked):
        qtbot.mouseClick(progress.cancel_button, Qt.MouseButton.LeftButton)
    progress.show_cancelling()
    assert shown() == []
    progress.show_written("written: a.mp4")
    assert shown() == ["Show in folder", "Open", "Dismiss"]
    progress.show_failed("x" * 500)
    assert shown() == ["Dismiss"]
    label = progress.findChild(QLabel)
    assert label.text() != "x" * 500
    assert label.toolTip() == plain_tooltip(printable("x" * 500))
    qtbot.mouseClick(progress.dismiss_button, Qt.MouseButton.LeftButton)
    assert not progress.isVisible()


@pytest.mark.parametrize(("key", "does"), [(Qt.Key.Key_Return, False), (Qt.Key.Key_Escape, False), (None, True)])
def test_a_question_does_something_only_when_that_is_clicked(qtbot, over, key, does):
    question = Question("Do it?", "", "Do it", "Leave it", over)
    heard = emitted(question.confirmed)
    question.open()
    question.activateWindow()
    with qtbot.waitSignal(question.finished):
        if key is None:
            qtbot.mouseClick(question.accept_button, Qt.MouseButton.LeftButton)
        else:
            qtbot.keyClick(question, key)
    assert len(heard) == does
