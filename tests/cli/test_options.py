"""All options of all commands: every number that Python reads arrives, and what cannot is told in lines of one kind."""

import csv
import io
import re
from functools import cache
from pathlib import Path

import pytest

from gdviz.cli.arguments import option_name
from gdviz.cli.main import COMMANDS, run
from gdviz.cli.options import optimizer_options, wanted_scenario
from gdviz.cli.schedule_options import schedule_options
from gdviz.core.descent.optimizers import OPTIMIZERS, optimizer_settings
from gdviz.core.descent.schedules import schedule_settings, selectable_schedules
from gdviz.core.descent.settings import POINTS, STEPS

TEXT = ["", "--", "fast", "\x1b[31m", "-", "-.e", "1;2", "9" * 5000]
WHOLE = [*TEXT[:-1], "0.001", "1e3", "-1.5", "nan", "-inf", "1_", "0x10"]
NUMBER = [*TEXT[:-1], "1..2", "-1e", "0,5,5", "1e3e3"]
NAME = [*TEXT, "nan", "-1", "-inf"]
NOT_FINITE = ["nan", "inf", "-inf", "-NaN", "-Infinity", "1e999", "-1e999"]

BAD = {
    "--problem": NAME,
    "--x": ["x", ""],
    "--y": ["y"],
    "--title": ["", "  "],
    "--data": ["", "--", "missing.csv", "-1", "\x1b[31m", "n" * 5000, "a\0b"],
    "--rows": [*WHOLE, "0", "-1", "10000001"],
    "--seed": [*WHOLE, "-1", "9223372036854775808"],
    "--reduction": NAME,
    "--batch-order": NAME,
    "--batch-size": [*WHOLE, "0", "-1", "101", "ALL"],
    "--batch-seed": [*WHOLE, "-1", "9223372036854775808"],
    "--optimizer": [*NAME, "sgd"],
    "--momentum": [*NUMBER, *NOT_FINITE, "1", "-1e-3"],
    "--learning-rate": [*NUMBER, *NOT_FINITE, "1e39", "-1e39"],
    "--start": [*NUMBER, *NOT_FINITE, "1e39", "-1e39"],
    "--steps": [*WHOLE, "0", "-1", "1000001", "-5:10", "1:x", "1:2:3", "-1e3:4"],
    "--dtype": [*NAME, "float16"],
    "--race": [*NAME, "speed", "optimizer=sgd,gd", "start=1,2", "learning-rate=0,1,0,7", "schedule=", "start=1;2"],
    "--theme": [*NAME, "pink", "Light"],
    "--run": [*WHOLE, "0", "-1", "2"],
    "--rates": [*TEXT, "-1:1:5", "-inf:1:5", "nan:1:5", "1:-1e3:5", "1e-3:1:1e1", "1:2:-5", "1:2", "2:1:5"],
    "--fresh-steps": [*WHOLE, "-1", "100"],
    "--rules": [*NAME, "fast.ai"],
    "--output": ["", "clip.avi", "-1.avi", "x.csv/", "x." + "y" * 300],
    "--size": [*TEXT, "-1x2", "10x10", "99999x99999", "1e3x1e3"],
    "--step": [*WHOLE, "-1", "201"],
    "--text-scale": [*NUMBER, *NOT_FINITE, "0", "-1e-3", "0.69", "1.81"],
    "--samples": [*WHOLE, "-1", "9"],
    "--pane": NAME,
    "--view": NAME,
    "--box": [*NAME, "PATH"],
    "--data-pane": NAME,
    "--loss-scale": NAME,
    "--step-scale": NAME,
    "--format": [*NAME, "avi"],
    "--fps": [*WHOLE, "0", "-1", "121"],
    "--pace": [*TEXT, "-1e-3", "nan", "-inf", "0", "1e7"],
    "--orbit": [*NUMBER, *NOT_FINITE, "-3601", "4e3"],
    "--camera-key": [*TEXT, "-1:1,2,3", "-inf:1,2,3", "1:nan,32,4", "1:0,-1e2,4", "1:0,32,-4"],
    "--poster": ["", "--", "p.png/", "poster.gif", "-1", "\x1b[31m"],
    "--captions": ["", "--", "c.vtt/", "captions.txt", "-1", "\x1b[31m"],
}
"""Values that no option can have, by option; a further one needs a line here, but for those of rules and schedules."""
BESIDES = {
    "render": ["--output", "clip.mp4", "--dry-run"],
    "map": ["--output", "a.png"],
    "range-test": ["--output", "a.png"],
    "--momentum": ["--optimizer", "momentum"],
    "--step": ["--output", "a.png"],
    "--format": ["--all"],
}
"""What has to stand before an option, or any option of a command, so that its value is asked for."""
for name in optimizer_options():
    kind = next(kind for kind in OPTIMIZERS if name in optimizer_settings(kind))
    if optimizer_settings(kind)[name].kind is bool:
        continue
    BAD.setdefault(option_name(name), [*NUMBER, *NOT_FINITE])
    BESIDES.setdefault(option_name(name), ["--optimizer", kind])
