"""What is wrong with a scenario file, from msgspec's words into those for a person who does not program."""

import re
from collections.abc import Mapping

import msgspec

from gdviz.core.precision import Precision

REQUIRED = {
    "title": 'give one, such as title = "Point nine"',
    "schedule": "give a table [schedule] with the key learning_rate",
    "schedule.learning_rate": 'give a number, or "best"',
}
_PRECISIONS = " or ".join(f'"{precision}"' for precision in Precision)
_BATCH_SIZES = 'a whole number or "all"'
_CHOICES = {
    "reduction": '"mean" or "sum"',
    "batch_size": _BATCH_SIZES,
    "runs.batch_size": _BATCH_SIZES,
    "precision": _PRECISIONS,
    "schedule.name": '"constant" or "range-test"',
    "schedule.learning_rate": 'a number or "best"',
    "runs.precision": _PRECISIONS,
    "runs.learning_rate": 'a number or "best"',
}
_EXPECTED = {
    "int": "a whole number",
    "float": "a number",
    "str": "text in quotes",
    "bool": "true or false",
    "array": "a list",
    "object": "a table",
}
_FOUND = {
    "int": "a whole number",
    "float": "a decimal number",
    "str": "text",
    "bool": "true or false",
    "array": "a list",
    "object": "a table",
}


def in_plain_words(message: str, tables: Mapping[str, type[msgspec.Struct]]) -> str:
    """What msgspec says ("Expected `int`, got `str` - at `$.data.rows`"), in one line that says what would be right.

    tables: the tables of the file by their places in it.
    """
    # At the last one: a value that is told may hold what looks like another.
    text, _, path = message.rpartition(" - at `$") if " - at `$" in message else (message, "", "")
    place = re.sub(r"\[(\d+)\]", lambda match: f", item {int(match[1]) + 1}", path.strip(".`"))
    kind = re.sub(r"^runs\[\d+\]", "runs", path.strip(".`"))
    name = re.findall("`(.*?)`", text)
    inside = f"{place}.{name[0]}".lstrip(".") if name else place
    if text.startswith("Object contains unknown field"):
        keys = ", ".join(field.name for field in msgspec.structs.fields(tables[kind]))
        return f"{inside}: there is no such key; the keys here are {keys}"
    if text.startswith("Object missing required field"):
        return f"{inside}: is missing; {REQUIRED[inside]}"
    if text.startswith("Invalid enum value"):
        return f"{place}: there is no {text.removeprefix('Invalid enum value ')}; take {_CHOICES[kind]}"
    if match := re.fullmatch(r"Expected `array` of length (\d+), got (\d+)", text):
        return f"{place}: needs a list of {match[1]} values, found {match[2]}"
    if match := re.fullmatch(r"Expected `(\w+)(?: \| \w+)*`, got `(\w+)`", text):
        expected = _CHOICES.get(kind) or _EXPECTED[match[1]]
        return f"{place}: needs {expected}, found {_FOUND.get(match[2], 'a ' + match[2])}"
    return f"{place}: {text[0].lower()}{text[1:]}"
