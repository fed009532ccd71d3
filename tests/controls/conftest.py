"""The control panel, shown, with everything that it and its groups emit."""

from operator import attrgetter

import pytest
from PySide6.QtWidgets import QApplication

from gdviz.controls.panel import ControlPanel
from tests.controls_shown import make_controls

SIGNALS = {
    "rejected": "rejected",
    "problem_chosen": "problem.chosen",
    "data_changed": "data.data_changed",
    "reduction_changed": "batches.reduction.chosen",
    "batch_size_changed": "batches.batch_size.committed",
    "batch_seed_changed": "batches.seed.committed",
    "batch_order_changed": "batches.order.chosen",
    "optimizer_changed": "optimizer.kind.changed",
    "learning_rate_changed": "optimizer.rate.committed",
    "steps_changed": "run.steps.committed",
    "start_changed": "run.start_changed",
    "precision_chosen": "run.precision.chosen",
}
"""What the panel and its groups emit, and where."""


@pytest.fixture
def panel(qtbot):
    panel = ControlPanel()
    qtbot.addWidget(panel)
    panel.show_controls(make_controls())
    panel.show()
    panel.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is panel)
    panel.heard = []
    for name, signal in SIGNALS.items():
        attrgetter(signal)(panel).connect(lambda *values, name=name: panel.heard.append((name, *values)))
    return panel
