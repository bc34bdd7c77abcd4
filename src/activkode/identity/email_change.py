"""Keeps when an e-mail address was changed, and from which: withdrawals wait seven days after it, and the old address is
told (POLICY 2.3.6)."""

from activkode.core import sql


def note(user_id: int, before: str) -> None:
    """The address was changed now; `before` is what it was. Raises TryLater."""
    with sql.transaction():
        sql.execute("update identity_user set email_changed_at = fn.now() where id = %s", (user_id,))
        sql.execute(
            "insert into identity_email_change (user_id, at, before) values (%s, fn.now(), %s)",
            (user_id, before),
        )
