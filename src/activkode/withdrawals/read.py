"""Withdrawals and payouts as plain values for pages, programs and mails. Must never write."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from activkode.core import sql
from activkode.core.errors import Code, Refusal
from activkode.funding.policy import Asset, Chain
from activkode.withdrawals.policy import (
    BY_PAIR,
    LIVE,
    OPEN,
    PAYABLE,
    RESERVED,
    Event,
    Kind,
    PayoutState,
    State,
)

_HERE = Path(__file__).parent
_WITHDRAWAL = (_HERE / "withdrawal.sql").read_text()
_PAYOUT = (_HERE / "payout.sql").read_text()
_TRANSACTION = (_HERE / "transaction.sql").read_text()


@dataclass(frozen=True, slots=True)
class Turn:
    """A withdrawal in the order of what is due first."""

    due_at: datetime | None
    withdrawal: int
    customer: int


FIRST_TURN = Turn(None, 0, 0)


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """One withdrawal. `frozen`: the account is suspended; `waits_until`: an e-mail change holds it; `being_signed`: a signer
    has it, so that it cannot be cancelled any more; `approvals_wanted` of different members of staff."""

    id: int
    customer: int
    asset: Asset
    address: str
    gross_micros: int
    fee_micros: int
    network_micros: int
    state: State
    channel: str
    note: str
    requested_at: datetime
    quote_micros: int | None
    consent_by: datetime | None
    confirmed_at: datetime | None
    first_due_at: datetime | None
    due_at: datetime | None
    paused_at: datetime | None
    approved_at: datetime | None
    signed_at: datetime | None
    broadcast_at: datetime | None
    closed_at: datetime | None
    closed_by: str
    reason: str
    waived_by: str
    waived_for: int | None
    released_by: int | None
    policy_version: int
    frozen: bool
    waits_until: datetime | None
    being_signed: bool
    approvals_wanted: int
    email: str

    @property
    def net_micros(self) -> int:
        """What is paid, in micro-dollars: the fee and the network's agreed cost are inside the gross."""
        return self.gross_micros - self.fee_micros - self.network_micros

    @property
    def is_open(self) -> bool:
        """Whether it may still be paid."""
        return self.state in OPEN

    @property
    def asks_consent(self) -> bool:
        """Whether the customer is to agree to a network cost."""
        return self.consent_by is not None and self.state in RESERVED

    @property
    def can_confirm(self) -> bool:
        """Whether the customer can confirm it now."""
        return (Event.CONFIRM, self.state) in BY_PAIR and not self.frozen

    @property
    def can_cancel(self) -> bool:
        """Whether the customer can cancel it now."""
        return (Event.CANCEL, self.state) in BY_PAIR and not self.being_signed and not self.frozen


@dataclass(frozen=True, slots=True)
class Approval:
    """A member of staff's yes."""

    actor_id: int
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Payout:
    """One attempt to pay; `amount` and `most_fee` in smallest units, `rate` as text."""

    id: int
    customer: int
    withdrawal: int
    state: PayoutState
    asset: Asset
    chain: Chain
    wallet: str
    nonce: int | None
    destination: str
    amount: int
    net_micros: int
    rate: str
    rate_at: datetime | None
    rate_sources: list[dict[str, Any]] | None
    most_fee: int
    handed_at: datetime
    signed_at: datetime | None
    sent_at: datetime | None
    ended_at: datetime | None
    looked_at: datetime | None
    standing: str
    tx: str | None
    height: int | None
    confirmations: int
    fee_paid: int | None
    proof: dict[str, Any] | None

    @property
    def is_live(self) -> bool:
        """Whether it may still pay."""
        return self.state in LIVE


@dataclass(frozen=True, slots=True)
class Transaction:
    """One transaction of a payout, unsigned and, where `raw` is there, signed."""

    customer: int
    payout: int
    number: int
    kind: Kind
    body: dict[str, Any]
    spends: tuple[str, ...]
    fee: int
    fee_coin: str
    expires_at: datetime | None
    handed_at: datetime
    handed_by: str
    tx: str | None
    raw: bytes | None
    signed_at: datetime | None
    signed_by: str
    sent_at: datetime | None
    tries: int
    told: str
    words: str
    signer_words: str


def one(customer_id: int, withdrawal_id: int) -> Withdrawal:
    """A customer's withdrawal. Raises Refusal(not_found), also for somebody else's; TryLater."""
    found = _withdrawals(" where x.customer_id = %s and x.id = %s", (customer_id, withdrawal_id))
    if not found:
        raise Refusal(Code.NOT_FOUND, "There is no such withdrawal in this account.")
    return found[0]


def any_one(withdrawal_id: int) -> Withdrawal:
    """Anybody's, for staff and mails. Raises Refusal(not_found), TryLater."""
    found = _withdrawals(" where x.id = %s", (withdrawal_id,))
    if not found:
        raise Refusal(Code.NOT_FOUND)
    return found[0]


