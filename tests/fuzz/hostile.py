"""What the fuzzers are made of: hostile numbers, texts and bytes, and a folder with hostile files."""

import os
from pathlib import Path
from random import Random

NUMBERS = (
    *("0", "-0", "1", "-1", "2", "3", "0.1", "0.9", "-0.5", "1e-3", "-1e-3", "-1.", "-.5", ".5", "+2", " 3 ", "1_0"),
    *("nan", "-nan", "+nan", "inf", "-inf", "Infinity", "1e39", "-1e39", "1e308", "-1.8e308", "1e999", "5e-324"),
    *("1e-60", "255", "300", "2147483648", "9223372036854775807", "9223372036854775808", "-9223372036854775809"),
    *("1" + "0" * 30, "9" * 400, "9" * 5000, "0." + "0" * 5000 + "1", "0x10", "0b1", "0o7", "1__0", "_1", "1,5", "٣"),
)
TEXTS = (
    *("", " ", "-", "--", "=", "--=", "'", '"', "'''", '"""', "\\", "\\u0000", "%s", "%(prog)s", "{}", "{0}", "$HOME"),
    *("~", ".", "..", "/", "//", "*", "#", "[", "]", "[[", "]]", "{", "}", ",", ";", ":", "::", "|", "\t", "\r", "\n"),
    *("\0", "a\0b", "\x1b[31mred\x1b[0m", "\x07", "\x7f", "\x85", "\u2028", "\u202e", "\ufeff", "\ufffd", "\ud800"),
    *(
        "ä",
        "a\u0308",
        "日本",
        "𝒘",
        "🎓",
        "\u200b",
        "a b",
        "x\ny",
        "x\r\ny",
        "true",
        "false",
        "null",
        "None",
        "best",
        "all",
    ),
)
BYTES = (
    *(b"", b"\0", b"\xff", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\xc3", b"\xed\xa0\x80", b"\xf4\x90\x80\x80"),
    *(b"\r", b"\r\n", b"\n\n\n", b"\x1a", b"\x1b[2J", b"\x7f", b"\x85", b'"', b"'", b'"""', b"\\", b"#", b"[", b"]"),
    *(b"=", b".", b",", b";", b"{", b"}", b"\t", b"\x0b", b"\x0c", b"nan", b"-", b"e", b"_", b"9" * 5000),
)
FILES = (
    *("folder", "pipe", "pipe.csv", "pipe.toml", "/dev/null", "/dev/zero", "dangling.csv", "loop.csv", "loop.toml"),
    *("zero.csv", "zero.toml", "empty.csv", "empty.toml", "points.csv", "good.toml", "picture.png", "closed.csv"),
    *(
        "missing.csv",
        "missing.toml",
        "missing/a.csv",
        "n" * 255 + ".csv",
        "n" * 5000,
        "n" * 5000 + ".toml",
        "a/" * 2500,
    ),
    *(
        "points.csv/x.csv",
        "points.csv/",
        "./points.csv",
        "folder/../points.csv",
        ".csv",
        ".toml",
        "-1.csv",
        "/proc/self/mem",
    ),
)
TWO = """title = "Two"
problem = "himmelblau"
[schedule]
learning_rate = 0.01
[[runs]]
learning_rate = 0.1
optimizer = { name = "momentum" }
"""
GOOD = 'title = "Good"\n[schedule]\nlearning_rate = 0.1\n'


def furnish(folder: Path) -> None:
    """Put the files there of which FILES speaks: pipes that nobody writes into, links to nowhere, endless devices."""
    from gdviz.core.scenarios.library import resources  # not above: what does without NumPy starts at once

    (folder / "folder").mkdir()
    for name in ("pipe", "pipe.csv", "pipe.toml"):
        os.mkfifo(folder / name)
    for name in ("zero.csv", "zero.toml"):
        (folder / name).symlink_to("/dev/zero")
    (folder / "dangling.csv").symlink_to("nowhere")
    for name in ("loop.csv", "loop.toml"):
        (folder / name).symlink_to(name)
    for name in ("empty.csv", "empty.toml", "picture.png"):
        (folder / name).touch()
    (folder / "points.csv").write_text("x,y\n0,1\n1,3\n2,2\n")
    (folder / "good.toml").write_text(GOOD)
    (folder / "two.toml").write_text(TWO)
    (folder / "data").symlink_to(resources() / "data")
    (folder / "closed.csv").write_text("x,y\n0,1\n")
    (folder / "closed.csv").chmod(0)


def number(rng: Random) -> str:
    """A number as somebody might write it, or nearly one."""
    if rng.random() < 0.5:
        return rng.choice(NUMBERS)
    return repr(rng.choice((rng.uniform(-2, 2), rng.randint(-3, 300), rng.gauss(0, 1) * 10.0 ** rng.randint(-45, 45))))


def text(rng: Random) -> str:
    """A text that hurts somewhere: alone, repeated, or several in one."""
    chosen = rng.choice(TEXTS)
    if rng.random() < 0.1:
        return chosen * rng.choice((100, 5000))
    return chosen if rng.random() < 0.7 else chosen + rng.choice(TEXTS) + rng.choice(NUMBERS)


def mutated(data: bytes, rng: Random) -> bytes:
    """The bytes with some of their places hurt, or in another encoding."""
    for _ in range(rng.choice((0, 0, 0, 1, 1, 2, 5))):
        place, end = sorted((rng.randint(0, len(data)), rng.randint(0, len(data))))
        end = min(end, place + rng.choice((0, 0, 1, 1, 8, 200)))
        data = data[:place] + rng.choice(BYTES) + data[end:]
    kind = rng.random()
    if kind < 0.03:
        return b"\xef\xbb\xbf" + data
    if kind < 0.06:
        return data.decode("utf-8", "replace").encode(
            rng.choice(("utf-16", "utf-16-le", "utf-32", "latin-1")), "replace"
        )
    if kind < 0.09:
        return data.replace(b"\n", rng.choice((b"\r", b"\r\n", b"\n\r")))
    return data[: rng.randint(0, len(data))] if kind < 0.12 else data
