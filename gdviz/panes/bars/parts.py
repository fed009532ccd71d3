"""The parts of the header in their places, each with what it says about itself."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QPainterPath, QPen

from gdviz.core.analysis.verdict import Kind
from gdviz.core.frozen import frozen
from gdviz.panes.bars.fit import PART_GAP, FittedTitle, Fonts, fonts_at, verdict_text
from gdviz.panes.bars.picture import Header
from gdviz.panes.bars.run_verdicts import run_verdicts
from gdviz.plotting.shapes import LEFT, Painted, Shape, Words
from gdviz.plotting.style import faded, style_of
from gdviz.plotting.text import fitting, text_font, widest_fitting, width_of
from gdviz.presentation.palette import Palette

FIRST_LINE = 40.0
"""The height of the first line in units; the rest is the second one's."""
SENTENCE_SIZE, QUESTION_SIZES = 18.0, (20.0, 18.0, 16.0, 14.0, 12.0, 10.0)
"""Text sizes in the second line in units: of the verdict's sentence, and of the question, of which the first fits."""
PRECISIONS = {
    "float32": "computed in single precision: about 7 digits, up to 3.4·10³⁸",
    "float64": "computed in double precision: about 16 digits, up to 1.8·10³⁰⁸",
}


@frozen(eq=False)
class Part:
    """A part of the header: its place, what it says about itself when pointed at, and what to paint."""

    place: QRectF
    tip: str
    things: tuple[Painted, ...]


def counters(header: Header, fitted: FittedTitle, width: float, height: float, palette: Palette) -> list[Part]:
    """The step counter at the right end of a line of that size in pixels, and left of it the zoom label."""
    fonts, gap, parts = fonts_at(fitted.unit), PART_GAP * fitted.unit, list[Part]()
    right = width - gap
    for text, widest, font, colour, tip in (
        # The zoom label stands still while the counter gains digits.
        (header.counter, header.last_counter, fonts.counter, palette.text, f"shown is {header.counter}"),
        (header.zoom_label, header.zoom_label, fonts.zoom, palette.accent, _zoom_tip(header.zoom_label)),
    ):
        own = width_of(font, text)
        place = QRectF(right - own, 0.0, own + 2.0, height)
        parts.append(Part(place, tip, (Words(text, place, font, colour, align=LEFT),)))
        right -= max(own, width_of(font, widest)) + 2 * gap
    return parts


def first_line(header: Header, fitted: FittedTitle, height: float, right: float, palette: Palette) -> list[Part]:
    """Title, learning rate, and the badges of verdict and precision, or the verdicts on several runs.

    height: of the line, in pixels. right: where the counters begin at the step at which they are widest.
    """
    fonts, gap = fonts_at(fitted.unit), PART_GAP * fitted.unit
    title = _text(fitted.title, gap, height, fonts.title, palette.text, header.title)
    parts, left = [title], title.place.right() + gap
    if header.learning_rate:
        words = f"{fitted.rate_name} {header.learning_rate}"
        parts.append(_text(words, left, height, fonts.rate, palette.accent, _rate_tip(header)))
        left += fonts.rate_width(header, fitted.rate_name)
    end = right - fonts.badge_width(header.precision) - gap
    style = style_of(palette, fitted.unit)
    runs = run_verdicts(header.runs, left, end - fonts.scaling_width(header), height, style)
    if runs is None and header.runs and header.scaling:  # the verdicts matter more
        header = replace(header, scaling="")
        runs = run_verdicts(header.runs, left, end, height, style)
    if runs is not None:
        told = "\n".join(f"{run.name}: {run.kind.value}" for run in header.runs)
        parts.append(Part(QRectF(left, 0.0, runs.right - left, height), told, tuple(runs.things)))
        left = runs.right + gap
    else:
        kind = header.verdict.kind
        badge = _badge(verdict_text(kind), left, height, fonts, palette, header.verdict.sentence, kind)
        parts.append(badge)
        left = badge.place.right() + gap
    return [*parts, *_badges(header, left, height, fonts, palette)]


def second_line(header: Header, unit: float, room: QRectF, palette: Palette) -> Part:
    """The question to the class before the first step, and then the verdict's sentence."""
    place = room.adjusted(PART_GAP * unit, 0.0, -PART_GAP * unit, 0.0)
    if header.question:  # as a whole, if need be in smaller text
        whole, colour = header.question, palette.text
        fonts = [text_font(size * unit, bold=True) for size in QUESTION_SIZES]
        font = next((font for font in fonts if width_of(font, whole) <= place.width()), fonts[-1])
        text = fitting(font, (whole,), place.width())
    else:
        whole, colour, font = header.verdict.sentence, palette.quiet, text_font(SENTENCE_SIZE * unit)
        text = widest_fitting(font, wordings(whole, [run.name for run in header.runs]), place.width())
    return Part(place, whole, (Words(text, place, font, colour, align=LEFT),))


def wordings(sentence: str, names: Sequence[str] = ()) -> tuple[str, ...]:
    """The whole sentence, its part before a semicolon or comma, and the loss alone; never an elided one.

    names: of the runs, one of which, with a colon, may stand before it, and does so in all of them.
    """
    lead = next((f"{name}: " for name in names if sentence.startswith(f"{name}: ")), "")
    parts = sentence.removeprefix(lead).split("; ")
    losses = [part for part in parts[1:] if part.startswith("loss ")]
    return (sentence, *(f"{lead}{part}" for part in (parts[0], parts[0].partition(", ")[0], *losses)))


def _text(text: str, left: float, height: float, font: QFont, colour: str, tip: str) -> Part:
    place = QRectF(left, 0.0, width_of(font, text), height)
    return Part(place, tip, (Words(text, place.adjusted(0.0, 0.0, 2.0, 0.0), font, colour, align=LEFT),))


def _badges(header: Header, left: float, height: float, fonts: Fonts, palette: Palette) -> list[Part]:
    """The badges with the precision and with what is standardised."""
    tip = "\n".join(PRECISIONS.get(name, name) for name in header.precision.split(", "))
    parts = [_badge(header.precision, left, height, fonts, palette, tip)]
    if header.scaling:
        left = parts[0].place.right() + PART_GAP * fonts.unit
        parts.append(_badge(header.scaling, left, height, fonts, palette, "\n".join(header.scales)))
    return parts


def _badge(
    text: str, left: float, height: float, fonts: Fonts, palette: Palette, tip: str, kind: Kind | None = None
) -> Part:
    """A text in a frame, which has room for a verdict of that kind, if one is given, and is filled for the worst."""
    unit, is_filled = fonts.unit, kind is Kind.DIVERGING
    width = fonts.badge_width(text) if kind is None else fonts.verdict_width(kind)
    high = QFontMetricsF(fonts.badge).height() + 6 * unit
    place = QRectF(left, (height - high) / 2, width, high)
    colour = palette.warning if is_filled else palette.quiet
    frame = QPainterPath()
    frame.addRoundedRect(place, high / 3, high / 3)
    outline = Shape(frame, QPen(faded(colour, 1.0), 1.5 * unit), faded(colour, 1.0) if is_filled else None)
    return Part(place, tip, (outline, Words(text, place, fonts.badge, palette.background if is_filled else colour)))


def _rate_tip(header: Header) -> str:
    varies = header.longest_rate != header.learning_rate
    return f"the learning rate of the next step{', which the schedule or a change may set anew' if varies else ''}"


def _zoom_tip(label: str) -> str:
    times = label.removeprefix("view ×")
    if times == label:
        return f"the view is {label}"
    return "the first view" if times == "1" else f"the view is {times} times as wide as the first one"
