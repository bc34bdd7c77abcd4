"""Gives the policy's figures and edges to the SQL files, which name them in places {{name}}."""

from activkode.activations import policy
from activkode.core import places


def register() -> None:
    """Called once when the package is loaded."""
    places.register({figure.value: str(number) for figure, number in policy.FIGURES.items()})
    places.register(
        {
            "policy_version": str(policy.VERSION),
            "open_states": places.quoted(policy.OPEN),
            "closed_states": places.quoted(policy.CLOSED),
            "refunding_events": places.quoted(
                {rule.event for rule in policy.RULES if rule.movement is policy.Movement.RELEASE}
            ),
            "activation_edges": places.quoted(f"{old}>{new}" for old, new in policy.EDGES),
        }
    )
