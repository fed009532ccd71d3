"""Buttons, choices, icons and check boxes; they keep the keys that they need from the window's shortcuts."""

from collections.abc import Mapping
from functools import lru_cache
from itertools import product

from PySide6.QtCore import QByteArray, QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QIcon,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPixmap,
    QWheelEvent,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QToolButton, QWidget

from gdviz.core.scenarios.library import resources
from gdviz.widgets.plain import set_tooltip

PRESS = frozenset({Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter})
MOVE = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End})
SIZES = (16, 20, 24, 28, 32, 36, 40, 44, 48, 56, 64, 80, 96)
"""Of icons, in device pixels: what buttons ask for at common scalings; Qt scales down from the next larger one."""
OPACITIES = {QIcon.Mode.Normal: 1.0, QIcon.Mode.Disabled: 0.35}
BOX, ROOM = 0.82, 0.5  # the side of a check box, and the room between it and its text, in heights of the text
TICK = ((0.22, 0.52), (0.42, 0.72), (0.78, 0.30))


def keeps(event: QEvent, keys: frozenset[Qt.Key]) -> bool:
    """Accept the event if it asks whether one of these keys, without modifiers, is for the widget; whether it does."""
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    modifier = Qt.KeyboardModifier
    kept = event.key() in keys and event.modifiers() in (modifier.NoModifier, modifier.KeypadModifier)
    if kept:
        event.accept()
    return kept


def commit_typing(clicked: QWidget) -> None:
    """Commit the field that has the focus: whoever types a number and then clicks means that number."""
    focused = QApplication.focusWidget()
    if focused is not None and focused is not clicked:
        focused.clearFocus()


class BarButton(QToolButton):
    """A flat button; it takes the focus by Tab only, so that after a click Space still plays."""

    def __init__(self, text: str = "", hint: str = "") -> None:
        """A button with a text and a tooltip; both come from the action where one is set."""
        super().__init__()
        self.setText(text)
        set_tooltip(self, hint)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAutoRaise(True)

    def event(self, event: QEvent) -> bool:
        """With the focus, Space and Enter press it."""
        return keeps(event, PRESS) or super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """First commit a number that is being typed."""
        commit_typing(self)
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)


class Choice(QComboBox):
    """A list to choose from; the wheel passes over it, and its keys work while it has the focus."""

    chosen = Signal(object)  # the data of the option that somebody chose

    def __init__(self, name: str = "", hint: str = "", options: Mapping[str, str] | None = None) -> None:
        """Named for screen readers, with a tooltip; ``options`` are the shown texts by their data."""
        super().__init__()
        self._is_clicked = False
        self.activated.connect(lambda: self.chosen.emit(self.currentData()))
        self.setAccessibleName(name)
        set_tooltip(self, hint)
        for data, text in (options or {}).items():
            self.addItem(text, data)

    def select(self, data: object) -> None:
        """Show the option with this data as the chosen one."""
        self.setCurrentIndex(self.findData(data))

    def event(self, event: QEvent) -> bool:
        """With the focus, the arrows choose and Space opens."""
        return keeps(event, PRESS | MOVE) or super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Remember whether the mouse brought the focus."""
        self._is_clicked = event.reason() == Qt.FocusReason.MouseFocusReason or (
            self._is_clicked and event.reason() == Qt.FocusReason.PopupFocusReason
        )
        super().focusInEvent(event)

    def hidePopup(self) -> None:  # noqa: N802
        """After a choice by mouse, give the keyboard back to the window, so that Space plays again."""
        super().hidePopup()
        if self._is_clicked:
            self.clearFocus()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Add an arrow: a style sheet on the frame removes that of the style."""
        super().paintEvent(event)
        size = self.height() / 26
        tip = QPointF(self.width() - 12 * size, self.height() / 2 + 2 * size)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.palette().text().color(), 1.6 * size))
        painter.drawPolyline([tip + QPointF(-4 * size, -4 * size), tip, tip + QPointF(4 * size, -4 * size)])
        painter.end()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let what is around it scroll: a wheel that passes by must not change the experiment."""
        event.ignore()


@lru_cache(maxsize=64)
def icon(name: str, colour: str) -> QIcon:
    """The icon of that name (``play``, ``step-back``, ...) with everything black in it in ``colour``."""
    drawing = (resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8").replace("#000000", colour)
    renderer = QSvgRenderer(QByteArray(drawing.encode()))
    result = QIcon()
    for size, (mode, opacity) in product(SIZES, OPACITIES.items()):
        pixmap = QPixmap(size, size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setOpacity(opacity)
        renderer.render(painter)
        painter.end()
        result.addPixmap(pixmap, mode)
    return result


class CheckBox(QCheckBox):
    """Drawn from the window's palette: a filled box with a tick where it is checked."""

    def __init__(self, text: str, hint: str) -> None:
        """``text`` may name a key with an ampersand; ``hint`` is the tooltip."""
        super().__init__(text)
        set_tooltip(self, hint)

    def sizeHint(self) -> QSize:
        """Box, room and text."""
        metrics = QFontMetrics(self.font())
        text = metrics.size(Qt.TextFlag.TextShowMnemonic, self.text())
        return QSize(text.width() + round((BOX + ROOM) * metrics.height()) + 2, round(1.3 * metrics.height()))

    def minimumSizeHint(self) -> QSize:
        """Nothing of it is ever cut."""
        return self.sizeHint()

    def hitButton(self, position: object) -> bool:  # noqa: N802
        """The whole of it can be clicked."""
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        """The box, the tick and the text, and a stronger border with the focus."""
        height = QFontMetrics(self.font()).height()
        side = BOX * height
        box = QRectF(1.5, (self.height() - side) / 2, side, side)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        role = QPalette.ColorRole
        border = self._colour(role.Highlight if self.hasFocus() else role.Dark)
        painter.setPen(QPen(border, (2.0 if self.hasFocus() else 1.0) * height / 17))
        painter.setBrush(self._colour(role.Highlight if self.isChecked() else role.Base))
        painter.drawRoundedRect(box, 0.2 * side, 0.2 * side)
        if self.isChecked():
            painter.setPen(QPen(self._colour(role.Base), 0.13 * side))
            painter.drawPolyline([box.topLeft() + QPointF(x * side, y * side) for x, y in TICK])
        painter.setPen(self._colour(role.WindowText))
        left = round(side + ROOM * height)
        flags = Qt.AlignmentFlag.AlignVCenter.value | Qt.TextFlag.TextShowMnemonic.value
        painter.drawText(self.rect().adjusted(left, 0, 0, 0), flags, self.text())
        painter.end()

    def _colour(self, role: QPalette.ColorRole) -> QColor:
        colour = self.palette().color(role)
        if not self.isEnabled() and role is QPalette.ColorRole.Dark:
            # Fusion does not draw a fainter border itself.
            colour.setAlphaF(0.5)
        return colour


class Switch(CheckBox):
    """In the window, where Space plays: it takes the focus by Tab only, and keeps Space while it has it."""

    def __init__(self, text: str, hint: str) -> None:
        """As a check box."""
        super().__init__(text, hint)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def event(self, event: QEvent) -> bool:
        """With the focus, Space switches it."""
        return keeps(event, frozenset({Qt.Key.Key_Space})) or super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """First commit a number that is being typed."""
        commit_typing(self)
        super().mousePressEvent(event)
