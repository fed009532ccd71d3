"""Small files that would exhaust the machine."""

from collections.abc import Callable

from gdviz.core.scenarios.scenario import MAX_BYTES

SIZE = 500_000
"""In bytes: a fifth of it took gigabytes before. It is far below what is read at all."""


def filled(part: str, before: str = "", after: str = "", size: int = SIZE) -> str:
    """The part again and again until the file is so large."""
    room = size - len((before + after).encode())
    return before + part * (room // len(part.encode())) + after


def counted(form: Callable[[int], str], many: int, before: str = "", after: str = "") -> str:
    """So many parts that all differ."""
    return before + "".join(map(form, range(many))) + after


DEEP_NAME, DEEP_VALUE = (
    "a name has too many dots; use 10 levels at most",
    "lists and tables are nested too deeply; use 10",
)
TOO_LONG = "a number or a name is too long; use 1,000 digits at most"
HOSTILE = {
    "a dotted key": (filled(".a", "a", " = 1"), f"line 1: {DEEP_NAME}"),
    "a dotted key with spaces": (filled(" . a", "a", " = 1"), f"line 1: {DEEP_NAME}"),
    "a dotted key in quotes": (filled('."a"', '"a"', " = 1"), f"line 1: {DEEP_NAME}"),
    "a dotted key in single quotes": (filled(".'a'", "'a'", " = 1"), f"line 1: {DEEP_NAME}"),
    "a dotted key in a table": (filled(".a", "x = {a", " = 1}"), f"line 1: {DEEP_NAME}"),
    "a dotted key behind a text": (filled(".a", '\nx = {b = """c"""", a', " = 1}"), f"line 2: {DEEP_NAME}"),
    "a dotted key behind a text in lines": (filled(".a", "x = '''\n\n#'''''\na", " = 1"), f"line 4: {DEEP_NAME}"),
    "a dotted header": (filled(".a", "[a", "]\n"), f"line 1: {DEEP_NAME}"),
    "a dotted header of lists": (filled(".a", "[[a", "]]\n"), f"line 1: {DEEP_NAME}"),
    "tables in tables": (filled("{a = ", "x = "), f"line 1: {DEEP_VALUE}"),
    "lists in lists": (filled("[", "x = "), f"line 1: {DEEP_VALUE}"),
    "lists in lists over lines": (filled("[\n", "x = 1\ny = ")[:200_000], f"line 12: {DEEP_VALUE}"),
    "tables": (counted("[t{}]\n".format, 20_000), "has 20,000 tables; use 1,000 at most"),
    "deep tables": (counted("[t{}.b.c.d.e.f]\n".format, 20_000), "has 20,000 tables; use 1,000 at most"),
    "one table again": (filled("[[a.b]]\n")[:160_000], "has 20,000 tables; use 1,000 at most"),
    "keys": (counted("k{} = 1\n".format, 20_000), "has 20,000 keys; use 1,000 at most"),
    "keys of a table": (
        counted("k{} = 1, ".format, 20_000, "x = {", "a = 1}"),
        "has 20,002 keys; use 1,000 at most",
    ),
    "numbers": (filled("1,", "x = [", "]", 2 * SIZE), "values in lists; use 350,000 at most"),
    "empty lists": (filled("[],", "x = [", "]", 3 * SIZE), "values in lists; use 350,000 at most"),
    "empty tables": (filled("{},", "x = [", "]", 3 * SIZE), "values in lists; use 350,000 at most"),
    "lines": (filled("\n"), f"has {SIZE:,} lines; use 350,000 at most"),
    "comments": (filled("#\n", size=2 * SIZE), "lines; use 350,000 at most"),
    "texts that are not closed": (filled('"""\n\\'), "is not TOML: "),
    "a long text": (filled("a", 'x = "', '"'), "x: there is no such key"),
    "a text of escapes": (filled("\\n", 'x = """', '"""'), "x: there is no such key"),
    "a long title": (filled("a", 'title = "', '"\nschedule = {}'), "title: has 499,976 characters; use 300 at most"),
    "quotes": (filled('"'), "is not TOML: "),
    "a long comment": (filled("a", "#"), "title: is missing"),
    "a long name": (filled("a", "", " = 1"), f"line 1: {TOO_LONG}"),
    "hexadecimal digits": (filled("f", "x = 0x"), f"line 1: {TOO_LONG}"),
    "octal digits": (filled("7", "x = 0o"), f"line 1: {TOO_LONG}"),
    "binary digits": (filled("1", "x = 0b"), f"line 1: {TOO_LONG}"),
    "decimal digits": (filled("9", "x = "), f"line 1: {TOO_LONG}"),
    "digits of a fraction": (filled("9", "\nx = 0."), f"line 2: {TOO_LONG}"),
    "digits of an exponent": (filled("9", "x = 1e"), f"line 1: {TOO_LONG}"),
    "marks of the order of bytes": (filled("\ufeff"), "is not TOML: "),
    "zeros": (filled("\0"), "is not TOML: "),
    "a byte too many": (
        filled(" ", size=MAX_BYTES + 1),
        "is larger than 7,000,000 bytes; keep many points in a table and name it",
    ),
}
"""The texts, and what is told of them."""
HEX, DEC = f"0x{'f' * 900}", "9" * 400
HUGE = {
    "rate": (f"[schedule]\nlearning_rate = {HEX}", "schedule.learning_rate"),
    "step of a change": (f"[schedule]\nlearning_rate = 1\nchanges = [[1, 1], [{HEX}, 1]]", "changes, item 2, item 1"),
    "rate of a change": (f"[schedule]\nlearning_rate = 1\nchanges = [[1, {DEC}]]", "schedule.changes, item 1, item 2"),
    "step of a run's change": (f"[[runs]]\n[[runs]]\nchanges = [[-{DEC}, 1]]", "runs, item 2.changes, item 1, item 1"),
    "steps": (f"steps = {HEX}", "steps"),
    "start": (f"start = [1, {DEC}]", "start, item 2"),
    "seed": (f"seed = 0o{'7' * 900}", "seed"),
    "batch size": (f"batch_size = {HEX}", "batch_size"),
    "style": (f"style = -{DEC}", "style"),
    "setting of an optimizer": (f'[optimizer]\nname = "momentum"\nmomentum = {HEX}', "optimizer.momentum"),
    "name of an optimizer": (f"[optimizer]\nname = {HEX}", "optimizer.name"),
    "title": (f"title = {HEX}", "title"),
    "point": (f"[data]\nx = [1, {HEX}]\ny = [1, 2]", "data.x, item 2"),
    "rows": (f"[data]\nrows = {DEC}", "data.rows"),
}
"""Files with a number that no double precision holds, and its place."""
