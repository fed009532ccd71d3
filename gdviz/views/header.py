"""The line above the panes: title, verdict, precision, odometer and step counter."""

from functools import partial

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QWidget

from gdviz.core.verdict import Kind
from gdviz.model.frame import Header
from gdviz.model.look import Look
from gdviz.model.palette import Palette
from gdviz.model.race import NO_LEGEND, Legend
from gdviz.views.fonts import number_font, text_font
from gdviz.views.frame_bar import FrameBar
from gdviz.views.kept import Kept
from gdviz.views.layer import paint_things
from gdviz.views.lettering import draw_block
from gdviz.views.plain import set_tooltip
from gdviz.views.plot_parts import Style
from gdviz.views.raised import width_of
from gdviz.views.standings import standings

_SIGNS = {
    Kind.CONVERGED: "✓",
    Kind.SETTLED: "≈",
    Kind.SLOW: "…",
    Kind.ZIGZAG: "⇄",
    Kind.DIVERGING: "↗",
    Kind.RANGE_TEST: "→",
}
"""Beside the word, so that the verdict is told by more than one sign."""


class HeaderBar(FrameBar[Header]):
    """Draws the header; the title is 26 units high, where there is room for all."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kept = Kept()

    def show_picture(self, picture: Header, look: Look, legend: Legend = NO_LEGEND) -> None:
        """Draw this header."""
        super().show_picture(picture, look, legend)
        set_tooltip(self, picture.verdict.sentence)
        self.setAccessibleDescription(picture.verdict.sentence)

    def _paint(self, painter: QPainter, picture: Header, palette: Palette) -> None:
        """The counter is never cut; what stands left of it is the same in nearly all frames of a run, and kept."""
        header = picture
        unit = self._unit * min(1.0, self.width() / (_width(header, self._unit) + 1.0))
        gap = 12 * unit
        texts = (
            (header.counter, _counter_font(unit), palette.text),
            (header.odometer, _odometer_font(unit), palette.accent),
        )
        right = self.width() - gap
        for text, font, _ in texts:
            right -= width_of(font, text) + 2 * gap
        key = (header.title, header.verdict, header.precision, right, unit, palette)
        paint = partial(self._paint_left, header=header, right=right, unit=unit, palette=palette)
        self._kept.paint(painter, QRectF(self.rect()), key, paint, opaque=not palette.see_through)
        edge = self.width() - gap
        for text, font, colour in texts:
            edge -= self._text(painter, edge, text, font, colour, from_right=True) + 2 * gap

    def _paint_left(self, painter: QPainter, header: Header, right: float, unit: float, palette: Palette) -> None:
        """Title, badges and sentence, or the verdicts on several runs, on the ground of the stage."""
        if not palette.see_through:
            painter.fillRect(self.rect(), QColor(palette.background))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        gap = 12 * unit
        left = gap + self._text(painter, gap, header.title, _title_font(unit), palette.text) + gap
        style = Style(palette, unit)
        runs = standings(header.runs, left, right - _badge_width(header.precision, unit) - gap, self.height(), style)
        if runs is not None:
            paint_things(painter, runs.things)
            self._badge(painter, runs.right + gap, header.precision, unit, palette, strong=False)
            return
        for text, strong in ((_verdict(header), header.verdict.kind is Kind.DIVERGING), (header.precision, False)):
            left += self._badge(painter, left, text, unit, palette, strong) + gap
        self._sentence(painter, left, right, header.verdict.sentence, unit, palette)

    def _sentence(self, painter: QPainter, left: float, right: float, text: str, unit: float, palette: Palette) -> None:
        """The sentence, or what of it comes before a semicolon where that is all there is room for; never a part."""
        font = text_font(18 * unit)
        for told in (text, text.partition(";")[0]):
            if width_of(font, told) <= right - left:
                self._text(painter, left, told, font, palette.quiet)
                return

    def _text(
        self, painter: QPainter, edge: float, text: str, font: QFont, colour: str, from_right: bool = False
    ) -> float:
        width = width_of(font, text)
        painter.setPen(QColor(colour))
        left = edge - width if from_right else edge
        draw_block(painter, QRectF(left, 0, width + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, text, font)
        return width

    def _badge(self, painter: QPainter, left: float, text: str, unit: float, palette: Palette, strong: bool) -> float:
        font = _badge_font(unit)
        width, height = _badge_width(text, unit), QFontMetricsF(font).height() + 6 * unit
        frame = QRectF(left, (self.height() - height) / 2, width, height)
        colour = QColor(palette.warning if strong else palette.quiet)
        painter.setPen(QPen(colour, 1.5 * unit))
        painter.setBrush(colour if strong else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(frame, height / 3, height / 3)
        painter.setPen(QColor(palette.background) if strong else colour)
        draw_block(painter, frame, Qt.AlignmentFlag.AlignCenter, text, font)
        return width


def _width(header: Header, unit: float) -> float:
    """How wide all of it but the sentence is; with less room all text becomes smaller, so that none is cut."""
    texts = width_of(_title_font(unit), header.title) + width_of(_counter_font(unit), header.counter)
    badges = _badge_width(_verdict(header), unit) + _badge_width(header.precision, unit)
    return texts + width_of(_odometer_font(unit), header.odometer) + badges + 7 * 12 * unit


def _badge_width(text: str, unit: float) -> float:
    return width_of(_badge_font(unit), text) + 18 * unit


def _verdict(header: Header) -> str:
    return f"{_SIGNS[header.verdict.kind]} {header.verdict.kind.value}"


def _title_font(unit: float) -> QFont:
    return text_font(26 * unit, bold=True)


def _badge_font(unit: float) -> QFont:
    return text_font(18 * unit, bold=True)


def _counter_font(unit: float) -> QFont:
    return number_font(22 * unit)


def _odometer_font(unit: float) -> QFont:
    """Of words: the raised digits can only be read in it."""
    return text_font(22 * unit, bold=True)
