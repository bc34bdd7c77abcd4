"""Keeps when an e-mail address was changed: withdrawals wait seven days after it (POLICY 2.3.6)."""

from activkode.core import sql


def note(user_id: int) -> None:
    """The address was changed now. Raises TryLater."""
    sql.execute("update identity_user set email_changed_at = fn.now() where id = %s", (user_id,))
