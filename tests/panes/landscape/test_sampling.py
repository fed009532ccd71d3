import numpy as np
import pytest

from gdviz.core.box import Box
from gdviz.core.data.creation import from_points
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.problems.surfaces import Himmelblau, Rosenbrock
from gdviz.panes.landscape import zoom
from gdviz.panes.landscape.landscape import SAMPLES, height_at, on_surface, sample_surface
from tests.recordings import LECTURE

PROBLEMS = [LECTURE, Rosenbrock(), Himmelblau()]


def boxes(problem):
    yield problem.box
    yield problem.box.scaled(20.0)
    yield Box((problem.box.centre[0] + 7.0, problem.box.centre[1]), (0.5, 3.0))  # no minimum inside
    yield problem.box.scaled(zoom.factor(zoom.top_zoom_level(problem, problem.box)))


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.name)
@pytest.mark.parametrize("which", range(4))
def test_heights_are_the_loss_from_its_lowest_to_its_highest(problem, which):
    box = list(boxes(problem))[which]
    surface = sample_surface(problem, box)
    assert surface.heights.shape == (SAMPLES, SAMPLES)
    assert surface.heights.dtype == surface.slopes.dtype == np.float32
    assert surface.heights.min() >= 0.0
    assert surface.heights.max() == 1.0
    rng = np.random.default_rng(3)
    for i, j in rng.integers(0, SAMPLES, (50, 2)):
        unit = np.array([2.0 * i / (SAMPLES - 1) - 1.0, 2.0 * j / (SAMPLES - 1) - 1.0])
        direct = float(problem.loss(*(np.asarray(box.centre) + unit * np.asarray(box.half))))
        expected = direct / surface.span - surface.base / surface.span
        assert surface.heights[i, j] == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.name)
def test_a_minimum_inside_is_at_height_zero(problem):
    surface = sample_surface(problem, problem.box)
    places = problem.box.normalised(problem.minima)
    np.testing.assert_allclose(height_at(problem, surface, places), 0.0, atol=1e-12)
    assert surface.base == pytest.approx(min(float(problem.loss(*minimum)) for minimum in problem.minima), abs=1e-12)


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.name)
def test_heights_of_places_are_exact(problem):
    box = problem.box.scaled(5.0)
    surface = sample_surface(problem, box)
    places = np.random.default_rng(4).uniform(-1, 1, (40, 2))
    found = on_surface(problem, surface, places)
    assert found.shape == (40, 3)
    assert found.dtype == np.float32
    for (x, y), (u, v, z) in zip(places, found, strict=True):
        loss = float(problem.loss(box.centre[0] + x * box.half[0], box.centre[1] + y * box.half[1]))
        assert (u, v) == (np.float32(x), np.float32(y))
        assert z == pytest.approx((loss - surface.base) / surface.span, abs=1e-6)


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.name)
def test_slopes_are_the_derivatives_of_the_height(problem):
    surface = sample_surface(problem, problem.box)
    inner = [4, 33, 64, 101, SAMPLES - 5]
    unit = np.linspace(-1.0, 1.0, SAMPLES)
    for i in inner:
        for j in inner:
            place = np.array([unit[i], unit[j]])
            for axis in (0, 1):
                off = np.zeros(2)
                off[axis] = 1e-5
                ahead, behind = height_at(problem, surface, np.stack([place + off, place - off]))
                expected = (ahead - behind) / 2e-5
                # Differences over the grid, so exact up to the third derivative times a grid step squared.
                assert surface.slopes[i, j, axis] == pytest.approx(expected, abs=3e-3)


def test_one_object_for_one_box():
    box = LECTURE.box.scaled(2.0)
    assert sample_surface(LECTURE, box) is sample_surface(LinearRegression(LECTURE.data), LECTURE.box.scaled(2.0))
    assert sample_surface(LECTURE, box) is not sample_surface(LECTURE, LECTURE.box)


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.name)
def test_a_loss_beyond_double_precision_is_an_overflow(problem):
    with pytest.raises(OverflowError, match=problem.name):
        sample_surface(problem, problem.box.scaled(zoom.factor(zoom.top_zoom_level(problem, problem.box) + 1)))


def test_axes_name_and_place_round_values():
    surface = sample_surface(Rosenbrock(), Rosenbrock().box)
    across, along, upwards = surface.axes
    assert [axis.name for axis in surface.axes] == ["x", "y", "loss"]
    assert [(tick.label, tick.position) for tick in across.ticks] == [
        ("−2", -1.0),
        ("−1", -0.5),
        ("0", 0.0),
        ("1", 0.5),
        ("2", 1.0),
    ]
    assert [(tick.label, tick.position) for tick in along.ticks][:2] == [("−1", -1.0), ("0", -0.5)]
    for tick in upwards.ticks:
        loss = surface.base + tick.position * surface.span
        assert float(tick.label) == pytest.approx(loss, rel=1e-6, abs=1e-6)
        assert 0.0 <= tick.position <= 1.0


def test_a_flat_surface_lies_on_the_ground():
    # The box is so small that the loss is the same number all over it.
    surface = sample_surface(
        LinearRegression(from_points([1.0, 2.0], [1.0, 5.0], None, "test")), Box((4.0, -3.0), (1e-200, 1e-200))
    )
    assert surface.span == 0.0
    assert not surface.heights.any()
    assert not surface.slopes.any()
    assert surface.axes[2].ticks == ()
