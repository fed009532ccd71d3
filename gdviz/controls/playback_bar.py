"""The playback bar below the stage: buttons, step slider, step and speed."""

import math

from PySide6.QtCore import QPointF, QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QActionGroup,
    QColor,
    QFontMetrics,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSlider, QToolButton

from gdviz.animation.playback import SPEEDS
from gdviz.plotting.text import number_font, text_font
from gdviz.presentation.look import Theme
from gdviz.presentation.palette import PALETTES, Palette
from gdviz.session.controls import Controls
from gdviz.widgets.buttons import BarButton, icon
from gdviz.widgets.fitted_bar import FittedBar
from gdviz.widgets.plain import PlainLabel, set_tooltip
from gdviz.widgets.slider import paint_bar

ICONS = {
    "first": "first",
    "back": "step-back",
    "play": "play",
    "forward": "step-forward",
    "last": "last",
    "stop": "stop",
}
"""The icon of each action, in the order of the buttons."""
MARGINS = (8, 2, 8, 3)
HANDLE = 9  # the radius of the slider's handle in pixels at unit 1


def speed_text(speed: float) -> str:
    """Return a speed as shown in the menu."""
    return "unlimited" if math.isinf(speed) else f"x{speed:g}"


def _short_speed_text(speed: float) -> str:
    return "x∞" if math.isinf(speed) else speed_text(speed)


class PlaybackBar(FittedBar):
    """Shows the playback position; ``actions`` are the window's, keyed as in ICONS."""

    seek = Signal(int)
    speed_changed = Signal(float)

    def __init__(self, actions: dict[str, QAction]) -> None:
        """Make a button for each action, beside the slider."""
        super().__init__()
        self._actions = actions
        self._unit = 1.0
        self._longest = ""
        self._icons: tuple[Theme, bool] | None = None
        self.slider = ScrubSlider()
        self._buttons = {name: BarButton() for name in ICONS}
        self._step = PlainLabel()
        self._step.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._speed = BarButton("", "Playback speed")
        self._speed_choices = self._speed_menu()
        for name, button in self._buttons.items():
            button.setDefaultAction(actions[name])
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self.slider.valueChanged.connect(self.seek)
        self._row = QHBoxLayout(self)
        *steps, stop = self._buttons.values()
        for widget in (*steps, self.slider, stop, self._step, self._speed):
            self._row.addWidget(widget)
        self._row.setStretchFactor(self.slider, 1)
        # Hidden, it keeps its space, or the slider would move under the mouse.
        policy = stop.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        stop.setSizePolicy(policy)
        self.set_unit(1.0)

    def _speed_menu(self) -> dict[float, QAction]:
        menu, group = QMenu(self), QActionGroup(self)
        self._speed.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._speed.setMenu(menu)
        self._speed.setAccessibleName("speed")
        choices = {speed: group.addAction(menu.addAction(speed_text(speed))) for speed in SPEEDS}
        for speed, action in choices.items():
            action.setCheckable(True)
            action.setData(speed)
        group.triggered.connect(lambda action: self.speed_changed.emit(action.data()))
        return choices

    def _scale(self, unit: float) -> None:
        self._unit = unit
        self.slider.set_unit(unit)
        for name, button in self._buttons.items():
            side = round((30 if name == "play" else 24) * unit)
            button.setIconSize(QSize(side, side))
            button.setFixedSize(round(40 * unit), round(40 * unit))
        self._step.setFont(number_font(16 * unit))
        self._speed.setFont(number_font(15 * unit))
        self._fix_widths()
        self._row.setSpacing(round(4 * unit))
        self._row.setContentsMargins(*(round(margin * unit) for margin in MARGINS))

    def _fix_widths(self) -> None:
        """Fix the widths of texts that change during playback to their longest."""
        room = round(10 * self._unit)
        digits = QFontMetrics(self._step.font())
        # Fixed both ways, or each new text would lay out the whole window anew.
        width = digits.horizontalAdvance(self._longest) + room
        self._step.setFixedSize(width, round(40 * self._unit))
        widest = max(QFontMetrics(self._speed.font()).horizontalAdvance(_short_speed_text(speed)) for speed in SPEEDS)
        self._speed.setFixedSize(widest + 5 * room, round(36 * self._unit))

    def show_controls(self, controls: Controls) -> None:
        """Show the step, the extent of the recording, whether it is playing or computing, and the speed."""
        icons = controls.look.theme, controls.playing
        if icons != self._icons:
            self._icons = icons
            colour = PALETTES[controls.look.theme].text
            for name, symbol in ICONS.items():
                self._actions[name].setIcon(icon("pause" if name == "play" and controls.playing else symbol, colour))
        longest = _counter(controls, controls.end)
        if longest != self._longest:
            self._longest = longest
            self.fit()
        self.slider.show_controls(controls)
        self._step.setText(_counter(controls, controls.step))
        self._buttons["stop"].setVisible(controls.can_stop)
        self._speed.setText(_short_speed_text(controls.speed))
        self._speed.setAccessibleDescription(speed_text(controls.speed))
        for speed, action in self._speed_choices.items():
            action.setChecked(speed == controls.speed)


