"""A watcher of the fake Bitcoin node over real HTTP, and people with real addresses on it."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from embit import bip32, script
from embit.networks import NETWORKS
from psycopg.types.json import Jsonb

from activkode.core import sql
from activkode.doors.demo.fake_bitcoin import FakeBitcoin
from activkode.funding.chains.bitcoin import BitcoinNode
from activkode.funding.policy import Asset, Chain
from activkode.funding.watch import Watcher
from activkode.identity.models import User

KEYCHAIN = "btc_p2wpkh"
_ROOT = bip32.HDKey.from_seed(b"an account that the tests pay to")
OPTIONS = {"network": "regtest"}


@dataclass
class Scene:
    """The fake node, its client, and the watcher."""

    fake: FakeBitcoin
    node: BitcoinNode
    watcher: Watcher
    port: int

    def look(self) -> str:
        """Rounds until nothing more is to do; the node's trouble."""
        while self.watcher.round():
            pass
        return str(sql.value("select trouble from funding_chain"))

    def height(self) -> int:
        """How far the chain was read."""
        return int(sql.value("select cursor_height from funding_chain"))


def person(name: str) -> User:
    """A customer, without a password that would take its time."""
    return User.objects.create_user(f"{name}@people.example")


@cache
def script_hex(index: int, kind: str = KEYCHAIN) -> str:
    """The output script of the index-th address: what the chain's data calls it."""
    public = _ROOT.derive(f"m/84h/1h/0h/0/{index}").key.get_public_key()
    made = script.p2tr(public) if kind == "btc_p2tr" else script.p2wpkh(public)
    return str(made.data.hex())


@cache
def address_of(index: int, kind: str = KEYCHAIN) -> str:
    """The same as an address of regtest."""
    return str(script.Script(bytes.fromhex(script_hex(index, kind))).address(NETWORKS["regtest"]))


def give(user: User, kind: str = KEYCHAIN) -> str:
    """The customer's own address."""
    index = sql.value("select fn.address_index(%s, 'test', %s)", (kind, user.id))
    address = address_of(index, kind)
    sql.execute(
        "select fn.address_give(%s, %s, %s, %s, %s, %s, %s)",
        (kind, index, Chain.BITCOIN, script_hex(index, kind), address, Asset.BTC, user.id),
    )
    return address


def price(rate: str = "50000") -> None:
    """A rate that is usable now."""
    sql.execute("select fn.rate_keep('BTC', %s, %s, fn.now(), '')", (Decimal(rate), Jsonb([])))


def state(tx: str, position: int = 0) -> str | None:
    """The state of a deposit, None where there is none."""
    found: str | None = sql.value(
        "select state from funding_deposit where tx = %s and position = %s", (tx, position)
    )
    return found


def block_of(tx: str) -> str | None:
    """The block that the deposits of a transaction stand in."""
    found: str | None = sql.value("select distinct block from funding_deposit where tx = %s", (tx,))
    return found


def movements() -> list[tuple[str, int]]:
    """Every transfer: its movement and amount, in order."""
    return sql.rows("select movement, amount_micros from ledger_transfer order by customer_id, seq")
