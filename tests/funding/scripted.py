"""A fake chain in memory, called fake: blocks and a mempool that a test writes by hand, and faults on demand."""

import itertools
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal

from psycopg.types.json import Jsonb

from activkode.core import sql
from activkode.funding.chains.base import Away, Block, Found, Head, Own
from activkode.funding.policy import Asset, Chain
from activkode.identity.models import User

BTC = 10**8
_serial = itertools.count(1)


@dataclass
class FakeChain:
    """Blocks by height, the newest last. `final_lag`: blocks from the head that are not final yet."""

    chain: Chain = Chain.BITCOIN
    final_lag: int = 0
    blocks: list[Block] = field(default_factory=list)
    mempool: list[Found] = field(default_factory=list)
    spent_in_mempool: list[tuple[str, str]] = field(default_factory=list)
    is_away: bool = False
    asked: int = 0

    def __post_init__(self) -> None:
        self.mine()

    def mine(self, *found: Found, count: int = 1, spent: tuple[tuple[str, str], ...] = ()) -> None:
        """Blocks on the head; the first holds what was found."""
        for number in range(count):
            height = len(self.blocks)
            parent = self.blocks[-1].hash if self.blocks else "none"
            content = found if number == 0 else ()
            self.blocks.append(
                Block(
                    height,
                    f"{self.chain}-{height}-{next(_serial)}",
                    parent,
                    datetime.now(UTC),
                    content,
                    spent if number == 0 else (),
                )
            )
            mined = {(one.tx, one.position) for one in content}
            self.mempool = [one for one in self.mempool if (one.tx, one.position) not in mined]

    def fork(self, depth: int) -> list[Found]:
        """Removes the newest blocks; gives what was in them."""
        gone = self.blocks[-depth:]
        del self.blocks[-depth:]
        return [one for block in gone for one in block.found]

    # --- as a node ---

    def genesis(self) -> str:
        self._ask()
        return self.blocks[0].hash

    def head(self) -> Head:
        self._ask()
        last = self.blocks[-1]
        return Head(last.height, last.hash, last.at, max(0, last.height - self.final_lag))

    def hash_at(self, height: int) -> str:
        self._ask()
        return self.blocks[height].hash

    def fetch(self, height: int) -> object:
        self._ask()
        return self.blocks[height]

    def read(self, fetched: object, own: Own) -> Block:
        assert isinstance(fetched, Block)
        return replace(
            fetched,
            found=tuple(one for one in fetched.found if own.has(one.key)),
            spent=tuple(pair for pair in fetched.spent if pair[0] in own.waits_for()),
        )

    def pending(self, own: Own) -> list[Found]:
        self._ask()
        return [one for one in self.mempool if own.has(one.key)]

    def conflicts(self, own: Own) -> list[tuple[str, str]]:
        self._ask()
        return [pair for pair in self.spent_in_mempool if pair[0] in own.waits_for()]

    def _ask(self) -> None:
        self.asked += 1
        if self.is_away:
            raise Away("the fake node is switched off")


# --- what stories need ---


def address(user: User, keychain: str, chain: Chain, asset: Asset) -> str:
    """An address whose key is its own name."""
    index = sql.value("select fn.address_index(%s, 'test', %s)", (keychain, user.id))
    key = f"{keychain}/{index}"
    sql.execute(
        "select fn.address_give(%s, %s, %s, %s, %s, %s, %s)",
        (keychain, index, chain, key, key, asset, user.id),
    )
    return key


def price(asset: Asset, rate: str) -> None:
    """A rate that is usable now."""
    sql.execute("select fn.rate_keep(%s, %s, %s, fn.now(), '')", (asset, Decimal(rate), Jsonb([])))


def state(tx: str) -> str:
    return str(sql.value("select state from funding_deposit where tx = %s", (tx,)))


def payment(tx: str, amount: int, key: str = "btc_p2wpkh/1") -> Found:
    return Found(tx, 0, key, amount, Asset.BTC, inputs=(f"coin-{tx}:0",))
