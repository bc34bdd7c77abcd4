"""What the tests of Ethereum and TRON share: a node of either kind over a fake one, who owns which key, and a customer."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from psycopg.types.json import Jsonb

from activkode.core import sql
from activkode.doors.demo.fake_evm import FakeEvm
from activkode.doors.demo.fake_evm.chain import hash_of
from activkode.funding.chains.base import Block, Found
from activkode.funding.chains.evm import EthereumNode, EvmNode
from activkode.funding.chains.tron import TronNode
from activkode.funding.policy import Asset, Chain, Reason
from activkode.identity.models import User

ETH = 10**18
USDT = 10**6


def made_up(name: str) -> str:
    """An address that only this name gives."""
    return "0x" + hash_of(name)[-40:]


ALICE, STRANGER = made_up("alice"), made_up("stranger")
TOKEN, LOOKALIKE, ANOTHER = made_up("usdt"), made_up("look-alike"), made_up("usdc")


class Ours:
    """Who owns which key, without a database."""

    def __init__(self, *keys: str, waiting: frozenset[str] = frozenset()) -> None:
        self._keys, self._waiting = set(keys), waiting

    def has(self, key: str) -> bool:
        return key in self._keys

    def waits_for(self) -> frozenset[str]:
        return self._waiting


def options(fake: FakeEvm) -> dict[str, Any]:
    """The settings under which a node reads this fake."""
    return {
        "chain_id": fake.answers.chain_id,
        "tokens": {"USDT-TRC20": TOKEN},
        "foreign_tokens": {"USDC": ANOTHER},
    }


def node_of(fake: FakeEvm, changed: Mapping[str, Any] | None = None) -> EvmNode:
    """Our node over the fake one."""
    return (TronNode if fake.is_tron else EthereumNode)(fake.url, options(fake) | dict(changed or {}))


def read(fake: FakeEvm, height: int | None = None, own: Ours | None = None) -> Block:
    """What our node reads of a block, the newest unless told otherwise."""
    node = node_of(fake)
    return node.read(node.fetch(fake.head.height if height is None else height), own or Ours(ALICE))


def short(found: Found) -> tuple[int, str, int, Asset | None, str, Reason | None]:
    """All of it but the transaction and its inputs."""
    return found.position, found.key, found.amount, found.asset, found.token, found.reason


def give(user: User, chain: Chain, asset: Asset, key: str) -> str:
    """Makes the key an address of the customer."""
    keychain = f"{chain}-test"
    index = sql.value("select fn.address_index(%s, 'test', %s)", (keychain, user.id))
    given = (keychain, index, chain, key, key, asset, user.id)
    sql.execute("select fn.address_give(%s, %s, %s, %s, %s, %s, %s)", given)
    return key


def price(asset: Asset, rate: str) -> None:
    """A rate that is usable now."""
    sql.execute("select fn.rate_keep(%s, %s, %s, fn.now(), '')", (asset, Decimal(rate), Jsonb([])))


def deposits() -> list[tuple[str, str | None, int]]:
    """State, reason and amount of all that was recorded."""
    found = sql.rows("select state, reason, amount from funding_deposit order by id")
    return [(state, reason, int(amount)) for state, reason, amount in found]
