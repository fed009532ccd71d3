"""The fields of the export dialog, which show the choices and report changes."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QStandardItemModel
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QHBoxLayout, QPushButton, QWidget

from gdviz.animation.camera_path import MAX_DEGREES
from gdviz.animation.formats import FORMATS, MAX_SIZE, MIN_SIZE, NAMED_SIZES, format_size
from gdviz.animation.pace import Steady, parse_pace
from gdviz.export_dialog.choices import CameraChoice, ExportChoices, pace_text
from gdviz.plotting.text import number_font, text_font
from gdviz.presentation.look import TEXT_SCALES, Theme
from gdviz.widgets.buttons import CheckBox, Choice
from gdviz.widgets.number_field import NumberField
from gdviz.widgets.plain import PlainLabel, set_tooltip

TEXT = 14
ROW = 28
CHOICE, RATE, NUMBER = 250, 80, 66
"""Widths of a combo box, of the one for the frame rate, and of a number field, in pixels at unit 1."""
GAPS = (12, 8)
COMMON_RATES = (10, 15, 20, 24, 25, 30, 50, 60)
CUSTOM = "custom"
PACES = {"teach": "Slow at first, then faster", "steady": "Constant speed", "every-step": "One frame per step"}
THEMES = {"window": "As in the window", Theme.LIGHT.value: "Light", Theme.DARK.value: "Dark"}
CAMERAS: dict[str, str] = {
    CameraChoice.FIXED: "As in the window",
    CameraChoice.TURN: "Slow turn",
    CameraChoice.KEYS: "Through the kept positions",
}
KEEP_HINT = "Press K in the window to keep the camera position for the current step"


class DialogField(NumberField):
    """A number field in which Enter commits the number and then triggers the dialog's default button."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pass Enter on, unless the text is not a number."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
        elif self._commit():
            event.ignore()