def _counter(controls: Controls, step: int) -> str:
    """The header's counter, padded to the widest number so that it does not move while counting up."""
    word, _, number = controls.experiment.schedule.counter(step, controls.end).partition(" ")
    _, _, last = controls.experiment.schedule.counter(controls.end, controls.end).partition(" ")
    return f"{word} {number:>{len(last)}}"


class ScrubSlider(QSlider):
    """Runs from step 0 to the last step of the experiment, but stops at the last recorded step."""

    def __init__(self) -> None:
        """Empty until controls are shown."""
        super().__init__(Qt.Orientation.Horizontal)
        self._controls: Controls | None = None
        self._unit = 1.0
        # The arrow keys belong to playback; a click takes the focus from a text field, which then commits.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName("step")
        set_tooltip(self, "Click to go to a step, drag to scrub")

    def set_unit(self, unit: float) -> None:
        """Scale everything by a factor."""
        self._unit = unit
        self.setMinimumWidth(round(80 * unit))
        self.setFixedHeight(round((2 * HANDLE + 8) * unit))
        self.update()

    def show_controls(self, controls: Controls) -> None:
        """Show the step, unless the handle is being dragged, and the extent of the recording."""
        self._controls = controls
        with QSignalBlocker(self):
            self.setRange(0, controls.end)
            if not self.isSliderDown():
                self.setValue(controls.step)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Jump to the clicked step."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._seek_to(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Scrub."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._seek_to(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Release the handle, and show the current step again."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(False)
            if self._controls is not None:
                self.show_controls(self._controls)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Move by one step per notch."""
        self._seek(self.value() + round(event.angleDelta().y() / 120))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave all keys to the window."""
        event.ignore()

    def _seek_to(self, x: float) -> None:
        length = max(1.0, self.width() - 2 * self._x(0))
        self._seek(round((x - self._x(0)) / length * self.maximum()))

    def _seek(self, step: int) -> None:
        last = self._controls.last_step if self._controls is not None else 0
        self.setValue(max(0, min(step, last)))

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the groove, the recorded part, the played part and the handle."""
        if self._controls is None:
            return
        palette = PALETTES[self._controls.look.theme]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        recorded = self._x(min(self._controls.last_step, self.maximum()))
        self._paint_groove(painter, palette, recorded)
        if self._controls.computing:
            missing = QRectF(recorded, 0, self._x(self.maximum()) - recorded, self.height())
            self._paint_computing(painter, palette, missing)
        painter.setPen(QPen(QColor(palette.background), 2 * self._unit))
        painter.setBrush(QColor(palette.accent))
        painter.drawEllipse(QPointF(self._x(self.value()), self._middle()), HANDLE * self._unit, HANDLE * self._unit)
        painter.end()

    def _paint_groove(self, painter: QPainter, palette: Palette, recorded: float) -> None:
        """Paint a thick line up to the handle, thin to the last recorded step, dotted beyond it."""
        dots = QPen(QColor(palette.quiet), 2 * self._unit, Qt.PenStyle.CustomDashLine, Qt.PenCapStyle.RoundCap)
        dots.setDashPattern([0.01, 3.5])
        end = self._x(self.maximum())
        if end - recorded > 1:
            painter.setPen(dots)
            painter.drawLine(QPointF(recorded, self._middle()), QPointF(end, self._middle()))
        paint_bar(painter, palette.quiet, self._x(0), recorded, self._middle(), 4 * self._unit)
        paint_bar(painter, palette.accent, self._x(0), self._x(self.value()), self._middle(), 6 * self._unit)

    def _paint_computing(self, painter: QPainter, palette: Palette, place: QRectF) -> None:
        """Paint "computing…" in the middle of the missing part, if it fits there."""
        text = "computing…"
        painter.setFont(text_font(15 * self._unit))
        width = QFontMetricsF(painter.font()).horizontalAdvance(text) + 16 * self._unit
        if width + 2 * HANDLE * self._unit > place.width():
            return
        place.adjust((place.width() - width) / 2, 0, (width - place.width()) / 2, 0)
        painter.fillRect(place, QColor(palette.background))
        painter.setPen(QColor(palette.text))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)

    def _middle(self) -> float:
        return self.height() / 2

    def _x(self, step: int) -> float:
        margin = (HANDLE + 2) * self._unit
        if step <= 0:
            return margin
        return margin + min(1.0, step / max(1, self.maximum())) * (self.width() - 2 * margin)
