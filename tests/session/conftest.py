"""Fixtures of the sessions."""

import pytest

from tests.session.driving import SCENARIO, Driven


@pytest.fixture
def drive(qapp):
    made = []

    def start(scenario=SCENARIO):
        driven = Driven(scenario)
        made.append(driven)
        driven.session.start()
        return driven

    yield start
    for driven in made:
        driven.session.close()
        assert not driven.ticking
        assert not driven.session.runs.runner.is_running


@pytest.fixture
def driven(drive):
    return drive().finish()
