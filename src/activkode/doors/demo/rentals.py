"""What the demo carrier has to play for: rentals of demo services, read from the database and never
written."""

from dataclasses import dataclass
from datetime import datetime

from activkode.core import sql

# Ids are given before the commit, so a lower one may appear after a higher one: so far back is looked again.
OVERLAP = 1000

_NEW = """
SELECT lease.activation_id, service.code, lease.kind, lease.address, lease.starts_at, lease.ends_at, fn.now()
FROM supply_lease lease
JOIN catalogue_service service ON service.id = lease.service_id
WHERE lease.activation_id > %s
  AND lease.ends_at > fn.now() - interval '1 minute'
  AND service.code LIKE 'demo-%%'
ORDER BY lease.activation_id
"""


@dataclass(frozen=True, slots=True)
class Rental:
    """A rental of a demo service; `seen_at` is the database's time when it was read."""

    activation_id: int
    service: str
    kind: str
    address: str
    opened_at: datetime
    expires_at: datetime
    seen_at: datetime


def next_rentals(after: int) -> list[Rental]:
    """Running rentals with an id above `after`, and some below it that may be known already. Raises
    TryLater."""
    return [Rental(*row) for row in sql.rows(_NEW, [after - OVERLAP])]
