"""What the line above the panes says: title, verdict and counters."""

from dataclasses import dataclass

from gdviz.core.analysis.verdict import Kind, Verdict


@dataclass(frozen=True)
class Standing:
    """One of several runs in a word: its style, what it is called, and the verdict on it."""

    style: int
    name: str
    kind: Kind


@dataclass(frozen=True)
class Header:
    """The line above the panes."""

    title: str
    verdict: Verdict
    precision: str
    odometer: str
    """By how much the view has grown, "view x1" at first."""
    counter: str
    """"step 4 / 200"."""
    runs: tuple[Standing, ...] = ()
    """Several runs in the order of their styles; empty for a single one, of which the verdict tells."""
    top_zoom_level: int = 0
    """The highest zoom level of `gdviz.panes.landscape.zoom` that the odometer comes to, at whatever step."""
    last_counter: str = ""
    """The counter at the last step: none of the run is longer."""
