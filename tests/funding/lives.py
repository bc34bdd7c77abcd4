"""Deposits in every state, brought there by the fake chain as a real one would: for pages, mails and doors that show them."""

from collections.abc import Callable
from decimal import Decimal

from psycopg.types.json import Jsonb

import cast
from activkode.activations import operations
from activkode.core import sql
from activkode.funding import read
from activkode.funding.chains.base import Found
from activkode.funding.policy import Asset, Chain, Reason
from activkode.funding.read import Topup
from activkode.funding.watch import Watcher
from activkode.identity.models import User
from funding.scripted import FakeChain

BTC = 10**8
ADDRESS = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
TX = "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b"


def address(user: User, asset: Asset = Asset.BTC, text: str = ADDRESS) -> str:
    """An address for a customer, whose key is the address itself."""
    chain = {Asset.BTC: Chain.BITCOIN, Asset.ETH: Chain.ETHEREUM, Asset.USDT_TRC20: Chain.TRON}[asset]
    keychain = str(asset).lower()
    index = sql.value("select fn.address_index(%s, 'test', %s)", (keychain, user.id))
    sql.execute(
        "select fn.address_give(%s, %s, %s, %s, %s, %s, %s)",
        (keychain, index, chain, text, text, asset, user.id),
    )
    return text


def price(asset: Asset, rate: str) -> None:
    """A rate that is usable now, from three sources."""
    sources = [
        {"name": name, "price": rate, "at": "2026-01-01T00:00:00Z"}
        for name in ("kraken", "coinbase", "bitstamp")
    ]
    sql.execute("select fn.rate_keep(%s, %s, %s, fn.now(), '')", (asset, Decimal(rate), Jsonb(sources)))


class Life:
    """One payment of a customer to an address on a fake Bitcoin that is watched."""

    def __init__(self, user: User, tx: str = TX, place: str = "") -> None:
        self.user, self.tx = user, tx
        self.place = place or address(user)
        self.chain = FakeChain()
        self.watcher = Watcher(self.chain)
        self.watcher.round()

    def payment(self, amount: int = BTC // 100, **odd: object) -> Found:
        values = {"asset": Asset.BTC, "inputs": (f"coin-{self.tx}:0",)} | odd
        return Found(self.tx, 0, self.place, amount, **values)  # type: ignore[arg-type]

    def sight(self, amount: int = BTC // 100) -> "Life":
        self.chain.mempool.append(self.payment(amount))
        self.watcher.round()
        return self

    def mine(self, amount: int = BTC // 100, blocks: int = 3, **odd: object) -> "Life":
        self.chain.mine(self.payment(amount, **odd), count=blocks)
        self.watcher.round()
        return self

    def lose(self, depth: int = 3) -> "Life":
        self.chain.fork(depth)
        self.chain.mine(count=depth + 1)
        self.watcher.round()
        return self

    def topup(self) -> Topup:
        found: int = sql.value("select id from funding_deposit where tx = %s", (self.tx,))
        return read.any_topup(found)


def _seen(life: Life) -> None:
    price(Asset.BTC, "64000")
    life.sight()


def _confirming(life: Life) -> None:
    price(Asset.BTC, "64000")
    life.mine(blocks=1)


def _pricing(life: Life) -> None:
    life.mine()


def _accumulating(life: Life) -> None:
    price(Asset.BTC, "64000")
    life.mine(amount=680)


def _credited(life: Life) -> None:
    price(Asset.BTC, "64000")
    life.sight().mine()


def _replaced(life: Life) -> None:
    life.sight()
    life.chain.mempool.clear()
    life.chain.mine(spent=((f"coin-{life.tx}:0", "f" * 64),))
    life.watcher.round()


def _orphaned(life: Life) -> None:
    price(Asset.BTC, "64000")
    life.mine(blocks=1).lose(1)


def _ignored(life: Life) -> None:
    life.mine(amount=0, reason=Reason.ZERO_AMOUNT)


def _under_case(life: Life) -> None:
    life.mine(asset=None, token="0xfa4e", reason=Reason.WRONG_ASSET)


def _reversed(life: Life) -> None:
    _credited(life)
    life.lose()


def _shortfall(life: Life) -> None:
    _credited(life)
    cast.shelf()
    operations.open(life.user.id, operations.Rent("shop", "GB"))
    life.lose()


def _written_off(life: Life) -> None:
    _shortfall(life)
    sql.value("select fn.deposit_decide(%s, 'write_off', 'olga', 'spent')", (life.topup().id,))


def _restored(life: Life) -> None:
    _reversed(life)
    life.mine()


def _returning(life: Life) -> None:
    _reversed(life)
    life.mine(blocks=1)


def _closed(life: Life) -> None:
    _under_case(life)
    sql.value("select fn.deposit_decide(%s, 'decide_close', 'olga', 'not ours')", (life.topup().id,))


# Every state, and the ways through it that look different.
LIVES: dict[str, Callable[[Life], None]] = {
    "seen": _seen,
    "confirming": _confirming,
    "pricing": _pricing,
    "accumulating": _accumulating,
    "credited": _credited,
    "replaced": _replaced,
    "orphaned": _orphaned,
    "ignored": _ignored,
    "under_case": _under_case,
    "reversed": _reversed,
    "under_case: shortfall": _shortfall,
    "reversed: written off": _written_off,
    "credited: restored": _restored,
    "confirming: returning": _returning,
    "ignored: closed": _closed,
}


def live(user: User, name: str) -> Topup:
    """The customer's only deposit, in the state that the name begins with."""
    life = Life(user)
    LIVES[name](life)
    one = life.topup()
    assert one.state == name.partition(":")[0]
    return one
