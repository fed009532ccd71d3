"""Creates data sets: generated from settings, or from given points."""

import numpy as np

from gdviz.core.data.dataset import Dataset
from gdviz.core.data.least_squares import DIRECT_ROWS
from gdviz.core.data.memory import allocate_column, out_of_memory_error
from gdviz.core.data.rows import Report, pieces, share, unreported
from gdviz.core.data.settings import DataSettings
from gdviz.core.data.standardise import standardise
from gdviz.core.errors import InputError


def generate(settings: DataSettings, report: Report = unreported) -> Dataset:
    """Draw the data: first all x, then all noise, both in double precision, cast to float32; y in float32.

    The numbers do not depend on the chunks in which they are drawn. What takes long with large data (fit, digest) is
    computed here too. InputError if they do not fit into memory: in advance where the system says how much is free.
    """
    try:
        return _generate(settings, report)
    except MemoryError as error:
        raise out_of_memory_error(settings.rows) from error


def _generate(settings: DataSettings, report: Report) -> Dataset:
    x, y = allocate_column(settings.rows), allocate_column(settings.rows)
    is_standardised = settings.standardised or settings.standardised_y
    generator, drawn = np.random.default_rng(settings.seed), 0.6 if is_standardised else 0.7
    with np.errstate(over="ignore", invalid="ignore"):
        for part in pieces(settings.rows, share(report, 0.0, 0.3)):
            x[part] = generator.uniform(*settings.x_range, part.stop - part.start)
        for part in pieces(settings.rows, share(report, 0.3, drawn)):
            # NumPy rejects -0.0 as a standard deviation.
            noise = generator.normal(0.0, abs(settings.noise), part.stop - part.start).astype(np.float32)
            y[part] = np.float32(settings.slope) * x[part] + np.float32(settings.intercept) + noise
            if not (np.isfinite(x[part]).all() and np.isfinite(y[part]).all()):
                raise InputError("data: these settings give numbers beyond single precision (3.4e38); use smaller")
    data = Dataset(x, y, settings)
    if is_standardised:
        data = standardise(data, settings.standardised, settings.standardised_y, share(report, drawn, 0.7))
    if settings.rows > DIRECT_ROWS:
        data.prepare(share(report, 0.7, 1.0))
    report(1.0)
    return data


def from_points(
    x: object, y: object, settings: DataSettings | None, source: str, standardised: tuple[bool, bool] = (False, False)
) -> Dataset:
    """A data set from two equally long lists of finite numbers; InputError for others.

    settings: None for points that were not generated, which keep double precision. standardised: whether to
    standardise x and y; settings take precedence.
    """
    columns = np.array(x, dtype=np.float64), np.array(y, dtype=np.float64)
    count = columns[0].size
    if columns[0].ndim != 1 or columns[0].shape != columns[1].shape:
        raise InputError(f"{source}: x has {count} values and y has {columns[1].size}; give as many of each")
    if not count:
        raise InputError(f"{source}: has no rows; give at least one")
    with np.errstate(over="ignore"):
        singles = columns[0].astype(np.float32), columns[1].astype(np.float32)
    for name, column, single in zip("xy", columns, singles, strict=True):
        for row in np.flatnonzero(~np.isfinite(single)):
            raise InputError(f"{source}: {name} in row {row + 1} is {column[row]}; use a finite number up to 3.4e38")
    first, second = columns if settings is None else singles
    data = Dataset(first, second, settings, source)
    if settings is not None:
        standardised = settings.standardised, settings.standardised_y
    return standardise(data, *standardised)
