"""Suspends a customer: no new rents at once, sessions ended, open activations run out and refunds arrive (POLICY 2.1.13)."""

from activkode.core import audit_log, sql
from activkode.core.errors import Code, Refusal
from activkode.identity import sessions


def suspend(customer_id: int, *, actor: str, reason: str) -> None:
    """Freezes the wallet, ends all sessions and writes why into the audit log. Raises Refusal(wrong_state) when
    suspended already."""
    with sql.transaction():
        done = sql.execute(
            "insert into identity_suspension (customer_id, at, actor, reason, lifted_by) select %s, fn.now(), %s, %s, ''"
            " on conflict (customer_id) where lifted_at is null do nothing",
            (customer_id, actor, reason),
        )
        if not done:
            raise Refusal(Code.WRONG_STATE, "The customer is suspended already.")
        sql.execute("select fn.wallet_freeze(%s, true)", (customer_id,))
        sessions.end_all(customer_id)
        audit_log.note(actor, "suspend", f"customer {customer_id}", reason=reason)


def lift(customer_id: int, *, actor: str, reason: str) -> None:
    """Ends a suspension. Raises Refusal(wrong_state) when there is none."""
    with sql.transaction():
        done = sql.execute(
            "update identity_suspension set lifted_at = fn.now(), lifted_by = %s"
            " where customer_id = %s and lifted_at is null",
            (actor, customer_id),
        )
        if not done:
            raise Refusal(Code.WRONG_STATE, "The customer is not suspended.")
        sql.execute("select fn.wallet_freeze(%s, false)", (customer_id,))
        audit_log.note(actor, "lift suspension", f"customer {customer_id}", reason=reason)
