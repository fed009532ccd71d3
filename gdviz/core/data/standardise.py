"""Standardises columns of data: mean 0, standard deviation 1."""

from dataclasses import replace

import numpy as np

from gdviz.core.data.dataset import AS_DRAWN, Dataset, Scale, constant_column_error
from gdviz.core.data.file_dataset import FileDataset
from gdviz.core.data.least_squares import mean_and_spread
from gdviz.core.data.memory import allocate_column
from gdviz.core.data.rows import Column, Report, pieces, share, unreported

TINY = 1e4 * float(np.finfo(np.float64).tiny)


def standardise(data: Dataset, x: bool, y: bool, report: Report = unreported) -> Dataset:
    """The same pairs, those columns with mean 0 and standard deviation 1, the others as drawn.

    InputError for a column that is to be standardised and is the same in every row.
    """
    if (x, y) == data.are_standardised:
        return data
    if isinstance(data, FileDataset):
        return data.standardised(x, y)
    found = []
    shares = share(report, 0.0, 0.5), share(report, 0.5, 1.0)
    for name, drawn, asked, part in zip(data.names, data.drawn, (x, y), shares, strict=True):
        found.append((*_standardised(data, name, drawn, part), drawn) if asked else (drawn, AS_DRAWN, None))
    (new_x, x_scale, drawn_x), (new_y, y_scale, drawn_y) = found
    settings = data.settings and replace(data.settings, standardised=x, standardised_y=y)
    scales = x_scale, y_scale
    return replace(data, x=new_x, y=new_y, drawn_x=drawn_x, drawn_y=drawn_y, scales=scales, settings=settings)


def _standardised(data: Dataset, name: str, drawn: Column, report: Report) -> tuple[Column, Scale]:
    scale = Scale(*mean_and_spread(drawn, share(report, 0.0, 0.6)))
    if _is_constant(drawn, scale):
        raise constant_column_error(data, name)
    column = allocate_column(drawn.size, drawn.dtype)
    for part in pieces(drawn.size, share(report, 0.6, 1.0)):
        column[part] = (drawn[part].astype(np.float64) - scale.mean) / scale.spread
    return column, scale


def _is_constant(column: Column, scale: Scale) -> bool:
    """Whether all values are the same: then the spread is that of the rounding errors of their mean, or 0.

    A spread at the very end of the range of numbers has lost its digits, and counts as none.
    """
    return scale.spread < TINY or (scale.spread <= 1e-6 * abs(scale.mean) and bool((column == column[0]).all()))
