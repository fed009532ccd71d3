"""Buttons, choices, icons and check boxes, which name the keys that they need while they have the focus."""

from collections.abc import Mapping
from functools import lru_cache
from itertools import product

from PySide6.QtCore import QByteArray, QPointF, QRectF, QSize, Qt, Signal
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
from gdviz.widgets.claimed_keys import MOVE_KEYS, PRESS_KEYS
from gdviz.widgets.plain import set_tooltip

ICON_SIZES = (16, 20, 24, 28, 32, 36, 40, 44, 48, 56, 64, 80, 96)
"""Device pixels, as buttons request at common scale factors; Qt scales down from the next larger size."""
OPACITIES = {QIcon.Mode.Normal: 1.0, QIcon.Mode.Disabled: 0.35}
BOX_SIZE, BOX_GAP = 0.82, 0.5  # the side of a check box and its distance from the text, in text heights
TICK = ((0.22, 0.52), (0.42, 0.72), (0.78, 0.30))


def commit_pending_edit(clicked: QWidget) -> None:
    """Commit the focused field: whoever types a number and then clicks means that number."""
    focused = QApplication.focusWidget()
    if focused is not None and focused is not clicked:
        focused.clearFocus()


class BarButton(QToolButton):
    """A flat button that takes the focus by Tab only, so that Space still plays after a click."""

    claimed_keys = PRESS_KEYS

    def __init__(self, text: str = "", hint: str = "") -> None:
        """``text`` and tooltip ``hint`` are overridden by a default action."""
        super().__init__()
        self.setText(text)
        set_tooltip(self, hint)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAutoRaise(True)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Commit a number that is being typed, then press."""
        commit_pending_edit(self)
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Press on Enter as on Space."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)


class Choice(QComboBox):
    """A combo box that ignores the wheel, and whose keys work while it has the focus."""

    chosen = Signal(object)  # the data of the option that the user chose
    claimed_keys = PRESS_KEYS | MOVE_KEYS  # Space opens the list

    def __init__(self, name: str = "", hint: str = "", options: Mapping[str, str] | None = None) -> None:
        """``name`` is for screen readers, ``hint`` the tooltip; ``options`` maps data to the text shown."""
        super().__init__()
        self._has_mouse_focus = False
        self.activated.connect(lambda: self.chosen.emit(self.currentData()))
        self.setAccessibleName(name)
        set_tooltip(self, hint)
        for data, text in (options or {}).items():
            self.addItem(text, data)

    def select(self, data: object) -> None:
        """Select the option with this data."""
        self.setCurrentIndex(self.findData(data))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Record whether the focus came from the mouse."""
        self._has_mouse_focus = event.reason() == Qt.FocusReason.MouseFocusReason or (
            self._has_mouse_focus and event.reason() == Qt.FocusReason.PopupFocusReason
        )
        super().focusInEvent(event)

    def hidePopup(self) -> None:  # noqa: N802
        """After a choice by mouse, return the keyboard focus to the window, so that Space plays again."""
        super().hidePopup()
        if self._has_mouse_focus:
            self.clearFocus()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint an arrow: a style sheet on the frame removes the style's own."""
        super().paintEvent(event)
        size = self.height() / 26
        tip = QPointF(self.width() - 12 * size, self.height() / 2 + 2 * size)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.palette().text().color(), 1.6 * size))
        painter.drawPolyline([tip + QPointF(-4 * size, -4 * size), tip, tip + QPointF(4 * size, -4 * size)])
        painter.end()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the scroll area: scrolling past must not change the experiment."""
        event.ignore()


@lru_cache(maxsize=64)
def icon(name: str, colour: str) -> QIcon:
    """Return the named icon (``play``, ``step-back``, ...) with black replaced by ``colour``."""
    drawing = (resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8").replace("#000000", colour)
    renderer = QSvgRenderer(QByteArray(drawing.encode()))
    result = QIcon()
    for size, (mode, opacity) in product(ICON_SIZES, OPACITIES.items()):
        pixmap = QPixmap(size, size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setOpacity(opacity)
        renderer.render(painter)
        painter.end()
        result.addPixmap(pixmap, mode)
    return result


class CheckBox(QCheckBox):
    """A check box drawn in the window's palette: a filled box with a tick if checked."""

    def __init__(self, text: str, hint: str) -> None:
        """``text`` may have a mnemonic; ``hint`` is the tooltip."""
        super().__init__(text)
        set_tooltip(self, hint)

    def sizeHint(self) -> QSize:
        """Return the size of box, gap and text."""
        metrics = QFontMetrics(self.font())
        text = metrics.size(Qt.TextFlag.TextShowMnemonic, self.text())
        return QSize(text.width() + round((BOX_SIZE + BOX_GAP) * metrics.height()) + 2, round(1.3 * metrics.height()))

    def minimumSizeHint(self) -> QSize:
        """Return the size hint, so that nothing is ever cut off."""
        return self.sizeHint()

    def hitButton(self, position: object) -> bool:  # noqa: N802
        """Make the whole widget clickable."""
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint box, tick and text, with a stronger border when focused."""
        height = QFontMetrics(self.font()).height()
        side = BOX_SIZE * height
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
        left = round(side + BOX_GAP * height)
        flags = Qt.AlignmentFlag.AlignVCenter.value | Qt.TextFlag.TextShowMnemonic.value
        painter.drawText(self.rect().adjusted(left, 0, 0, 0), flags, self.text())
        painter.end()

    def _colour(self, role: QPalette.ColorRole) -> QColor:
        colour = self.palette().color(role)
        if not self.isEnabled() and role is QPalette.ColorRole.Dark:
            # The palette has no fainter border for disabled widgets.
            colour.setAlphaF(0.5)
        return colour


class Switch(CheckBox):
    """A check box for the window, where Space plays: it takes the focus by Tab only, and then claims Space."""

    claimed_keys = frozenset({Qt.Key.Key_Space})

    def __init__(self, text: str, hint: str) -> None:
        """See `CheckBox`."""
        super().__init__(text, hint)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Commit a number that is being typed, then press."""
        commit_pending_edit(self)
        super().mousePressEvent(event)
