"""Puts the parts of a long message together; a missing part leaves a visible gap, never silence."""

from collections.abc import Sequence

GAP = "[…]"
# A character that a carrier split between two parts is stored as two private characters, one for each half
# (doors/carriers/smpp/text.py), because a database's text cannot hold half of one.
_HALVES = {0x10F800 + half: 0xD800 + half for half in range(0x800)}


def join(texts: Sequence[str | None]) -> str:
    """The parts in order; split characters are whole again, a half without its other half becomes U+FFFD."""
    whole = "".join(GAP if text is None else text for text in texts).translate(_HALVES)
    return whole.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
