"""Credit given by a person. All other money moves inside the functions of the packages whose events cause it."""

from activkode.core import sql

GRANTS = ("goodwill_grant", "promo_grant")


def grant(customer_id: int, movement: str, amount_micros: int, *, actor: str, reason: str) -> int:
    """Credits micro-dollars by one of GRANTS, with the reason in the audit log; the grant's id. Raises TryLater."""
    assert movement in GRANTS
    made: int = sql.value(
        "select fn.grant_credit(%s, %s, %s, %s, %s)", (customer_id, movement, amount_micros, actor, reason)
    )
    return made
