"""Shows a customer's messages to a member of staff; must never do so without a line in the audit log first."""

from dataclasses import dataclass
from datetime import datetime

from activkode.core import audit_log, ids, sql


@dataclass(frozen=True, slots=True)
class Disclosed:
    """What a message said, and the code or link that was found in it."""

    received_at: datetime
    sender: str
    fate: str
    text: str
    found: str | None


def disclose(customer_id: int, activation_id: int, *, actor: str, reason: str) -> list[Disclosed]:
    """The texts and codes of an activation, after writing into the audit log who read them and why. Raises TryLater."""
    with sql.transaction():
        shown = ids.show(ids.ACTIVATION, activation_id)
        audit_log.note(actor, "read codes", f"customer {customer_id}", activation=shown, reason=reason)
        found = sql.rows(
            "select o.received_at, coalesce(m.sender, o.sender), f.fate, coalesce(m.text, o.text), f.code"
            " from intake_fate f join intake_original o on o.id = f.original_id"
            " left join activations_message m on m.customer_id = f.customer_id and m.original_id = o.id"
            " where f.customer_id = %s and f.activation_id = %s order by o.received_at, o.id",
            (customer_id, activation_id),
        )
    return [Disclosed(*row) for row in found]
