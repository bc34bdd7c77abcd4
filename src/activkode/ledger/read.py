"""Balances and statements: plain values; must never write."""

from dataclasses import dataclass
from datetime import datetime

from activkode.core import sql
from activkode.core.errors import Code, Refusal

ACCOUNTS = ("cash", "promo", "held", "withdrawing")


@dataclass(frozen=True, slots=True)
class Balance:
    """A customer's accounts in micro-dollars. Frozen: no new rents."""

    cash: int
    promo: int
    held: int
    withdrawing: int
    frozen: bool = False

    @property
    def available(self) -> int:
        """What can be spent now."""
        return self.cash + self.promo

    @property
    def total(self) -> int:
        """All of it."""
        return self.cash + self.promo + self.held + self.withdrawing


@dataclass(frozen=True, slots=True)
class Line:
    """One transfer with the balances after it, in micro-dollars."""

    seq: int
    at: datetime
    movement: str
    purse: str
    from_account: str
    to_account: str
    reference: str
    amount_micros: int
    after: Balance


@dataclass(frozen=True, slots=True)
class Statement:
    """Opening balance, every movement, closing balance: opening + movements = closing."""

    opening: Balance
    lines: tuple[Line, ...]
    closing: Balance


_REFERENCE = {"activation": "act_", "grant": "grant_", "topup": "dep_", "withdrawal": "wdr_", "case": "case_"}


def balance(customer_id: int) -> Balance:
    """The customer's balances now. Raises Refusal(not_found), TryLater."""
    row = sql.one(
        "select cash, promo, held, withdrawing, frozen_at is not null from ledger_wallet where customer_id = %s",
        (customer_id,),
    )
    if row is None:
        raise Refusal(Code.NOT_FOUND)
    return Balance(*row)


def statement(customer_id: int, start: datetime | None = None, end: datetime | None = None) -> Statement:
    """Movements with start <= time < end; without bounds everything up to now. Raises TryLater."""
    opening = _balance_before(customer_id, start)
    found = sql.rows(
        "select t.seq, t.at, t.movement, t.purse, m.from_account, m.to_account, t.reference_kind, t.reference_id,"
        " t.amount_micros, t.cash_after, t.promo_after, t.held_after, t.withdrawing_after"
        " from ledger_transfer t join ledger_movement m on m.name = t.movement"
        " where t.customer_id = %(customer)s and t.at >= coalesce(%(start)s, '-infinity'::timestamptz)"
        " and t.at < coalesce(%(end)s, 'infinity'::timestamptz) order by t.seq",
        {"customer": customer_id, "start": start, "end": end},
    )
    lines = tuple(line_of(row) for row in found)
    return Statement(opening, lines, lines[-1].after if lines else opening)


def _balance_before(customer_id: int, start: datetime | None) -> Balance:
    row = None
    if start is not None:
        row = sql.one(
            "select cash_after, promo_after, held_after, withdrawing_after from ledger_transfer"
            " where customer_id = %s and at < %s order by seq desc limit 1",
            (customer_id, start),
        )
    return Balance(*row) if row else Balance(0, 0, 0, 0)


def line_of(row: sql.Row) -> Line:
    """A transfer's row, joined to its movement, as a line."""
    seq, at, movement, purse, from_account, to_account, kind, reference, amount, *after = row
    return Line(
        seq,
        at,
        movement,
        purse,
        purse if from_account == "purse" else from_account,
        purse if to_account == "purse" else to_account,
        f"{_REFERENCE[kind]}{reference}",
        amount,
        Balance(*after),
    )
