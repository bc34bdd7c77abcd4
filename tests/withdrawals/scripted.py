"""A fake payer in memory, called fake: one wallet with nonces on a chain that a test writes by hand, and faults on demand."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

import cast
from activkode.core import sql
from activkode.core.errors import Code, Refusal
from activkode.core.money import dollars, micros
from activkode.funding.chains.base import Away
from activkode.funding.policy import Asset, Chain
from activkode.identity.models import Role, User
from activkode.ledger import read as books
from activkode.withdrawals import operations, payouts, read
from activkode.withdrawals.chains.base import (
    Broadcast,
    CannotPay,
    Mismatch,
    Sight,
    Signed,
    Standing,
    Told,
    Unsigned,
    Version,
    Wish,
)
from activkode.withdrawals.policy import Kind
from activkode.withdrawals.read import Payout, Transaction, Withdrawal
from funding.scripted import price

ADDRESS = "0x52908400098527886E0F7030069857D2E4169EE7"  # the all-caps example of EIP-55
OTHER = "0x8617E340B3D01FA5F11F306F4090FD50E238070D"
TRANSFER_COST = 10**15


@dataclass
class FakePayer:
    """Pays ether from one address. `mined` are ids of transactions in blocks, with their confirmations; `takes` says whether
    the node keeps what it is given, `told` what it answers."""

    chain: Chain = Chain.ETHEREUM
    asset: Asset = Asset.ETH
    fee_coin: str = "ETH"
    units_cost: int = TRANSFER_COST
    foreign: int = 0
    mempool: dict[str, bytes] = field(default_factory=dict)
    mined: dict[str, int] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)
    consumed: set[str] = field(default_factory=set)
    told: Told = Told.TAKEN
    takes: bool = True
    away: bool = False
    broadcasts: list[bytes] = field(default_factory=list)
    before_broadcast: Callable[[], None] = lambda: None
    expires: datetime | None = None
    is_expired: bool = False

    def wallet(self) -> str:
        return "ethereum:0xours"

    def holds(self) -> int:
        return 10**21

    def next_nonce(self) -> int | None:
        self._answer()
        return self.foreign

    def cost(self, destination: str, amount: int) -> int:
        self._answer()
        return self.units_cost

    def build(self, wish: Wish, nonce: int | None, taken: frozenset[str]) -> Unsigned:
        self._answer()
        if self.units_cost > wish.most_fee:
            raise CannotPay("the network asks for more than the cap")
        return self._unsigned(wish, nonce or 0, self.units_cost, Kind.PAY)

    def replace(self, wish: Wish, before: Unsigned, kind: Kind) -> Unsigned:
        return self._unsigned(wish, int(before.spends[0].split(":")[-1]), before.fee * 2, kind)

    def check(self, unsigned: Unsigned, raw: bytes) -> Signed:
        if raw != sign(unsigned):
            raise Mismatch("not what was handed out")
        return Signed(hashlib.sha256(raw).hexdigest(), raw)

    def broadcast(self, signed: Signed) -> Broadcast:
        self.before_broadcast()
        self.broadcasts.append(signed.raw)
        if self.takes:
            self.mempool[signed.tx] = signed.raw
        return Broadcast(self.told, "so says the fake")

    def look(self, versions: tuple[Version, ...]) -> Sight:
        self._answer()
        for each in versions:
            depth = self.mined.get(each.signed.tx)
            if depth is not None:
                deep = depth >= 12
                standing = (
                    Standing.MINED
                    if not deep
                    else Standing.FAILED
                    if each.signed.tx in self.failed
                    else Standing.DEAD
                    if each.kind is Kind.VOID
                    else Standing.CONFIRMED
                )
                return Sight(standing, each.signed.tx, 100, depth, self.units_cost, {"by": "receipt"})
        if any(each.unsigned.spends[0] in self.consumed for each in versions):
            return Sight(Standing.DEAD, proof={"by": "nonce"})
        pending = any(each.signed.tx in self.mempool for each in versions)
        return Sight(Standing.PENDING if pending else Standing.UNKNOWN)

    def expired(self, unsigned: Unsigned) -> bool:
        return self.is_expired

    def _answer(self) -> None:
        if self.away:
            raise Away("the fake is away")

    def _unsigned(self, wish: Wish, nonce: int, fee: int, kind: Kind) -> Unsigned:
        body = {"to": wish.destination, "amount": str(wish.amount), "nonce": nonce, "fee": fee, "kind": kind}
        return Unsigned(kind, body, (f"0xours:{nonce}",), fee, self.fee_coin, self.expires)


def sign(unsigned: Unsigned) -> bytes:
    """What the fake's signer makes of an unsigned transaction: always the same."""
    return b"signed " + json.dumps(unsigned.body, sort_keys=True).encode()


