"""Finds the activation that a message belongs to. In doubt it belongs to nobody: a refund is milder than a code shown to
the wrong person (POLICY 2.1.6, 2.1.7).
"""

from dataclasses import dataclass
from datetime import datetime

from activkode.core import sql


@dataclass(frozen=True, slots=True)
class Match:
    """The lease found, or the fate of a message that has none: late, other_service, no_lease."""

    fate: str | None
    customer_id: int | None = None
    activation_id: int | None = None


@dataclass(frozen=True, slots=True)
class _Lease:
    activation_id: int
    customer_id: int
    service_id: int
    running: bool


def known_address(address: str) -> bool:
    """Whether this address was ever leased: mail to others is refused at the door. Raises TryLater."""
    # Two partial indexes: the running and resting leases, and the past ones.
    return bool(
        sql.value(
            "select exists (select from supply_lease where address = %(address)s and blocking)"
            " or exists (select from supply_lease where address = %(address)s and not blocking)",
            {"address": address},
        )
    )


def find(recipient: str, sender: str, received_at: datetime) -> Match:
    """The running lease of the recipient whose service the sender fits. Raises TryLater."""
    found = sql.rows("select * from fn.leases_at(%s, %s)", (recipient, received_at))
    leases = [_Lease(*row) for row in found]
    running = [lease for lease in leases if lease.running]
    if not running:
        if not leases:
            return Match("no_lease")
        return Match("late", leases[0].customer_id, leases[0].activation_id)
    owners = {row[0] for row in sql.rows("select fn.services_of_sender(%s)", (sender,))}
    return _choose(running, owners)


def _choose(running: list[_Lease], owners: set[int]) -> Match:
    fitting = [lease for lease in running if lease.service_id in owners] if owners else running
    if len(fitting) != 1:  # another service's sender, or several leases that nothing tells apart
        return Match("other_service")
    return Match(None, fitting[0].customer_id, fitting[0].activation_id)
