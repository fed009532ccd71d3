"""What the tests of the command line share: a call as a person types it, in this process."""

import csv
import io

import pytest

from gdviz.cli.main import run


@pytest.fixture
def gdviz(capsys):
    """Run a command line; its exit code, standard output and standard error."""

    def call(*arguments):
        code = run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


@pytest.fixture
def output_of(gdviz):
    """Run a command line that succeeds without a word on standard error; its standard output."""

    def call(*arguments):
        code, text, complaint = gdviz(*arguments)
        assert (code, complaint) == (0, "")
        return text

    return call


@pytest.fixture
def rows_of(output_of):
    """The rows of a table that a command prints, by the names of their columns."""
    return lambda *arguments: list(csv.DictReader(io.StringIO(output_of(*arguments))))


@pytest.fixture
def jobs_of(gdviz, monkeypatch):
    """The jobs of drawing that a command line asks for, none of which is carried out."""
    jobs = []
    monkeypatch.setattr("gdviz.cli.render.write_jobs", lambda wanted, force: jobs.extend(wanted) or [])

    def call(*arguments):
        jobs.clear()
        assert gdviz(*arguments) == (0, "", "")
        return list(jobs)

    return call
