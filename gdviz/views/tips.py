"""Words from files and names as a hint that appears under the mouse: as text, whatever they look like."""

from html import escape


def plain_tip(text: str) -> str:
    """The text as Qt shows it letter by letter; it would take one with a tag or an entity in it for HTML."""
    return f"<p>{escape(text)}</p>" if "<" in text or "&" in text else text
