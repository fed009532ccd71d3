"""What the plots of a loss have in common: hatching, lines from edge to edge, and labels beside vertical lines."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainterPath

from gdviz.plotting.pane import Grid
from gdviz.plotting.shapes import Painted, Shape, Words, box, circle, kept_inside, line
from gdviz.plotting.style import Style, faded, height_of
from gdviz.plotting.text import width_of

PLATE = 0.88
"""How opaque the plate under a label is."""
GAP = 5.0
"""Units between a label and its line."""


def vertical(x: float, area: QRectF) -> QPainterPath:
    """A line from the top of the area to its bottom."""
    return line(QPointF(x, area.top()), QPointF(x, area.bottom()))


def horizontal(y: float, area: QRectF) -> QPainterPath:
    """A line from the left edge of the area to its right one."""
    return line(QPointF(area.left(), y), QPointF(area.right(), y))


def minimum_line(value: float, grid: Grid, style: Style) -> Shape:
    """The dashed line of the lowest known minimum."""
    pen = style.pen(style.palette.accent, 1.6, (5.0, 4.0))
    return Shape(horizontal(grid.y(value), grid.area), pen, clip=grid.area)


def hatching(area: QRectF, style: Style) -> Shape:
    """The area, hatched as a warning."""
    return Shape(box(area), brush=QBrush(faded(style.palette.warning, 0.45), Qt.BrushStyle.BDiagPattern))


def hatched(stretches: Iterable[tuple[float, float]], grid: Grid, style: Style) -> list[Shape]:
    """The stretches of the horizontal axis, each from and to, hatched from top to bottom as far as they are shown."""
    area = grid.area
    ends = [(max(area.left(), grid.x(first)), min(area.right(), grid.x(last))) for first, last in stretches]
    places = (QRectF(left, area.top(), right - left, area.height()) for left, right in ends if right > left)
    return [hatching(place, style) for place in places]


def label_width(lines: Iterable[str], style: Style) -> float:
    """How many pixels wide the plate of a label is."""
    return max(width_of(style.text, text) for text in lines) + 6 * style.unit


def beside(x: float, width: float, area: QRectF, style: Style) -> list[float]:
    """The left ends of a label that wide right and left of a vertical line; across it where neither has room."""
    lefts = (x + GAP * style.unit, x - GAP * style.unit - width)
    fitting = [left for left in lefts if left >= area.left() and left + width <= area.right()]
    return fitting or [kept_inside(QRectF(x - width / 2, area.top(), width, 1.0), area).left()]


def label_things(lines: Sequence[str], rect: QRectF, colour: str, style: Style, x: float | None) -> list[Painted]:
    """A label, line by line on its plate, and a dot on the vertical line at ``x``, if it belongs to one."""
    plate, height = faded(style.palette.background, PLATE), height_of(style.text)
    things: list[Painted] = []
    for row, text in enumerate(lines):
        place = QRectF(rect.left(), rect.top() + row * height, rect.width(), height)
        things.append(Words(text, place, style.text, colour, plate))
    if x is not None:
        dot = circle(QPointF(x, rect.center().y()), 3 * style.unit)
        things.append(Shape(dot, brush=faded(colour, 1.0)))
    return things
