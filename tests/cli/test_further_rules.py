"""Rules that gdviz does not have, registered as one is: on the command line each is there with its settings."""

from typing import ClassVar

import av
import numpy as np
import pytest
from PySide6.QtGui import QImage

from gdviz.cli.range_test import make_parser
from gdviz.core.analysis.suggestions import CURVE_SUGGESTIONS
from gdviz.core.descent.optimizers import OPTIMIZERS, Momentum
from gdviz.core.descent.recording import record
from gdviz.core.frozen import frozen
from gdviz.core.precision import Precision
from gdviz.core.scenarios.scenario import Scenario, write_scenario
from tests.recordings import lecture
from tests.seams import RULES, Broken, DecayedMomentum

ALL = [*RULES, Broken]
SMALL = ("--size", "480x300", "--steps", "0:3", "--pace", "every-step", "--samples", "0")

pytestmark = pytest.mark.usefixtures("further_rules")


@pytest.mark.parametrize("batch", [(), ("--batch-size", "10")])
@pytest.mark.parametrize("precision", Precision)
@pytest.mark.parametrize("kind", ALL)
def test_a_trace_is_that_of_the_rule(rows_of, kind, precision, batch):
    settings = dict.fromkeys(vars(kind()), 0.75)
    options = [word for key in settings for word in (f"--{key.replace('_', '-')}", "0.75")]
    rows = rows_of("trace", "--optimizer", kind.name, *options, "--dtype", precision, "--steps", "9", *batch)
    size = int(batch[1]) if batch else None
    run = record(lecture(0.9, steps=9, optimizer=kind(**settings), precision=precision, batch_size=size))
    assert [row["loss"] for row in rows] == [str(loss) for loss in run.losses]


def test_a_scenario_file_brings_its_rule(rows_of, output_of, tmp_path):
    rule = DecayedMomentum(0.5, 0.125)
    write_scenario(Scenario("Decayed", lecture(0.25, steps=9, optimizer=rule)), tmp_path / "a.toml")
    rows = rows_of("trace", tmp_path / "a.toml")
    assert rows[-1]["loss"] == str(record(lecture(0.25, steps=9, optimizer=rule)).losses[-1])
    changed = output_of("trace", tmp_path / "a.toml", "--weight-decay", "0")
    plain = ("--optimizer", "momentum", "--momentum", "0.5", "--learning-rate", "0.25", "--steps", "9")
    assert changed == output_of("trace", *plain)


def test_its_name_and_its_settings_are_in_the_help():
    told = make_parser().format_help()
    for kind in RULES:
        assert kind.name in told
        assert all(f"--{name.replace('_', '-')}" in told for name in vars(kind()))


@frozen
class Timid(Momentum):
    """Momentum with another default."""

    name: ClassVar[str] = "timid"

    momentum: float = 0.5


def test_the_help_tells_defaults_of_rules_that_share_a_setting(monkeypatch):
    told = " ".join(make_parser().format_help().split())
    assert "--momentum X default: 0.9 (momentum, nesterov, sgdw), 0 (rmsprop) --" in told
    monkeypatch.setitem(OPTIMIZERS, "timid", Timid)
    told = " ".join(make_parser().format_help().split())
    assert "--momentum X default: 0.9 (momentum, nesterov, sgdw), 0 (rmsprop), 0.5 (timid) --" in told


@pytest.mark.parametrize("kind", ALL)
def test_picks_say_where_no_limit_is_known(gdviz, kind):
    code, printed, told = gdviz("range-test", "--picks", "--optimizer", kind.name)
    picks = [line.split(",")[0] for line in printed.splitlines()[1:]]
    knows = kind().stability_limit(1.0) is not None
    assert code == 0
    assert set(picks) <= {*CURVE_SUGGESTIONS, *(["limit"] if knows else [])}
    assert told.endswith("" if knows else "gdviz: no limit is known, so it is not among the picks\n")
    assert ("too high to suggest anything" in told) == ("tenth" not in picks)


@pytest.mark.parametrize("kind", ALL)
def test_a_map_has_the_losses_of_its_runs(rows_of, kind):
    rows = rows_of("map", "--optimizer", kind.name, "--rates", "0.01:10:4", "--steps", "8")
    for index, rate in enumerate(np.geomspace(0.01, 10.0, 4)):
        alone = record(lecture(rate, steps=8, optimizer=kind()))
        assert [row["loss"] for row in rows[8 * index : 8 * index + 8]] == [str(loss) for loss in alone.losses[1:]]


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("kind", ALL)
def test_it_is_announced_and_exported(gdviz, tmp_path, kind):
    clip, picture = tmp_path / "clip.mp4", tmp_path / "map.png"
    chosen = ("--optimizer", kind.name, "--learning-rate", "0.5")
    code, printed, told = gdviz("render", *chosen, "-o", clip, *SMALL, "--dry-run")
    assert (code, told) == (0, "")
    assert "4 frames" in printed
    assert gdviz("render", *chosen, "-o", clip, *SMALL, "--captions")[0] == 0
    with av.open(str(clip)) as container:
        assert len(list(container.decode(video=0))) == 4
    assert clip.with_suffix(".vtt").read_text().startswith("WEBVTT")
    assert gdviz("map", *chosen, "-o", picture, "--rates", "0.01:10:9", "--steps", "8", "--size", "480x300")[0] == 0
    assert QImage(str(picture)).width() == 480
