"""Ends what a person has open in browsers, and forgets what has ended by itself; must never tell who was signed in."""

from activkode.core import sql


def end_all(user_id: int) -> int:
    """Signs a person out everywhere at once, in the caller's transaction; how many sessions ended. Raises TryLater."""
    return sql.execute(
        "with own as (delete from usersessions_usersession where user_id = %s returning session_key)"
        " delete from django_session s using own where s.session_key = own.session_key",
        (user_id,),
    )


def forget_expired(limit: int) -> int:
    """Removes up to `limit` sessions that are over, with their traces and old rate limits. How many sessions went.
    Raises TryLater."""
    gone = sql.execute(
        "delete from django_session where session_key in"
        " (select session_key from django_session where expire_date < fn.now() limit %s)",
        (limit,),
    )
    sql.execute(
        # Not one that is just being made: its session is stored when the answer is finished.
        "delete from usersessions_usersession u where u.created_at < fn.now() - interval '1 hour'"
        " and not exists (select from django_session s where s.session_key = u.session_key)"
    )
    sql.execute("delete from identity_cache where expires < fn.now()")
    return gone
