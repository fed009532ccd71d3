"""Pictures as files: a PNG has the pixels of the stage, SVG and PDF its shapes, with text in the same places."""

import base64
import re
import zlib
from dataclasses import replace
from functools import partial
from xml.etree import ElementTree

import numpy as np
import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from gdviz.core.data.creation import from_points
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant
from gdviz.core.errors import InputError
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.scenarios.library import load_scenario
from gdviz.export.job import PictureJob
from gdviz.export.off_screen import adapt_job
from gdviz.export.picture_files import PictureSource, save_picture, tags_of, write_picture
from gdviz.panes.registry import large_panes
from gdviz.presentation.look import DataPane, Look, LossScale, Theme
from gdviz.scene.scene import Scene

SIZE = (900, 520)
SVG, LINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"


@pytest.fixture(scope="module")
def recordings():
    """Two runs of the lecture by their scenarios' names."""
    return {name: record(load_scenario(name).experiment) for name in ("point-nine", "ten")}


def scene(recordings, name="point-nine", **choices):
    return Scene("Point <nine> & co.", (recordings[name],), Look(**choices))


def saved(still, frame, target, samples=0):
    stage = still.stage_of(frame, *SIZE)
    image = partial(stage.render_image, *SIZE, samples)
    save_picture(PictureSource(stage, image, tags_of(frame), samples), target)
    return target


def pixels(image):
    image = image.convertToFormat(QImage.Format.Format_RGBA8888)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4).astype(int)


def drawn_again(path, ground="transparent"):
    """The SVG as a picture of its own size, drawn by Qt (which knows no clips)."""
    renderer = QSvgRenderer(str(path))
    assert renderer.isValid()
    image = QImage(*SIZE, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor(ground))
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    return pixels(image)


def images(root):
    """Place and content of each image in an SVG."""
    found = []
    for element in root.iter(f"{SVG}image"):
        data = base64.b64decode(element.get(LINK).partition("base64,")[2])
        place = QRect(*(round(float(element.get(name))) for name in ("x", "y", "width", "height")))
        found.append((place, QImage.fromData(data)))
    return found


def test_a_png_has_the_pixels_and_the_description_of_the_stage(still, recordings, tmp_path):
    frame = scene(recordings).frame(4)
    stage, picture = still.stage_of(frame, *SIZE), still.picture(frame, *SIZE, samples=0)
    save_picture(PictureSource(stage, lambda: picture, tags_of(frame), 0), tmp_path / "a.png")
    again = QImage(str(tmp_path / "a.png"))
    assert again.convertToFormat(picture.format()) == picture
    assert again.text("Title") == "Point <nine> & co."
    for part in ("step 4 / 200", "rising", "loss 22.15", "2.006"):
        assert part in again.text("Description")
    assert picture.text("Title") == ""
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]


def test_a_transparent_png_stays_transparent(still, recordings, tmp_path):
    frame = scene(recordings, pane="contour", transparent=True).frame(4)
    alpha = pixels(QImage(str(saved(still, frame, tmp_path / "a.png"))))[..., 3]
    assert alpha[0, 0] == 0
    assert alpha.max() == 255


def test_an_svg_is_vectors_but_for_the_surface(still, recordings, tmp_path):
    frame = scene(recordings).frame(4)
    stage = still.stage_of(frame, *SIZE)
    content = saved(still, frame, tmp_path / "a.svg").read_text(encoding="utf-8")
    root = ElementTree.fromstring(content)
    assert root.get("viewBox") == "0 0 900 520"
    assert root.find(f"{SVG}title").text == "Point <nine> & co."
    assert "step 4 / 200" in root.find(f"{SVG}desc").text
    ((place, surface),) = images(root)
    assert place == stage.surface.geometry()
    assert (surface.width(), surface.height()) == (2 * place.width(), 2 * place.height())
    # outlines, which need no fonts; widths that grow with the drawing; no patterns, which office programs lose
    assert not [element for element in root.iter(f"{SVG}text") if element.text]
    assert "non-scaling-stroke" not in content
    assert "<pattern" not in content


