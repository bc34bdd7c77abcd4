"""Gives the policy's figures and edges to the SQL files, which name them in places {{name}}."""

from activkode.core import places
from activkode.withdrawals import policy


def register() -> None:
    """Called once when the package is loaded."""
    places.register({figure.value: str(number) for figure, number in policy.FIGURES.items()})
    places.register(
        {
            "withdrawal_open": places.quoted(policy.OPEN),
            "withdrawal_reserved": places.quoted(policy.RESERVED),
            "withdrawal_payable": places.quoted(policy.PAYABLE),
            "withdrawal_edges": places.quoted(f"{old}>{new}" for old, new in policy.EDGES),
            "payout_live": places.quoted(policy.LIVE),
            "payout_edges": places.quoted(f"{old}>{new}" for old, new in policy.PAYOUT_EDGES),
        }
    )
