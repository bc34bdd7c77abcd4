"""Makes the policy's figures known to the SQL files."""

from activkode.core import places
from activkode.mailbox.policy import FIGURES


def register() -> None:
    """Registers every figure once."""
    places.register({str(name): str(value) for name, value in FIGURES.items()})
