import re
from dataclasses import fields
from itertools import combinations

import numpy as np
import pytest

from gdviz.presentation.look import Theme
from gdviz.presentation.palette import (
    COLOUR_DECADES,
    CONTOUR_LEVELS,
    DASHES,
    MARKERS,
    PALETTES,
    colour_position,
    colour_table,
    contour_phase,
)


def luminance(colour):
    """WCAG 2.2, relative luminance."""
    channels = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255.0
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def contrast(one, two):
    """WCAG 2.2, contrast ratio: 1 to 21."""
    dark, light = sorted((luminance(one), luminance(two)))
    return (light + 0.05) / (dark + 0.05)


def test_the_formula_itself():
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", Theme)
class TestTheme:
    def test_colours_are_written_as_colours(self, theme):
        palette = PALETTES[theme]
        for field in fields(palette)[:-1]:  # all but whether the grounds are left out
            value = getattr(palette, field.name)
            for colour in value if isinstance(value, tuple) else (value,):
                assert re.fullmatch("#[0-9a-f]{6}", colour)

    def test_runs_stand_out(self, theme):
        palette = PALETTES[theme]
        for colour in (*palette.runs, palette.truth, palette.points, palette.accent):
            for behind in (palette.background, palette.pane):
                assert contrast(colour, behind) >= 3.0, (colour, behind)

    def test_text_is_readable(self, theme):
        palette = PALETTES[theme]
        for colour in (palette.text, palette.quiet, palette.warning):
            for behind in (palette.background, palette.pane):
                assert contrast(colour, behind) >= 4.5, (colour, behind)

    def test_runs_differ_from_each_other(self, theme):
        palette = PALETTES[theme]
        assert len(set(palette.runs)) == len(DASHES) == len(MARKERS) == 4
        assert len(set(DASHES)) == len(set(MARKERS)) == 4
        for one, two in combinations(palette.runs, 2):
            apart = np.array([int(one[p : p + 2], 16) - int(two[p : p + 2], 16) for p in (1, 3, 5)])
            assert np.abs(apart).max() >= 40

    def test_it_is_what_it_is_called(self, theme):
        palette = PALETTES[theme]
        is_light = luminance(palette.background) > luminance(palette.text)
        assert is_light == (theme is Theme.LIGHT)


def lightness(table):
    """CIE 1976 L*, which the eye sees as even."""
    luminances = np.array([luminance("#{:02x}{:02x}{:02x}".format(*row)) for row in table])
    return 116 * np.cbrt(luminances) - 16  # all are bright enough for the cube root's branch


def test_the_colour_map_becomes_lighter_from_end_to_end():
    table = colour_table()
    assert table.shape == (256, 3)
    assert table.dtype == np.uint8
    light = lightness(table)
    rise = np.diff(light)
    # One step of rounding in a channel may go back by so much, and no more.
    assert rise.min() > -0.5
    assert (np.diff(light[::8]) > 0).all()
    assert light[0] < 20
    assert light[-1] > 85


@pytest.mark.parametrize("size", [2, 9, 17, 1024])
def test_a_colour_table_of_any_size_has_the_same_ends(size):
    table = colour_table(size)
    assert table.shape == (size, 3)
    assert tuple(table[0]) == (0, 34, 78)
    assert tuple(table[-1]) == (254, 232, 56)


def test_colour_is_logarithmic_in_height():
    heights = np.array([1.0, 0.1, 0.01, 10.0**-COLOUR_DECADES, 1e-9, 0.0])
    expected = [1.0, 1 - 1 / COLOUR_DECADES, 1 - 2 / COLOUR_DECADES, 0.0, 0.0, 0.0]
    np.testing.assert_allclose(colour_position(heights), expected, atol=1e-12)
    assert (np.diff(colour_position(np.linspace(1e-3, 1.0, 100))) > 0).all()


def test_contour_lines_of_a_quadratic_are_evenly_spaced():
    distance = np.linspace(0.0, 1.0, CONTOUR_LEVELS + 1)
    np.testing.assert_allclose(contour_phase(distance**2), np.arange(CONTOUR_LEVELS + 1), atol=1e-9)
    assert contour_phase(np.array([-1e-9])) == 0.0
