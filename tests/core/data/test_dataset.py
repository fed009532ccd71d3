import math
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest

from gdviz.core.data import creation, dataset, memory
from gdviz.core.data import rows as rows_module
from gdviz.core.data.creation import from_points, generate
from gdviz.core.data.dataset import Dataset
from gdviz.core.data.memory import BYTES_OF_ROW
from gdviz.core.data.settings import MAX_ROWS, DataSettings
from gdviz.core.errors import InputError


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("rows", 0),
        ("rows", -3),
        ("rows", MAX_ROWS + 1),
        ("rows", 10**12),
        ("noise", -0.1),
        ("noise", math.nan),
        ("noise", math.inf),
        ("slope", math.inf),
        ("slope", math.nan),
        ("intercept", -math.inf),
        ("x_range", (1.0, 1.0)),
        ("x_range", (2.0, 1.0)),
        ("x_range", (math.nan, 1.0)),
        ("x_range", (0.0, math.inf)),
        ("x_range", (-1e308, 1e308)),
        ("seed", -1),
        ("seed", 2**63),
    ],
)
def test_settings_that_cannot_be(key, value):
    with pytest.raises(InputError) as caught:
        DataSettings(**{key: value})
    text = str(caught.value)
    assert text.startswith(f"data.{key}: ")
    assert "; use " in text
    assert "\n" not in text


@pytest.mark.parametrize("rows", [1, 10_000, 10_001])
def test_numbers_of_rows(rows):
    assert generate(DataSettings(rows=rows)).x.shape == (rows,)


def all_at_once(settings):
    """The lecture's way: all x, then all noise."""
    generator = np.random.default_rng(settings.seed)
    x = generator.uniform(*settings.x_range, settings.rows).astype(np.float32)
    noise = generator.normal(0, settings.noise, settings.rows).astype(np.float32)
    return x, np.float32(settings.slope) * x + np.float32(settings.intercept) + noise


@pytest.mark.parametrize("piece", [1, 7, 100, 1000])
def test_the_pieces_make_no_difference_to_what_is_drawn(monkeypatch, piece):
    monkeypatch.setattr(rows_module, "PIECE_ROWS", piece)
    settings = DataSettings(rows=501, noise=0.3, slope=-2.0, intercept=7.0, x_range=(-3.0, 5.0), seed=piece)
    data, (x, y) = generate(settings), all_at_once(settings)
    assert (data.x.tobytes(), data.y.tobytes()) == (x.tobytes(), y.tobytes())


def test_large_data_are_drawn_as_small_ones_are():
    settings = DataSettings(rows=300_000)
    data, (x, y) = generate(settings), all_at_once(settings)
    assert (data.x.tobytes(), data.y.tobytes()) == (x.tobytes(), y.tobytes())


def test_drawing_takes_little_more_memory_than_the_data():
    rows = 1_000_000
    tracemalloc.start()
    try:
        data = generate(DataSettings(rows=rows))
        hash(data)
        kept, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 8 * rows + 100_000
    assert peak < 8 * rows + 4_000_000


def test_drawing_tells_how_far_it_is_and_can_be_ended():
    told = []
    generate(DataSettings(rows=400_000), told.append)
    assert told == sorted(told)
    assert len(told) > 10
    assert (told[0], told[-1]) == (0.0, 1.0)

    def end(part):
        if part > 0.4:
            raise KeyboardInterrupt
        told.append(part)

    told.clear()
    with pytest.raises(KeyboardInterrupt):
        generate(DataSettings(rows=400_000), end)
    assert 0.3 < told[-1] <= 0.4


def test_generating_large_data_prepares_what_takes_long(monkeypatch):
    data = generate(DataSettings(rows=20_000))
    monkeypatch.delattr(dataset, "least_squares")
    monkeypatch.delattr(dataset, "hashlib")
    assert data.fit.rows == 20_000
    assert hash(data) == hash(data)


@pytest.mark.parametrize("free", [0, 999 * BYTES_OF_ROW, 1000 * BYTES_OF_ROW - 1])
def test_data_too_large_for_the_memory_are_refused_at_once(monkeypatch, free):
    monkeypatch.setattr(memory, "free_memory", lambda: free)
    monkeypatch.delattr(np, "empty")
    with pytest.raises(InputError, match=r"^data\.rows: 1,000 rows need 0 MB of free memory; use fewer$"):
        generate(DataSettings(rows=1000))


