"""Long work: what is called between its pieces, so that its thread can end it."""

from collections.abc import Callable
from contextvars import ContextVar

between_pieces: ContextVar[Callable[[], object]] = ContextVar("between_pieces", default=lambda: None)
"""Called between the pieces of long work; whatever it raises ends the work."""
