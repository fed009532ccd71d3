"""The appearance of the window: theme, text size, Present, black screen, and the settings saved between sessions."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any, TypeVar

from PySide6.QtCore import QByteArray, QCoreApplication, QEvent, QObject, QSettings, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPalette
from PySide6.QtWidgets import QApplication, QDockWidget, QMainWindow, QWidget

from gdviz.core.right_of_way import right_of_way
from gdviz.panes.registry import PANES
from gdviz.plotting.text import text_font
from gdviz.presentation.look import CONTOUR, LANDSCAPES, SURFACE, TEXT_SCALES, BoxChoice, DataPane, Theme, View
from gdviz.session.session import Session
from gdviz.stage.stage import Stage
from gdviz.widgets.theme import TEXT_SIZE, apply_theme

Value = TypeVar("Value")
DESIGN_SIZE = (1280.0, 720.0)
"""The window size at which a unit of the controls is one pixel."""
MIN_UNIT = 0.8
OVER = object()
"""In place of a part of a restyle, when there is none left."""
INITIAL_SCREEN_FRACTION = 0.85
"""The fraction of the screen that the window takes when first opened."""
MIN_SCREEN_FOR_PANELS = (960, 560)
"""On a smaller screen the panels start closed, unless the window last fitted on a screen this small."""


class Appearance(QObject):
    """The slots of the View menu."""

    def __init__(
        self,
        window: QMainWindow,
        stage: Stage,
        scaled: tuple[QWidget, ...],
        session: Session,
        settings: QSettings,
        no_surface: str | None,
    ) -> None:
        """scaled: the parts of the window with a ``set_unit``. no_surface: why OpenGL is unusable, if so."""
        super().__init__(window)
        self._window, self._session, self._settings, self._no_surface = window, session, settings, no_surface
        self._stage, self._scaled = stage, scaled
        self._style: tuple[Theme, float] | None = None
        self._parts: Iterator[None] | None = None
        """What is left of a restyle; None if there is none."""
        self._turns = QTimer(self, singleShot=True, interval=0)
        self._turns.timeout.connect(self._take_turn)
        self._docks_to_restore: list[QDockWidget] = []
        self._was_maximised = False

    # Saved settings

    def restore(self, look: Mapping[str, Any]) -> None:
        """Restore the saved settings; ``look`` has fields of the look, of which a theme overrides the saved one."""
        geometry, state = (self._settings.value(key) for key in ("geometry", "state"))
        if isinstance(geometry, QByteArray):
            self._window.restoreGeometry(geometry)
        else:
            # Most of a large screen, all of a small one.
            size = self._window.screen().availableSize() * INITIAL_SCREEN_FRACTION
            self._window.resize(size)
            if size.width() < DESIGN_SIZE[0] or size.height() < DESIGN_SIZE[1]:
                self._window.setWindowState(Qt.WindowState.WindowMaximized)
        if isinstance(state, QByteArray):
            self._window.restoreState(state)
        # A very small screen shows the stage alone, unless the window was last used on one like it.
        available, before = self._window.screen().availableSize(), self._settings.value("size")
        had_room = isinstance(before, QSize) and before.boundedTo(available) == before
        if not had_room and available.expandedTo(QSize(*MIN_SCREEN_FOR_PANELS)) != available:
            for dock in self._window.findChildren(QDockWidget):
                dock.hide()
        theme = self._saved("theme", Theme, Theme.LIGHT)
        scale = self._saved("text_scale", float, 1.0)
        scale = scale if TEXT_SCALES[0] <= scale <= TEXT_SCALES[1] else 1.0
        pane = SURFACE if self._no_surface is None else CONTOUR
        self._session.set_look(**{"theme": theme, "pane": pane, "text_scale": scale, **look})

    def save(self) -> None:
        """Save the settings for the next start, except Present."""
        self.present(False)
        self._settings.setValue("geometry", self._window.saveGeometry())
        self._settings.setValue("size", self._window.size())
        self._settings.setValue("state", self._window.saveState())
        self._settings.setValue("theme", self._session.state.look.theme.value)
        self._settings.setValue("text_scale", self._session.state.look.text_scale)

    def _saved(self, key: str, read: Callable[[str], Value], default: Value) -> Value:
        with suppress(ValueError):
            return read(str(self._settings.value(key)))
        return default

    # View settings

    def toggle(self, field: str) -> None:
        """Switch a field of the look to the other of its two values."""
        value = getattr(self._session.state.look, field)
        other = not value if isinstance(value, bool) else next(other for other in type(value) if other is not value)
        self._session.set_look(**{field: other})

    def toggle_pane(self) -> None:
        """Switch between surface and contour, or back from a map; without OpenGL, say why there is no surface."""
        session = self._session
        if session.state.look.pane not in LANDSCAPES:
            session.set_look(pane=session.state.landscape)
        elif self._no_surface is not None:
            session.refused.emit(f"the surface is not available: {self._no_surface}")
        else:
            session.set_look(pane=CONTOUR if session.state.look.pane == SURFACE else SURFACE)

    def toggle_ghost(self) -> None:
        """Show or hide the next steps; on a map, say that they are not shown there."""
        self._toggle_on_landscape("ghost", "the next steps are")

    def toggle_inside(self) -> None:
        """Show or hide the arrows of the next step; on a map, say that they are not shown there."""
        self._toggle_on_landscape("inside", "the arrows are")

    def _toggle_on_landscape(self, field: str, what: str) -> None:
        session = self._session
        self.toggle(field)
        if getattr(session.state.look, field) and session.state.look.pane not in LANDSCAPES:
            session.noticed.emit(f"{what} shown on the surface and the contour (V)")

    def highlight_row(self, row: int | None) -> None:
        """Highlight a row of the tape, or none."""
        if (tape := self._session.state.look.tape) is not None:
            self._session.set_look(tape=replace(tape, lit=row))

    def toggle_check(self) -> None:
        """Show or hide finite differences beside the tape's gradient."""
        if (tape := self._session.state.look.tape) is not None:
            self._session.set_look(tape=replace(tape, checked=not tape.checked))

    def toggle_multiples(self) -> None:
        """Show each run on its own surface, or all on one; say so if there is only one run."""
        session = self._session
        self.toggle("multiples")
        if session.state.look.multiples and not session.state.shown_pins:
            session.noticed.emit("there is only one run; pin it (P) and change something, or start a race (Shift+R)")

    def toggle_data_pane(self) -> None:
        """Switch from the line to the histograms to the effective rate; without data, show or hide the last."""
        look, has_data = self._session.state.look, PANES["data"].refusal(self._session.state.experiment) is None
        kinds = [kind for kind in DataPane if has_data or kind is not DataPane.HISTOGRAMS]
        shown = look.data_pane if look.data_pane in kinds else DataPane.LINE
        self._session.set_look(data_pane=kinds[(kinds.index(shown) + 1) % len(kinds)])

    def toggle_view(self) -> None:
        """Let the view follow the path, or hold it; the landscape only if it is not zoomed to the path."""
        self.toggle("view")
        look = self._session.state.look
        said = "the view follows the path" if look.view is View.FOLLOW else "the view holds still"
        but = "; the landscape stays zoomed to the path (Z)" if look.box is BoxChoice.PATH else ""
        self._session.noticed.emit(f"{said}{but}")

    def toggle_zoom(self) -> None:
        """Zoom to the path, or back; on a map, say that it is not zoomed."""
        self.toggle("box")
        look = self._session.state.look
        if look.box is BoxChoice.START:
            self._session.noticed.emit("zoomed back")
        elif look.pane in LANDSCAPES:
            self._session.noticed.emit("zoomed to the path so far; Z zooms back")
        else:
            self._session.noticed.emit("the surface and the contour are zoomed to the path (V shows them)")

    def toggle_equal_axes(self) -> None:
        """Show the parameters in the same scale, or each in its own; say so where these are the same."""
        session = self._session
        self.toggle("equal_axes")
        first, second = session.state.experiment.problem.box.half
        if first == second:
            session.noticed.emit("the axes are equal here anyway: both parameters have the same scale")

    def scale_text(self, factor: float) -> None:
        """Scale the text within the supported range."""
        scale = round(self._session.state.look.text_scale * factor, 3)
        self._session.set_look(text_scale=max(TEXT_SCALES[0], min(scale, TEXT_SCALES[1])))

    # Present

    def present(self, is_on: bool) -> None:
        """Enter full screen without menus and panels, or restore the window as it was."""
        window = self._window
        if is_on == window.isFullScreen():
            return
        if is_on:
            # The dock in front comes last, so that it is raised last when they are restored.
            shown = [dock for dock in window.findChildren(QDockWidget) if not dock.isHidden()]
            self._docks_to_restore = sorted(shown, key=lambda dock: not dock.visibleRegion().isEmpty())
            self._was_maximised = window.isMaximized()
        for dock in self._docks_to_restore:
            dock.setVisible(not is_on)
            dock.raise_()
        window.menuBar().setVisible(not is_on)
        show = window.showFullScreen if is_on else window.showMaximized if self._was_maximised else window.showNormal
        show()

    def apply(self) -> None:
        """Apply a changed theme or text size to all windows and the controls.

        On the screen in turns, and nothing is painted until all is done: at once it would freeze the window too long.
        """
        if self._parts is not None or self._wanted_style() == self._style:
            return
        parts = self._restyled()
        if self._window.isVisible():
            self._parts = parts
            self._window.setUpdatesEnabled(False)
            self._turns.start()
        else:
            for _ in parts:
                pass

    def _wanted_style(self) -> tuple[Theme, float]:
        """The theme, and the unit of the controls for the size of the window and of the text."""
        look, window = self._session.state.look, self._window
        size = min(window.width() / DESIGN_SIZE[0], window.height() / DESIGN_SIZE[1])
        # In steps of 0.05, so that dragging the window's edge does not restyle it at every pixel.
        return look.theme, max(MIN_UNIT, round(size * look.text_scale * 20) / 20)

    def _restyled(self) -> Iterator[None]:
        """Restyle part by part; the last is to be followed by painting everything."""
        theme, unit = self._style = self._wanted_style()
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        apply_theme(application, self._window, theme, unit)
        yield
        self._set_unit(unit)
        for pane in self._stage.shown_panes():
            yield
            if pane.isVisible():
                pane.draw()
        yield

    def _set_unit(self, unit: float) -> None:
        self._window.statusBar().setFont(text_font(TEXT_SIZE * unit))
        for widget in self._scaled:
            widget.set_unit(unit)  # type: ignore[attr-defined]
        # It takes its new height only then, and nothing tells it of what is hidden in it.
        QCoreApplication.sendEvent(self._window.statusBar(), QEvent(QEvent.Type.LayoutRequest))
        # Qt would paint everything before the inner layouts have told the outer ones their new sizes, and then again.
        for _ in range(2):  # since the status bar makes itself another layout
            QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)

    @right_of_way
    def _take_turn(self) -> None:
        """Do the next part of a restyle, or paint when all are done."""
        assert self._parts is not None
        is_over = True
        try:
            is_over = next(self._parts, OVER) is OVER
        finally:
            if is_over:  # also after an error, which must not leave a window that paints no more
                self._paint()
            else:
                self._turns.start()  # not before, or it would be due before all that became so meanwhile

    def _paint(self) -> None:
        self._parts = None
        self._window.setUpdatesEnabled(True)
        self._window.repaint()  # an update that was asked for before keeps Qt from asking for another
        self.apply()  # for a size that it got meanwhile


class BlackScreen(QWidget):
    """Covers its parent while shown; a click hides it."""

    visibility_changed = Signal(bool)
    """Whether it now covers the window."""

    def __init__(self, parent: QWidget) -> None:
        """Initially hidden."""
        super().__init__(parent)
        self.setPalette(QPalette(QColor("black")))
        self.setAutoFillBackground(True)
        self.setCursor(Qt.CursorShape.BlankCursor)
        self.hide()

    def toggle(self) -> None:
        """Show or hide the black screen."""
        self.setGeometry(self.window().rect())
        self.raise_()
        self.setVisible(self.isHidden())

    def setVisible(self, visible: bool) -> None:  # noqa: N802
        """Show or hide, and emit whether the window is covered."""
        super().setVisible(visible)
        self.visibility_changed.emit(visible)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Hide on a click."""
        self.hide()
