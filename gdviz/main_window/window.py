"""The main window, which lays out stage, bars and panels and wires them to the session."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSettings, Qt
from PySide6.QtGui import QAction, QCloseEvent, QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QDialog, QDockWidget, QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from gdviz.controls.panel import ControlPanel
from gdviz.controls.playback_bar import PlaybackBar
from gdviz.controls.rate_bar import RateBar
from gdviz.controls.scenarios import ScenarioPanel
from gdviz.controls.unpin_menu import UnpinMenu
from gdviz.core.scenarios.library import announcements
from gdviz.core.scenarios.scenario import Scenario
from gdviz.export_dialog.exports import Exports
from gdviz.main_window.appearance import Appearance, BlackScreen
from gdviz.main_window.commands import commands, make_action, undo_text
from gdviz.main_window.drops import DropTarget
from gdviz.main_window.files import Files
from gdviz.main_window.help import about_html, keys_html, open_text_dialog
from gdviz.main_window.menus import add_scenarios, build_menus
from gdviz.main_window.messages import Messages
from gdviz.main_window.race_dialog import Races
from gdviz.main_window.wiring import connect_bars, connect_panel, connect_stage, slots
from gdviz.presentation.palette import palette_of
from gdviz.session import edits
from gdviz.session.controls import Controls
from gdviz.session.session import Session
from gdviz.stage.stage import Stage
from gdviz.widgets.buttons import BarButton
from gdviz.widgets.claimed_keys import ClaimedKeys
from gdviz.widgets.dialogs import ErrorDialog
from gdviz.widgets.form import PanelArea
from gdviz.widgets.plain import PlainLabel, window_title

MIN_SIZE = (784, 520)
"""Pixels: fits on a screen of 800x600 without cutting anything off."""


class MainWindow(QMainWindow):
    """The stage, with learning rate and playback below it, scenarios and control panel beside it."""

    def __init__(
        self,
        scenario: Scenario,
        name: str,
        settings: QSettings,
        no_surface: str | None,
        look: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        """Open a scenario.

        name: its name in the list, if any. no_surface: why OpenGL is unusable, if so. look: the fields of the look that
        are asked for on the command line.
        """
        super().__init__()
        self.setWindowTitle("gdviz")
        self.setMinimumSize(*MIN_SIZE)
        self._shown_scenario: tuple[Scenario, bool] | None = None
        self._is_shut_down = False
        self.session = Session(scenario, self, name)
        self.commands: dict[str, QAction] = {command.name: make_action(command, self) for command in commands()}
        self._build(no_surface)
        self.messages = Messages(self.stage, self.statusBar())
        self.files = Files(self.session, self.stage, self)
        self.exports = Exports(self.session, settings, no_surface, self)
        self.races = Races(self.session, self)
        self.statusBar().addPermanentWidget(self.exports.progress)
        scaled = (self.rate_bar, self.playback_bar, self.panel_area, self.scenario_panel, self.exports.progress)
        self.appearance = Appearance(self, self.stage, scaled, self.session, settings, no_surface)
        self.unpin_menu = UnpinMenu(self)
        self._build_menus()
        self._connect()
        self.appearance.restore(look)
        # Not by overriding `event`, which would hold the interpreter while the window is painted. A dock that floats is
        # a window of its own.
        for widget in (self, *self.docks):
            widget.installEventFilter(self)
        ClaimedKeys(self, (self, *self.docks))
        # Ctrl+C in the terminal ends the program even if the window refuses to close.
        application = QGuiApplication.instance()
        assert application is not None
        application.aboutToQuit.connect(self._shut_down)

    def start(self) -> None:
        """Compute and show the initial scenario."""
        self.session.start()
        self.stage.setFocus()

    # Building

    def _build(self, no_surface: str | None) -> None:
        self.stage = Stage(no_surface is None)
        self.rate_bar = RateBar()
        self.playback_bar = PlaybackBar(self.commands)
        self.control_panel = ControlPanel()
        self.panel_area = PanelArea(self.control_panel)
        self.scenario_panel = ScenarioPanel(announcements)
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
        # In tabs, so that the whole control panel fits on a projector.
        self.tabifyDockWidget(*self.docks)
        self.docks[-1].raise_()
        self.black_screen = BlackScreen(self)
        self.statusBar().setSizeGripEnabled(False)
        if no_surface is not None:
            self.statusBar().addPermanentWidget(PlainLabel(f"Contour instead of the surface: {no_surface}"))

    def _build_menus(self) -> None:
        menus = build_menus(
            self.menuBar(), self.commands, lambda: self.session.state.experiment.optimizer.takes_learning_rate
        )
        # Added to the window too, so that the keys work while the menu bar is hidden.
        self.addActions([*self.commands.values()])
        menus["Run"].insertMenu(self.commands["unpin"], self.unpin_menu)
        menus["View"].addSeparator()
        for dock in self.docks:
            menus["View"].addAction(dock.toggleViewAction())
        add_scenarios(menus["Scenario"], self.files.load)

    # Wiring

    def _connect(self) -> None:
        session = self.session
        connect_stage(self.stage, session, self.appearance)
        connect_panel(self.control_panel, session)
        connect_bars(self.rate_bar, self.playback_bar, session)
        session.player.frame_changed.connect(self.stage.show_frame)
        session.controls_changed.connect(self._show_controls)
        session.paint_due.connect(self._paint_now)
        session.failed.connect(self.show_error)
        for noticed in (session.noticed, self.files.noticed, self.exports.noticed):
            noticed.connect(self.messages.notice)
        session.refused.connect(self.messages.refusal_of("edit"))
        session.opening.refused.connect(self.messages.refusal_of("open"))
        self.files.refused.connect(self.messages.refusal_of("write"))
        self.exports.refused.connect(self.messages.refusal_of("export"))
        drops = DropTarget(self)
        drops.hinted.connect(self.messages.hint)
        drops.dropped.connect(self.files.take)
        self.black_screen.visibility_changed.connect(self.commands["black"].setChecked)
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
            "paste": self.files.paste,
            "choose_race": self.races.open,
            "present": lambda: self.appearance.present(not self.isFullScreen()),
            "black": self.black_screen.toggle,
            "next": lambda: self.files.load_next(1),
            "previous": lambda: self.files.load_next(-1),
            "keys": lambda: open_text_dialog("Keys", keys_html(self.screen().size().width()), self, wraps=False),
            "about": lambda: open_text_dialog("About gdviz", about_html(), self),
        }
        for name, slot in slots_by_name.items():
            self.commands[name].triggered.connect(lambda checked=False, slot=slot: slot())

    # Showing

    def _paint_now(self) -> None:
        """Paint what has changed, in the one pass in which Qt would paint it soon."""
        QCoreApplication.sendPostedEvents(self, QEvent.Type.UpdateRequest.value)

    def _show_controls(self, controls: Controls) -> None:
        self.appearance.apply()
        for widget in (self.rate_bar, self.playback_bar, self.control_panel):
            widget.show_controls(controls)
        state = self.session.state
        self.messages.show_controls(controls, state)
        self.unpin_menu.show_runs(controls.pinned, [style for _, style in state.pinned], palette_of(controls.look))
        self.commands["play"].setText("Pause" if controls.playing else "Play")
        for command, is_on in controls.toggle_states.items():
            self.commands[command].setChecked(is_on)
        self.commands["stop"].setEnabled(controls.can_stop)
        for command, done in (("undo", controls.undo_name), ("redo", controls.redo_name)):
            self.commands[command].setText(undo_text(command, done))
            self.commands[command].setEnabled(bool(done))
        if (state.scenario, state.is_changed) != self._shown_scenario:
            self._shown_scenario = state.scenario, state.is_changed
            self.scenario_panel.show_current(state.scenario_name, *self._shown_scenario)
        self.setWindowTitle(window_title(f"{state.title} – gdviz"))  # Qt leaves an equal one as it is

    def show_error(self, text: str) -> None:
        """Show the traceback of an unexpected exception, unless it is already shown."""
        if not any(dialog.text == text and dialog.isVisible() for dialog in self.findChildren(ErrorDialog)):
            ErrorDialog(text, self).show()

    # Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Begin a new edit for undo when a key is pressed; repeats while it is held belong to the same edit."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride and _is_new_key_event(event):
            self.session.timeline.begin_drag()
        return False

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """End the edit that the key press began."""
        if _is_new_key_event(event):
            self.session.timeline.end_drag()
        super().keyReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """On Esc leave the black screen, or else end what is waited for, close the messages, or leave Present."""
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.black_screen.isVisible():
            self.black_screen.hide()
        elif self.session.opening.is_busy:
            self.session.opening.cancel_reading()
        elif self.session.background.is_waiting:
            self.session.stop_waiting()
        elif self.messages.bar.can_be_dismissed:
            self.messages.bar.dismiss()
        elif self.isFullScreen():
            self.appearance.present(False)
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Keep the Present action in sync with the window, and end a held key's edit when the window loses focus."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.WindowStateChange:
            self.commands["present"].setChecked(self.isFullScreen())
        elif event.type() is QEvent.Type.ActivationChange:
            self.session.timeline.end_drag()  # the key's release goes to another window

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Scale the text with the window."""
        super().resizeEvent(event)
        self.appearance.apply()
        self.black_screen.setGeometry(self.rect())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask if an export is running, otherwise shut down."""
        if self.exports.confirm_close():
            self._shut_down()
            super().closeEvent(event)
        else:
            event.ignore()

    def _shut_down(self) -> None:
        """Stop what is running and save the appearance; once."""
        if not self._is_shut_down:
            self._is_shut_down = True
            self.exports.close()
            for dialog in self.findChildren(QDialog):
                dialog.close()
            self.appearance.save()
            self.races.close()
            self.files.close()
            self.session.close()


def _is_new_key_event(event: QKeyEvent) -> bool:
    """Return whether a key was pressed or released, not repeated, while no mouse drag (an edit of its own) goes on."""
    return not event.isAutoRepeat() and not QGuiApplication.mouseButtons()
