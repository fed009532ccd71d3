"""Measures columns from their means in units of their standard deviations."""

from dataclasses import replace

import numpy as np

from gdviz.core.data.dataset import AS_DRAWN, GENERATED, Dataset, Scale
from gdviz.core.data.least_squares import mean_and_spread
from gdviz.core.data.memory import room
from gdviz.core.data.rows import Column, Report, pieces, share, unreported
from gdviz.core.errors import InputError


def standardise(data: Dataset, x: bool, y: bool, report: Report = unreported) -> Dataset:
    """The same pairs, those columns measured from their means in units of their standard deviations, others as drawn.

    InputError where a column that is to be standardised is the same in every row.
    """
    if (x, y) == data.are_standardised:
        return data
    if (measured := data.measured(x, y)) is not None:
        return measured
    shares, columns, drawn, scales = (share(report, 0.0, 0.5), share(report, 0.5, 1.0)), [], [], []
    for name, own, asked, part in zip(data.names, data.drawn, (x, y), shares, strict=True):
        scale = Scale(*mean_and_spread(own, share(part, 0.0, 0.6))) if asked else AS_DRAWN
        if asked and _is_constant(own, scale):
            raise no_spread(data, name)
        columns.append(_measured(own, scale, share(part, 0.6, 1.0)) if asked else own)
        drawn.append(own if asked else None)
        scales.append(scale)
    settings = data.settings and replace(data.settings, standardised=x, standardised_y=y)
    changed = replace(data, x=columns[0], y=columns[1], drawn_x=drawn[0], drawn_y=drawn[1], settings=settings)
    vars(changed)["scales"] = tuple(scales)
    return changed


def _is_constant(column: Column, scale: Scale) -> bool:
    """Whether all values are the same: then the spread is that of the rounding errors of their mean, or 0."""
    return scale.spread <= 1e-6 * abs(scale.mean) and bool((column == column[0]).all())


def no_spread(data: Dataset, name: str) -> InputError:
    """The refusal to standardise a column."""
    place = "data" if data.source == GENERATED else data.source
    return InputError(f"{place}: {name} is the same in every row and cannot be standardised; use it as it is")


def _measured(column: Column, scale: Scale, report: Report) -> Column:
    measured = room(column.size, column.dtype)
    for part in pieces(column.size, report):
        measured[part] = (column[part].astype(np.float64) - scale.mean) / scale.spread
    return measured
