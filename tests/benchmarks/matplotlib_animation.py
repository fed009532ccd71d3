"""The same animation as a careful person would make it with matplotlib: what our export is measured against.

It is given our frames, composed, so that it is charged with drawing and writing alone. Its surface is plot_surface with
its defaults, made anew only when the box changes; everything else is made once and given new data.
"""

from collections.abc import Sequence
from pathlib import Path

import imageio_ffmpeg
import matplotlib as mpl
import numpy as np

mpl.use("Agg")
from matplotlib.animation import AbstractMovieWriter, FFMpegWriter, FuncAnimation, PillowWriter
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.pyplot import close, figure
from mpl_toolkits.mplot3d.art3d import Line3DCollection

from gdviz.panes.bars.picture import Header
from gdviz.panes.data.picture import DataPicture
from gdviz.panes.landscape.landscape import Axis, Landscape
from gdviz.panes.loss.picture import LossPicture
from gdviz.presentation.look import Theme
from gdviz.presentation.palette import PALETTES
from gdviz.scene.scene import Frame

INCHES, DOTS_PER_INCH = (12.8, 7.2), 100
COLOURS = PALETTES[Theme.LIGHT]
RUN = COLOURS.runs[0]


def mp4_writer(frame_rate: int) -> AbstractMovieWriter:
    """The usual writer: frames go through a pipe to the program ffmpeg, with the settings that our export has."""
    mpl.rcParams["animation.ffmpeg_path"] = imageio_ffmpeg.get_ffmpeg_exe()
    return FFMpegWriter(frame_rate, codec="libx264", extra_args=["-pix_fmt", "yuv420p", "-crf", "18"])


def gif_writer(frame_rate: int) -> AbstractMovieWriter:
    """Pillow's."""
    return PillowWriter(frame_rate)


def write_with_matplotlib(frames: Sequence[Frame], target: Path, writer: AbstractMovieWriter) -> None:
    """Draw and write the whole animation."""
    drawing = _Drawing(frames)
    # On this canvas `draw_idle` draws at once, so that `save` would draw every frame twice; where there is a window it
    # waits for the window, and each frame is drawn once. We measure that.
    drawing.figure.canvas.draw_idle = lambda: None
    drawing.animation.save(target, writer=writer, dpi=DOTS_PER_INCH)
    close(drawing.figure)


class _Drawing:
    """The figure and its artists."""

    def __init__(self, frames: Sequence[Frame]) -> None:
        self.figure: Figure = figure(figsize=INCHES, dpi=DOTS_PER_INCH)
        self._landscape = _LandscapeAxes(self.figure)
        self._data = _DataAxes(self.figure, frames[0].pictures["data"])
        self._loss = _LossAxes(self.figure)
        self._caption = _Caption(self.figure)
        self.animation = FuncAnimation(self.figure, self.draw, frames=frames, blit=False, cache_frame_data=False)

    def draw(self, frame: Frame) -> tuple[()]:
        """Give the artists the data of a frame."""
        self._landscape.draw(frame.landscape)
        self._data.draw(frame.pictures["data"])
        self._loss.draw(frame.pictures["loss"])
        self._caption.draw(frame.header, frame.arithmetic.lines)
        return ()


class _LandscapeAxes:
    """The surface with the path, the minimum, the first box and the arrow of the step that leaves."""

    def __init__(self, figure: Figure) -> None:
        self._axes = axes = figure.add_axes((0.0, 0.1, 0.58, 0.82), projection="3d", computed_zorder=False)
        axes.view_init(elev=32, azim=-60)
        axes.set(xlim=(-1, 1), ylim=(-1, 1), zlim=(0, 1))
        self._shown = self._surface = None
        path = Line3DCollection([], colors=RUN, linewidths=2.5, zorder=3)
        self._path = axes.add_collection3d(path, autolim=False)
        self._dots, self._minimum, self._current = (
            axes.plot([], [], [], marker, color=colour, markersize=size, zorder=4)[0]
            for marker, colour, size in (("o", RUN, 4), ("*", COLOURS.truth, 12), ("o", RUN, 9))
        )
        self._first_box, self._arrow = (
            axes.plot([], [], [], color=colour, linewidth=2, zorder=3)[0] for colour in (COLOURS.text, COLOURS.warning)
        )
        self._said, self._notes = (axes.text2D(0.02, place, "", transform=axes.transAxes) for place in (0.97, 0.02))

    def draw(self, landscape: Landscape) -> None:
        if landscape.surface is not self._shown:
            self._show_surface(landscape)
        (path,) = landscape.paths
        self._path.set_segments(list(path.segments))
        self._dots.set_data_3d(*path.dots.T)
        self._minimum.set_data_3d(*landscape.minima.T)
        self._current.set_data_3d(*([value] for value in path.current) if path.current else ([], [], []))
        outline = landscape.first_box if landscape.first_box is not None else np.empty((0, 3))
        self._first_box.set_data_3d(*outline.T)
        arrow = path.arrow
        self._arrow.set_data_3d(*zip(arrow.tail, arrow.tip, strict=True) if arrow else ([], [], []))
        self._said.set_text(arrow.label if arrow else "")
        self._notes.set_text("\n".join(landscape.notes))

    def _show_surface(self, landscape: Landscape) -> None:
        if self._surface is not None:
            self._surface.remove()
        self._shown = surface = landscape.surface
        side = np.linspace(-1, 1, len(surface.heights))
        first, second = np.meshgrid(side, side, indexing="ij")
        self._surface = self._axes.plot_surface(first, second, surface.heights, cmap="cividis", zorder=1)
        axes = self._axes
        for axis, description in zip((axes.xaxis, axes.yaxis, axes.zaxis), surface.axes, strict=True):
            self._name(axis, description)

    @staticmethod
    def _name(axis, description: Axis) -> None:
        axis.set_ticks([tick.position for tick in description.ticks], [tick.label for tick in description.ticks])
        axis.set_label_text(description.name)


