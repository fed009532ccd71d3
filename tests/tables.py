"""Data of the user's own, as a table of two named columns gives them."""

from dataclasses import replace

from gdviz.core.data.creation import from_points


def named(x, y, names=("size", "price")):
    """Pairs in double precision from these two columns."""
    return replace(from_points(list(x), list(y), None, "houses.csv"), names=names)
