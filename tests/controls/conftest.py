"""The control panel, shown, with everything that it and its groups emit."""

from operator import attrgetter

import pytest
from PySide6.QtWidgets import QApplication

from gdviz.controls.panel import ControlPanel
from tests.controls_shown import make_controls

SIGNALS = {
    "": ("problem_chosen", "rejected"),
    "data": ("data_changed",),
    "batches": ("reduction_changed", "batch_size_changed", "batch_seed_changed"),
    "optimizer": ("learning_rate_changed",),
    "optimizer.kind": ("changed",),
    "run": ("steps_changed", "start_changed", "precision_chosen"),
}
"""What the panel and its groups emit."""


@pytest.fixture
def panel(qtbot):
    panel = ControlPanel()
    qtbot.addWidget(panel)
    panel.show_controls(make_controls())
    panel.show()
    panel.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is panel)
    panel.heard = []
    for owner, names in SIGNALS.items():
        for name in names:
            emitter = attrgetter(owner)(panel) if owner else panel
            getattr(emitter, name).connect(lambda *values, name=name: panel.heard.append((name, *values)))
    return panel