class _DataAxes:
    """The data with the true line, the best line, the current line and its residuals."""

    def __init__(self, figure: Figure, picture: DataPicture) -> None:
        self._axes = axes = figure.add_axes((0.64, 0.56, 0.34, 0.33), title="Data and line")
        axes.scatter(picture.data.x, picture.data.y, s=12, color=COLOURS.points, zorder=3)
        self._residuals = axes.add_collection(LineCollection([], colors=COLOURS.grid))
        self._true, self._best, self._current = (
            axes.plot([], [], style, color=colour)[0]
            for style, colour in ((":", COLOURS.truth), ("--", COLOURS.truth), ("-", RUN))
        )
        self._note = axes.text(0.02, 0.04, "", transform=axes.transAxes)

    def draw(self, picture: DataPicture) -> None:
        self._axes.set(xlim=picture.x_range, ylim=picture.y_range)
        self._residuals.set_segments(list(picture.residuals))
        current = picture.current_lines[0][1] if picture.current_lines else None
        drawn = ((self._true, picture.true_line), (self._best, picture.best_line), (self._current, current))
        for artist, line in drawn:
            artist.set_data(*(line[0::2], line[1::2]) if line else ([], []))
        self._note.set_text(picture.note)


class _LossAxes:
    """The loss against the step, with the marks and the hatched stretch where there are no numbers any more."""

    def __init__(self, figure: Figure) -> None:
        self._axes = axes = figure.add_axes((0.64, 0.16, 0.34, 0.3), title="Loss against step")
        axes.set(yscale="log", xlabel="step")
        axes.grid(color=COLOURS.grid)
        self._curve, self._current = (axes.plot([], [], marker, color=RUN)[0] for marker in ("-", "o"))
        self._minimum = axes.axhline(1.0, linestyle=":", color=COLOURS.truth)
        self._marks: dict[int, object] = {}
        self._hatched = None
        self._note = axes.text(0.02, 0.9, "", transform=axes.transAxes)

    def draw(self, picture: LossPicture) -> None:
        (curve,) = picture.curves
        low, high = picture.value_range
        self._axes.set(xlim=picture.step_range, ylim=(10**low, 10**high))
        self._curve.set_data(curve.steps, 10**curve.values)
        self._current.set_data(*([curve.current[0]], [10 ** curve.current[1]]) if curve.current else ([], []))
        self._minimum.set_ydata([10**picture.minimum] * 2 if picture.minimum is not None else [np.nan] * 2)
        self._mark(picture)
        self._note.set_text(picture.note)

    def _mark(self, picture: LossPicture) -> None:
        for mark in picture.marks:
            if mark.step not in self._marks:
                self._marks[mark.step] = self._axes.axvline(mark.step, color=COLOURS.warning)
                self._axes.text(mark.step, 0.04, mark.label, rotation=90, transform=self._axes.get_xaxis_transform())
        if self._hatched is not None:
            self._hatched.remove()
            self._hatched = None
        for begin, end in picture.hatched:
            self._hatched = self._axes.axvspan(begin, end, fill=False, hatch="//", edgecolor=COLOURS.grid)


class _Caption:
    """The line above the panes and the arithmetic below them."""

    def __init__(self, figure: Figure) -> None:
        self._title = figure.text(0.01, 0.95, "", size=18, weight="bold")
        self._counter = figure.text(0.99, 0.95, "", size=16, family="monospace", ha="right")
        self._arithmetic = [figure.text(0.02, place, "", size=15, family="monospace") for place in (0.055, 0.015)]

    def draw(self, header: Header, arithmetic: tuple[str, str]) -> None:
        self._title.set_text(f"{header.title}   {header.verdict.kind.value}   {header.precision}")
        self._counter.set_text(f"{header.zoom_label}   {header.counter}")
        for artist, line in zip(self._arithmetic, arithmetic, strict=True):
            artist.set_text(line)
