"""Controls as the session would show them, for the tests of the dumb widgets."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel

from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.schedules import Constant, selectable_schedules
from gdviz.core.problems.registry import make_problem
from gdviz.presentation.look import Look
from gdviz.session.controls import Controls, Zones
from gdviz.widgets.number_field import NumberField

ZONES = Zones(0.3877, 0.7755, here=False, crawling=0.0171)

SCHEDULE = ["Constant"] if len(selectable_schedules()) > 1 else []
"""What the choice of a schedule shows of a constant one: there is none where only that can be chosen."""


def make_controls(experiment: dict[str, Any] | None = None, **fields: Any) -> Controls:
    """The lecture's rate 0.9, all 200 steps recorded, at the start; with fields of both replaced."""
    lecture = Experiment(make_problem("linear-regression"), schedule=Constant(0.9), start=(0.0, -1.0))
    shown = replace(lecture, **(experiment or {}))
    controls = Controls(
        experiment=shown,
        look=Look(),
        learning_rate=0.9,
        step=0,
        last_step=200,
        end=shown.steps,
        playing=False,
        computing=False,
        speed=1.0,
        zones=ZONES,
        changes_from_here=False,
    )
    return replace(controls, **fields)


def emitted(signal):
    """The first argument of every emission from now on; None for a signal without arguments."""
    values = []
    signal.connect(lambda *arguments: values.append(arguments[0] if arguments else None))
    return values


def retype(qtbot, field, text):
    """Go into the field, select all, and type the text over it; what has no key is pasted."""
    field.setFocus()
    field.selectAll()
    if not text:
        qtbot.keyClick(field, Qt.Key.Key_Delete)
    elif text.isascii():
        qtbot.keyClicks(field, text)
    else:
        QApplication.clipboard().setText(text)
        qtbot.keyClick(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


def turn_wheel(widget, notches):
    """Turn the mouse wheel over the widget, away from the person for a positive number."""
    centre = QPointF(widget.rect().center())
    no_button, no_key = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    phase = Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(centre, centre, QPoint(), QPoint(0, 120 * notches), no_button, no_key, phase, False)
    QApplication.sendEvent(widget, event)


def field(panel, description):
    """The visible number field of that name."""
    fields = [field for field in panel.findChildren(NumberField) if field.accessibleName() == description]
    return next(field for field in fields if not field.isHidden())


def commit(qtbot, field, text):
    """Type the text and press Enter."""
    retype(qtbot, field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def choose(qtbot, combo, text):
    """As with the keyboard: the first letters until it is there."""
    combo.setFocus()
    qtbot.keyClicks(combo, text)


def shown_numbers(panel):
    """The fields that can be seen, by their names."""
    fields = [field for field in panel.findChildren(NumberField) if field.isVisibleTo(panel)]
    return {field.accessibleName(): field.text() for field in fields}


def shown_texts(panel):
    """The texts of the labels that can be seen."""
    return [label.text() for label in panel.findChildren(QLabel) if label.isVisibleTo(panel)]
