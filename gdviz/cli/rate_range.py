"""The value of `--rates`: from the lowest learning rate to the highest, and how many."""

import math

from gdviz.core.errors import InputError

EXAMPLE = "0.0001:10:200"


def parse_rates(text: str) -> tuple[float, float, int]:
    """The lowest rate, the highest and how many, of ``A:B:N``; InputError in one line for what is none of these."""
    try:
        low, high, many = text.split(":")
        lowest, highest, number = float(low), float(high), int(many)
    except ValueError:
        raise InputError(
            f"--rates: {text!r} is not possible; give the lowest, the highest and how many: {EXAMPLE}"
        ) from None
    for value in (lowest, highest):
        if not (math.isfinite(value) and value > 0):
            raise InputError(f"--rates: {value:g} is no rate to take here; take finite ones above 0: {EXAMPLE}")
    if highest < lowest:
        raise InputError(f"--rates: {highest:g} is below {lowest:g}; give the lowest rate first: {EXAMPLE}")
    if number < 1:
        raise InputError(f"--rates: {number} rates are not possible; take 1 or more: {EXAMPLE}")
    return lowest, highest, number
