"""What a label covers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRectF

from gdviz.plotting import placement
from gdviz.plotting.placement import LabelSpace

PLACES = st.one_of(st.integers(-3, 9).map(float), st.sampled_from([np.nan, np.inf, -np.inf, 4.000000000000001]))
BOXES = st.tuples(*(st.integers(*ends).map(float) for ends in ((-2, 6), (-2, 6), (0, 4), (0, 4))))


@pytest.mark.parametrize("most_pairs", [0, placement.MOST_PAIRS])
@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(PLACES, PLACES), max_size=30), st.lists(BOXES, max_size=8))
def test_a_box_covers_the_points_in_it_and_on_its_edge(most_pairs, points, boxes):
    space = LabelSpace(QRectF(), [], np.array(points, np.float64).reshape(-1, 2))
    rects = [QRectF(*box) for box in boxes]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(placement, "MOST_PAIRS", most_pairs)
        covered = space.covered(rects).tolist()
    inside = [
        [rect.left() <= x <= rect.right() and rect.top() <= y <= rect.bottom() for x, y in points] for rect in rects
    ]
    assert covered == list(map(sum, inside))
