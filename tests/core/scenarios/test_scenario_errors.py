"""What is wrong with a scenario file is told in one line, with its place."""

import pytest

from gdviz.core.descent.optimizers import OPTIMIZERS
from gdviz.core.errors import InputError
from gdviz.core.scenarios.conversion import MOST_POINTS
from gdviz.core.scenarios.scenario import read_scenario
from tests.core.scenarios.scenario_files import RATE, data, optimizer, runs, schedule, top, write

NO_SUCH_KEY = "there is no such key; the keys here are "

BAD = {
    "not TOML": ("title = Point nine", "is not TOML: Invalid value (at line 1, column 9)"),
    "cut off": ("title =", "is not TOML: Invalid value (at end of document)"),
    "not UTF-8": (b"\xff\xfetitle", "is not a text file in UTF-8"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(100), "is not a text file in UTF-8"),
    "empty": ("", 'title: is missing; give one, such as title = "Point nine"'),
    "no title": (RATE, "title: is missing"),
    "no schedule": ('title = "a"', "schedule: is missing; give a table [schedule] with the key learning_rate"),
    "no rate": (schedule('name = "constant"'), 'schedule.learning_rate: is missing; give a number, or "best"'),
    "key": (
        top("step = 3"),
        f"step: {NO_SUCH_KEY}title, schedule, question, proves, problem, reduction, optimizer, start",
    ),
    "key in data": (
        data("row = 3"),
        f"data.row: {NO_SUCH_KEY}rows, noise, slope, intercept, x_range, seed, standardised, standardised_y, file,",
    ),
    "no name of a column": (
        data('x = [0, 1]\ny = [1, 2]\ncolumns = ["size", " "]'),
        "data.columns: a name is empty; give both a name, or leave them out",
    ),
    "key in schedule": (
        schedule("learning_rate = 1\nstep = 3"),
        f"schedule.step: {NO_SUCH_KEY}learning_rate, name, ch",
    ),
    "key in optimizer": (
        optimizer('name = "momentum"\nbeta = 1'),
        "optimizer.beta: momentum has no such setting; it ha",
    ),
    "key of a class": (
        optimizer('name = "gd"\ntitle = 1'),
        "optimizer.title: gd has no such setting; it has weight_decay",
    ),
    "title of 1": (f"title = 1\n{RATE}", "title: needs text in quotes, found a whole number"),
    "title of a date": (f"title = 2024-01-01\n{RATE}", "title: needs text in quotes, found a date"),
    "steps of text": (top('steps = "many"'), "steps: needs a whole number, found text"),
    "steps of 2.5": (top("steps = 2.5"), "steps: needs a whole number, found a decimal number"),
    "steps of true": (top("steps = true"), "steps: needs a whole number, found true or false"),
    "start of one": (top("start = [1]"), "start: needs a list of 2 values, found 1"),
    "start of 1": (top("start = 1"), "start: needs a list, found a whole number"),
    "start of text": (top('start = [0, "b"]'), "start, item 2: needs a number, found text"),
    "schedule of 1": ('title = "a"\nschedule = 1', "schedule: needs a table, found a whole number"),
    "optimizer of text": (top('optimizer = "gd"'), "optimizer: needs a table, found text"),
    "data of a list": (f'title = "a"\n{RATE}[[data]]\nrows = 1', "data: needs a table, found a list"),
    "x of text": (data('x = [1, "a"]\ny = [1, 2]'), "data.x, item 2: needs a number, found text"),
    "rate of text": (
        schedule('learning_rate = "bset"'),
        "schedule.learning_rate: there is no 'bset'; use a number or",
    ),
    "rate of true": (schedule("learning_rate = true"), 'schedule.learning_rate: needs a number or "best", found true'),
    "changes": (
        schedule("learning_rate = 1\nchanges = [[1, 2, 3]]"),
        "schedule.changes, item 1: needs a list of 2 val",
    ),
    "changed at 1.5": (
        schedule("learning_rate = 1\nchanges = [[1.5, 2]]"),
        "changes, item 1, item 1: needs a whole num",
    ),
    "changed at -1": (schedule("learning_rate = 1\nchanges = [[-1, 2]]"), "schedule.changes: -1 is not a step; use 0"),
    "changed to nan": (
        schedule("learning_rate = 1\nchanges = [[1, nan]]"),
        "learning_rate: nan is not a finite number",
    ),
    "changed twice": (
        schedule("learning_rate = 1\nchanges = [[3, 1], [3, 2]]"),
        "schedule.changes: step 3 is there tw",
    ),
    "momentum of text": (
        optimizer('name = "momentum"\nmomentum = "a"'),
        "optimizer.momentum: 'a' is not a finite number; use",
    ),
    "momentum of true": (
        optimizer('name = "momentum"\nmomentum = true'),
        "optimizer.momentum: True is not a finite number",
    ),
    "momentum of 1": (optimizer('name = "momentum"\nmomentum = 1'), "optimizer.momentum: 1.0 is not possible; use"),
    "huge momentum": (
        optimizer('name = "momentum"\nmomentum = 1' + "0" * 400),
        "optimizer.momentum: needs a number up to 1.8e308",
    ),
    "momentum of nan": (
        optimizer('name = "momentum"\nmomentum = nan'),
        "optimizer.momentum: nan is not a finite number",
    ),
    "optimizer of 5": (optimizer("name = 5"), "optimizer.name: 5 is not a name; use one such as 'gd'"),
    "rate of nan": (schedule("learning_rate = nan"), "learning_rate: nan is not a finite number; use one such as 0.1"),
    "rate of inf": (schedule("learning_rate = inf"), "learning_rate: inf is not a finite number; use one such as 0.1"),
    "large rate": (
        schedule("learning_rate = 1e39"),
        "learning_rate: 1e+39 is too large for float32; use one up to 3.4",
    ),
    "huge rate": (schedule("learning_rate = 1" + "0" * 400), "schedule.learning_rate: needs a number up to 1.8e308"),
    "start of nan": (top("start = [nan, 0]"), "start: w = nan is not a finite number; use one such as -1"),
    "start of inf": (top("start = [0, -inf]"), "start: b = -inf is not a finite number; use one such as -1"),
    "far start": (top("start = [1e300, 0]"), "start: w = 1e+300 is too large for float32; use one up to 3.4e38"),
    "noise of nan": (data("noise = nan"), "data.noise: nan is not a finite number; use one such as 0.1"),
    "noise of -1": (data("noise = -1"), "data.noise: -1.0 is negative; use 0 or a positive standard deviation"),
    "slope of inf": (data("slope = inf"), "data.slope: inf is not a finite number; use one such as 0.1"),
    "x_range": (data("x_range = [1, 0]"), "data.x_range: [1.0, 0.0] is no range; use two finite numbers"),
    "wide x_range": (data("x_range = [-1e308, 1e308]"), "data.x_range: [-1e+308, 1e+308] is no range; use two"),
    "zero rows": (data("rows = 0"), "data.rows: 0 is not possible; use 1 to 10,000,000 rows"),
    "10^12 rows": (data("rows = 1000000000000"), "data.rows: 1000000000000 is not possible; use 1 to 10,000,000"),
    "seed": (data("seed = -1"), "data.seed: -1 is no seed; use a whole number from 0 to 2^63 - 1"),
    "no points": (data("x = []\ny = []"), "data: has no rows; give at least one"),
    "x alone": (data("x = [1]"), "data: x has 1 values and y has 0; give as many of each"),
    "x of nan": (data("x = [1, nan]\ny = [1, 2]"), "data: x in row 2 is nan; use a finite number up to 3.4e38"),
    "large y": (data("x = [1]\ny = [1e39]"), "data: y in row 1 is 1e+39; use a finite number up to 3.4e38"),
    "points twice": (data('x = [1]\ny = [1]\nfile = "a.csv"'), "data.file: the points are given here as x and y too"),
    "no data file": (data('file = "none.csv"'), "none.csv: cannot be read: No such file or directory"),
    "a folder as data": (data('file = "."'), ": is a folder, not a file; give a file"),
    "a name with NUL": (data('file = "a\\u0000b"'), "is not the name of a file"),
    "useless data": (
        'problem = "rosenbrock"\n' + data("rows = 3"),
        "data: the problem rosenbrock uses none; leave them",
    ),
    "steps of 0": (top("steps = 0"), "steps: 0 is not possible; use 1 to 1,000,000 steps"),
    "10^12 steps": (top("steps = 1000000000000"), "steps: 1000000000000 is not possible; use 1 to 1,000,000 steps"),
    "10^30 steps": (top("steps = 1" + "0" * 30), "is not possible; use 1 to 1,000,000 steps"),
    "problem": (top('problem = "rosenbrok"'), "problem: there is no 'rosenbrok'; use one of linear-regression, ros"),
    "optimizer": (optimizer('name = "adma"'), f"optimizer: there is no 'adma'; use one of {', '.join(OPTIMIZERS)}"),
    "precision": (top('precision = "float16"'), 'precision: there is no \'float16\'; use "float32" or "float64"'),
    "a rate in a range test": (
        schedule('name = "range-test"\nlearning_rate = 0.1'),
        "schedule.learning_rate: a range test has many; leave it and the changes out",
    ),
    "changes in a range test": (schedule('name = "range-test"\nchanges = [[3, 0.1]]'), "leave it and the changes out"),
    "steps in a range test": (
        schedule('name = "range-test"').replace("[", "steps = 20\n[", 1),
        "steps: a range test takes one for each rate; leave steps out, and give schedule.number",
    ),
    "end before start": (schedule('name = "range-test"\nstart = 2.0\nend = 1.0'), "the end 1 is not above the start 2"),
    "one rate": (schedule('name = "range-test"\nnumber = 1'), "1 rates are not possible; use 2 to 10,000"),
    "number of another kind": (schedule('name = "range-test"\nnumber = 1.5'), "schedule.number: needs a whole number"),
    "switch of 1": (
        schedule('name = "range-test"\nsmoothed = 1'),
        "schedule.smoothed: needs true or false, found a whole number",
    ),
    "number without a range test": (
        schedule("learning_rate = 0.1\nnumber = 20"),
        'schedule.number: only a range test has this; add name = "range-test"',
    ),
    "schedule's name": (
        schedule('learning_rate = 1\nname = "linear"'),
        "schedule.name: there is no 'linear'; use one of const",
    ),
    "best of a curve": (
        schedule('learning_rate = "best"').replace("[", 'problem = "rosenbrock"\n[', 1),
        "rosenbrock has none that is best",
    ),
    "best of one row": (
        schedule('learning_rate = "best"\n[data]\nx = [0.3]\ny = [1]'),
        "2/(mu + L) is the limit itself where x is the same in every row; use a number such as 0.45",
    ),
    "a fifth run": (
        runs(*(f"learning_rate = {rate}" for rate in (0.2, 0.3, 0.4, 0.5))),
        "runs: 5 are too many; use four at most, including the scenario's own",
    ),
    "key in a run": (
        runs("steps = 5", "learningrate = 0.2"),
        f"runs, item 2.learningrate: {NO_SUCH_KEY}learning_rate, changes, optimizer, start, steps, precision",
    ),
    "a word for a rate in a run": (
        runs('learning_rate = "good"'),
        "runs, item 1.learning_rate: there is no 'good'; use a number or \"best\"",
    ),
    "precision of a run": (
        runs('precision = "float16"'),
        'runs, item 1.precision: there is no \'float16\'; use "float32" or "float64"',
    ),
    "runs that are no tables": (top("runs = 3"), "runs: needs a list, found a whole number"),
    "start of a run": (runs("start = [1]"), "runs, item 1.start: needs a list of 2 values, found 1"),
    "steps of a run": (runs("steps = 0"), "runs, item 1: steps: 0 is not possible"),
    "optimizer of a run": (runs("[runs.optimizer]\nname = 3"), "runs, item 1: optimizer.name: 3 is not a name"),
    "a change twice in a run": (
        runs("steps = 9", "changes = [[3, 0.1], [3, 0.2]]"),
        "runs, item 2: changes: step 3 is there twice; keep one of them",
    ),
    "no best rate for a run": (
        'title = "a"\nproblem = "rosenbrock"\n' + RATE + '[[runs]]\nlearning_rate = "best"\n',
        "runs, item 1: learning_rate: rosenbrock has none that is best everywhere",
    ),
    "the same run twice": (runs("learning_rate = 0.1"), "runs, item 1: this run is a duplicate; change something"),
    "two runs that are the same": (
        runs("steps = 5", "learning_rate = 0.2", "steps = 5"),
        "runs, item 3: this run is a duplicate",
    ),
    "batch size of text": (
        top('batch_size = "some"'),
        "batch_size: there is no 'some'; use a whole number or \"all\"",
    ),
    "batch size of 2.5": (top("batch_size = 2.5"), 'batch_size: needs a whole number or "all", found a decimal number'),
    "batch order": (
        top('batch_order = "random"'),
        'batch_order: there is no \'random\'; use "with-replacement" or "shuffled" or "sequential"',
    ),
    "batch of none": (top("batch_size = 0"), "batch_size: 0 is not possible; use 1 to 100"),
    "a batch larger than the data": (
        top("batch_size = 101"),
        "batch_size: 101 is more than there are rows; use 1 to 100",
    ),
    "a batch without data": (
        top('problem = "rosenbrock"\nbatch_size = 1'),
        "batch_size: the problem rosenbrock has no data; leave the batch size out",
    ),
    "batch size of a run": (
        runs("steps = 5", "batch_size = 101"),
        "runs, item 2: batch_size: 101 is more than there are rows; use 1 to 100",
    ),
    "a word for a batch size in a run": (
        runs("batch_size = [3]"),
        'runs, item 1.batch_size: needs a whole number or "all", found a list',
    ),
    "seed of the batches": (top("seed = -1"), "seed: -1 is not a seed; use a whole number from 0 to 2^63 - 1"),
    "seed of text": (top('seed = "a"'), "seed: needs a whole number, found text"),
    "seed of a run": (runs("seed = -1"), "runs, item 1: seed: -1 is not a seed; use a whole number from 0"),
    "reduction": (top('reduction = "max"'), 'reduction: there is no \'max\'; use "mean", "sum" or "half-mean"'),
    "reduction of 1": (top("reduction = 1"), 'reduction: needs "mean", "sum" or "half-mean", found a whole number'),
    "reduction without data": (
        top('problem = "rosenbrock"\nreduction = "sum"'),
        "reduction: the problem rosenbrock has no data; leave the reduction out",
    ),
    "standardised of text": (data('standardised = "x"'), "data.standardised: needs true or false, found text"),
    "one row standardised": (
        data("rows = 1\nstandardised = true"),
        "data: x is the same in every row and cannot be standardised; use it as it is",
    ),
    "points with the same x standardised": (
        data("x = [3, 3]\ny = [1, 2]\nstandardised = true"),
        "data: x is the same in every row and cannot be standardised; use it as it is",
    ),
    "an empty title": (f'title = ""\n{RATE}', 'title: is empty; give one, such as title = "Point nine"'),
    "a title of spaces": (f'title = " \\t\\n\\u00a0\\u200d"\n{RATE}', "title: is empty; give one"),
    "a long title": (f'title = "{"a" * 301}"\n{RATE}', "title: has 301 characters; use 300 at most"),
    "a long proof": (top(f'proves = "{"a" * 1001}"'), "proves: has 1,001 characters; use 1,000 at most"),
    "a rate of 0 in single precision": (
        schedule("learning_rate = 1e-50"),
        "learning_rate: 1e-50 is 0 in single precision; use a larger one such as 1e-30, or precision float64",
    ),
    "a change to 0 in single precision": (
        schedule("learning_rate = 1\nchanges = [[3, -7e-46]]"),
        "learning_rate: -7e-46 is 0 in single precision",
    ),
    "a rate of 0 for a run": (runs("learning_rate = 1e-50"), "runs, item 1: learning_rate: 1e-50 is 0 in single prec"),
    "a change after the last step": (
        schedule("learning_rate = 1\nchanges = [[5, 2], [201, 3]]"),
        "schedule.changes: step 201 is after the last one, 200; use an earlier step, or more steps",
    ),
    "a change after the last step of a run": (
        runs("steps = 5\nchanges = [[6, 0.5]]"),
        "runs, item 1: changes: step 6 is after the last one, 5",
    ),
    "a change beyond all steps": (schedule(f"learning_rate = 1\nchanges = [[{10**300}, 2]]"), "000,000,000 is after"),
    "runs that are the same in single precision": (
        runs("learning_rate = 0.10000000001"),
        "runs, item 1: this run is a duplicate in float32, to which the numbers are rounded; change something in it",
    ),
    "starts that are the same in single precision": (
        runs("start = [0, -1.00000000001]"),
        "this run is a duplicate in float32",
    ),
    "optimizers that are the same in single precision": (
        runs(*(f'[runs.optimizer]\nname = "momentum"\nmomentum = {beta}' for beta in (0.9, 0.90000000001))),
        "runs, item 2: this run is a duplicate in float32",
    ),
    "a range test of one rate": (
        schedule('name = "range-test"\nstart = 0.1\nend = 0.1000000001'),
        "range test: 200 rates from 0.1 to 0.1000000001 are not all different in float32; use fewer, or a higher end",
    ),
    "other rows than points": (
        data("seed = 5\nrows = 50\nx = [1, 2]\ny = [3, 4]"),
        "data.rows: is 50, and there are 2 points; leave it out",
    ),
    "checksum beside points": (data('x = [1, 2]\ny = [3, 4]\nchecksum = "a"'), "data.checksum: only a file has one"),
    "rows beside points": (data("rows = 2\nx = [1, 2]\ny = [3, 4]"), "data.rows: points that are given are not gener"),
    "slope beside points": (
        data("slope = 0.3\nx = [1, 2]\ny = [3, 4]"),
        "data.slope: points that are given are not generated by it; leave it out, or add the seed from which they were",
    ),
    "noise beside points": (data("noise = 0.01\nx = [1, 2]\ny = [3, 4]"), "data.noise: points that are given"),
    "x_range beside points": (data("x_range = [0, 1]\nx = [1, 2]\ny = [3, 4]"), "data.x_range: points that are given"),
    "many points": (
        data(f"x = {[*range(MOST_POINTS + 1)]}\ny = {[*range(10_001)]}"),
        "data: 100,001 points are too many for a scenario file, which takes 100,000; keep them in a table and name it",
    ),
    "many changes": (
        schedule(f"learning_rate = 1\nchanges = {[[step, 1] for step in range(1, 10_002)]}"),
        "schedule.changes: 10,001 are too many; use 10,000 at most",
    ),
    "momentum of a date": (
        optimizer('name = "momentum"\nmomentum = 2024-01-01'),
        "momentum: 2024-01-01 is not a finite number",
    ),
    "momentum of no date": (optimizer("momentum = 2024-02-31"), "is not TOML: Invalid date or datetime (at line 5"),
    "momentum of a list": (
        optimizer('name = "momentum"\nmomentum = []'),
        "optimizer.momentum: a list is not a finite number",
    ),
    "a rate of a time": (schedule("learning_rate = 07:32:00"), 'schedule.learning_rate: needs a number or "best"'),
    "a rate of a table": (schedule("learning_rate = {}"), 'learning_rate: needs a number or "best", found a table'),
    "a name with a bell": (top('"\\u0007" = 1'), r"\x07: there is no such key"),
    "runs beside a range test": (
        schedule('name = "range-test"\n[[runs]]\nsteps = 5'),
        "runs: a range test stands alone; leave out the other runs",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_told_in_one_line(tmp_path, case):
    content, told = BAD[case]
    path = write(tmp_path, content)
    with pytest.raises(InputError) as caught:
        read_scenario(path)
    text = str(caught.value)
    assert text.startswith(f"{path}: ")
    assert told in text
    assert "\n" not in text
    for jargon in ("`", "$", "null", "object", "Expected", "enum"):
        assert jargon not in text.removeprefix(str(path))
