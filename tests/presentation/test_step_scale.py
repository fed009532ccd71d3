"""The logarithmic axis of steps."""

import numpy as np
import pytest

from gdviz.presentation.step_scale import ZERO_WIDTH, log_places, step_at


def test_steps_from_1_on_have_their_logarithm_and_step_0_half_a_decade_before():
    assert log_places([0, 1, 10, 1000]).tolist() == [-ZERO_WIDTH, 0.0, 1.0, 3.0]
    assert float(log_places(100)) == 2.0


def test_every_step_is_found_at_its_place():
    steps = np.array([0, 1, 2, 3, 99, 12_345, 999_999, 1_000_000])
    assert [round(step_at(place)) for place in log_places(steps).tolist()] == steps.tolist()
    assert step_at(-ZERO_WIDTH / 2) == pytest.approx(0.5)
    assert (np.diff(log_places(np.arange(1000))) > 0).all()
