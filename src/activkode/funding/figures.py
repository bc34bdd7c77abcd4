"""Gives the policy's figures and edges to the SQL files, which name them in places {{name}}."""

from activkode.core import places
from activkode.funding import policy


def register() -> None:
    """Called once when the package is loaded."""
    places.register({figure.value: str(number) for figure, number in policy.FIGURES.items()})
    places.register(
        {
            "deepest_fork": str(max(rule.deepest_fork for rule in policy.CHAINS)),
            "deposit_edges": places.quoted(f"{old}>{new}" for old, new in policy.EDGES),
            "ignorable": places.quoted(policy.IGNORABLE),
            "doubts": places.quoted(policy.DOUBTS),
            "ripening": places.quoted(policy.RIPENING),
            "first_mined": policy.FIRST[policy.Event.MINE],
            "first_sighted": policy.FIRST[policy.Event.SIGHT],
            "first_doubted": policy.FIRST[policy.Event.DOUBT],
        }
    )
