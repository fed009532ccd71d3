"""The options of the data and of the loss over them, and the problem that they ask for."""

import argparse
from dataclasses import replace
from pathlib import Path

from gdviz.cli.arguments import given, one_of, option_name, parsed_by, whole_number
from gdviz.core.data.creation import generate
from gdviz.core.data.data_file import read_data_file
from gdviz.core.data.dataset import GENERATED, Dataset
from gdviz.core.data.settings import DataSettings
from gdviz.core.data.standardise import standardise
from gdviz.core.errors import InputError, locating
from gdviz.core.problems.batch_orders import BatchOrder
from gdviz.core.problems.capabilities import HasData, HasReduction, with_data, with_reduction
from gdviz.core.problems.problem import Problem
from gdviz.core.problems.reductions import REDUCTIONS
from gdviz.core.problems.registry import carried_over_data, make_problem, uses_data
from gdviz.core.reading import check_name, log_refusal

ALL_ROWS = "all"
"""As a batch size: each step sees all rows."""


def add_data_options(parser: argparse.ArgumentParser) -> None:
    """Add where the data come from, how they are standardised, and what a step sees of them."""
    add = parser.add_argument
    add("--data", type=parsed_by(check_name), metavar="FILE", help="a table of data: text such as .csv, or .parquet")
    add("--x", metavar="NAME", help="the column of the table that is x; the first one of numbers by default")
    add("--y", metavar="NAME", help="the column of the table that is y; the last one of numbers by default")
    add("--rows", type=whole_number(1000), metavar="N", help="how many rows of data are generated")
    add("--seed", type=whole_number(5), metavar="N", help="the seed of the generated data")
    for name, column in (("--standardised", "x"), ("--standardised-y", "y")):
        what = f"whether to measure {column} from its mean, in units of its standard deviation"
        add(name, action=argparse.BooleanOptionalAction, help=what)
    add("--reduction", type=one_of(REDUCTIONS), metavar="NAME", help=f"of the squared errors: {', '.join(REDUCTIONS)}")
    size = f"the rows that each step sees; {ALL_ROWS} for all of them"
    add("--batch-size", type=_batch_size, metavar=f"N|{ALL_ROWS}", help=size)
    add("--batch-seed", type=whole_number(5), metavar="N", help="the seed of the batches")
    what = f"how the rows of a batch are chosen: {', '.join(BatchOrder)}"
    add("--batch-order", type=one_of(BatchOrder), metavar="NAME", help=what)


def _batch_size(text: str) -> int | str:
    return ALL_ROWS if text == ALL_ROWS else whole_number("32, or all")(text)


def problem_of(name: str, before: Problem, options: argparse.Namespace) -> Problem:
    """The problem of that name with the data and the reduction that the options ask for; InputError if it has none."""
    for key in given(options, "data", "rows", "seed", "standardised", "standardised_y", "batch_order"):
        if not uses_data(name):
            raise InputError(f"{option_name(key)}: the problem {name} has no data; leave it out")
    if isinstance(before, HasData) and before.data.reading is not None and before.data.settings is None:
        _check_table_is_used(name, before.data, options)
    data, kept = _data(before, options), before
    if name != before.name:
        kept = make_problem(name, data if data is not None else carried_over_data(name, before))
    elif data is not None and isinstance(kept, HasData):
        kept = with_data(kept, data)
    if options.reduction is None:
        return kept
    if not isinstance(kept, HasReduction):
        without = "none" if isinstance(kept, HasData) else "no data"
        raise InputError(f"--reduction: the problem {name} has {without}; leave it out")
    return with_reduction(kept, options.reduction)


def _check_table_is_used(name: str, data: Dataset, options: argparse.Namespace) -> None:
    """InputError for options that would drop the table that is given as the file."""
    if options.data is not None:
        raise InputError(f"--data: {data.source} is a table too; give one of both")
    if not uses_data(name):
        raise InputError(f"--problem: {name} has no data; leave it out, or leave out {data.source}")


def _data(before: Problem, options: argparse.Namespace) -> Dataset | None:
    """The data that the options ask for; None if they ask for none."""
    chosen = given(options, "rows", "seed")
    if options.data is not None:
        for key in chosen:
            raise InputError(f"{option_name(key)}: data read from a file are not generated; give --data or --{key}")
        with locating("--data"), log_refusal():
            read = read_data_file(Path(options.data), (options.x, options.y))
            return standardise(read, bool(options.standardised), bool(options.standardised_y))
    if not chosen and options.standardised is None and options.standardised_y is None:
        return None
    data = before.data if isinstance(before, HasData) else None
    if data is not None and data.settings is None:
        for key in chosen:
            raise InputError(f"{option_name(key)}: the data of {data.source} are not generated; leave it out")
    if not chosen and data is not None and data.source != GENERATED:
        x, y = data.are_standardised
        asked = x if options.standardised is None else options.standardised
        return standardise(data, asked, y if options.standardised_y is None else options.standardised_y)
    settings = (data.settings if data is not None else None) or DataSettings()
    return generate(replace(settings, **chosen, **given(options, "standardised", "standardised_y")))
