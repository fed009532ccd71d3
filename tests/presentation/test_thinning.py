"""What is found once about a column that grows, and the curve that follows from it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdviz.presentation import thinning
from gdviz.presentation.thinning import BucketExtremes, bucket_extremes, downsample, downsample_log
from tests.recordings import recorded


@pytest.mark.parametrize("thin", [downsample, downsample_log])
@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(1, 200_000), min_size=1, max_size=8),
    st.integers(0, 2**32 - 1),
    st.sampled_from([0.0, 1e-5, 0.1, 1.0]),
)
def test_a_curve_is_the_same_whatever_was_asked_for_before(thin, counts, seed, gone):
    rng = np.random.default_rng(seed)
    values = rng.choice(np.float32([1.0, 2.0, 3.0, 4.0]), max(counts))  # extremes that occur more than once
    values[rng.random(len(values)) < gone] = np.nan
    values.flags.writeable = False
    known = BucketExtremes()
    for count in counts:
        for found, anew in zip(thin(values[:count], known), thin(values[:count]), strict=True):
            assert found.tobytes() == anew.tobytes()


@pytest.mark.parametrize("thin", [downsample, downsample_log])
def test_what_was_found_is_not_looked_for_again(thin, monkeypatch):
    looked_at, extremes = [], thinning._extremes

    def counted(values, size):
        looked_at.append(len(values))
        return extremes(values, size)

    monkeypatch.setattr(thinning, "_extremes", counted)
    values, known = np.random.default_rng(0).uniform(size=1_000_000), BucketExtremes()
    for count in range(990_000, 1_000_000, 500):
        looked_at.clear()
        thin(values[:count], known)
        assert max(looked_at) <= thinning.PIECE
        if count > 990_000:
            assert sum(looked_at) < 20_000
    looked_at.clear()
    thin(values[:995_000], known)
    assert sum(looked_at) < 20_000, "nor when going back"


def test_each_column_of_each_recording_has_its_own():
    one, other = recorded("one"), recorded("ten")
    assert bucket_extremes(one, "losses") is bucket_extremes(one, "losses")
    owners = ((one, "losses"), (one, "learning_rates"), (other, "losses"))
    assert len({id(bucket_extremes(*owner)) for owner in owners}) == 3
