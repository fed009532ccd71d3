"""The main window: it puts stage, bars and panels in their places and wires them to the session."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QSettings, Qt
from PySide6.QtGui import QAction, QCloseEvent, QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QDialog, QDockWidget, QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from gdviz.controls.panel import ControlPanel
from gdviz.controls.playback_bar import PlaybackBar
from gdviz.controls.rate_bar import RateBar
from gdviz.controls.scenarios import ScenarioPanel
from gdviz.controls.unpin_menu import UnpinMenu
from gdviz.core.errors import printable
from gdviz.core.scenarios.library import announcements, shipped
from gdviz.core.scenarios.scenario import Scenario
from gdviz.export_dialog.exports import Exports
from gdviz.main_window.appearance import Appearance, BlackScreen
from gdviz.main_window.commands import MENUS, commands, make_action, named
from gdviz.main_window.files import Files
from gdviz.main_window.help import about_html, keys_html, open_text
from gdviz.main_window.wiring import connect_bars, connect_panel, connect_stage, slots
from gdviz.presentation.look import Theme
from gdviz.presentation.palette import palette_of
from gdviz.session import edits
from gdviz.session.controls import Controls
from gdviz.session.session import Session
from gdviz.stage.stage import Stage
from gdviz.widgets.buttons import BarButton
from gdviz.widgets.dialogs import ErrorDialog
from gdviz.widgets.form import PanelArea
from gdviz.widgets.plain import PlainLabel, window_title, without_mnemonic

NOTICE_MILLISECONDS = 8000
LEAST_SIZE = (784, 520)
"""In pixels: so much is left for a window on a screen of 800x600, and nothing is cut in it."""


class MainWindow(QMainWindow):
    """Stage in the middle, learning rate and playback under it, scenarios and control panel beside it."""

    def __init__(
        self, scenario: Scenario, name: str, settings: QSettings, no_surface: str | None, theme: Theme | None = None
    ) -> None:
        """``name``: the scenario's name in the list, if it is there. ``no_surface``: why there is no OpenGL, if so."""
        super().__init__()
        self.setWindowTitle("gdviz")
        self.setMinimumSize(*LEAST_SIZE)
        self._shown_scenario: Scenario | None = None
        self._has_ended = False
        self.session = Session(scenario, self, name)
        self.commands: dict[str, QAction] = {command.name: make_action(command, self) for command in commands()}
        self._build(no_surface)
        self.files = Files(self.session, self.stage, self)
        self.exports = Exports(self.session, settings, no_surface, self)
        self.statusBar().addPermanentWidget(self.exports.progress)
        self.appearance = Appearance(self, self.session, settings, no_surface)
        self.unpin_menu = UnpinMenu(self)
        self._build_menus()
        self._connect()
        self.appearance.restore(theme)
        # Not by overriding `event`, which would keep the interpreter from the descent while the window is painted.
        self.installEventFilter(self)
        # Ctrl+C in the terminal ends the program whatever the window answers.
        application = QGuiApplication.instance()
        assert application is not None
        application.aboutToQuit.connect(self._end)

    def start(self) -> None:
        """Compute and show the scenario that the window was made for."""
        self.session.start()
        self.notice(self.session.state.scenario.question)
        self.stage.setFocus()

    # Building

    def _build(self, no_surface: str | None) -> None:
        self.stage = Stage(no_surface is None)
        self.rate_bar = RateBar()
        self.playback_bar = PlaybackBar(self.commands)
        self.control_panel = ControlPanel()
        self.panel_area = PanelArea(self.control_panel)
        self.scenario_panel = ScenarioPanel(announcements())
        reset = BarButton()
        reset.setDefaultAction(self.commands["reset"])
        rate_row = QHBoxLayout()
        rate_row.setContentsMargins(0, 0, 8, 0)
        rate_row.addWidget(self.rate_bar, 1)
        rate_row.addWidget(reset)
        central = QWidget()
        layout = QVBoxLayout(central)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.stage, 1)
        layout.addLayout(rate_row)
        layout.addWidget(self.playback_bar)
        self.setCentralWidget(central)
        self.docks = [QDockWidget("Scenarios", self), QDockWidget("Control panel", self)]
        panels = {"scenarios": self.scenario_panel, "controls": self.panel_area}
        for dock, (name, panel) in zip(self.docks, panels.items(), strict=True):
            dock.setObjectName(name)
            dock.setWidget(panel)
            self.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock)
        # One behind the other, so that the control panel is whole on a projector.
        self.tabifyDockWidget(*self.docks)
        self.docks[-1].raise_()
        self.black_screen = BlackScreen(self)
        self.statusBar().setSizeGripEnabled(False)
        if no_surface is not None:
            self.statusBar().addPermanentWidget(PlainLabel(f"Contour in the place of the surface: {no_surface}"))

    def _build_menus(self) -> None:
        menus = {title: self.menuBar().addMenu(title) for title in MENUS}
        for menu in menus.values():
            menu.setToolTipsVisible(True)
        for command in commands():
            menus[command.menu].addAction(self.commands[command.name])
        # Also the window's own, so that the keys work while the menu bar is hidden.
        self.addActions([*self.commands.values()])
        menus["Run"].insertMenu(self.commands["unpin"], self.unpin_menu)
        menus["View"].addSeparator()
        for dock in self.docks:
            menus["View"].addAction(dock.toggleViewAction())
        menus["Scenario"].addSeparator()
        for name in shipped():
            action = menus["Scenario"].addAction(without_mnemonic(name))
            action.triggered.connect(lambda checked=False, name=name: self.files.load(name))

    # Wiring

    def _connect(self) -> None:
        session = self.session
        connect_stage(self.stage, session, self.appearance)
        connect_panel(self.control_panel, session)
        connect_bars(self.rate_bar, self.playback_bar, session)
        session.player.frame_changed.connect(self.stage.show_frame)
        session.controls_changed.connect(self._show_controls)
        session.noticed.connect(self.notice)
        session.failed.connect(self.show_error)
        self.files.noticed.connect(self.notice)
        self.exports.noticed.connect(self.notice)
        self.black_screen.covers.connect(self.commands["black"].setChecked)
        self.scenario_panel.list.scenario_chosen.connect(self.files.load)
        self.unpin_menu.chosen.connect(lambda index: session.apply(edits.unpin, index))
        slots_by_name: dict[str, Callable[[], object]] = {
            **slots(session, self.appearance),
            "open": self.files.open,
            "save": self.files.save,
            "export_picture": self.files.export_picture,
            "export_animation": self.exports.open_dialog,
            "copy_picture": self.files.copy_picture,
            "quit": self.close,
            "present": lambda: self.appearance.present(not self.isFullScreen()),
            "black": self.black_screen.toggle,
            "next": lambda: self.files.load_next(1),
            "previous": lambda: self.files.load_next(-1),
            "keys": lambda: open_text("Keys", keys_html(self.screen().size().width()), self, wraps=False),
            "about": lambda: open_text("About gdviz", about_html(), self),
        }
        for name, slot in slots_by_name.items():
            self.commands[name].triggered.connect(lambda checked=False, slot=slot: slot())

    # Showing

    def _show_controls(self, controls: Controls) -> None:
        self._apply_style()
        for widget in (self.rate_bar, self.playback_bar, self.control_panel):
            widget.show_controls(controls)
        state = self.session.state
        self.unpin_menu.show_runs(controls.pinned, [style for _, style in state.pinned], palette_of(controls.look))
        self.commands["play"].setText("Pause" if controls.playing else "Play")
        for command, is_on in controls.switched.items():
            self.commands[command].setChecked(is_on)
        self.commands["stop"].setEnabled(controls.can_stop)
        for command, done in (("undo", controls.undo_name), ("redo", controls.redo_name)):
            self.commands[command].setText(named(command, done))
            self.commands[command].setEnabled(bool(done))
        if state.scenario is not self._shown_scenario:
            self._shown_scenario = state.scenario
            self.scenario_panel.show_current(state.scenario_name, state.scenario)
            self.setWindowTitle(window_title(f"{state.scenario.title} – gdviz"))

    def _apply_style(self) -> None:
        self.appearance.apply((self.rate_bar, self.playback_bar, self.panel_area, self.scenario_panel))

    def notice(self, line: str) -> None:
        """Show one line in the status bar for some seconds."""
        self.statusBar().showMessage(printable(line), NOTICE_MILLISECONDS)

    def show_error(self, text: str) -> None:
        """Show the traceback of an exception that nobody thought of; one that is shown already is not shown twice."""
        if not any(dialog.text == text and dialog.isVisible() for dialog in self.findChildren(ErrorDialog)):
            ErrorDialog(text, self).show()

    # Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What a key does again and again while it is held is one edit for undo, and a new one when it is pressed."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride and _is_fresh(event):
            self.session.timeline.begin_drag()
        return False

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """The key is held no longer."""
        if _is_fresh(event):
            self.session.timeline.end_drag()
        super().keyReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves the black screen, then Present."""
        if event.key() == Qt.Key.Key_Escape and self.black_screen.isVisible():
            self.black_screen.hide()
        elif event.key() == Qt.Key.Key_Escape and self.isFullScreen():
            self.appearance.present(False)
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """However Present was left, its switch shows whether it is on; and no key is held in another window."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.WindowStateChange:
            self.commands["present"].setChecked(self.isFullScreen())
        elif event.type() is QEvent.Type.ActivationChange:
            self.session.timeline.end_drag()  # another window hears when the key is let go

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the text grow with the window."""
        super().resizeEvent(event)
        self._apply_style()
        self.black_screen.setGeometry(self.rect())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask while an export is running, else end."""
        if self.exports.confirm_close():
            self._end()
            super().closeEvent(event)
        else:
            event.ignore()

    def _end(self) -> None:
        """Stop what is running and remember how the window looked; once."""
        if not self._has_ended:
            self._has_ended = True
            self.exports.close()
            for dialog in self.findChildren(QDialog):
                dialog.close()
            self.appearance.remember()
            self.session.close()


def _is_fresh(event: QKeyEvent) -> bool:
    """Whether a key was pressed or let go, and not while the mouse drags something, whose edits go on."""
    return not event.isAutoRepeat() and not QGuiApplication.mouseButtons()
