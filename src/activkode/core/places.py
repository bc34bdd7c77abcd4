"""Fills the places {{name}} of SQL files with the policy's figures, so that no figure stands twice.

The figures are registered by the packages that own them: core knows no policy.
"""

import re
from collections.abc import Iterable

_PLACE = re.compile(r"\{\{(\w+)\}\}")
_VALUES: dict[str, str] = {}


def register(values: dict[str, str]) -> None:
    """Makes figures known; the same name twice with another value is a mistake."""
    for name, value in values.items():
        if _VALUES.setdefault(name, value) != value:
            raise ValueError(f"figure {name} has two values")


def quoted(values: Iterable[str]) -> str:
    """A list of SQL literals, for `in (...)`."""
    return ", ".join(f"'{value}'" for value in sorted(values))


def fill(source: str) -> str:
    """The SQL with every place filled. Raises KeyError for an unknown figure."""
    return _PLACE.sub(lambda match: _VALUES[match[1]], source)
