"""How the window looks: theme, size of text, Present, black screen, and what is remembered until the next start."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import TypeVar

from PySide6.QtCore import QByteArray, QObject, QSettings, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPalette
from PySide6.QtWidgets import QApplication, QDockWidget, QMainWindow, QWidget

from gdviz.panes.registry import PANES
from gdviz.plotting.text import text_font
from gdviz.presentation.look import CONTOUR, LANDSCAPES, SURFACE, TEXT_SCALES, Theme, View
from gdviz.session.session import Session
from gdviz.widgets.theme import apply_theme

Value = TypeVar("Value")
DESIGN_SIZE = (1280.0, 720.0)
"""At this size of the window a unit of the controls is one pixel."""
LEAST_UNIT = 0.8
NOTICE_TEXT = 15.0
"""The size of the line at the bottom, which is read from the back row too."""
FIRST_PART = 0.85
"""The part of the screen that the window takes when it is opened for the first time."""
PANELS_FROM = (960, 560)
"""On a smaller screen the panels are closed when it is, and when the window was larger than the screen before."""


class Appearance(QObject):
    """The slots of the View menu."""

    def __init__(self, window: QMainWindow, session: Session, settings: QSettings, no_surface: str | None) -> None:
        """``no_surface``: why there is no OpenGL, if so."""
        super().__init__(window)
        self._window, self._session, self._settings, self._no_surface = window, session, settings, no_surface
        self._style: tuple[Theme, float] | None = None
        self._docks_before: list[QDockWidget] = []
        self._was_maximised = False

    # What is remembered

    def restore(self, theme: Theme | None) -> None:
        """Take up what was remembered; ``theme`` comes before it if given."""
        geometry, state = (self._settings.value(key) for key in ("geometry", "state"))
        if isinstance(geometry, QByteArray):
            self._window.restoreGeometry(geometry)
        else:
            # Most of a large screen, all of a small one.
            wanted = self._window.screen().availableSize() * FIRST_PART
            self._window.resize(wanted)
            if wanted.width() < DESIGN_SIZE[0] or wanted.height() < DESIGN_SIZE[1]:
                self._window.setWindowState(Qt.WindowState.WindowMaximized)
        if isinstance(state, QByteArray):
            self._window.restoreState(state)
        # A very small screen is left to the stage alone, unless the panels were open on one like it.
        available, before = self._window.screen().availableSize(), self._settings.value("size")
        had_room = isinstance(before, QSize) and before.boundedTo(available) == before
        if not had_room and available.expandedTo(QSize(*PANELS_FROM)) != available:
            for dock in self._window.findChildren(QDockWidget):
                dock.hide()
        chosen = theme or self._remembered("theme", Theme, Theme.LIGHT)
        scale = self._remembered("text_scale", float, 1.0)
        scale = scale if TEXT_SCALES[0] <= scale <= TEXT_SCALES[1] else 1.0
        pane = SURFACE if self._no_surface is None else CONTOUR
        self._session.set_look(theme=chosen, pane=pane, text_scale=scale)

    def remember(self) -> None:
        """Keep it for the next start; Present is not kept."""
        self.present(False)
        self._settings.setValue("geometry", self._window.saveGeometry())
        self._settings.setValue("size", self._window.size())
        self._settings.setValue("state", self._window.saveState())
        self._settings.setValue("theme", self._session.state.look.theme.value)
        self._settings.setValue("text_scale", self._session.state.look.text_scale)

    def _remembered(self, key: str, read: Callable[[str], Value], otherwise: Value) -> Value:
        with suppress(ValueError):
            return read(str(self._settings.value(key)))
        return otherwise

    # Choices

    def toggle(self, field: str) -> None:
        """The other of the two values of a field of the look."""
        value = getattr(self._session.state.look, field)
        other = not value if isinstance(value, bool) else next(other for other in type(value) if other is not value)
        self._session.set_look(**{field: other})

    def toggle_pane(self) -> None:
        """Surface or contour, back from a map to the one that was there; without OpenGL, why there is no surface."""
        session = self._session
        if session.state.look.pane not in LANDSCAPES:
            session.set_look(pane=session.state.landscape)
        elif self._no_surface is not None:
            session.noticed.emit(f"no surface here: {self._no_surface}")
        else:
            session.set_look(pane=CONTOUR if session.state.look.pane == SURFACE else SURFACE)

    def toggle_ghost(self) -> None:
        """The next steps, dashed, or not; on a map they are not drawn, and this is said."""
        session = self._session
        self.toggle("ghost")
        if session.state.look.ghost and session.state.look.pane not in LANDSCAPES:
            session.noticed.emit("the next steps are drawn on the surface and the contour (V)")

    def light_row(self, row: int | None) -> None:
        """Point at a row of the tape, or at none."""
        if (tape := self._session.state.look.tape) is not None:
            self._session.set_look(tape=replace(tape, lit=row))

    def toggle_check(self) -> None:
        """Finite differences beside the gradient of the tape, or not."""
        if (tape := self._session.state.look.tape) is not None:
            self._session.set_look(tape=replace(tape, checked=not tape.checked))

    def toggle_multiples(self) -> None:
        """Each of several runs on a surface of its own, or all on one; where there is a single run, this is said."""
        session = self._session
        self.toggle("multiples")
        if session.state.look.multiples and not session.state.shown_pins:
            session.noticed.emit("there is one run only; pin it (P) and change something, or start the race (Shift+R)")

    def toggle_data_pane(self) -> None:
        """Line or histograms; for a problem without data, that there are none."""
        if (refusal := PANES["data"].refusal(self._session.state.experiment)) is not None:
            self._session.noticed.emit(refusal)
        else:
            self.toggle("data_pane")

    def toggle_view(self) -> None:
        """Follow or hold."""
        self.toggle("view")
        following = self._session.state.look.view is View.FOLLOW
        self._session.noticed.emit("the view follows the path" if following else "the view holds still")

    def scale_text(self, factor: float) -> None:
        """Larger or smaller, within what fits."""
        scale = round(self._session.state.look.text_scale * factor, 3)
        self._session.set_look(text_scale=max(TEXT_SCALES[0], min(scale, TEXT_SCALES[1])))

    # Present

    def present(self, wanted: bool) -> None:
        """Full screen without menus and panels, or back to the workbench as it was."""
        window = self._window
        if wanted == window.isFullScreen():
            return
        if wanted:
            # The one in front comes last, so that it is in front again when they come back.
            shown = [dock for dock in window.findChildren(QDockWidget) if not dock.isHidden()]
            self._docks_before = sorted(shown, key=lambda dock: not dock.visibleRegion().isEmpty())
            self._was_maximised = window.isMaximized()
        for dock in self._docks_before:
            dock.setVisible(not wanted)
            dock.raise_()
        window.menuBar().setVisible(not wanted)
        show = window.showFullScreen if wanted else window.showMaximized if self._was_maximised else window.showNormal
        show()

    def apply(self, widgets: tuple[QWidget, ...]) -> None:
        """Give theme and size of text to all windows and to the controls, where they have changed."""
        look, window = self._session.state.look, self._window
        size = min(window.width() / DESIGN_SIZE[0], window.height() / DESIGN_SIZE[1])
        # In steps of a twentieth, so that dragging the window's edge does not style it anew at every pixel.
        unit = max(LEAST_UNIT, round(size * look.text_scale * 20) / 20)
        if (look.theme, unit) == self._style:
            return
        self._style = (look.theme, unit)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        apply_theme(application, look.theme, unit)
        window.statusBar().setFont(text_font(NOTICE_TEXT * unit))
        for widget in widgets:
            widget.set_unit(unit)  # type: ignore[attr-defined]


class BlackScreen(QWidget):
    """Covers its parent while it is shown; a click takes it away."""

    covers = Signal(bool)
    """Whether it covers the window now."""

    def __init__(self, parent: QWidget) -> None:
        """Hidden at first."""
        super().__init__(parent)
        self.setPalette(QPalette(QColor("black")))
        self.setAutoFillBackground(True)
        self.setCursor(Qt.CursorShape.BlankCursor)
        self.hide()

    def toggle(self) -> None:
        """Cover the window, or take the cover away."""
        self.setGeometry(self.window().rect())
        self.raise_()
        self.setVisible(self.isHidden())

    def setVisible(self, visible: bool) -> None:  # noqa: N802
        """Tell whether the window is covered."""
        super().setVisible(visible)
        self.covers.emit(visible)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the cover away."""
        self.hide()
