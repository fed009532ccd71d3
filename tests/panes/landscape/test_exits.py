"""How long a step that left the view is pointed out, and where."""

import pytest

from gdviz.panes.landscape.exits import shown_exit
from gdviz.presentation.look import BoxChoice, Look, View
from gdviz.scene.scene import Scene
from tests.recordings import recorded

LOOK = Look()


def exits(pace, steps, look=LOOK):
    run = recorded("point-nine")
    return [shown_exit((run,), run, step, look, pace) for step in range(steps)]


def test_an_exit_is_pointed_out_for_a_second_and_the_first_for_two():
    assert exits(1.0, 9) == [None, None, None, None, 4, 4, 6, None, None]
    assert exits(2.0, 10) == [None, None, None, None, 4, 4, 6, 6, None, None]


def test_at_a_fast_pace_it_stays_until_the_next_one():
    found = exits(1000.0, 40)
    assert found[:10] == [None] * 4 + [4, 4, 6, 6, 6, 6]
    assert None not in found[4:]
    assert found[4:] == sorted(found[4:])


@pytest.mark.parametrize("look", [Look(view=View.HOLD), Look(box=BoxChoice.PATH)])
def test_where_the_box_does_not_grow_there_is_none(look):
    assert set(exits(4.0, 20, look)) == {None}


@pytest.mark.parametrize("step", [4, 5])
def test_the_arrow_ends_where_the_step_does_once_that_is_in_the_view(step):
    frame = Scene("", (recorded("point-nine"),)).frame(step, pace=2.0)
    (path,) = frame.landscape.paths
    assert path.arrow.label == "leaves the view at step 4"
    reach = max(map(abs, path.arrow.tip[:2]))
    assert reach > 1.0 if step == 4 else path.arrow.tip == path.arrow.wall


def test_the_pace_is_part_of_the_moment():
    scene = Scene("", (recorded("point-nine"),))
    (slow,), (fast,) = (scene.frame(8, pace=pace).landscape.paths for pace in (1.0, 100.0))
    assert slow.arrow is None
    assert fast.arrow.label == "leaves the view at step 6"
