"""The bar under the stage that plays the recording: buttons, the slider of the steps, the step, the speed."""

import math

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from gdviz.animation.playback import SPEEDS
from gdviz.controls.step_slider import ScrubSlider
from gdviz.plotting.fonts import number_font
from gdviz.presentation.look import Theme
from gdviz.presentation.palette import PALETTES
from gdviz.session.controls import Controls
from gdviz.widgets.buttons import BarButton, icon
from gdviz.widgets.plain import PlainLabel

ICONS = {
    "first": "first",
    "back": "step-back",
    "play": "play",
    "forward": "step-forward",
    "last": "last",
    "stop": "stop",
}
"""The icon of each action."""
MARGINS = (8, 2, 8, 3)


def speed_text(speed: float) -> str:
    """A speed as the menu names it."""
    return "unlimited" if math.isinf(speed) else f"x{speed:g}"


def _short(speed: float) -> str:
    return "x∞" if math.isinf(speed) else speed_text(speed)


class PlaybackBar(QWidget):
    """Shows where the playback is; ``actions`` are the window's, under the keys of ICONS."""

    seek = Signal(int)
    speed_changed = Signal(float)
    stop_computing = Signal()

    def __init__(self, actions: dict[str, QAction], parent: QWidget | None = None) -> None:
        """Put a button for each action beside the slider."""
        super().__init__(parent)
        self._actions = actions
        self._unit = 1.0
        self._steps = 0
        self._icons: tuple[Theme, bool] | None = None
        self.slider = ScrubSlider()
        self._buttons = {name: BarButton() for name in ICONS}
        self._step = PlainLabel()
        self._speed = BarButton("", "How fast the steps are played")
        self._speed_choices = self._speed_menu()
        for name, button in self._buttons.items():
            button.setDefaultAction(actions[name])
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self._buttons["stop"].clicked.connect(self.stop_computing)
        self.slider.seek.connect(self.seek)
        self._row = QHBoxLayout(self)
        self._lay_out()
        self.set_unit(1.0)

    def _lay_out(self) -> None:
        for name in ("first", "back", "play", "forward", "last"):
            self._row.addWidget(self._buttons[name])
        self._row.addWidget(self.slider, 1)
        self._step.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for widget in (self._buttons["stop"], self._step, self._speed):
            self._row.addWidget(widget)
        # Its place is kept while it is hidden, or the slider would jump under the mouse.
        policy = self._buttons["stop"].sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._buttons["stop"].setSizePolicy(policy)

    def _speed_menu(self) -> dict[float, QAction]:
        menu, group = QMenu(self), QActionGroup(self)
        self._speed.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._speed.setMenu(menu)
        self._speed.setAccessibleName("speed")
        choices = {}
        for speed in SPEEDS:
            choices[speed] = group.addAction(menu.addAction(speed_text(speed)))
            choices[speed].setCheckable(True)
            choices[speed].setData(speed)
        group.triggered.connect(lambda action: self.speed_changed.emit(action.data()))
        return choices

    def set_unit(self, unit: float) -> None:
        """Scale everything by that factor."""
        self._unit = unit
        self.slider.set_unit(unit)
        for name, button in self._buttons.items():
            side = 30 if name == "play" else 24
            button.setIconSize(QSize(round(side * unit), round(side * unit)))
            button.setFixedSize(round(40 * unit), round(40 * unit))
        self._step.setFont(number_font(16 * unit))
        self._speed.setFont(number_font(15 * unit))
        self._fix_widths()
        self._row.setSpacing(round(4 * unit))
        self._row.setContentsMargins(*(round(margin * unit) for margin in MARGINS))

    def _fix_widths(self) -> None:
        """Keep what changes while playing at the width of its longest text."""
        room = round(10 * self._unit)
        digits = QFontMetrics(self._step.font())
        self._step.setFixedWidth(digits.horizontalAdvance(_step_text(self._steps, self._steps)) + room)
        widest = max(QFontMetrics(self._speed.font()).horizontalAdvance(_short(speed)) for speed in SPEEDS)
        self._speed.setFixedSize(widest + 5 * room, round(36 * self._unit))

    def show_controls(self, controls: Controls) -> None:
        """Show the step, how far the recording goes, whether it plays and computes, and the speed."""
        self._show_icons(controls)
        if controls.end != self._steps:
            self._steps = controls.end
            self._fix_widths()
        self.slider.show_controls(controls)
        self._step.setText(_step_text(controls.step, controls.end))
        self._buttons["stop"].setVisible(controls.can_stop)
        self._speed.setText(_short(controls.speed))
        self._speed.setAccessibleDescription(speed_text(controls.speed))
        for speed, action in self._speed_choices.items():
            action.setChecked(speed == controls.speed)

    def _show_icons(self, controls: Controls) -> None:
        shown = (controls.look.theme, controls.playing)
        if shown == self._icons:
            return
        self._icons = shown
        colour = PALETTES[controls.look.theme].text
        for name, action in self._actions.items():
            if name in ICONS:
                action.setIcon(icon("pause" if name == "play" and controls.playing else ICONS[name], colour))


def _step_text(step: int, steps: int) -> str:
    """With the step as wide as it can become, so that the words around it stand still."""
    return f"step {step:>{len(f'{steps:,}')},} / {steps:,}"
