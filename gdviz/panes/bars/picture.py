"""The contents of the header: title, learning rate, verdict, counters, and the question to the class."""

from gdviz.core.analysis.verdict import Kind, Verdict
from gdviz.core.frozen import frozen


@frozen
class RunVerdict:
    """The verdict on one of several runs, with its style and name."""

    style: int
    name: str
    kind: Kind


@frozen
class Header:
    """The contents of the two lines above the panes."""

    title: str
    verdict: Verdict
    precision: str
    zoom_label: str
    """How far the view is zoomed out, "view ×1" at first."""
    counter: str
    """"step 4 / 200"."""
    runs: tuple[RunVerdict, ...] = ()
    """Several runs in the order of their styles; empty for a single one."""
    top_zoom_level: int = 0
    """The highest zoom level (`gdviz.panes.landscape.zoom`) at any step."""
    last_counter: str = ""
    """The counter at the last step, the run's longest."""
    scaling: str = ""
    """"standardised x" where the run does not see the data in their own units; left out where there is no room."""
    scales: tuple[str, ...] = ()
    """How each standardised column was: "x = (size − 2000) / 794"."""
    learning_rate: str = ""
    """That of the next step; empty where there is none, or several runs differ in it."""
    longest_rate: str = ""
    """As wide as the rate is at any step, as far as that is known."""
    question: str = ""
    """To the class, before the first step."""