# --- what tests ask and say ---


def wallet(user: User) -> tuple[str, str]:
    """Cash and what is set aside."""
    found = books.balance(user.id)
    return dollars(found.cash), dollars(found.withdrawing)


def refuses(code: Code, call: object, *args: object, **named: object) -> Refusal:
    with pytest.raises(Refusal) as found:
        call(*args, **named)  # type: ignore[operator]
    assert found.value.code == code, found.value
    return found.value


def shift(interval: str) -> None:
    """Moves the database's clock; what was to be mailed by then was."""
    sql.execute("update core_outbox set delivered_at = fn.now()")
    sql.execute("select set_config('activkode_test.shift', %s, true)", (interval,))


# --- a withdrawal, taken as far as a test wants it ---


def staff(name: str) -> User:
    """An operator."""
    return User.objects.filter(email=f"{name}@people.example").first() or cast.person(name, Role.OPERATOR)


def rates(dollars: str = "2000") -> None:
    """Rates to trust, as old as now."""
    price(Asset.ETH, dollars)


def requested(user: User, amount: str | None = "20.00") -> int:
    """A withdrawal of ether."""
    return operations.request(
        user.id, Asset.ETH, ADDRESS, None if amount is None else micros(amount), channel="dashboard"
    )


def confirmed(user: User, amount: str | None = "20.00") -> int:
    """The same, set aside."""
    number = requested(user, amount)
    operations.confirm(user.id, number, None)
    return number


def approved(user: User, amount: str | None = "20.00") -> int:
    """The same, approved by as many as it takes."""
    number = confirmed(user, amount)
    for name in ("olga", "oscar")[: read.one(user.id, number).approvals_wanted]:
        person = staff(name)
        operations.approve(user.id, number, actor_id=person.id, actor=person.email)
    return number


def handed(
    user: User, payer: FakePayer, amount: str | None = "20.00"
) -> tuple[Withdrawal, Payout, Transaction]:
    """The same, with its unsigned transaction handed out."""
    number = approved(user, amount)
    payouts.hand(user.id, number, payer, by="clock")
    return latest(user, number)


def signed(
    user: User, payer: FakePayer, amount: str | None = "20.00"
) -> tuple[Withdrawal, Payout, Transaction]:
    """The same, with its signed bytes kept."""
    one, _, transaction = handed(user, payer, amount)
    payouts.take_signed(transaction, payer, sign(payouts.unsigned_of(transaction)), by="signer")
    return latest(user, one.id)


def sent(
    user: User, payer: FakePayer, amount: str | None = "20.00"
) -> tuple[Withdrawal, Payout, Transaction]:
    """The same, given to the node."""
    one, _, transaction = signed(user, payer, amount)
    payouts.send(transaction, payer)
    return latest(user, one.id)


def latest(user: User, number: int) -> tuple[Withdrawal, Payout, Transaction]:
    """A withdrawal, its newest payout, and that one's newest transaction, as they stand."""
    payout = read.payouts(user.id, number)[-1]
    return read.one(user.id, number), payout, read.transactions(user.id, payout.id)[-1]


def in_days(days: float) -> datetime:
    """A time from now on, for figures of a fake."""
    return datetime.now(UTC) + timedelta(days=days)
