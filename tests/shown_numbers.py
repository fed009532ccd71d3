"""Reads numbers as they are written on an axis."""

import re

from gdviz.presentation.numbers import SUPERSCRIPTS

PLAIN = str.maketrans({raised: sign.replace("−", "-") for sign, raised in SUPERSCRIPTS.items()})
WRITTEN = re.compile(r"(?P<sign>−?)((?P<factor>[\d.,]+)·)?10(?P<power>[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)")


def number_of(label):
    """The number that a label stands for: −2,000, 0.5, 10⁻³, 1.5·10³⁸."""
    found = WRITTEN.fullmatch(label)
    if found is None:
        return float(label.replace("−", "-").replace(",", ""))
    return float(f"{found['sign'].replace('−', '-')}{found['factor'] or 1}e{found['power'].translate(PLAIN)}")
