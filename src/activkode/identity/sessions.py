"""Ends what a person has open in browsers; must never tell who was signed in."""

from activkode.core import sql


def end_all(user_id: int) -> int:
    """Signs a person out everywhere at once, in the caller's transaction; how many sessions ended. Raises TryLater."""
    return sql.execute(
        "with own as (delete from usersessions_usersession where user_id = %s returning session_key)"
        " delete from django_session s using own where s.session_key = own.session_key",
        (user_id,),
    )
