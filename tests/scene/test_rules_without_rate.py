"""Rules that take no learning rate in everything that is written of a run: no picture, caption or name has one."""

import re
from dataclasses import fields, is_dataclass, replace
from itertools import product

import pytest

from gdviz.animation.animation import Animation
from gdviz.animation.captions import alternative_text, captions
from gdviz.core.descent.optimizers import make_optimizer
from gdviz.core.descent.recording import record
from gdviz.core.problems.surfaces import Himmelblau
from gdviz.core.scenarios.scenario import title_of
from gdviz.panes.registry import PANES, refusal, with_pane
from gdviz.presentation.look import DataPane, Look, StepScale
from gdviz.presentation.run_names import names, short_names
from gdviz.scene.scene import Scene
from tests.recordings import lecture
from tests.seams import WITHOUT_RATE

PROBLEMS = {"lecture": {}, "surface": {"problem": Himmelblau(), "start": (1.0, 3.0)}}
each = pytest.mark.parametrize(
    ("name", "problem"),
    [(kind.name, key) for kind, key in product(WITHOUT_RATE, PROBLEMS) if key == "lecture" or not kind.needs_quadratic],
)


def of(name, problem):
    return lecture(1.0, optimizer=make_optimizer(name, {}), steps=20, **PROBLEMS[problem])


def animated(*runs):
    """All steps, ten frames for each."""
    scene = Scene(title_of(*runs), tuple(map(record, runs)))
    return Animation(scene, tuple(step for step in range(21) for _ in range(10)), 10)


def texts(value):
    """All texts in a value made of frozen dataclasses and containers."""
    if isinstance(value, str):
        return [value]
    if is_dataclass(value):
        return [text for field in fields(value) for text in texts(getattr(value, field.name))]
    if isinstance(value, dict):
        return [text for item in value.items() for text in texts(item)]
    if isinstance(value, tuple | list):
        return [text for item in value for text in texts(item)]
    return []


def looks(experiment):
    """A look with each pane that is possible for the experiment, and some more."""
    base = Look()
    found = [base, Look(inside=True, ghost=True), Look(data_pane=DataPane.RATE), Look(step_scale=StepScale.LOG)]
    found += [with_pane(base, pane, True) for pane in PANES.values() if pane.switch is not None]
    return [look for look in found if refusal(look, experiment) is None]


@each
def test_no_picture_of_it_has_one(name, problem):
    run = of(name, problem)
    recording = record(run)
    shown = 0
    for look in looks(run):
        frame = Scene(title_of(run), (recording,), look).frame(3)
        found = [text for text in texts(replace(frame, look=Look())) if re.search(r"\brates?\b", text)]
        assert [text for text in found if not re.search("no learning rate|effective", text)] == []
        shown += len(texts(frame))
    assert shown > 100


@each
def test_captions_and_names_have_one_only_for_those_that_take_one(name, problem):
    own, beside = of(name, problem), lecture(1.0, steps=20, **PROBLEMS[problem])
    alone = animated(own)
    assert "rate" not in " ".join([*(one.text for one in captions(alone)), alternative_text(alone), title_of(own)])
    assert "no learning rate" in str(own)
    assert "1.0" not in str(own).partition("start")[0]
    for runs in ((own, beside), (beside, own)):
        recordings = tuple(map(record, runs))
        for called in (names(recordings), short_names(recordings)):
            assert "rate" not in called[runs.index(own)]
        for one in captions(animated(*runs)):
            for part in one.text.replace("\n", "; ").split("; "):
                assert not ("rate" in part and own.optimizer.title_in_sentence() in part)