if len(selectable_schedules()) > 1:
    BAD["--schedule"] = [*NAME, "range-test"]
OF_STEPS, OF_POINTS = ["0", "5,3", "-1"], ["5:0.1,3:0.2", "0:nan", "-1:0.1"]  # can be read
for name, setting in schedule_options().items():
    if setting.kind is bool:
        continue
    of_sequences = {STEPS: [*TEXT, "5,,7", "5:1", *OF_STEPS], POINTS: [*TEXT, "1:2:3", "50", *OF_POINTS]}
    BAD[option_name(name)] = of_sequences.get(setting.kind, WHOLE if setting.kind is int else [*NUMBER, *NOT_FINITE])
    kind = next(kind for kind in selectable_schedules() if name.removeprefix("schedule_") in schedule_settings(kind))
    BESIDES[option_name(name)] = ["--schedule", kind]
NUMBERS = ["-1e-3", "-.5", "-1.", "-1_000", "+2", " 3 ", "-0", "-1E+2", "-٣", "-inf", "-Infinity", "-nan"]
OF_NUMBERS = ("--learning-rate", "--start", "--momentum")


def options_of(command):
    """The options of a command with their actions, but for those that print something and end."""
    actions = [action for action in COMMANDS[command][0]().known if action.dest not in ("scenario", "help", "version")]
    return {next(name for name in action.option_strings if name.startswith("--")): action for action in actions}


def may_stand_alone(command, option):
    """Whether the option has a value only if that is joined to it."""
    return option in COMMANDS[command][0]().alone


def is_setting(option):
    """Whether it is an option for a setting of optimizers or schedules, which one place makes for all commands."""
    return option.startswith("--schedule-") or any(option_name(name) == option for name in RULE_SETTINGS)


RULE_SETTINGS = {name for kind in OPTIMIZERS for name in optimizer_settings(kind)}
EVERY = [
    (command, option, action)
    for command in COMMANDS
    for option, action in options_of(command).items()
    if command == "trace" or not is_setting(option)
]
WITH_VALUE = [case for case in EVERY if case[2].nargs != 0]


@pytest.fixture(autouse=True, scope="module")
def parsers_made_once():
    """Each of them takes ten milliseconds, which would be most of the time here."""
    with pytest.MonkeyPatch.context() as patch:
        for command, (make_parser, carry_out) in COMMANDS.items():
            patch.setitem(COMMANDS, command, (cache(make_parser), carry_out))
        yield


def each(cases):
    return pytest.mark.parametrize(("command", "option", "action"), cases, ids=[" ".join(case[:2]) for case in cases])


def typed(command, option, *values):
    """A command line of which nothing but the option can be refused."""
    return *([command] if command else []), *BESIDES.get(command, ()), *BESIDES.get(option, ()), option, *values


def bad_values(command, option):
    """Those of which this command says what is wrong: a range test takes no schedule, whatever its settings are."""
    is_sweep = command == "range-test" and option.startswith("--schedule-")
    return [bad for bad in BAD[option] if not (is_sweep and bad in (*NOT_FINITE, *OF_STEPS, *OF_POINTS))]


def assert_told(gdviz, arguments, option):
    code, printed, told = gdviz(*arguments)
    assert (code, printed) == (2, ""), arguments
    assert re.fullmatch(rf"gdviz: {option}: [^\n]+\n", told), told
    assert told[:-1].isprintable()
    assert len(told) <= 310
    assert re.search(r"; .*(use|give|leave|only|--help lists)|cannot be read|is not the name of a file", told), told


def test_every_option_with_a_value_is_here():
    assert {option for _, option, _ in WITH_VALUE} == set(BAD)


@each(WITH_VALUE)
def test_a_value_that_cannot_be(gdviz, tmp_path, monkeypatch, command, option, action):
    monkeypatch.chdir(tmp_path)
    for bad in bad_values(command, option):
        if bad != "--" and not may_stand_alone(command, option):  # is no value unless it is joined
            assert_told(gdviz, typed(command, option, *[bad] * (action.nargs if action.nargs == 2 else 1)), option)
        if action.nargs != 2:
            *besides, _ = typed(command, option)
            assert_told(gdviz, [*besides, f"{option}={bad}"], option)
    assert list(tmp_path.iterdir()) == []


