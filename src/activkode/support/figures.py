"""Gives the policy's figures and edges to the SQL files, which name them in places {{name}}."""

from activkode.core import places
from activkode.support import policy


def register() -> None:
    """Called once when the package is loaded."""
    places.register({figure.value: str(number) for figure, number in policy.FIGURES.items()})
    places.register(
        {
            "case_undecided": places.quoted(policy.UNDECIDED),
            "case_mailed": places.quoted(policy.MAILED),
            "case_edges": places.quoted(f"{old}>{new}" for old, new in policy.EDGES),
        }
    )
