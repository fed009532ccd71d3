"""Several runs in the header."""

from itertools import pairwise

import pytest

from gdviz.core.analysis.verdict import ON_THE_WAY, Kind
from gdviz.panes.bars.picture import RunVerdict
from gdviz.panes.bars.run_verdicts import run_verdicts
from gdviz.plotting.shapes import Words
from gdviz.plotting.style import Style
from gdviz.presentation.look import Theme
from gdviz.presentation.palette import PALETTES

RUNS = tuple(
    RunVerdict(style, name, kind)
    for style, (name, kind) in enumerate(
        {"0.01": Kind.SLOW, "0.1": Kind.SLOW, "0.7": Kind.CONVERGED, "0.9": Kind.DIVERGING}.items()
    )
)
NAMED = ["0.01 slow", "0.1 slow", "0.7 converged", "0.9 diverging"]


def told(width, unit=1.0, runs=RUNS):
    found = run_verdicts(runs, 100.0, 100.0 + width, 44.0, Style(PALETTES[Theme.LIGHT], unit))
    return found, [thing for thing in found.things if isinstance(thing, Words)] if found else []


@pytest.mark.parametrize("unit", [0.8, 1.0, 1.7])
def test_verdicts_stand_beside_names_or_else_markers_alone(qapp, unit):
    for width, texts in ((760, NAMED), (570, NAMED), (450, [run.kind.value for run in RUNS])):
        found, words = told(width * unit, unit)
        assert [one.text for one in words] == texts
        assert found.right <= 100.0 + width * unit
        assert all(one.rect.right() <= other.rect.left() for one, other in pairwise(words))


def test_the_layout_is_that_of_every_step(qapp):
    ends = {}
    for width in (450, 570, 760):
        for kind in ON_THE_WAY:
            found, words = told(width, runs=tuple(RunVerdict(run.style, run.name, kind) for run in RUNS))
            ends.setdefault(width, set()).add((found.right, *(word.rect.left() for word in words)))
    assert [len(places) for places in ends.values()] == [1, 1, 1]


def test_where_nothing_fits_or_there_is_one_run_there_is_none(qapp):
    assert told(100.0)[0] is None
    assert told(700.0, runs=())[0] is None
