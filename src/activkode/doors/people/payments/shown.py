"""A withdrawal as pages show it: what arrives where, how far it is, what it waits for. Must decide nothing, and must never
name a member of staff.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from activkode.core import read as core
from activkode.doors.people.payments import explorers
from activkode.doors.people.payments.words import STATES, TONES
from activkode.funding import words
from activkode.funding.policy import BY_ASSET, AssetRule
from activkode.withdrawals import read
from activkode.withdrawals.policy import FIGURES, PAYABLE, Figure, Kind, PayoutState, State
from activkode.withdrawals.read import Payout, Transaction, Withdrawal


@dataclass(frozen=True, slots=True)
class Attempt:
    """One payout with its transactions, the first one first."""

    payout: Payout
    transactions: tuple[Transaction, ...]

    @property
    def tx(self) -> str:
        """The id of the transaction that pays, as far as one was sent; the newest where several were."""
        if self.payout.tx:
            return self.payout.tx
        sent = [one for one in self.transactions if one.sent_at and one.kind == Kind.PAY]
        return (sent[-1].tx or "") if sent else ""

    @property
    def url(self) -> str:
        """Where everybody can look it up; empty where nowhere."""
        return explorers.link(self.payout.chain, self.tx) if self.tx else ""

    @property
    def coins(self) -> str:
        """Exactly what arrives, in coins."""
        return words.coins(self.payout.amount, self.payout.asset)


@dataclass(frozen=True, slots=True)
class Shown:
    """The withdrawal, how many have approved it, the attempts to pay it, and the time at which this is true."""

    one: Withdrawal
    approvals: int
    attempts: tuple[Attempt, ...]
    now: datetime

    @property
    def word(self) -> str:
        """Its state in a word or two; what it waits for comes first."""
        if self.one.asks_consent:
            return "Waits for you"
        return "Needs a decision" if self.is_stuck else STATES[self.one.state]

    @property
    def tone(self) -> str:
        """The colour's name."""
        return "wait" if self.is_stuck else TONES[self.one.state]

    @property
    def rule(self) -> AssetRule:
        """Its coin and network."""
        return BY_ASSET[self.one.asset]

    @property
    def symbol(self) -> str:
        """The coin itself."""
        return words.symbol(self.one.asset)

    @property
    def attempt(self) -> Attempt | None:
        """The newest attempt to pay."""
        return self.attempts[-1] if self.attempts else None

    @property
    def paid(self) -> Attempt | None:
        """The one that paid."""
        return next((each for each in self.attempts if each.payout.state == PayoutState.CONFIRMED), None)

    @property
    def is_stuck(self) -> bool:
        """Whether the last attempt is dead, and a person has to say how it goes on."""
        is_under_way = self.one.state in (State.SIGNED, State.BROADCAST)
        return is_under_way and bool(self.attempts) and not self.one.being_signed

    @property
    def is_late(self) -> bool:
        """Whether the promised day is over."""
        due, runs = self.one.due_at, self.one.is_open and self.one.paused_at is None
        return runs and due is not None and due < self.now

    @property
    def extra_cost_micros(self) -> int:
        """What of the last quote goes beyond what we bear, in micro-dollars."""
        return max((self.one.quote_micros or 0) - FIGURES[Figure.NETWORK_COST_FREE_MICROS], 0)

    @property
    def pace(self) -> int:
        """How often its page asks for news, in milliseconds; 0: never."""
        if not self.one.is_open:
            return 0
        return 1500 if self.one.being_signed else 4000

    @property
    def mark(self) -> str:
        """Changes whenever anything that is shown changes."""
        attempts = [
            (replace(each.payout, looked_at=None, proof=None), each.transactions) for each in self.attempts
        ]
        seen = (self.one, self.approvals, attempts, self.is_late)
        return hashlib.sha256(repr(seen).encode()).hexdigest()[:16]


def shown(one: Withdrawal) -> Shown:
    """With everything that its page says. Raises TryLater."""
    return Shown(one, len(read.approvals(one.customer, one.id)), attempts(one), core.now())


def attempts(one: Withdrawal) -> tuple[Attempt, ...]:
    """The attempts to pay it, the oldest first. Raises TryLater."""
    return tuple(
        Attempt(payout, tuple(read.transactions(one.customer, payout.id)))
        for payout in read.payouts(one.customer, one.id)
    )


def all_shown(found: Iterable[Withdrawal]) -> list[Shown]:
    """Lines of a list; approvals and attempts are asked for only where a line says something of them. Raises TryLater."""
    now = core.now()
    return [Shown(one, _given(one), attempts(one) if one.state in PAYABLE else (), now) for one in found]


def _given(one: Withdrawal) -> int:
    return len(read.approvals(one.customer, one.id)) if one.state == State.CONFIRMED else 0
