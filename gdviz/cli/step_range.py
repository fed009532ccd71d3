"""The steps of a run that are to be shown, as they are typed on the command line."""

import argparse
from dataclasses import dataclass

from gdviz.cli.arguments import whole_number


@dataclass(frozen=True)
class Range:
    """The steps to show, as typed: either end may be left open."""

    first: int | None
    last: int | None

    def within(self, last_step: int) -> tuple[int, int]:
        """The first and the last step of a run that has so many."""
        return self.first or 0, last_step if self.last is None else self.last


def steps_or_range(text: str) -> int | Range:
    """``200`` steps to compute, or ``10:50`` the steps of the run to show."""
    if ":" not in text:
        return whole_number("200 or 0:50")(text)
    try:
        first, last = (int(part) if part else None for part in text.split(":"))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no range of steps; take one such as 0:50") from None
    return Range(first, last)
