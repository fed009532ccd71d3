"""The learning-rate bar: the field, the slider, and the step from which a change applies."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from gdviz.controls.rate_slider import RateSlider
from gdviz.plotting.text import number_font, text_font
from gdviz.session.controls import Controls
from gdviz.widgets.buttons import BarButton
from gdviz.widgets.fitted_bar import FittedBar
from gdviz.widgets.number_field import NumberField
from gdviz.widgets.plain import PlainLabel, set_tooltip
from gdviz.widgets.theme import TEXT_SIZE

FROM_HERE_HINT = "Apply a changed learning rate from the current step on, not to the whole run"
RATE_HINT = "How far each step goes along the negative gradient; any finite number"
MARGINS = (8, 3, 8, 3)


def show_rate(field: NumberField, controls: Controls) -> None:
    """Show the learning rate in its field; disabled, empty, and saying why, for a rule that takes none."""
    without_rate = controls.zones.without_rate
    if without_rate:
        field.clearFocus()  # or the next field would get it, and take the window's keys
    field.setEnabled(not without_rate)
    field.describe("learning rate", without_rate or RATE_HINT)
    field.show_value(None if without_rate else controls.learning_rate)


class RateBar(FittedBar):
    """Label and field, slider, and the "from this step on" button."""

    learning_rate_changed = Signal(float)
    from_here_toggled = Signal(bool)

    def __init__(self) -> None:
        """Empty until controls are shown."""
        super().__init__()
        self.slider, self.field = RateSlider(), NumberField("learning rate", hint=RATE_HINT)
        self._label, self._from_here = PlainLabel("learning rate"), BarButton("from this\nstep on", FROM_HERE_HINT)
        self._label.setBuddy(self.field)
        self._from_here.setCheckable(True)
        self._from_here.setAccessibleName("from this step on")
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self._label, alignment=Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.field)
        self._row = QHBoxLayout(self)
        self._row.addLayout(column)
        self._row.addWidget(self.slider, 1)
        self._row.addWidget(self._from_here)
        self.slider.learning_rate_changed.connect(self.learning_rate_changed)
        self.field.committed.connect(self.learning_rate_changed.emit)
        # Not `toggled`, which is also emitted for changes made by the program.
        self._from_here.clicked.connect(self.from_here_toggled)
        self.set_unit(1.0)

    def _scale(self, unit: float) -> None:
        self.slider.set_unit(unit)
        self._label.setFont(text_font(TEXT_SIZE * unit))
        self._label.setFixedHeight(round(19 * unit))
        self.field.setFont(number_font(16 * unit))
        digits = QFontMetrics(self.field.font()).horizontalAdvance("0" * 12)
        self.field.setFixedSize(digits + round(20 * unit), round(32 * unit))
        self._from_here.setFont(text_font(TEXT_SIZE * unit))
        self._from_here.setFixedHeight(round(46 * unit))
        self._row.setSpacing(round(10 * unit))
        self._row.setContentsMargins(*(round(margin * unit) for margin in MARGINS))

    def show_controls(self, controls: Controls) -> None:
        """Show the rate, the zones, and whether a change applies from here on."""
        self.slider.show_controls(controls)
        show_rate(self.field, controls)
        for of_rate in (self._label, self._from_here):
            of_rate.setEnabled(not controls.zones.without_rate)
        set_tooltip(self._from_here, controls.zones.without_rate or FROM_HERE_HINT)
        self._from_here.setChecked(controls.changes_from_here)
