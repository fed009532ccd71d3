"""Loss and gradient of least squares row by row, in the order of automatic differentiation: of one point or of many."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdviz.core.data.rows import Column
from gdviz.core.problems.problem import Evaluate, Point

TABLE_CELLS = 32_768
"""The size of each table used for many points at once; five of them fit into a typical cache."""


def row_wise_evaluator(x: Column, y: Column, multiple: float | None) -> Evaluate:
    """Loss and gradient over rows of shape (n,), in their precision and the order of automatic differentiation.

    multiple: the loss is this multiple of the mean of the squares; None for their sum. The mean is formed first and
    then multiplied: half the mean is infinite exactly where the mean is. The factor of the residuals in the gradient is
    2 * (multiple / n), whose halving is exact: so the gradient of half the mean is half that of the mean bit for bit,
    unless one of the two leaves the range of normal numbers, which is later at the top and earlier at the bottom.
    """
    (divisor, multiplier), factor = _loss_factors(x.dtype, x.size, multiple), _factor(x.dtype, x.size, multiple)
    total = np.add.reduce
    batched: Callable[[Point], NDArray[np.floating]] | None = None

    def evaluate(point: Point) -> tuple[Any, Point]:
        if point.ndim > 1:
            nonlocal batched
            batched = batched or _batched_sums(x, y, factor)
            sums = batched(point)
            return sums[0] / divisor * multiplier, sums[1:]
        residual = point[0] * x
        residual += point[1]
        residual -= y
        loss = total(residual * residual) / divisor * multiplier
        residual *= factor
        return loss, np.array((total(residual * x), total(residual)))

    return evaluate


def row_wise_losses(x: Column, y: Column, multiple: float | None) -> Callable[[Point], Column]:
    """The function from n points, shape (2, n), to the losses of the above there, shape (n,)."""
    (divisor, multiplier), batched = _loss_factors(x.dtype, x.size, multiple), _batched_sums(x, y, None)
    return lambda points: batched(points)[0] / divisor * multiplier


def _loss_factors(dtype: np.dtype[np.floating], rows: int, multiple: float | None) -> tuple[np.floating, np.floating]:
    """What the sum of the squares is divided by, and then multiplied with."""
    return (dtype.type(1), dtype.type(1)) if multiple is None else (dtype.type(rows), dtype.type(multiple))


def _factor(dtype: np.dtype[np.floating], rows: int, multiple: float | None) -> np.floating:
    """The factor of the residuals in the gradient."""
    divisor, multiplier = _loss_factors(dtype, rows, multiple)
    factor: np.floating = dtype.type(2) * (multiplier / divisor)
    return factor


def row_wise_gradient_in_place(
    rows: int, multiple: float | None, point: Point, out: Point
) -> Callable[[Column, Column], None]:
    """The function that writes the gradient at ``point``, as it is when called, over so many rows to ``out``.

    Bit-identical to the above. It takes little more than its six calls of NumPy: parameters and tables are arrays that
    stay, since a view or a number takes as long as a fifth of a call, and both sums are one call.
    """
    weight, bias, dtype = point[0, ...], point[1, ...], point.dtype
    factor, table = np.array(_factor(dtype, rows, multiple)), np.empty((2, rows), dtype)
    products, residual = table
    add, subtract, multiply, total = np.add, np.subtract, np.multiply, np.add.reduce

    def write(x: Column, y: Column) -> None:
        multiply(weight, x, residual)
        add(residual, bias, residual)
        subtract(residual, y, residual)
        multiply(residual, factor, residual)
        multiply(residual, x, products)
        total(table, axis=1, out=out)

    return write


def _batched_sums(x: Column, y: Column, factor: np.floating | None) -> Callable[[Point], NDArray[np.floating]]:
    """From points of shape (2, n) to sums over the rows: of the squares and the gradients, shape (3, n).

    factor: that of the residuals in the gradient; None for the squares alone, (1, n).
    In blocks of points whose tables fit into the cache. A table has one line per point and one column per data row, so
    that the sum along a line is bit-identical to that of a single point. The tables are reused: one run, one thread.
    """
    block_points = max(1, TABLE_CELLS // x.size)
    xs, ys, buffer = (np.empty(0, x.dtype),) * 3

    def sums(points: Point) -> NDArray[np.floating]:
        nonlocal xs, ys, buffer
        count = points.shape[1]
        if len(xs) < min(count, block_points):
            # Full tables of x and y, since NumPy takes twice as long to broadcast a line.
            xs, ys = (np.repeat(column[None], min(count, block_points), axis=0) for column in (x, y))
            buffer = np.empty((3, *xs.shape), x.dtype)
        results = np.empty((1 if factor is None else 3, count), points.dtype)
        for begin in range(0, count, block_points):
            columns = slice(begin, begin + block_points)
            block, out = points[:, columns], results[:, columns]
            lines = block.shape[1]
            tables = buffer[:, :lines]
            squares, products, residual = tables
            np.multiply(block[0][:, None], xs[:lines], out=residual)
            residual += block[1][:, None]
            residual -= ys[:lines]
            np.multiply(residual, residual, out=squares)
            if factor is not None:
                residual *= factor
                np.multiply(residual, xs[:lines], out=products)
            np.add.reduce(tables[: len(results)], axis=2, out=out)
        return results

    return sums
