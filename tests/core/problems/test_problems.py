import pytest

from gdviz.core.data.creation import generate
from gdviz.core.data.settings import DataSettings
from gdviz.core.errors import InputError
from gdviz.core.problems.capabilities import HasData
from gdviz.core.problems.registry import PROBLEMS, make_problem, uses_data
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.problems.surfaces import Himmelblau


def test_by_name():
    assert make_problem("himmelblau") == Himmelblau()
    assert make_problem("linear-regression") == LinearRegression(generate(DataSettings()))


def test_own_data():
    data = generate(DataSettings(rows=3))
    assert make_problem("linear-regression", data).data is data
    assert make_problem("linear-regression", data) != make_problem("linear-regression")
    assert hash(make_problem("linear-regression", data)) == hash(LinearRegression(generate(DataSettings(rows=3))))


def test_uses_data():
    assert uses_data("linear-regression")
    assert not uses_data("rosenbrock")


@pytest.mark.parametrize("name", PROBLEMS)
def test_every_name_is_that_of_its_kind(name):
    problem = make_problem(name)
    assert problem.name == name
    assert isinstance(problem, HasData) is uses_data(name)
    assert problem.box.contains(problem.start)
    assert all(problem.box.contains(minimum) for minimum in problem.minima)


def test_unknown_name_and_useless_data():
    with pytest.raises(InputError, match="problem: there is no 'rosenbrok'; use one of linear-regression, rosenbrock"):
        make_problem("rosenbrok")
    with pytest.raises(InputError, match="data: the problem rosenbrock uses none; leave them out"):
        make_problem("rosenbrock", generate(DataSettings()))
