"""Stretches without finite values, against a look at every value."""

import copy
import pickle

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gdviz.core.descent.stretches import Stretches, common
from tests.recordings import invented

columns = st.lists(st.sampled_from([1.0, 2.0, np.nan, np.inf, -np.inf]), min_size=1, max_size=30).map(np.array)


def brute_force(missing):
    """First step and the one after the last of each stretch, by looking at every step."""
    found = []
    for step, is_missing in enumerate(missing):
        if is_missing and step and missing[step - 1]:
            found[-1][1] = step + 1
        elif is_missing:
            found.append([step, step + 1])
    return found


@settings(max_examples=200, deadline=None)
@given(columns, st.integers(1, 9))
def test_stretches_are_those_of_a_look_at_every_value(values, chunk):
    stretches = Stretches()
    for begin in range(0, len(values), chunk):
        piece = values[begin : begin + chunk]
        assert stretches.extend(piece, begin) == np.isfinite(piece).all()
    missing = (~np.isfinite(values)).tolist()
    for step in range(len(values)):
        found = stretches.up_to(step)
        assert found.tolist() == brute_force(missing[: step + 1])
        assert stretches.since(step) == (found[-1, 0] if missing[step] else step + 1)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(st.booleans(), min_size=12, max_size=12), min_size=1, max_size=4))
def test_common_stretches_lie_in_all(runs):
    stretches = [np.array(brute_force(missing), np.int64).reshape(-1, 2) for missing in runs]
    assert common(stretches).tolist() == brute_force([all(at) for at in zip(*runs, strict=True)])


def test_a_copy_of_a_recording_has_its_own():
    recording = invented(losses=[1.0, np.nan, 1.0])
    for copied in (copy.copy(recording), pickle.loads(pickle.dumps(recording))):
        recording.without_loss.extend(np.array([np.nan]), 3)
        assert copied.without_loss.up_to(5).tolist() == [[1, 2]]
        recording = copied
