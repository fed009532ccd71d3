"""Folders of pictures: the lines of LaTeX, and which folders may be replaced."""

import pytest

from gdviz.core.errors import InputError
from gdviz.export.encoders.sequence import PngSequence
from tests.export.clips import picture, write

pytestmark = pytest.mark.usefixtures("qapp")


def test_latex_finds_the_pictures_from_beside_the_folder(tmp_path):
    folder = write(tmp_path, "png", [picture(place) for place in range(6)], frame_rate=24, latex_folder="clip")
    lines = (folder / "animation.tex").read_text(encoding="utf-8").splitlines()
    options = r"controls,width=\linewidth,timeline=clip/animation-timeline.txt"
    assert lines[-1] == rf"\animategraphics[{options}]{{24}}{{clip/frame-}}{{00001}}{{00006}}"
    assert all(line.startswith("%") for line in lines[:-1])
    assert r"%   \usepackage{animate}" in lines
    assert (tmp_path / "clip/frame-00001.png").exists()
    assert (tmp_path / "clip/frame-00006.png").exists()


def test_latex_repeats_equal_pictures_by_its_timeline(tmp_path):
    shown = [picture(place) for place in (0, 0, 3, 5, 5, 5, 3)]
    places = [tmp_path / name for name in ("alone", "with")]
    for place in places:
        place.mkdir()
    alone, folder = write(places[0], "png", shown), write(places[1], "png", shown, latex_folder="clip")
    pictures = sorted(folder.glob("*.png"))
    timeline = (folder / "animation-timeline.txt").read_text(encoding="utf-8").splitlines()
    assert len(pictures) == 3
    assert timeline == ["::0", "::0", "::1", "::2", "::2", "::2", "::1"]
    assert (folder / "animation.tex").read_text(encoding="utf-8").endswith("{clip/frame-}{00001}{00003}\n")
    played = [pictures[int(line.removeprefix("::"))].read_bytes() for line in timeline]
    assert played == [path.read_bytes() for path in sorted(alone.glob("*.png"))]


@pytest.mark.parametrize("name", ["50% off", "a b", "größe", "a#b", "x{y}", "~", "a\\b", ""])
def test_a_name_that_latex_misreads_is_refused_before_anything_is_written(tmp_path, name):
    with pytest.raises(InputError, match="LaTeX cannot read"):
        write(tmp_path, "png", [picture(0)], latex_folder=name)
    assert list(tmp_path.iterdir()) == []


def test_a_shorter_sequence_replaces_all_of_a_longer_one(tmp_path):
    write(tmp_path, "png", [picture(place) for place in range(5)], latex_folder="clip")
    folder = write(tmp_path, "png", [picture(place) for place in range(2)])
    assert sorted(path.name for path in folder.iterdir()) == ["frame-00001.png", "frame-00002.png"]


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("frame-00001.png", True),
        ("frame-100000.png", True),
        ("animation.tex", True),
        ("animation-timeline.txt", True),
        ("frame-1.png", False),
        ("my-frame-00001.png", False),
        ("frame-00001.png~", False),
        ("thesis.tex", False),
    ],
)
def test_which_files_are_of_a_sequence(name, ours):
    assert PngSequence.is_own_file(name) is ours
