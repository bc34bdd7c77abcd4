"""A random history of withdrawals: customers, staff, clocks, a signer and a chain do what they may, in any order."""

import random
from collections.abc import Callable

import cast
from activkode.core import sql
from activkode.core.errors import Refusal
from activkode.funding.chains.base import Away
from activkode.identity import suspension
from activkode.identity.models import User
from activkode.withdrawals import operations, payouts, read
from activkode.withdrawals.chains.base import CannotPay, Told
from activkode.withdrawals.policy import Kind
from activkode.withdrawals.read import Payout, Withdrawal
from withdrawals import scripted
from withdrawals.scripted import FakePayer, sign


class History:
    """Steps by a seed; `log` is what was done, for whoever reads a failure."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.people = [cast.person(name) for name in ("alice", "bob")]
        self.staff = [scripted.staff(name) for name in ("olga", "oscar")]
        self.payer = FakePayer()
        self.log: list[str] = []
        self.minutes = 0
        for user in self.people:
            cast.fund(user, "700.00")
        scripted.rates()

    def step(self) -> None:
        """One thing happens; refusals are part of life."""
        name, act = self.random.choice(list(self._acts().items()))
        try:
            act()
        except (Refusal, Away, CannotPay) as reason:
            name = f"{name}: {reason}"
        self.log.append(name)

    def paid_by_chain(self) -> int:
        """What the fake chain carried out to customers, in wei."""
        return sum(
            int(row[0])
            for row in sql.rows(
                "select body ->> 'amount' from withdrawals_transaction where kind = 'pay' and tx = any (%s)",
                (
                    [
                        tx
                        for tx, depth in self.payer.mined.items()
                        if depth >= 12 and tx not in self.payer.failed
                    ],
                ),
            )
        )

    def _acts(self) -> dict[str, Callable[[], object]]:
        return {
            "request": lambda: scripted.requested(self._who(), self.random.choice(["20.00", "199.99", "200.00", None])),
            "confirm": lambda: self._on(lambda x: operations.confirm(x.customer, x.id, self._quote())),
            "cancel": lambda: self._on(lambda x: operations.cancel(x.customer, x.id)),
            "agree": lambda: self._on(lambda x: operations.consent(x.customer, x.id, x.quote_micros or 0)),
            "approve": lambda: self._on(lambda x: operations.approve(x.customer, x.id, **self._actor())),
            "reject": lambda: self._on(lambda x: operations.reject(x.customer, x.id, **self._actor(), reason="story")),
            "hand": lambda: self._on(lambda x: payouts.hand(x.customer, x.id, self.payer, by="clock")),
            "sign": self._sign,
            "send": self._send,
            "look": self._look,
            "mine": self._mine,
            "fail": lambda: self.payer.failed.update(set(self.payer.mempool) - set(self.payer.mined)),
            "bump": lambda: self._live(lambda p: payouts.replace(p, self.payer, kind=Kind.PAY, by="clock")),
            "void": lambda: self._live(lambda p: payouts.replace(p, self.payer, kind=Kind.VOID, by="olga")),
            "again": lambda: self._on(lambda x: operations.pay_again(x.customer, x.id, **self._actor(), reason="story")),
            "give back": lambda: self._on(lambda x: operations.give_back(x.customer, x.id, **self._actor(), reason="story")),
            "suspend": lambda: suspension.suspend(self._who().id, actor="olga", reason="story"),
            "lift": lambda: suspension.lift(self._who().id, actor="olga", reason="story"),
            "node": self._node,
            "price": lambda: setattr(self.payer, "units_cost", self.random.choice([10**15, 4 * 10**15, 10**18])),
            "lapse": lambda: operations.lapse(10),
        }  # fmt: skip

    def _who(self) -> User:
        return self.random.choice(self.people)

    def _actor(self) -> dict[str, object]:
        person = self.random.choice(self.staff)
        return {"actor_id": person.id, "actor": person.email}

    def _quote(self) -> int | None:
        return self.random.choice([None, 2_000_000, 8_000_000])

    def _on(self, act: Callable[[Withdrawal], object]) -> None:
        found = read.page(self._who().id, limit=3)
        if found:
            act(found[0])

    def _live(self, act: Callable[[Payout], object]) -> None:
        found = read.live_payouts(self.payer.asset, after=0, limit=10)
        if found:
            act(self.random.choice(found))

    def _sign(self) -> None:
        for each in read.due(self.payer.asset, signed=False, limit=1):
            payouts.take_signed(each, self.payer, sign(payouts.unsigned_of(each)), by="signer")

    def _send(self) -> None:
        self.minutes += 11  # past every pause between two tries
        scripted.shift(f"{self.minutes} minutes")
        scripted.rates()
        for each in read.due(self.payer.asset, signed=True, limit=2):
            payouts.send(each, self.payer)

    def _look(self) -> None:
        for each in read.live_payouts(self.payer.asset, after=0, limit=10):
            payouts.look(each, self.payer)

    def _mine(self) -> None:
        for tx, raw in self.payer.mempool.items():
            spent = {
                self.payer.mempool[other].split(b'"nonce": ')[1].split(b",")[0].rstrip(b"}")
                for other in self.payer.mined
            }
            nonce = raw.split(b'"nonce": ')[1].split(b",")[0].rstrip(b"}")
            if tx not in self.payer.mined and nonce not in spent:
                self.payer.mined[tx] = self.random.choice([1, 12])
            elif tx in self.payer.mined:
                self.payer.mined[tx] = 12

    def _node(self) -> None:
        self.payer.away = not self.payer.away
        self.payer.told = self.random.choice(list(Told))
        self.payer.takes = self.random.random() < 0.7
