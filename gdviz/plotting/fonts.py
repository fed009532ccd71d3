"""The two bundled fonts, Inter for text and Fira Code for numbers, and how they are asked for."""

from functools import cache, lru_cache

from PySide6.QtGui import QFont, QFontDatabase

from gdviz.core.scenarios.library import resources

TEXT_FAMILY = "Inter"
NUMBER_FAMILY = "Fira Code"
FILES = ("Inter-Regular.otf", "Inter-SemiBold.otf", "FiraCode-Regular.ttf")


@cache
def load_fonts() -> None:
    """Make the bundled fonts known to Qt, once; needs a QGuiApplication. RuntimeError where a file is missing."""
    for name in FILES:
        path = resources() / "fonts" / name
        if QFontDatabase.addApplicationFont(str(path)) == -1:
            raise RuntimeError(f"the font {path} is missing or damaged; install gdviz again")


def forget_fonts() -> None:
    """Let the fonts be loaded anew: with an application those go that were made known to it."""
    for cached in (load_fonts, _font):
        cached.cache_clear()


def text_font(px: float, bold: bool = False) -> QFont:
    """The font of words, ``px`` pixels high; ``bold`` is the semi-bold cut."""
    # A copy, since whoever asks may change it.
    return QFont(_font(TEXT_FAMILY, max(1, round(px)), bold))


def number_font(px: float) -> QFont:
    """The font of numbers, whose digits are equally wide."""
    return QFont(_font(NUMBER_FAMILY, max(1, round(px))))


@lru_cache(maxsize=128)
def _font(family: str, pixels: int, bold: bool = False) -> QFont:
    load_fonts()
    font = QFont(family)
    font.setPixelSize(pixels)
    font.setStyleStrategy(QFont.StyleStrategy.PreferAntialias)
    if family == TEXT_FAMILY:
        font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    else:
        # Fira Code joins some signs ("x" between digits becomes a multiplication sign): numbers stay as they are.
        font.setFeature(QFont.Tag("calt"), 0)
    return font
