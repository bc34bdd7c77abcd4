"""The messages of an activation as staff may see them: when, from whom, and what became of them, never what they said."""

from dataclasses import dataclass
from datetime import datetime

from activkode.core import sql


@dataclass(frozen=True, slots=True)
class MessageLine:
    """One original: `fate` is why it was or was not delivered; `carrier` the link it came by."""

    original_id: int
    received_at: datetime
    kind: str
    carrier: str
    sender: str
    fate: str
    has_code: bool
    shown: bool


def messages(customer_id: int, activation_id: int) -> list[MessageLine]:
    """Everything that came for an activation, in order, late and foreign messages included. Raises TryLater."""
    found = sql.rows(
        "select o.id, o.received_at, o.kind, o.carrier, coalesce(m.sender, o.sender), f.fate,"
        " f.code is not null, coalesce(m.shown, false)"
        " from intake_fate f join intake_original o on o.id = f.original_id"
        " left join activations_message m on m.customer_id = f.customer_id and m.original_id = o.id"
        " where f.customer_id = %s and f.activation_id = %s order by o.received_at, o.id",
        (customer_id, activation_id),
    )
    return [MessageLine(*row) for row in found]