def best_shift(drawn, picture, area):
    """By how many pixels, to the right and down, a part of a drawing is to be moved to look most like the picture."""

    def part(dx, dy):
        return slice(area.top() + 2 - dy, area.bottom() - 2 - dy), slice(area.left() + 2 - dx, area.right() - 2 - dx)

    shifts = [(dx, dy) for dx in (-2, -1, 0, 1, 2) for dy in (-2, -1, 0, 1, 2)]
    return min(shifts, key=lambda shift: np.abs(drawn[part(*shift)] - picture[part(0, 0)]).mean())


@pytest.mark.parametrize("theme", list(Theme))
def test_an_svg_has_everything_where_the_picture_has_it(still, recordings, tmp_path, theme):
    choices = {"theme": theme, "pane": "contour", "loss_scale": LossScale.LINEAR, "data_pane": DataPane.HISTOGRAMS}
    frame = scene(recordings, **choices).frame(3)
    picture = pixels(still.picture(frame, *SIZE))
    drawn = drawn_again(saved(still, frame, tmp_path / "a.svg"))
    # edges and letters are smoothed otherwise
    assert np.abs(drawn - picture).mean() < 3.0
    assert (np.abs(drawn - picture).max(axis=2) > 96).mean() < 0.01
    stage = still.stage_of(frame, *SIZE)
    for part in (stage.header, stage.arithmetic, stage.panes["data"], stage.panes["loss"], stage.panes["contour"]):
        assert best_shift(drawn, picture, part.geometry()) == (0, 0), part


def test_the_hatching_of_an_svg_ends_where_its_area_ends(still, recordings, tmp_path):
    frame = scene(recordings, "ten", pane="contour").frame(29)
    drawn = drawn_again(saved(still, frame, tmp_path / "a.svg"))
    stage = still.stage_of(frame, *SIZE)
    grid, plot = stage.panes["loss"].grid, stage.panes["loss"]
    first = plot.x() + round(grid.x(frame.pictures["loss"].hatched[0][0]))
    rows = slice(plot.y() + round(grid.area.center().y()), plot.y() + round(grid.area.bottom()) - 30)
    right = plot.x() + round(grid.area.right())
    warm = (drawn[..., 0] - drawn[..., 2]) > 20
    assert warm[rows, first + 4 : right - 2].mean() > 0.08
    assert not warm[rows, right + 2 : plot.geometry().right()].any()


def test_a_transparent_svg_has_no_ground(still, recordings, tmp_path):
    frame = scene(recordings, pane="contour", transparent=True).frame(4)
    drawn = drawn_again(saved(still, frame, tmp_path / "a.svg"))
    assert drawn[0, 0, 3] == 0
    assert (drawn[..., 3] == 0).mean() > 0.35
    place = still.stage_of(frame, *SIZE).panes["loss"].geometry()
    assert drawn[place.top() + 1, place.left() + 1, 3] == 0


def objects(content):
    """The objects of a PDF by number: what stands before the stream, and the stream, unpacked."""
    found = {}
    for match in re.finditer(rb"(\d+) 0 obj\n(.*?)\nendobj", content, re.DOTALL):
        head, _, stream = match[2].partition(b"stream\n")
        stream = stream.rpartition(b"endstream")[0]
        found[int(match[1])] = (head, zlib.decompress(stream) if b"FlateDecode" in head and stream else stream)
    return found


def letters(cmap):
    """Which character each glyph of a font stands for, from its ToUnicode table."""
    found = {}
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        for first, last, codes in re.findall(rb"<(\w+)>\s*<(\w+)>\s*(\[.*?\]|<\w+>)", block, re.DOTALL):
            targets = [int(code, 16) for code in re.findall(rb"<(\w+)>", codes)]
            for glyph in range(int(first, 16), int(last, 16) + 1):
                offset = glyph - int(first, 16)
                found[glyph] = chr(targets[offset] if codes.startswith(b"[") else targets[0] + offset)
    return found


def words_of(pdf):
    """All text of a PDF's page, in the order in which it is painted."""
    page = next(stream for head, stream in pdf.values() if b" Tj" in stream)
    fonts = {}
    for number, (head, _) in pdf.items():
        if b"/Type0" in head:
            fonts[number] = letters(pdf[int(re.search(rb"/ToUnicode (\d+)", head)[1])][1])
    text, font = "", {}
    for name, glyph in re.findall(rb"/F(\d+) [\d.]+ Tf|<(\w{4})> Tj", page):
        if name:
            font = fonts[int(name)]
        else:
            text += font.get(int(glyph, 16), "?")
    return text