@pytest.mark.parametrize("free", [None, 10**12])
def test_data_for_which_the_system_has_no_room_after_all(monkeypatch, free):
    def refuse(*_):
        raise MemoryError

    monkeypatch.setattr(memory, "free_memory", lambda: free)
    monkeypatch.setattr(np, "empty", refuse)
    with pytest.raises(InputError, match=r"^data\.rows: 10,000,000 rows need 160 MB of free memory; use fewer$"):
        generate(DataSettings(rows=MAX_ROWS))


@pytest.mark.parametrize(
    ("content", "found"),
    [("MemTotal: 9 kB\nMemAvailable:    2048 kB\n", 2048 * 1024), ("MemTotal: 9 kB\n", None), (None, None)],
)
def test_free_memory(monkeypatch, tmp_path, content, found):
    monkeypatch.setattr(memory, "MEMORY_FILE", tmp_path / "meminfo")
    if content is not None:
        (tmp_path / "meminfo").write_text(content)
    assert memory.free_memory() == found


@pytest.mark.parametrize(
    "settings", [{"slope": 1e300}, {"noise": 1e300}, {"x_range": (0.0, 1e300)}, {"intercept": 3e38, "slope": 3e38}]
)
def test_settings_beyond_single_precision(settings):
    with pytest.raises(InputError, match=r"beyond single precision.*use smaller"):
        generate(DataSettings(**settings))


@pytest.mark.parametrize("noise", [0.0, -0.0])
def test_no_noise_puts_the_points_on_the_line(noise):
    data = generate(DataSettings(noise=noise, slope=2.0, intercept=-1.0))
    assert data.y == pytest.approx(2.0 * data.x.astype(np.float64) - 1.0, abs=1e-6)


def test_the_draw_follows_the_settings():
    data = generate(DataSettings(rows=10_000, noise=0.5, slope=-3.0, intercept=2.0, x_range=(-4.0, -1.0), seed=1))
    assert -4.0 <= data.x.min() < -3.99
    assert -1.01 < data.x.max() <= -1.0
    assert data.noise.mean() == pytest.approx(0.0, abs=4 * 0.5 / 100)
    assert data.noise.std() == pytest.approx(0.5, rel=0.04)
    assert abs(np.corrcoef(data.x, data.noise)[0, 1]) < 0.04


def test_the_same_settings_draw_the_same_and_other_seeds_others():
    assert generate(DataSettings(seed=8)) == generate(DataSettings(seed=8))
    assert hash(generate(DataSettings(seed=8))) == hash(generate(DataSettings(seed=8)))
    assert generate(DataSettings(seed=8)) != generate(DataSettings(seed=9))


def test_equality_is_by_bits_and_settings():
    settings = DataSettings(rows=2)
    data = from_points([1.0, 2.0], [3.0, 4.0], settings, "a")
    assert data == from_points([1.0, 2.0], [3.0, 4.0], settings, "another place")
    assert data != from_points([1.0, 2.0], [3.0, 4.0], None, "a")
    assert data != from_points([1.0, 2.0], [3.0, np.nextafter(np.float32(4), np.float32(5))], settings, "a")
    assert data != "a"


large_or_small = pytest.mark.parametrize("rows", [2, 100, 70_000])


@large_or_small
def test_standardised_x_has_mean_0_and_deviation_1(rows):
    settings = DataSettings(rows=rows, noise=0.3, slope=-2.0, intercept=7.0, x_range=(-3.0, 5.0))
    drawn, data = generate(settings), generate(replace(settings, standardised=True))
    x = data.x.astype(np.float64)
    assert (x.mean(), x.std()) == (pytest.approx(0.0, abs=1e-7), pytest.approx(1.0, abs=1e-7))
    assert data.y.tobytes() == drawn.y.tobytes()
    assert data.drawn_x.tobytes() == drawn.x.tobytes()
    assert drawn.drawn_x is None
    assert data != drawn
    # The largest curvature is 2 in every unit, and the limit 1.
    assert 2 * data.fit.mean_square == pytest.approx(2.0, abs=1e-6)


