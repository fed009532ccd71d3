"""The contents of the header: title, verdict and counters."""

from dataclasses import dataclass

from gdviz.core.analysis.verdict import Kind, Verdict


@dataclass(frozen=True)
class RunVerdict:
    """The verdict on one of several runs, with its style and name."""

    style: int
    name: str
    kind: Kind


@dataclass(frozen=True)
class Header:
    """The contents of the line above the panes."""

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
