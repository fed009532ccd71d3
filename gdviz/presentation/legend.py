"""The legend of several runs: what differs between them, in their colours, dashes and markers."""

from collections.abc import Sequence

from gdviz.core.descent.recording import Recording
from gdviz.core.frozen import frozen
from gdviz.presentation.run_names import brief_texts, difference, untitled_texts


@frozen
class LegendEntry:
    """A run in a legend: its colour, dash and marker (0 to 3), and its text below the legend's title.

    shorter: other wordings for where there is no room, the longest first, as many in all entries of a legend: without
    what titles say, and only as much as tells the runs apart.
    """

    style: int
    text: str
    shorter: tuple[str, ...] = ()


@frozen
class Legend:
    """The runs in the order of their styles; without entries for a single run.

    title: what differs, where the texts need it ("learning rate"; they are "0.1" and "0.9"), else empty.
    live: the style of the live run, even if it is the only one.
    """

    title: str = ""
    entries: tuple[LegendEntry, ...] = ()
    live: int = 0

    @property
    def live_entry(self) -> LegendEntry | None:
        """The live one of several runs."""
        return next((entry for entry in self.entries if entry.style == self.live), None)

    @property
    def live_name(self) -> str:
        """The name of the live one of several runs; empty for a single one."""
        return "" if self.live_entry is None else self.name(self.live_entry)

    def name(self, entry: LegendEntry) -> str:
        """The run's name where no title is above it: "learning rate 0.9"."""
        return f"{self.title} {entry.text}".lstrip()

    def names(self, entry: LegendEntry) -> tuple[str, ...]:
        """That name, and below it what it may be where there is no room, the longest first."""
        return tuple(dict.fromkeys((self.name(entry), entry.text, *entry.shorter)))


NO_LEGEND = Legend()


def legend(recordings: Sequence[Recording], styles: Sequence[int]) -> Legend:
    """The legend of these runs, the live one first, and their styles; ValueError unless there is one for each."""
    if len(recordings) < 2:
        return Legend(live=styles[0])
    experiments = [recording.experiment for recording in recordings]
    found = difference(experiments)
    whole, *shorter = dict.fromkeys((found.texts, untitled_texts(experiments), brief_texts(experiments)))
    texts = zip(styles, whole, *shorter, strict=True)
    entries = [LegendEntry(style, text, tuple(others)) for style, text, *others in texts]
    return Legend(found.title, tuple(sorted(entries, key=lambda entry: entry.style)), styles[0])
