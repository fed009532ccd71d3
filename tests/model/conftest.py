"""Fixtures of the sessions."""

import pytest

from gdviz.model import session as module

from .driving import SCENARIO, Clock, Driven


@pytest.fixture
def clock(monkeypatch):
    made = Clock()
    monkeypatch.setattr(module, "time", made)
    return made


@pytest.fixture
def drive(qapp, clock):
    made = []

    def start(scenario=SCENARIO):
        driven = Driven(scenario, clock)
        made.append(driven)
        driven.session.open(scenario)
        return driven

    yield start
    for driven in made:
        driven.session.close()
        assert not driven.ticking
        assert not driven.session.runs.runner.is_running


@pytest.fixture
def driven(drive):
    return drive().finish()