class ExportForm(QWidget):
    """Shows `ExportChoices` in labelled rows; ``changed`` emits new ones."""

    changed = Signal(object)
    forget_keys = Signal()
    rejected = Signal(str)
    """What was typed and what is possible, in one line."""

    def __init__(self) -> None:
        """Start empty, until choices are shown."""
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(1, 1)
        self._rows: list[QHBoxLayout] = []
        self._choices = ExportChoices()
        self._is_custom_size = False
        self._speed = 10.0
        self._make_fields()
        self._lay_out()
        self._connect()

    def _make_fields(self) -> None:
        sizes = {name: f"{name[0].upper()}{name[1:]}, {format_size(size)}" for name, size in NAMED_SIZES.items()}
        self.format = Choice(options={name: format.label for name, format in FORMATS.items()})
        self.size_choice, self.rate = Choice(options=sizes | {CUSTOM: "Custom size"}), Choice()
        self.pace, self.theme, self.camera = Choice(options=PACES), Choice(options=THEMES), Choice(options=CAMERAS)
        self.width_field = DialogField("width", int, (MIN_SIZE[0], MAX_SIZE[0]), "In pixels")
        self.height_field = DialogField("height", int, (MIN_SIZE[1], MAX_SIZE[1]), "In pixels")
        self.first_step = DialogField("first step", int, (0, None), "The first step of the animation")
        self.last_step = DialogField("last step", int, (0, None), "The last step of the animation")
        self.speed = DialogField("pace", float, (0.01, 1e6), "Steps per second")
        low, high = (round(100 * scale) for scale in TEXT_SCALES)
        self.text_size = DialogField("text size", int, (low, high), "Percent of the normal size")
        self.turn = DialogField("turn", float, (-MAX_DEGREES, MAX_DEGREES), "Degrees turned over the clip")
        self.transparent = CheckBox("Transparent &background", "Whatever is behind the clip shows through")
        self.poster = CheckBox("&Poster (PNG)", "The first frame as a picture, to show before the clip plays")
        self.captions = CheckBox("Captions (&WebVTT)", "What happens, in words, for viewers who cannot see it")
        self.beamer = CheckBox(
            "&LaTeX code", "A .tex file that plays the pictures, each written once, with the animate package"
        )
        self.forget = QPushButton("Forget")
        set_tooltip(self.forget, "Forget the kept camera positions")
        self.forget.setAutoDefault(False)
        self._tip, self._of_steps, self._percent = PlainLabel(), PlainLabel(), PlainLabel("%")
        self._per_second, self._degrees = PlainLabel("steps per second"), PlainLabel("degrees")
        self._keys = PlainLabel()

    def _lay_out(self) -> None:
        self._add_row("&Format", self.format)
        self._add_row("", self._tip)
        self._add_row("&Size", self.size_choice, self.width_field, PlainLabel("×"), self.height_field)
        self._add_row("F&rames per second", self.rate)
        self._add_row("S&teps", self.first_step, PlainLabel("to"), self.last_step, self._of_steps)
        self._add_row("P&ace", self.pace, self.speed, self._per_second)
        self._add_row("C&olours", self.theme, self.transparent)
        self._add_row("Te&xt size", self.text_size, self._percent)
        self._add_row("Ca&mera", self.camera, self.turn, self._degrees, self._keys, self.forget)
        self._add_row("Also write", self.poster, self.captions, self.beamer)

    def _add_row(self, text: str, *fields: QWidget) -> None:
        """Add a row; the label names the first field for screen readers, unless it has a name."""
        row, place = QHBoxLayout(), self._grid.rowCount()
        self._rows.append(row)
        for field in fields:
            row.addWidget(field)
        row.addStretch(1)
        label = PlainLabel(text)
        if isinstance(fields[0], Choice | NumberField):
            label.setBuddy(fields[0])
            if not fields[0].accessibleName():
                fields[0].setAccessibleName(text.replace("&", "").lower())
        self._grid.addWidget(label, place, 0)
        self._grid.addLayout(row, place, 1)

    def _connect(self) -> None:
        self.format.activated.connect(lambda: self._change(format=FORMATS[self.format.currentData()]))
        self.size_choice.activated.connect(self._choose_size)
        self.rate.activated.connect(lambda: self._change(frame_rate=self.rate.currentData()))
        self.pace.activated.connect(self._choose_pace)
        self.theme.activated.connect(self._choose_theme)
        self.camera.activated.connect(lambda: self._change(camera=CameraChoice(self.camera.currentData())))
        self.width_field.committed.connect(lambda width: self._change(size=(width, self._choices.size[1])))
        self.height_field.committed.connect(lambda height: self._change(size=(self._choices.size[0], height)))
        self.first_step.committed.connect(lambda step: self._change(steps=(step, self._choices.steps[1])))
        self.last_step.committed.connect(lambda step: self._change(steps=(self._choices.steps[0], step)))
        self.speed.committed.connect(lambda speed: self._change(pace=Steady(float(speed))))
        self.text_size.committed.connect(lambda percent: self._change(text_scale=percent / 100))
        self.turn.committed.connect(lambda turn: self._change(turn=float(turn)))
        for name in ("transparent", "poster", "captions", "beamer"):
            # `clicked`, not `toggled`, which also fires when the program sets the box.
            getattr(self, name).clicked.connect(lambda checked, name=name: self._change(**{name: checked}))
        for field in self.findChildren(DialogField):
            field.rejected.connect(self.rejected)
        self.forget.clicked.connect(self.forget_keys)

    def set_unit(self, unit: float) -> None:
        """Scale everything by that factor."""
        self._grid.setHorizontalSpacing(round(GAPS[0] * unit))
        self._grid.setVerticalSpacing(round(GAPS[1] * unit))
        for row in self._rows:
            row.setSpacing(round(GAPS[1] * unit))
        for widget in self.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
            widget.setFont(number_font(TEXT * unit) if isinstance(widget, NumberField) else text_font(TEXT * unit))
            if isinstance(widget, QAbstractButton | NumberField | Choice):
                widget.setFixedHeight(round(ROW * unit))
            if isinstance(widget, NumberField | Choice):
                widget.setFixedWidth(round((NUMBER if isinstance(widget, NumberField) else CHOICE) * unit))
        self.rate.setFixedWidth(round(RATE * unit))

    def _change(self, **fields: Any) -> None:
        self._choices = replace(self._choices, **fields)
        self.show_choices(self._choices)
        self.changed.emit(self._choices)

    def _choose_size(self) -> None:
        name = self.size_choice.currentData()
        # Stored, since a current size that has a name would disable the fields again.
        self._is_custom_size = name == CUSTOM
        self._change(size=self._choices.size if name == CUSTOM else NAMED_SIZES[name])

    def _choose_pace(self) -> None:
        name = self.pace.currentData()
        self._change(pace=Steady(self._speed) if name == "steady" else parse_pace(name))

    def _choose_theme(self) -> None:
        name = self.theme.currentData()
        self._change(theme=None if name == "window" else Theme(name))

    def show_choices(self, choices: ExportChoices) -> None:
        """Show these choices; fields that do not apply are disabled or hidden."""
        self._choices = choices
        self.format.select(choices.format.name)
        self._tip.setText(choices.format.tip)
        self._show_size(choices)
        self._show_rates(choices)
        for field, step in zip((self.first_step, self.last_step), choices.steps, strict=True):
            field.show_value(step)
        if isinstance(choices.pace, Steady):
            self._speed = choices.pace.steps_per_second
        self.pace.select("steady" if isinstance(choices.pace, Steady) else pace_text(choices.pace))
        self.speed.show_value(self._speed)
        _set_visible(isinstance(choices.pace, Steady), self.speed, self._per_second)
        self.theme.select("window" if choices.theme is None else choices.theme.value)
        self.text_size.show_value(round(100 * choices.text_scale))
        self.transparent.setEnabled(choices.format.transparent)
        self.transparent.setChecked(choices.is_transparent)
        self.camera.select(choices.camera)
        self.turn.show_value(choices.turn)
        _set_visible(choices.camera is CameraChoice.TURN, self.turn, self._degrees)
        _set_visible(choices.camera is CameraChoice.KEYS, self._keys, self.forget)
        self.poster.setChecked(choices.poster)
        self.captions.setChecked(choices.captions)
        self.beamer.setVisible(not choices.format.ending)
        self.beamer.setChecked(choices.beamer)

    def show_run(self, last_step: int, keys: int, with_surface: bool) -> None:
        """Show the last step and the number of kept camera positions; the camera is disabled without a surface."""
        self._of_steps.setText(f"of {last_step:,}")
        self._keys.setText(f"{keys} kept" if keys else "")
        model = self.camera.model()
        assert isinstance(model, QStandardItemModel)
        model.item(self.camera.findData(CameraChoice.KEYS)).setEnabled(bool(keys))
        if not keys and self._choices.camera is CameraChoice.KEYS:
            self._change(camera=CameraChoice.FIXED)
        self.camera.setEnabled(with_surface)
        set_tooltip(self.camera, KEEP_HINT if with_surface else "The contour is always seen from above")

    def _show_size(self, choices: ExportChoices) -> None:
        names = [name for name, size in NAMED_SIZES.items() if size == choices.size]
        self._is_custom_size = self._is_custom_size or not names
        self.size_choice.select(CUSTOM if self._is_custom_size else names[0])
        for field, length in zip((self.width_field, self.height_field), choices.size, strict=True):
            field.show_value(length)
            field.setEnabled(self._is_custom_size)

    def _show_rates(self, choices: ExportChoices) -> None:
        rates = choices.format.frame_rates or tuple(sorted({*COMMON_RATES, choices.frame_rate}))
        if [self.rate.itemData(place) for place in range(self.rate.count())] != list(rates):
            self.rate.clear()
            for rate in rates:
                self.rate.addItem(str(rate), rate)
        self.rate.select(choices.effective_frame_rate)


def _set_visible(visible: bool, *widgets: QWidget) -> None:
    for widget in widgets:
        widget.setVisible(visible)
