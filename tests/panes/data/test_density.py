"""What is counted of many rows, and that it is counted once."""

import gc
import weakref

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdviz.core.data import rows as rows_module
from gdviz.core.data.creation import from_points, generate
from gdviz.core.data.settings import DataSettings
from gdviz.panes.data.density import MAX_DOTS, summary

FEW, PIECE = 6_000, 1_000


@pytest.fixture
def small_pieces(monkeypatch):
    monkeypatch.setattr(rows_module, "PIECE_ROWS", PIECE)


@pytest.mark.usefixtures("small_pieces")
def test_every_row_lies_in_the_cell_of_its_place():
    data = generate(DataSettings(rows=FEW, noise=0.3))
    found = summary(data).density
    side = len(found.counts)
    edges = [np.linspace(*ends, side + 1) for ends in (found.y_range, found.x_range)]
    expected, *_ = np.histogram2d(data.y.astype(np.float64), data.x.astype(np.float64), bins=edges)
    assert found.counts.sum() == FEW
    # Where a value lies on an edge to the last bit, either of two cells is right.
    assert np.abs(found.counts - expected).sum() <= 4
    assert found.x_range == (float(data.x.min()), float(data.x.max()))
    assert found.y_range == (float(data.y.min()), float(data.y.max()))


@pytest.mark.usefixtures("small_pieces")
def test_in_pieces_the_counts_are_those_of_all_rows_at_once():
    data = generate(DataSettings(rows=FEW))
    columns = (data.x.astype(np.float64), data.y.astype(np.float64), data.noise)
    for histogram, values in zip(summary(data).histograms, columns, strict=True):
        counts, edges = np.histogram(values, bins=30)
        np.testing.assert_array_equal(histogram.counts, counts)
        np.testing.assert_array_equal(histogram.edges, edges)


@pytest.mark.parametrize("rows", [MAX_DOTS, MAX_DOTS + 1])
def test_few_rows_are_dots(rows):
    data = generate(DataSettings(rows=rows))
    assert (summary(data).density is None) == (rows == MAX_DOTS)


@settings(max_examples=30, deadline=None)
@given(
    st.tuples(*2 * (st.floats(-(2.0**120), 2.0**120, width=32),)),
    st.tuples(*2 * (st.floats(-(2.0**120), 2.0**120, width=32),)),
)
def test_any_rows_have_a_density(one, other):
    pairs = [one, other] * (MAX_DOTS // 2 + 1)
    found = summary(from_points(*zip(*pairs, strict=True), None, "test")).density
    assert found.counts.sum() == len(pairs)
    assert found.x_range[0] < found.x_range[1]
    assert found.y_range[0] < found.y_range[1]


def test_it_is_counted_once_for_equal_data():
    parts = []
    first = summary(generate(DataSettings(rows=50, seed=77)), parts.append)
    alive = generate(DataSettings(rows=50, seed=78))
    known = summary(alive, parts.append)
    asked = len(parts)
    assert summary(alive, parts.append) is known
    assert summary(generate(DataSettings(rows=50, seed=78)), parts.append) is known
    assert len(parts) == asked
    assert first is not known


def test_data_that_nobody_shows_do_not_stay_in_memory():
    data = generate(DataSettings(rows=50, seed=79))
    summary(data)
    alive = weakref.ref(data)
    del data
    gc.collect()
    assert alive() is None


@pytest.mark.usefixtures("small_pieces")
def test_the_part_that_is_done_is_told_and_grows():
    parts = []
    summary(generate(DataSettings(rows=FEW, seed=80)), parts.append)
    assert parts == sorted(parts)
    assert len(parts) == 12
    assert 0.0 <= parts[0] < parts[-1] <= 1.0


@pytest.mark.usefixtures("small_pieces")
def test_it_can_be_given_up_between_two_pieces():
    data = generate(DataSettings(rows=FEW, seed=81))

    def stop(part):
        if part > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        summary(data, stop)
    assert summary(data).density.counts.sum() == FEW, "nothing of what was given up is kept"
