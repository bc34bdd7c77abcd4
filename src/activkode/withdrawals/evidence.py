"""What the records show about a withdrawal beside it, for the eyes of who approves. Must never write."""

from dataclasses import dataclass
from datetime import datetime

from activkode.core import sql


@dataclass(frozen=True, slots=True)
class SameAddress:
    """Another customer who has asked to be paid at the same address."""

    withdrawal: int
    customer: int
    email: str
    state: str
    requested_at: datetime


@dataclass(frozen=True, slots=True)
class EmailChange:
    """The account's e-mail address was another one before."""

    at: datetime
    before: str


@dataclass(frozen=True, slots=True)
class Sum:
    """All movements of one name in an account, in micro-dollars."""

    movement: str
    count: int
    micros: int


def same_address(address: str, customer_id: int, limit: int = 20) -> list[SameAddress]:
    """Withdrawals of others to this address, however it was written, the latest first. Raises TryLater."""
    found = sql.rows(
        "select x.id, x.customer_id, u.email, x.state, x.requested_at from withdrawals_withdrawal x"
        " join identity_user u on u.id = x.customer_id where lower(x.address) = lower(%s) and x.customer_id <> %s"
        " order by x.id desc limit %s",
        (address, customer_id, limit),
    )
    return [SameAddress(*row) for row in found]


def email_changes(customer_id: int, limit: int = 10) -> list[EmailChange]:
    """The changes of the account's address, the latest first. Raises TryLater."""
    found = sql.rows(
        "select at, before from identity_email_change where user_id = %s order by at desc limit %s",
        (customer_id, limit),
    )
    return [EmailChange(*row) for row in found]


def sums(customer_id: int) -> list[Sum]:
    """What the account is made of: each movement with how often and how much. Raises TryLater."""
    found = sql.rows(
        "select movement, count(*), sum(amount_micros)::bigint from ledger_transfer where customer_id = %s"
        " group by movement order by min(seq)",
        (customer_id,),
    )
    return [Sum(*row) for row in found]