@each([case for case in WITH_VALUE if case[2].nargs != "?" and not may_stand_alone(*case[:2])])
def test_a_value_that_is_missing(gdviz, command, option, action):
    assert_told(gdviz, typed(command, option), option)
    if action.nargs == 2:
        assert_told(gdviz, typed(command, option, "1"), option)
    else:
        assert_told(gdviz, typed(command, option, "--steps", "3"), option)


@each([case for case in EVERY if case[2].nargs == 0])
def test_a_switch_with_a_value(gdviz, command, option, action):
    assert_told(gdviz, typed(command, f"{option}=3"), option)


@each([case for case in EVERY if len(case[1]) > len("--x")])
def test_a_name_that_is_mistyped(gdviz, command, option, action):
    swapped = option[:-2] + option[:-3:-1]
    if swapped == option or swapped in options_of(command):
        swapped = f"{option}s"
    for name in (swapped, option[:-1]) if option[:-1] not in ("--step", "--forma") else (swapped,):
        code, printed, told = gdviz(*typed(command, f"{name}=1"))
        assert (code, printed) == (2, "")
        assert re.fullmatch(rf"gdviz: {name}: there is no such option; did you mean .*{option}.*\?\n", told), told


@each([case for case in EVERY if case[1] in OF_NUMBERS])
def test_every_number_that_python_reads_arrives(command, option, action):
    count, parser = action.nargs or 1, COMMANDS[command][0]()
    for text in NUMBERS:
        values = parser.read([*BESIDES.get(command, ()), option, *[text] * count])
        read = getattr(values, action.dest)
        assert repr(read) == repr([float(text)] * count if count > 1 else float(text))


@pytest.mark.parametrize("rate", ["-1e-3", "-.5", "-1.", "-1_0"])
def test_a_negative_number_in_any_writing_is_used(gdviz, rate):
    code, printed, told = gdviz("trace", "--learning-rate", rate, "--start", rate, "2", "--steps", "1")
    assert (code, told) == (0, "")
    first = next(csv.DictReader(io.StringIO(printed)))
    assert [float(first[name]) for name in ("w", "b", "learning_rate")] == pytest.approx([float(rate), 2, float(rate)])


@pytest.mark.parametrize("rate", ["0,5", "-0,25", "-,5", "1,5e-3", "0,125"])
def test_a_number_with_a_decimal_comma_is_used(gdviz, rate):
    wanted = gdviz("trace", "--learning-rate", rate.replace(",", "."), "--start", "0.5", "2", "--steps", "1")
    assert gdviz("trace", "--learning-rate", rate, "--start", "0,5", "2", "--steps", "1") == wanted
    assert wanted[0] == 0


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("trace --learning-rate 1,000", "--learning-rate: '1,000' may be 1000 or 1.000; use one of these"),
        ("trace --learning-rate 1,234,567", "--learning-rate: '1,234,567' has separators of thousands; use 1234567"),
        ("trace --learning-rate 1.234,5", "--learning-rate: '1.234,5' has separators of thousands; use 1234.5"),
        ("trace --rows 1,000", "--rows: '1,000' is not written as a whole number; use 1000"),
        ("trace --rows 1,000,000", "--rows: '1,000,000' is not written as a whole number; use 1000000"),
        ("trace --rows 2,5", "--rows: '2,5' is not a whole number; "),
        ("trace --start 0,5", "--start: a value is missing; "),
        ("range-test --rates 0,1:1:5", "--rates: '0,1:1:5' is not possible; "),
        ("render -o a.mp4 --pace 1,500", "--pace: '1,500' may be 1500 or 1.500; use one of these"),
    ],
)
def test_a_comma_that_is_not_a_decimal_one_is_refused(gdviz, typed, told):
    code, printed, complaint = gdviz(*typed.split())
    assert (code, printed, complaint.count("\n")) == (2, "", 1)
    assert complaint.startswith(f"gdviz: {told}")


def test_a_pace_may_have_a_decimal_comma(gdviz, tmp_path):
    outputs = [gdviz("render", "-o", tmp_path / "a.mp4", "--dry-run", "--pace", pace) for pace in ("2,5", "2.5")]
    assert outputs[0] == outputs[1]
    assert outputs[0][0] == 0


