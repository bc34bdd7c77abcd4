"""A random history of three fake chains and what customers do meanwhile, from one seed: payments, forks, double spends,
outages, failing rates, restarts of the watcher, rentals, decisions of operators.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from activkode.activations import operations as activations
from activkode.activations.policy import Event as Step
from activkode.core import sql
from activkode.core.errors import Refusal
from activkode.funding import operations
from activkode.funding.chains.base import PLAIN_VALUE, Found
from activkode.funding.policy import BY_ASSET, Asset, Chain, Event, Reason
from activkode.funding.watch import Watcher
from activkode.identity.models import User
from funding.scripted import FakeChain, address, price

RATES = {Asset.BTC: Decimal("50000"), Asset.ETH: Decimal("2500"), Asset.USDT_TRC20: Decimal(1)}
ASSETS = {Chain.BITCOIN: Asset.BTC, Chain.ETHEREUM: Asset.ETH, Chain.TRON: Asset.USDT_TRC20}
LAGS = {Chain.BITCOIN: 0, Chain.ETHEREUM: 20, Chain.TRON: 19}
# Dollars of one payment: dust, small, ordinary, above the thousand, absurd.
AMOUNTS = ("0.0000001", "0.004", "0.30", "0.70", "1.00", "12.34", "999.99", "1000.01", "25000", "1e22")


@dataclass
class History:
    """One run. `log` tells what happened, for a failure's message."""

    seed: int
    people: list[User]
    log: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self.chains = {chain: FakeChain(chain, lag) for chain, lag in LAGS.items()}
        self.watchers = {chain: Watcher(fake) for chain, fake in self.chains.items()}
        self.sent: dict[str, Found] = {}
        self.keys = {
            (user.id, chain): address(user, f"keys_{chain}", chain, asset)
            for user in self.people
            for chain, asset in ASSETS.items()
        }
        self._good_rates()
        for fake in self.chains.values():
            fake.mine(count=3)
        self._rounds()
        for fake in self.chains.values():
            fake.mine(count=32)  # no fork of this story goes below the first block that was read

    def step(self) -> None:
        """One random thing happens, and the watchers go round."""
        act = self._random.choices(list(ACTS), weights=list(ACTS.values()))[0]
        told = act(self)
        self.log.append(f"{act.__name__.strip('_')} {told or ''}")
        self._rounds()

    def calm_down(self) -> None:
        """Everything recovers, and all that stands in a block becomes final."""
        self._good_rates()
        for fake in self.chains.values():
            fake.is_away = False
            fake.mine(count=70)
        self._rounds()

    def on_chain(self, tx: str) -> bool:
        """Whether the payment stands in a block of its chain now."""
        return any(
            one.tx == tx for fake in self.chains.values() for block in fake.blocks for one in block.found
        )

    # --- what may happen ---

    def _pay(self) -> str:
        fake, chain, user = self._place()
        asset = ASSETS[chain]
        dollars = Decimal(self._random.choice(AMOUNTS))
        amount = int((dollars / RATES[asset]).scaleb(BY_ASSET[asset].decimals))
        tx = f"tx{len(self.sent)}"
        position = self._random.choice((PLAIN_VALUE, 0, 3))
        one = Found(tx, position, self.keys[user.id, chain], amount, asset, inputs=(f"coin-{tx}:0",))
        if self._random.random() < 0.08:
            reason = self._random.choice((Reason.WRONG_ASSET, Reason.UNKNOWN_TOKEN, Reason.ZERO_AMOUNT))
            one = Found(tx, position, one.key, amount, None, "STRANGE", reason)
        self.sent[tx] = one
        if one.reason is None and self._random.random() < 0.5:
            fake.mempool.append(one)
        else:
            fake.mine(one, *self._from_mempool(fake))
        return f"{tx} {dollars} on {chain}"

    def _mine(self) -> str:
        fake, chain, _ = self._place()
        count = self._random.choice((1, 1, 1, 2, 6, 25))
        fake.mine(*self._from_mempool(fake), count=count)
        return f"{count} on {chain}"

    def _fork(self) -> str:
        fake, chain, _ = self._place()
        # Never below block 4, which the watcher read first.
        depth = min(self._random.choice((1, 1, 2, 3, 7, 15, 30)), len(fake.blocks) - 5)
        gone = fake.fork(depth)
        fates = [self._random.choice(("mined", "waits", "lost")) for _ in gone]
        again = [one for one, fate in zip(gone, fates, strict=True) if fate == "mined"]
        fake.mempool += [
            one for one, fate in zip(gone, fates, strict=True) if fate == "waits" and one.reason is None
        ]
        fake.mine(*again, count=self._random.choice((1, depth, depth + 1)))
        return f"{depth} on {chain}: {[(one.tx, fate) for one, fate in zip(gone, fates, strict=True)]}"

    def _double_spend(self) -> str:
        fake, chain, _ = self._place()
        if not fake.mempool:
            return "nothing waits"
        victim = fake.mempool.pop(self._random.randrange(len(fake.mempool)))
        fake.mine(spent=tuple((spent, f"thief-of-{victim.tx}") for spent in victim.inputs or ()))
        return f"{victim.tx} on {chain}"

    def _node_goes_or_comes(self) -> str:
        fake, chain, _ = self._place()
        fake.is_away = not fake.is_away
        return f"{chain} {'away' if fake.is_away else 'back'}"

    def _rates_fail(self) -> str:
        asset = self._random.choice(list(Asset))
        how = self._random.choice(("trouble", "stale", "zero"))
        if how == "trouble":
            sql.execute("select fn.rate_keep(%s, 1, '[]', fn.now(), 'sources differ')", (asset,))
        elif how == "stale":
            sql.execute("select fn.rate_keep(%s, 1, '[]', fn.now() - interval '121 seconds', '')", (asset,))
        else:
            sql.execute("select fn.rate_keep(%s, 0, '[]', fn.now(), '')", (asset,))
        return f"{asset} {how}"

    def _good_rates(self) -> None:
        for asset, rate in RATES.items():
            price(asset, str(rate))

    def _restart(self) -> str:
        _, chain, _ = self._place()
        self.watchers[chain] = Watcher(self.chains[chain])
        return str(chain)

    def _rent(self) -> str:
        user = self._random.choice(self.people)
        try:
            one = activations.open(user.id, activations.Rent("shop", "GB")).activation
            if self._random.random() < 0.5:
                activations.apply(user.id, one.id, Step.CANCEL)
        except Refusal as refusal:
            return str(refusal.code)
        return user.email

    def _decide(self) -> str:
        event = self._random.choice(operations.DECISIONS)
        for (deposit,) in sql.rows(
            "select id from funding_deposit where state = 'under_case' order by id limit 1"
        ):
            try:
                return f"{deposit} {event} {operations.decide(deposit, event, actor='olga', actor_id=0, why='story')}"
            except Refusal as refusal:
                return f"{deposit} {event} {refusal.code}"
        return "nothing"

    # --- parts ---

    def _place(self) -> tuple[FakeChain, Chain, User]:
        chain = self._random.choice(list(self.chains))
        return self.chains[chain], chain, self._random.choice(self.people)

    def _from_mempool(self, fake: FakeChain) -> list[Found]:
        return [one for one in fake.mempool if self._random.random() < 0.7]

    def _rounds(self) -> None:
        for watcher in self.watchers.values():
            while watcher.round():
                pass


ACTS: dict[Callable[[History], str | None], int] = {
    History._pay: 30,
    History._mine: 25,
    History._fork: 12,
    History._double_spend: 4,
    History._node_goes_or_comes: 6,
    History._rates_fail: 6,
    History._good_rates: 8,
    History._restart: 3,
    History._rent: 8,
    History._decide: 4,
}
assert Event.DECIDE_CREDIT in operations.DECISIONS
