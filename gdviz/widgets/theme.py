"""The look of the window: Qt's palette and one style sheet, in the colours of the theme."""

import re

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from gdviz.plotting.style import mix
from gdviz.plotting.text import text_font
from gdviz.presentation.look import Theme
from gdviz.presentation.palette import PALETTES, Palette

TEXT_SIZE = 15  # of text in pixels at unit 1, where 1/50 of the height is 14.4
_Role = QPalette.ColorRole
_ROLES = {
    "background": (_Role.Window, _Role.Base, _Role.HighlightedText),
    "pane": (_Role.AlternateBase, _Role.ToolTipBase, _Role.Button),
    "text": (_Role.WindowText, _Role.ToolTipText, _Role.Text, _Role.ButtonText),
    "quiet": (_Role.PlaceholderText, _Role.Dark),
    "grid": (_Role.Mid,),
    "accent": (_Role.Highlight, _Role.Link),
}
"""The Qt roles of each colour of the palette."""
_MIXED = {
    "border": ("quiet", 0.72),  # a contrast of 3:1, which the border of a field needs to be visible
    "hover": ("accent", 0.12),
    "pressed": ("accent", 0.28),
    "faint": ("quiet", 0.55),
}
"""Each is a colour and its fraction in a mix with the background."""
_SIZES = (1, 2, 3, 4, 5, 6, 8, 10, 18, 20)
_STYLE_SHEET = """
QMainWindow, QDialog { background: @background; }
QToolTip { background: @pane; color: @text; border: @px1 solid @border; padding: @px4; }

QLineEdit, QComboBox {
  background: @background; color: @text; border: @px1 solid @border; border-radius: @px5;
  padding: 0 @px6; selection-background-color: @accent; selection-color: @background;
}
QLineEdit:focus, QComboBox:focus { border: @px2 solid @accent; padding: 0 @px5; }
QLineEdit[refused="true"] { border: @px3 solid @text; padding: 0 @px4; }
QLineEdit:disabled, QComboBox:disabled { background: @pane; color: @faint; border-color: @grid; }
QComboBox:hover, QLineEdit:hover { border-color: @accent; }
QComboBox::drop-down { border: none; width: @px20; }
QComboBox QAbstractItemView {
  background: @background; color: @text; border: @px1 solid @border; outline: none;
  selection-background-color: @accent; selection-color: @background;
}

QPushButton, QToolButton {
  background: transparent; color: @text; border: @px1 solid transparent; border-radius: @px6; padding: @px2 @px6;
}
QPushButton { border-color: @border; }
QPushButton:hover, QToolButton:hover { background: @hover; }
QPushButton:pressed, QToolButton:pressed { background: @pressed; }
QPushButton:focus, QToolButton:focus { border: @px2 solid @accent; padding: @px1 @px5; }
#status_line QToolButton { border-width: 0; padding: 0 @px6; }
#status_line QToolButton:focus { background: @hover; }
QToolButton[checkable="true"] { border-color: @border; }
QToolButton::menu-indicator { subcontrol-origin: padding; subcontrol-position: center right; right: @px5; }
QToolButton:checked { background: @pressed; border-color: @accent; }
QPushButton:disabled, QToolButton:disabled { color: @faint; }

QMenuBar { background: @background; color: @text; }
QMenuBar::item { padding: @px4 @px8; background: transparent; border-radius: @px4; }
QMenuBar::item:selected { background: @hover; }
QMenu { background: @background; color: @text; border: @px1 solid @border; padding: @px4; }
QMenu::item { padding: @px4 @px18 @px4 @px20; border-radius: @px4; }
QMenu::item:selected { background: @accent; color: @background; }
QMenu::item:disabled { color: @faint; }
QMenu::separator { height: 1px; background: @grid; margin: @px4 @px6; }

QDockWidget { color: @quiet; border: @px1 solid @border; }
QDockWidget::title { background: @pane; padding: @px5 @px8; }
QMainWindow::separator { background: @grid; width: 1px; height: 1px; }
QStatusBar { background: @background; color: @quiet; }
QStatusBar::item { border: none; }
QScrollArea, QListWidget { background: @background; border: none; outline: none; }

QScrollBar:vertical { background: transparent; width: @px10; margin: 0; }
QScrollBar:horizontal { background: transparent; height: @px10; margin: 0; }
QScrollBar::handle { background: @border; border-radius: @px4; margin: @px1; }
QScrollBar::handle:vertical { min-height: @px20; }
QScrollBar::handle:horizontal { min-width: @px20; }
QScrollBar::handle:hover { background: @quiet; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
"""


def style_sheet(palette: Palette, unit: float) -> str:
    """Return the style sheet of the whole window, scaled by ``unit``. Widgets set their own fonts."""
    values = {name: getattr(palette, name) for name in _ROLES}
    values |= {name: _mixed(palette, name).name() for name in _MIXED}
    values |= {f"px{size}": f"{max(1, round(size * unit))}px" for size in _SIZES}
    return re.sub(r"@(\w+)", lambda name: values[name[1]], _STYLE_SHEET)


def qt_palette(palette: Palette) -> QPalette:
    """Return the palette for Fusion and our own painting."""
    result = QPalette()
    for name, roles in _ROLES.items():
        for role in roles:
            result.setColor(role, QColor(getattr(palette, name)))
    for role in (_Role.Text, _Role.WindowText, _Role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, role, _mixed(palette, "faint"))
    return result


def _mixed(palette: Palette, name: str) -> QColor:
    colour, part = _MIXED[name]
    return mix(getattr(palette, colour), palette.background, part)


def apply_theme(application: QApplication, window: QWidget, theme: Theme, unit: float) -> None:
    """Apply the theme to a window with its dialogs, and to the application, whose style has to be Fusion.

    The style sheet is the window's: with that of an application, Qt styles each widget as often as it has ancestors.
    """
    palette, font = PALETTES[theme], text_font(TEXT_SIZE * unit)
    sheet = style_sheet(palette, unit)
    if window.styleSheet() == sheet and application.font() == font:
        return  # Qt would restyle every widget even if nothing changed
    application.setPalette(qt_palette(palette))
    window.setStyleSheet(sheet)
    application.setFont(font)
    # The desktop sets its own fonts for these, which would not grow with the window. The stubs want bytes, which the
    # call itself rejects.
    for kind in ("QMenuBar", "QMenu", "QTabBar", "QDockWidget", "QToolButton"):
        application.setFont(font, kind)  # type: ignore[arg-type]