def test_what_looks_like_a_number_may_be_a_name(gdviz, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert gdviz("trace", "--steps", "1", "--output", "-1e3.csv")[0] == 0
    assert [path.name for path in tmp_path.iterdir()] == ["-1e3.csv"]
    _, _, told = gdviz("trace", "-1")
    assert told.startswith("gdviz: there is no scenario '-1'; use one of")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("trace --rows 1e3", "--rows: '1e3' is not written as a whole number; use 1000"),
        ("trace --rows 2.0", "--rows: '2.0' is not written as a whole number; use 2"),
        (f"trace --seed {'9' * 5000}", "has too many digits; use one such as 5"),
        (
            "trace --st 3",
            "--st: there is no such option; did you mean --standardised or --standardised-y or --step-size-min?",
        ),
        ("trace ten one", "'one' is an unexpected argument; gdviz trace --help lists the possible ones"),
        ("scenarios ten", "'ten' is an unexpected argument; gdviz scenarios --help lists the possible ones"),
        ("trace -q", "-q: there is no such option; gdviz trace --help lists the options"),
        ("render --all -o clips", "--format: is missing; use one of mp4, webm, gif"),
        ("render -o a.mp4 --rows 5 --problem himmelblau", "--rows: the problem himmelblau has no data; leave it out"),
        ("range-test --steps 1", "--steps: 1 rates are not possible; use 2 to 10,000"),
        ("range-test --rates 1e-4:10:1", "--rates: 1 rates are not possible; use 2 to 10,000"),
        ("range-test --rates 1e-4:10:1 --fresh-steps 2", "--rates: 1 rates are not possible; use 2 to 10,000"),
    ],
)
def test_what_to_take_instead(gdviz, typed, told):
    code, printed, complaint = gdviz(*typed.split())
    assert (code, printed, complaint.count("\n")) == (2, "", 1)
    assert told in complaint


def test_what_the_scenario_has_itself_is_no_option(gdviz, tmp_path):
    file = tmp_path / "steep.toml"
    file.write_text("title = 'T'\nprecision = 'float64'\n[schedule]\nlearning_rate = 1e100\n")
    told = "learning_rate: 1e+100 is too large for float32; use one up to 3.4e38"
    assert gdviz("trace", str(file), "--dtype", "float32")[2] == f"gdviz: {told}\n"
    rate = ("--learning-rate", "1e200", "--dtype", "float32")
    assert gdviz("trace", str(file), *rate)[2].startswith("gdviz: --learning-rate: 1e+200 is too large")


@pytest.mark.parametrize("command", COMMANDS)
def test_help_names_every_option(capsys, command):
    with pytest.raises(SystemExit) as ended:
        run([command, "--help"] if command else ["--help"])
    assert ended.value.code == 0
    printed = capsys.readouterr().out
    assert printed.startswith(f"usage: gdviz {command}".rstrip())
    assert all(option in printed for option in options_of(command))


@pytest.mark.parametrize(("more", "keeps"), [([], False), (["--title", "Ours"], True)])
def test_a_title_that_is_given_is_kept(tmp_path, more, keeps):
    (tmp_path / "a.csv").write_text("size,price\n1,2\n2,3\n4,6\n")
    options = COMMANDS[""][0]().read([str(tmp_path / "a.csv"), "--learning-rate", "0.01", *more])
    scenario = wanted_scenario(options.scenario, options)
    assert (scenario.title, scenario.keeps_title) == ("Ours" if keeps else "a", keeps)


def test_a_large_condition_number_is_told_with_the_option_that_helps(gdviz, tmp_path):
    file = tmp_path / "houses.csv"
    file.write_text("size,price\n1206,1\n2794,2\n")
    trace = "trace", str(file), "--steps", "1", "--learning-rate", "1e-8"
    code, _, told = gdviz(*trace)
    sentence = "condition number 3.4·10⁷: the valley is 5,800 times as long as it is wide, and descent creeps along it"
    assert (code, told) == (0, f"gdviz: {sentence}; use --standardised\n")
    assert gdviz(*trace, "--standardised")[2] == ""
    assert gdviz("trace", "units", "--steps", "1")[2] == ""


def test_the_readme_lists_the_optimizers_and_their_settings():
    rows = [line.split("|")[1:3] for line in Path("README.md").read_text(encoding="utf-8").splitlines() if "|" in line]
    values = {option: re.findall("`(.*?)`", found[1]) for found in rows for option in re.findall("`(--.*?)`", found[0])}
    assert values["--optimizer"] == list(OPTIMIZERS)
    assert {option_name(name) for name in optimizer_options()} <= set(values)
