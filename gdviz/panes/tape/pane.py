"""The pane that shows where the gradients come from: the tape of the current step, forward and reverse."""

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from gdviz.panes.tape.page import TapePage, highlight_band, lay_out_page, moving_shapes, page_content
from gdviz.panes.tape.picture import TapePicture
from gdviz.plotting.pane import PlotPane
from gdviz.plotting.style import Style
from gdviz.presentation.legend import NO_LEGEND, Legend
from gdviz.presentation.look import Look
from gdviz.presentation.numbers import format_number
from gdviz.widgets.plain import handles_tooltip


class TapePane(PlotPane[TapePicture]):
    """Shows the tape and reports which row is under the mouse."""

    row_hovered = Signal(object)
    """The index in `TapePicture.rows` of the row under the mouse, or None; emitted once per row."""
    check_clicked = Signal()
    """The user switched the check against finite differences on or off."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page: TapePage | None = None
        self._drawn: TapePicture | None = None
        self._hovered: int | None = None
        self.setMouseTracking(True)

    def show_picture(self, picture: TapePicture, look: Look, legend: Legend = NO_LEGEND) -> None:
        """Draw this tape."""
        super().show_picture(picture, look, legend)
        self.setAccessibleDescription(": ".join(filter(None, [_run_name(legend), _accessible_text(picture)])))

    @property
    def bands(self) -> tuple[QRectF, ...]:
        """The bands of the rows, in the order of `TapePicture.rows`."""
        self.draw()
        return self._page.bands if self._page is not None else ()

    def row_at(self, place: QPointF) -> int | None:
        """Return the index in `TapePicture.rows` of the row at a position, or None."""
        return next((index for index, band in enumerate(self.bands) if band.contains(place)), None)

    def is_button_at(self, place: QPointF) -> bool:
        """Whether a click there asks for the check."""
        self.draw()
        return self._page is not None and self._page.button.contains(place)

    def event(self, event: QEvent) -> bool:
        """Answer a tooltip's request with the sentence of the row."""
        return handles_tooltip(event, self, self._sentence_at) or super().event(event)

    def _sentence_at(self, place: QPointF) -> str:
        row, picture = self.row_at(place), self.picture
        return "" if row is None or picture is None else picture.rows[row].sentence

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Report the row under the mouse, and show a hand over the button."""
        self._hover(self.row_at(event.position()))
        if self.is_button_at(event.position()):
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self.unsetCursor()

    def leaveEvent(self, event: QEvent) -> None:
        """Report that no row is under the mouse."""
        super().leaveEvent(event)
        self._hover(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Report a click on the button."""
        if event.button() is Qt.MouseButton.LeftButton and self.is_button_at(event.position()):
            self.check_clicked.emit()
        else:
            super().mousePressEvent(event)

    def _hover(self, row: int | None) -> None:
        if row != self._hovered:
            self._hovered = row
            self.row_hovered.emit(row)

    def _forget(self) -> None:
        super()._forget()
        self._drawn = None

    def _draw(self, picture: TapePicture, style: Style) -> None:
        content = page_content(picture, _run_name(self._legend))
        page = lay_out_page(content, float(self.width()), float(self.height()), style)
        if page is self._page and picture == self._drawn:
            return
        self._page, self._drawn = page, picture
        lit = () if picture.lit is None else (highlight_band(page, picture.lit),)
        self._show_grids((), style, (*lit, *page.static))
        self._show_front(moving_shapes(page, picture))


def _run_name(legend: Legend) -> str:
    """Return the name of the live run, whose tape it is; empty if there is only one run."""
    return next((legend.name(entry) for entry in legend.entries if entry.style == legend.live), "")


def _accessible_text(picture: TapePicture) -> str:
    """Return the results of both passes in words, for screen readers."""
    loss = f"loss {format_number(picture.forward[-1].values[0])}"
    slopes = [f"{row.name} {format_number(row.values[0])}" for row in picture.reverse if row.is_given]
    return ", ".join((loss, *slopes))
