"""Finds the learning rates of a race of rules in a thread: each by range tests from fresh starts."""

from collections.abc import Mapping

from gdviz.core.descent.experiment import Experiment
from gdviz.core.errors import InputError
from gdviz.core.frozen import frozen
from gdviz.core.scenarios.races import found_rate
from gdviz.session.latest_task import LatestTask

Rates = Mapping[str, float | str]
"""The rate found for each optimizer by name, or why there is none, in one line."""


@frozen
class RateRequest:
    """The optimizers, by name, that are to start where the experiment does."""

    experiment: Experiment
    names: tuple[str, ...]


class RateFinder(LatestTask[RateRequest, Rates]):
    """Finds rates; after each of them it hands over those found so far."""

    def __init__(self) -> None:
        """Start no thread yet."""
        super().__init__("gdviz rates")

    def work(self, request: RateRequest) -> Rates:
        """Find the rates one after the other."""
        found: dict[str, float | str] = {}
        for name in request.names:
            self.publish(request, {**found} or None)
            try:
                found[name] = found_rate(request.experiment, name)
            except InputError as error:
                found[name] = str(error)
        return found
