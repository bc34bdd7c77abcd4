"""Who has an account, and how it stands: plain values for pages; must never write, and never gives a password or a key."""

from dataclasses import dataclass
from datetime import datetime

from activkode.core import sql
from activkode.core.errors import Code, Refusal
from activkode.identity.models import Role

_LARGEST = 2**63 - 1
_ACCOUNT = (
    "select u.id, u.email, u.role, u.is_active, u.date_joined, u.last_login,"
    " exists (select from account_emailaddress e where e.user_id = u.id and e.email = u.email and e.verified),"
    " exists (select from mfa_authenticator m where m.user_id = u.id and m.type = 'totp'),"
    " exists (select from identity_suspension s where s.customer_id = u.id and s.lifted_at is null)"
    " from identity_user u"
)


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who can sign in; `verified` is the e-mail address, `second_factor` an authenticator app."""

    id: int
    email: str
    role: str
    active: bool
    joined_at: datetime
    signed_in_at: datetime | None
    verified: bool
    second_factor: bool
    suspended: bool

    @property
    def is_staff(self) -> bool:
        """Whether the operator console opens for this person."""
        return self.role != Role.CUSTOMER


@dataclass(frozen=True, slots=True)
class SuspensionLine:
    """One suspension: by whom and why, and when it ended."""

    at: datetime
    actor: str
    reason: str
    lifted_at: datetime | None
    lifted_by: str


def account(user_id: int) -> Account:
    """One account. Raises Refusal(not_found), TryLater."""
    row = sql.one(f"{_ACCOUNT} where u.id = %s", (user_id,))
    if row is None:
        raise Refusal(Code.NOT_FOUND)
    return Account(*row)


def accounts(search: str = "", *, before: int | None = None, limit: int = 50) -> list[Account]:
    """Accounts whose e-mail address contains the text or whose id it is, newest first, older than id `before`.
    Raises TryLater."""
    found = sql.rows(
        f"{_ACCOUNT} where u.id < %(before)s and (position(%(text)s in u.email) > 0 or u.id = %(id)s)"
        " order by u.id desc limit %(limit)s",
        {
            "before": _LARGEST if before is None else before,
            "text": search.strip().lower(),
            "id": _number(search.strip()),
            "limit": limit,
        },
    )
    return [Account(*row) for row in found]


def suspensions(customer_id: int) -> list[SuspensionLine]:
    """All suspensions of a customer, the latest first. Raises TryLater."""
    found = sql.rows(
        "select at, actor, reason, lifted_at, lifted_by from identity_suspension where customer_id = %s order by id desc",
        (customer_id,),
    )
    return [SuspensionLine(*row) for row in found]


def has_second_factor(user_id: int) -> bool:
    """Whether an authenticator app is set up. Raises TryLater."""
    return bool(
        sql.value(
            "select exists (select from mfa_authenticator where user_id = %s and type = 'totp')", (user_id,)
        )
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None
