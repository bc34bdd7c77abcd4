"""Tables of Markdown, for the documents that are made from data."""

from collections.abc import Iterable, Sequence


def table(names: Sequence[str], rows: Iterable[Sequence[str | None]]) -> str:
    """A table with a heading line; what is missing is a dash."""
    lines = [names, ["---"] * len(names), *rows]
    return "".join("| " + " | ".join(cell or "-" for cell in line) + " |\n" for line in lines)
