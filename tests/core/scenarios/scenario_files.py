"""Scenario files as texts, for the tests of what is read from them."""

RATE = "[schedule]\nlearning_rate = 0.1\n"


def write(folder, text):
    path = folder / "s.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def data(text: str) -> str:
    return f'title = "a"\n{RATE}[data]\n{text}\n'


def top(text: str) -> str:
    return f'title = "a"\n{text}\n{RATE}'


def schedule(text: str) -> str:
    return f'title = "a"\n[schedule]\n{text}\n'


def optimizer(text: str) -> str:
    return f'title = "a"\n{RATE}[optimizer]\n{text}\n'


def runs(*tables: str) -> str:
    return f'title = "a"\n{RATE}' + "".join(f"[[runs]]\n{table}\n" for table in tables)
