"""The look of the window: Qt's palette and one style sheet, from the colours of the theme."""

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from gdviz.plotting.fonts import text_font
from gdviz.plotting.style import mixed
from gdviz.presentation.look import Theme
from gdviz.presentation.palette import PALETTES, Palette

TEXT = 14
"""The size of text that nobody else sizes, in pixels at unit 1."""


def style_sheet(palette: Palette, unit: float) -> str:
    """The style sheet of the whole window; sizes grow with ``unit``. Fonts are set by the widgets themselves."""
    values = {
        "background": palette.background,
        "pane": palette.pane,
        "text": palette.text,
        "quiet": palette.quiet,
        "grid": palette.grid,
        "accent": palette.accent,
        # 3:1 against the background, as the border of a field needs to be found at all.
        "border": mixed(palette.quiet, palette.background, 0.72).name(),
        "hover": mixed(palette.accent, palette.background, 0.12).name(),
        "pressed": mixed(palette.accent, palette.background, 0.28).name(),
        "faint": mixed(palette.quiet, palette.background, 0.55).name(),
    }
    values |= {f"px{size}": f"{max(1, round(size * unit))}px" for size in (1, 2, 3, 4, 5, 6, 8, 10, 12, 18, 20)}
    sheet = _SHEET
    for name, value in values.items():
        sheet = sheet.replace(f"@{name};", f"{value};").replace(f"@{name} ", f"{value} ")
    return sheet


def qt_palette(palette: Palette) -> QPalette:
    """The colours that Fusion and our own painting take."""
    result = QPalette()
    role = QPalette.ColorRole
    colours = {
        role.Window: palette.background,
        role.WindowText: palette.text,
        role.Base: palette.background,
        role.AlternateBase: palette.pane,
        role.ToolTipBase: palette.pane,
        role.ToolTipText: palette.text,
        role.PlaceholderText: palette.quiet,
        role.Text: palette.text,
        role.Button: palette.pane,
        role.ButtonText: palette.text,
        role.Highlight: palette.accent,
        role.HighlightedText: palette.background,
        role.Link: palette.accent,
        role.Mid: palette.grid,
        role.Dark: palette.quiet,
    }
    for key, colour in colours.items():
        result.setColor(key, QColor(colour))
    faint = mixed(palette.quiet, palette.background, 0.55)
    for key in (role.Text, role.WindowText, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, key, faint)
    return result


def apply_theme(target: QApplication | QWidget, theme: Theme, unit: float) -> None:
    """Give an application or a window the look of the theme.

    An application also gets the style Fusion, on which the style sheet is built; a window cannot give it to its
    children, so the application must have it.
    """
    palette = PALETTES[theme]
    if isinstance(target, QApplication):
        target.setStyle("Fusion")
    target.setPalette(qt_palette(palette))
    target.setStyleSheet(style_sheet(palette, unit))
    target.setFont(text_font(TEXT * unit))
    if isinstance(target, QApplication):
        # The desktop has fonts of its own for these, which would not grow with the window. The stubs ask for bytes,
        # which the call itself refuses.
        for kind in ("QMenuBar", "QMenu", "QTabBar", "QDockWidget", "QToolButton"):
            target.setFont(text_font(TEXT * unit), kind)  # type: ignore[arg-type]


_SHEET = """
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

QDockWidget { color: @quiet; }
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
