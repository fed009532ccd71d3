"""Input that cannot be: one line that says what to do, exit code 2, and nothing is written."""

import pytest

from gdviz.animation.formats import PICTURES

BAD = [
    (["nowhere"], "no scenario 'nowhere'; use one of point-nine, one"),
    (["trac", "--steps", "3"], "no scenario 'trac' (did you mean trace?); use one of"),
    (["trace", "point-nin"], "no scenario 'point-nin' (did you mean point-nine?); use one of"),
    (["missing.toml"], "missing.toml: cannot be read"),
    (["trace", "--rows", "1", "--standardised"], "x is the same in every row and cannot be standardised"),
    (
        ["trace", "--problem", "rosenbrock", "--standardised"],
        "--standardised: the problem rosenbrock has no data; leave it out",
    ),
    (["trace", "--problem", "ackleey"], "problem: there is no 'ackleey'"),
    (["trace", "--optimizer", "sgd"], "optimizer: there is no 'sgd'"),
    (["trace", "--optimizer", "gd", "--momentum", "0.9"], "gd has no such setting"),
    (
        ["trace", "--optimizer", "momentum", "--momentum", "1.5"],
        "--momentum: 1.5 is not possible; use a number from 0 to below 1",
    ),
    (["trace", "--learning-rate", "nan"], "--learning-rate: nan is not a finite number; use one such as 0.1"),
    (["trace", "--learning-rate", "fast"], "--learning-rate: 'fast' is not a number; use one such as 0.1"),
    (["trace", "--steps", "1000000000000"], "steps: 1000000000000 is not possible"),
    (["trace", "--steps", "0"], "steps: 0 is not possible"),
    (["trace", "--start", "inf", "0"], "start: w = inf"),
    (["trace", "--dtype", "float16"], "--dtype: there is no 'float16'"),
    (["trace", "--seed", "-1"], "--seed: -1 is no seed; use a whole number from 0 to 2^63 - 1"),
    (["trace", "--problem", "rosenbrock", "--seed", "1"], "--seed: the problem rosenbrock has no data; leave it out"),
    (["trace", "--data", "none.csv"], "none.csv: cannot be read"),
    (["trace", "--data", "none.csv", "--rows", "5"], "--rows: data read from a file are not generated; give --data or"),
    (["trace", "--data", "none.csv", "--seed", "5"], "--seed: data read from a file are not generated; give --data or"),
    (["trace", "--rows", "0"], "--rows: 0 is not possible; use 1 to 10,000,000 rows"),
    (["trace", "--rows", "99999999999"], "--rows: 99999999999 is not possible; use 1 to 10,000,000 rows"),
    (["trace", "--batch-size", "101"], "--batch-size: 101 is more than there are rows; use 1 to 100"),
    (["trace", "--batch-size", "0"], "--batch-size: 0 is not possible; use 1 to 100"),
    (["trace", "--batch-size", "half"], "--batch-size: 'half' is not a whole number; use one such as 32, or all"),
    (["trace", "--batch-seed", "-1"], "--batch-seed: -1 is not a seed; use a whole number"),
    (["trace", "--problem", "rosenbrock", "--batch-size", "2"], "--batch-size: the problem rosenbrock has no data"),
    (["trace", "--batch-order", "shuffled"], "--batch-order: every step sees all rows; choose a --batch-size too"),
    (["trace", "--batch-size", "9", "--batch-order", "random"], "--batch-order: there is no 'random'; use one of"),
    (
        ["trace", "--problem", "rosenbrock", "--batch-order", "shuffled"],
        "--batch-order: the problem rosenbrock has no",
    ),
    (["trace", "--problem", "rosenbrock", "--reduction", "sum"], "--reduction: the problem rosenbrock has no data"),
    (["trace", "--reduction", "median"], "reduction: there is no 'median'; use one of mean, sum"),
    (["trace", "-o", "trace.txt"], "trace.txt: a trace can be written as .csv or .npz"),
    (["trace", "-o", "no/such/folder/trace.csv"], "there is no folder no/such/folder; make it, or use another name"),
    (["trace", ""], "the name of the scenario is empty; give a name or a file"),
    (["render", "-o", "clip.mp4/"], "--output: ends like the name of a folder; give the name of a file"),
    (["trace", "--colour"], "--colour: there is no such option; gdviz trace --help lists the options"),
    (["render"], "--output: is missing; use OUT: the output"),
    (["render", "-o", "x.bmp"], "x.bmp: .bmp is not a known ending"),
    (["render", "-o", "x.png", "--size", "big"], "size: 'big'"),
    (["render", "-o", "x.png", "--size", "10x10"], "size: 10x10 is not possible"),
    (["render", "-o", "x.png", "--step", "201"], "--step: 201 is not in this run"),
    (["render", "-o", "x.png", "--theme", "pink"], "--theme: there is no 'pink'"),
    (["render", "-o", "no/such/x.png"], "there is no folder"),
]
BAD_MAP = [
    (["--rates", "1:0.1:5"], "--rates: 0.1 is below 1; give the lowest rate first"),
    (["--rates", "0:1:5"], "--rates: 0 is not possible"),
    (["--rates", "1e-4:10:0"], "--rates: 0 rates are not possible"),
    (["--rates", "1e-4:10:-4"], "--rates: -4 rates are not possible"),
    (["--rates", "1e-4:10:1"], "--rates: one rate cannot be both 0.0001 and 10"),
    (["--rates", "1e-4:10:1000000000"], "--rates: 1,000,000,000 rates by 200 numbers of steps are too many cells"),
    (["--rates", "1e-4:10:1000", "--steps", "1000000"], "are too many cells; use 10,000,000 at most"),
    (["--rates", "1e-4:10:1" + "0" * 5000], "is not possible"),
    (["--rates", "a:b"], "--rates: 'a:b'"),
    (["--rates", "1e-4:inf:10"], "--rates: inf is not possible"),
    (["--rates", "nan:10:10"], "--rates: nan is not possible"),
    (["--rates", "1:1e39:3"], "too large for float32"),
    (["--rates", "1e-60:1:3"], "--rates: the rate 1e-60 is too small for float32"),
    (["--steps", "0"], "steps: 0 is not possible; use 1 to 1,000,000 steps"),
    (["--steps", "1000000000000"], "steps: 1000000000000 is not possible"),
    (["range-test", "--steps", "1000000000000"], "steps: 1000000000000 is not possible"),
    (["--steps", "inf"], "--steps: 'inf' is not a whole number; use one such as 200"),
    (["--basins"], "has a single minimum, reached from every start"),
    (["--basins", "-o", "a.png"], "has a single minimum, reached from every start"),
    (["--basins", "--problem", "himmelblau", "--steps", "1000000"], "--steps: 1,000,000 steps from 256 by 256"),
    (["--basins", "--rates", "1e-4:10:5"], "--rates: a map of starting points is for one rate"),
    (["-o", "a.txt"], f"a.txt: a map can be written as .csv, {', '.join(PICTURES)}"),
    (["-o", "a.mp4"], f"a.mp4: a map can be written as .csv, {', '.join(PICTURES)}"),
    (["-o", "no/such/a.csv"], "there is no folder no/such; make it"),
    (["-o", "no/such/a.png"], "there is no folder"),
    (["-o", "a.png", "--pane", "surface"], "--pane: a map is drawn in the pane map; leave it out"),
    (["-o", "a.png", "--step", "900"], "--step: 900 is not in this run"),
    (["-o", "a.csv", "--theme", "dark"], "--theme: is for pictures"),
    (["--text-scale", "1.5"], "--text-scale: is for pictures"),
    (["nowhere"], "no scenario 'nowhere'"),
    (["--colour"], "--colour: there is no such option"),
]
BAD_RANGE_TEST = [
    (["--rates", "0:1:5"], "0 "),
    (["--rates", "1:0.1:5"], "0.1 "),
    (["--rates", "1:1:5"], "the end 1 is not above the start 1"),
    (["--rates", "1e-4:10:1"], "1 rates are not possible"),
    (["--rates", "1e-4:10:10001"], "10001 rates are not possible"),
    (["--rates", "a:b"], "'a:b'"),
    (["--rates", "1e-4:10"], "'1e-4:10'"),
    (["--rates", "nan"], "'nan'"),
    (["--rates", "1e-4:inf:10"], "inf"),
    (["--rates", "nan:10:10"], "nan"),
    (["--rates", "1e-60:1:10"], "start 1e-60 is too small for float32"),
    (["--steps", "1"], "1 rates are not possible"),
    (["--steps", "0"], "0 rates are not possible"),
    (["--steps", "inf"], "--steps: 'inf' is not a whole number; use one such as 200"),
    (["--steps", "30", "--rates", "1e-4:10:20"], "--steps: 30 rates contradict --rates 1e-4:10:20"),
    (["--fresh-steps", "-1"], "--fresh-steps: -1 is not possible; use 0 to 99"),
    (["--fresh-steps", "100"], "--fresh-steps: 100 is not possible; use 0 to 99"),
    (["--learning-rate", "0.1"], "--learning-rate: a range test tries"),
    (["-o", "a.txt"], f"a.txt: a range test can be written as .csv, {', '.join(PICTURES)}"),
    (["-o", "a.mp4"], f"a.mp4: a range test can be written as .csv, {', '.join(PICTURES)}"),
    (["-o", "no/such/a.csv"], "there is no folder no/such; make it"),
    (["-o", "no/such/a.png"], "there is no folder"),
    (["-o", "a.png", "--step", "900"], "--step: 900 is not in this run"),
    (["-o", "a.csv", "--theme", "dark"], "--theme: is for pictures"),
    (["--text-scale", "1.5"], "--text-scale: is for pictures"),
    (["nowhere"], "no scenario 'nowhere'"),
    (["--colour"], "--colour: there is no such option"),
]

CASES = [
    *BAD,
    *((["map", *arguments], expected) for arguments, expected in BAD_MAP),
    *((["range-test", *arguments], expected) for arguments, expected in BAD_RANGE_TEST),
]


@pytest.mark.parametrize(("arguments", "expected"), CASES)
def test_bad_input_is_one_line_and_exit_code_two(gdviz, tmp_path, monkeypatch, arguments, expected):
    monkeypatch.chdir(tmp_path)
    code, printed, complaint = gdviz(*arguments)
    assert (code, printed) == (2, "")
    assert complaint.startswith("gdviz: ")
    assert complaint.count("\n") == 1
    assert expected in complaint
    assert list(tmp_path.iterdir()) == []