def page(
    customer_id: int, *, state: str | None = None, before: int | None = None, limit: int = 50
) -> list[Withdrawal]:
    """A customer's withdrawals, the newest first, older than id `before`. Raises TryLater."""
    return _withdrawals(
        " where x.customer_id = %(customer)s and (%(before)s::bigint is null or x.id < %(before)s)"
        " and (%(state)s::text is null or x.state = %(state)s) order by x.id desc limit %(limit)s",
        {"customer": customer_id, "before": before, "state": state, "limit": limit},
    )


def open_one(customer_id: int) -> Withdrawal | None:
    """The customer's open withdrawal, of which there is at most one. Raises TryLater."""
    found = _withdrawals(
        " where x.customer_id = %s and x.state = any (%s)", (customer_id, [str(state) for state in OPEN])
    )
    return found[0] if found else None


def queue(*, states: tuple[State, ...] = OPEN, limit: int = 200) -> list[Withdrawal]:
    """For staff: open ones, what is due first standing first; requests that are not confirmed last. Raises TryLater."""
    return _withdrawals(
        " where x.state = any (%s) order by x.due_at nulls last, x.id limit %s",
        ([str(state) for state in states], limit),
    )


def approvals(customer_id: int, withdrawal_id: int) -> list[Approval]:
    """Who has said yes, in order. Raises TryLater."""
    found = sql.rows(
        "select actor_id, actor, at from withdrawals_approval where customer_id = %s and withdrawal_id = %s order by at",
        (customer_id, withdrawal_id),
    )
    return [Approval(*row) for row in found]


def payouts(customer_id: int, withdrawal_id: int) -> list[Payout]:
    """The attempts to pay it, the oldest first. Raises TryLater."""
    return _payouts(
        " where p.customer_id = %s and p.withdrawal_id = %s order by p.id", (customer_id, withdrawal_id)
    )


def payout(payout_id: int) -> Payout:
    """One attempt. Raises Refusal(not_found), TryLater."""
    found = _payouts(" where p.id = %s", (payout_id,))
    if not found:
        raise Refusal(Code.NOT_FOUND, "There is no such payout.")
    return found[0]


def live_payouts(asset: Asset, *, after: int, limit: int) -> list[Payout]:
    """Attempts in an asset that may still pay, by id from `after` on. Raises TryLater."""
    return _payouts(
        " where p.asset = %s and p.state = any (%s) and p.id > %s order by p.id limit %s",
        (asset, [str(state) for state in LIVE], after, limit),
    )


def transactions(customer_id: int, payout_id: int) -> list[Transaction]:
    """The transactions of a payout, the first one first. Raises TryLater."""
    return _transactions(
        " where t.customer_id = %s and t.payout_id = %s order by t.number", (customer_id, payout_id)
    )


def to_hand(asset: Asset, *, after: Turn = FIRST_TURN, limit: int) -> list[Turn]:
    """Withdrawals for which a payout may be made now, what is due first standing first, those behind `after`. Raises
    TryLater."""
    found = sql.rows(
        "select x.due_at, x.id, x.customer_id from withdrawals_withdrawal x where x.asset = %s and x.state = any (%s)"
        " and (x.due_at, x.id) > (coalesce(%s, '-infinity'::timestamptz), %s) and fn.payout_obstacle(x) is null"
        " order by x.due_at, x.id limit %s",
        (asset, [str(state) for state in PAYABLE], after.due_at, after.withdrawal, limit),
    )
    return [Turn(*row) for row in found]


def due(asset: Asset, *, signed: bool, limit: int) -> list[Transaction]:
    """Transactions of live payouts whose turn it is: to be signed, or (signed) to be given to a node. Raises TryLater."""
    return _transactions(
        " join withdrawals_payout p on p.customer_id = t.customer_id and p.id = t.payout_id where p.asset = %s"
        " and p.state = any (%s) and (t.raw is not null) = %s and t.due_at <= fn.now() order by t.due_at limit %s",
        (asset, [str(state) for state in LIVE], signed, limit),
    )


def _withdrawals(where: str, params: sql.Params) -> list[Withdrawal]:
    return [Withdrawal(*_withdrawal(row)) for row in sql.rows(_WITHDRAWAL + where, params)]


def _withdrawal(row: sql.Row) -> sql.Row:
    return (*row[:2], Asset(row[2]), *row[3:7], State(row[7]), *row[8:])


def _payouts(where: str, params: sql.Params) -> list[Payout]:
    return [Payout(*_payout(row)) for row in sql.rows(_PAYOUT + where, params)]


def _payout(row: sql.Row) -> sql.Row:
    names = (PayoutState(row[3]), Asset(row[4]), Chain(row[5]))
    fee_paid = None if row[24] is None else int(row[24])
    return (
        *row[:3],
        *names,
        *row[6:9],
        int(row[9]),
        *row[10:14],
        int(row[14]),
        *row[15:24],
        fee_paid,
        row[25],
    )


def _transactions(where: str, params: sql.Params) -> list[Transaction]:
    return [Transaction(*_transaction(row)) for row in sql.rows(_TRANSACTION + where, params)]


def _transaction(row: sql.Row) -> sql.Row:
    raw = None if row[12] is None else bytes(row[12])
    return (*row[:3], Kind(row[3]), row[4], tuple(row[5]), int(row[6]), *row[7:12], raw, *row[13:])
