"""The menu bar: the commands in their menus, and the scenarios by topic."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar

from gdviz.core.scenarios.library import announcements, topics
from gdviz.main_window.commands import MENUS, commands
from gdviz.widgets.plain import escape_mnemonic, set_tooltip

OF_RATES = ("rate_up", "rate_down", "rate_up_ten", "rate_down_ten", "from_here", "range_test", "race")
"""The commands that need a rule with a learning rate."""


def build_menus(bar: QMenuBar, actions: Mapping[str, QAction], takes_rate: Callable[[], bool]) -> dict[str, QMenu]:
    """Fill the menu bar with the commands; returns the menus by their titles.

    While the menu Run is open, commands of a learning rate are disabled where there is none: it shows what is possible,
    while their keys say why not.
    """
    menus = {title: bar.addMenu(f"&{title}") for title in MENUS}  # Alt and the first letter open each
    for menu in menus.values():
        menu.setToolTipsVisible(True)
    for command in commands():
        menus[command.menu].addAction(actions[command.name])
    of_rates = [actions[name] for name in OF_RATES]
    menus["Run"].aboutToShow.connect(lambda: _enable(of_rates, takes_rate()))
    menus["Run"].aboutToHide.connect(lambda: _enable(of_rates, True))
    return menus


def _enable(actions: Iterable[QAction], enabled: bool) -> None:
    for action in actions:
        action.setEnabled(enabled)


def add_scenarios(menu: QMenu, load: Callable[[str], object]) -> None:
    """Add a menu for each topic, with its scenarios by name; any others follow below.

    Their questions, for which all scenarios are read, are added when a menu is opened.
    """
    menu.addSeparator()
    for topic, names in topics().items():
        shown = menu.addMenu(topic) if topic else menu
        shown.setToolTipsVisible(True)
        actions = {name: shown.addAction(escape_mnemonic(name)) for name in names}
        for name, action in actions.items():
            action.triggered.connect(partial(_call, load, name))
        shown.aboutToShow.connect(partial(_add_questions, actions))


def _add_questions(actions: Mapping[str, QAction]) -> None:
    for name, action in actions.items():
        set_tooltip(action, announcements()[name].question)


def _call(load: Callable[[str], object], name: str, checked: bool = False) -> None:
    load(name)