def test_a_pdf_has_searchable_text_its_fonts_and_one_image(still, recordings, tmp_path):
    frame = scene(recordings).frame(4)
    pdf = objects(saved(still, frame, tmp_path / "a.pdf").read_bytes())
    heads = b"\n".join(head for head, _ in pdf.values())
    # 900 x 520 pixels at 96 to the inch are 675 x 390 points
    assert re.search(rb"/MediaBox \[0 0 675\.0* 390\.0*\]", heads)
    names = {name.decode() for name in re.findall(rb"/FontName /\w+\+([\w-]+)", heads)}
    assert names == {"Inter-Regular", "Inter-SemiBold", "FiraCode-Regular"}
    assert heads.count(b"/FontFile2") == 3
    assert heads.count(b"/Subtype /Image") == 1
    assert "DCTDecode" not in heads.decode("latin-1")  # the image has lost nothing
    text = words_of(pdf)
    for words in ("rising", "DATA AND LINE", "minimum", "step 4 / 200"):
        assert words in text
    assert "2.006" in text


def test_a_picture_of_a_job_is_written_in_each_format(qapp, recordings, tmp_path):
    shown = scene(recordings)
    for ending, begin in ((".png", b"\x89PNG"), (".svg", b"<?xml"), (".PDF", b"%PDF")):
        target = tmp_path / f"a{ending}"
        write_picture(PictureJob(shown, 4, (640, 400), target, 0))
        assert target.read_bytes().startswith(begin)
    assert "step 4" in (tmp_path / "a.svg").read_text(encoding="utf-8")


def test_without_opengl_the_job_draws_the_contour(qapp, recordings, tmp_path):
    target = tmp_path / "a.svg"
    job, notes = adapt_job(PictureJob(scene(recordings), 4, (640, 400), target, 0), "no OpenGL here")
    write_picture(job)
    assert notes == ("drawn with the contour instead of the surface: no OpenGL here",)
    places = [place for place, _ in images(ElementTree.parse(target).getroot())]
    assert any(place.width() == place.height() > 150 for place in places)


@pytest.mark.parametrize("ending", [".png", ".svg", ".pdf"])
def test_what_cannot_be_written_is_said_in_one_line(still, recordings, tmp_path, ending):
    target = tmp_path / "gone" / f"a{ending}"
    frame = scene(recordings, pane="contour").frame(0)
    with pytest.raises(InputError, match="cannot be written") as told:
        saved(still, frame, target)
    assert "\n" not in str(told.value)
    assert str(target) in str(told.value)


def test_a_file_that_is_there_is_replaced_as_a_whole(still, recordings, tmp_path):
    target = tmp_path / "a.svg"
    target.write_bytes(b"old" * 1_000_000)
    saved(still, scene(recordings, pane="contour").frame(0), target)
    assert target.read_bytes().endswith(b"</svg>\n")
    assert list(tmp_path.iterdir()) == [target]


def test_drawing_vectors_leaves_the_stage_as_it_was(still, recordings, tmp_path):
    for pane in large_panes():
        frame = replace(scene(recordings), look=Look(pane=pane)).frame(4)
        before = still.picture(frame, *SIZE, samples=0)
        saved(still, frame, tmp_path / "a.svg")
        assert still.stage_of(frame, *SIZE).render_image(*SIZE, samples=0) == before


@pytest.mark.parametrize(("names", "said"), [(("size", "price"), True), (("x", "y"), False)])
def test_a_picture_names_the_columns_of_its_data(names, said):
    data = replace(from_points([0.0, 1.0, 2.0], [1.0, 2.0, 4.0], None, "test"), names=names)
    recording = record(Experiment(LinearRegression(data), schedule=Constant(0.1), start=(0.0, -1.0), steps=3))
    tags = tags_of(Scene("Title", (recording,), Look()).frame(3))
    assert ("price against size" in tags.description) == said
