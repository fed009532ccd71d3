"""On a screen of scale 2 every pane is drawn as on one of scale 1, in finer pixels: lines and dots are no thinner."""

import os
import subprocess
import sys

import numpy as np
import pytest
from PySide6.QtGui import QImage

from tests.main_window.sharp_pictures import PICTURES, SIZE
from tests.main_window.test_golden import FAR_TOLERANCE, GOLDEN, MEAN_TOLERANCE, pixels

BLOCK = 12
"""Pixels on a side of the blocks whose mean colours are compared: a glyph may be placed a fraction of a pixel apart."""
BLOCK_TOLERANCE = 13.5
"""Difference of a channel, of 255, that at most 1 % of the blocks exceed. With half as thick pens it is 16 to 44."""
GOLDEN_NAME = "contour"
"""The picture that is also compared with an approved one."""


@pytest.fixture(scope="module")
def pictures(qapp, tmp_path_factory):
    """The folders with the pictures at scale 1 and 2."""
    folders = []
    for scale in (1, 2):
        folders.append(tmp_path_factory.mktemp(f"scale-{scale}"))
        command = [sys.executable, "-m", "tests.main_window.sharp_pictures", str(folders[-1])]
        subprocess.run(command, env={**os.environ, "QT_SCALE_FACTOR": str(scale)}, check=True, timeout=300)
    return folders


def blocks(picture):
    """The mean colours of blocks of a picture of shape (height, width, 3)."""
    height, width = (side // BLOCK for side in picture.shape[:2])
    return picture[: height * BLOCK, : width * BLOCK].reshape(height, BLOCK, width, BLOCK, 3).mean(axis=(1, 3))


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_at_scale_2_reduced_by_half_is_the_one_at_scale_1(pictures, name):
    plain, sharp = (pixels(QImage(str(folder / f"{name}.png"))) for folder in pictures)
    width, height = SIZE
    assert plain.shape == (height, width, 3)
    assert sharp.shape == (2 * height, 2 * width, 3)
    reduced = sharp.reshape(height, 2, width, 2, 3).mean(axis=(1, 3))
    difference = np.abs(blocks(plain) - blocks(reduced)).max(axis=-1)
    assert np.percentile(difference, 99) <= BLOCK_TOLERANCE


@pytest.mark.golden
def test_a_picture_at_scale_2_is_as_approved(pictures):
    approved, picture = GOLDEN / f"sharp-{GOLDEN_NAME}.png", QImage(str(pictures[1] / f"{GOLDEN_NAME}.png"))
    if not approved.exists():
        picture.save(str(approved))
        pytest.fail(f"there was no approved picture {approved.name}; look at the new one and commit it")
    difference = np.abs(pixels(picture) - pixels(QImage(str(approved))))
    assert difference.mean() <= MEAN_TOLERANCE
    assert (difference.max(axis=2) > 40).mean() <= FAR_TOLERANCE