@pytest.mark.unmeasured
@large_or_small
def test_standardising_keeps_the_true_line_and_the_noise(rows):
    settings = DataSettings(rows=rows, noise=0.3, slope=-2.0, intercept=7.0, x_range=(-3.0, 5.0))
    drawn, data = generate(settings), generate(replace(settings, standardised=True))
    assert drawn.true_line == (-2.0, 7.0)
    slope, intercept = data.true_line
    assert slope * data.x.astype(np.float64) + intercept == pytest.approx(
        -2.0 * drawn.x.astype(np.float64) + 7.0, abs=1e-5
    )
    assert data.noise.tolist() == drawn.noise.tolist()


def test_points_are_standardised_where_it_is_asked_for():
    assert from_points([1.0, 3.0], [2.0, 4.0], None, "a").drawn_x is None
    for data in (
        from_points([1.0, 3.0], [2.0, 4.0], None, "a", standardised=(True, False)),
        from_points([1.0, 3.0], [2.0, 4.0], DataSettings(slope=3.0, intercept=0.5, standardised=True), "a"),
    ):
        assert (data.x.tolist(), data.drawn_x.tolist()) == ([-1.0, 1.0], [1.0, 3.0])
    assert data.true_line == (3.0, 6.5)
    with pytest.raises(ValueError, match="read-only"):
        data.drawn_x[0] = 9.0


def test_data_standardised_from_other_units_differ():
    small, large = (from_points([0.0, end], [2.0, 4.0], None, "a", standardised=(True, False)) for end in (1.0, 8.0))
    assert small.x.tolist() == large.x.tolist()
    assert small != large


def test_x_that_is_the_same_in_every_row_is_not_standardised():
    with pytest.raises(InputError, match=r"^here: x is the same in every row and cannot be standardised; use it"):
        from_points([3.0, 3.0], [1.0, 2.0], None, "here", standardised=(True, False))


def test_noise_is_unknown_without_a_true_line():
    assert from_points([1.0], [2.0], None, "a").noise is None
    known = from_points([1.0], [2.0], DataSettings(slope=0.5, intercept=1.0), "a")
    assert known.noise.tolist() == [0.5]


def test_values_do_not_change():
    given_x = np.array([1.0, 2.0])
    data = from_points(given_x, [3.0, 4.0], None, "a")
    given_x[0] = 9.0
    assert data.x.tolist() == [1.0, 2.0]
    for column in (data.x, data.y, Dataset(np.ones(2, np.float32), np.ones(2, np.float32)).y):
        with pytest.raises(ValueError, match="read-only"):
            column[0] = 5.0


@pytest.mark.parametrize(
    ("x", "y", "told"),
    [
        ([1.0], [1.0, 2.0], "x has 1 values and y has 2"),
        ([], [], "has no rows; give at least one"),
        ([1.0, math.nan], [1.0, 1.0], "x in row 2 is nan"),
        ([1.0, 1.0], [1e39, 1.0], "y in row 1 is 1e+39"),
    ],
)
def test_points_that_cannot_be(x, y, told):
    with pytest.raises(InputError) as caught:
        from_points(x, y, None, "here")
    assert str(caught.value).startswith("here: ")
    assert told in str(caught.value)


def test_running_out_of_memory_on_the_way_is_reported(monkeypatch):
    def full(*arguments):
        raise MemoryError

    monkeypatch.setattr(memory, "free_memory", lambda: None)
    for place in ("pieces", "Dataset"):
        with monkeypatch.context() as patch:
            patch.setattr(creation, place, full)
            with pytest.raises(InputError, match=r"^data\.rows: 1,000 rows need 0 MB of free memory; use fewer$"):
                generate(DataSettings(rows=1000))


def test_x_that_is_the_same_but_for_the_rounding_of_its_mean_is_not_standardised():
    assert sum([0.1] * 3) / 3 != 0.1
    with pytest.raises(InputError, match="x is the same in every row"):
        from_points([0.1] * 3, [1.0, 2.0, 3.0], None, "here", standardised=(True, False))


def test_a_line_that_is_not_finite_in_own_units():
    points = [0.0, 1.0, 5.0], [2.0, 4.0, 9.0], None, "here"
    both, only_y = (from_points(*points, standardised=asked) for asked in ((True, True), (False, True)))
    assert both.in_own_units(math.inf, 1.0) == (math.inf, -math.inf)
    assert only_y.in_own_units(math.inf, 0.0) == (math.inf, 5.0)
    assert all(map(math.isnan, both.in_own_units(math.nan, math.nan)))
