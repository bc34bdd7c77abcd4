"""USDT on TRON, as far as it can be tested without TRON: a real node of Ethereum behind a proxy with java-tron's limits."""

from collections.abc import Iterator

import pytest

import cast
from activkode.core import sql
from activkode.core.money import micros
from activkode.funding import holdings
from activkode.funding.chains.base import Away
from activkode.funding.chains.tron import TronNode
from activkode.funding.policy import Asset, Chain
from activkode.funding.rescan import Rescan
from activkode.funding.watch import Watcher
from activkode.identity.models import User
from activkode.ledger import read as books
from funding.evm.anvil import CHAIN_ID, Anvil
from funding.evm.stage import ALICE, ETH, STRANGER, USDT, Ours, deposits, give, price
from funding.evm.tron_proxy import TronProxy

pytestmark = [pytest.mark.peers, pytest.mark.needs("anvil"), pytest.mark.django_db]
SOLID = 20  # blocks until a block is solidified
TRANSFER = "transfer(address,uint256)"


@pytest.fixture
def anvil() -> Iterator[Anvil]:
    with Anvil(lag=SOLID) as node:
        yield node


@pytest.fixture
def proxy(anvil: Anvil) -> Iterator[TronProxy]:
    with TronProxy(anvil.url) as proxy:
        yield proxy.enable()
        assert set(proxy.refused) <= {"query returned more than 2 results"}


@pytest.fixture
def usdt(anvil: Anvil) -> str:
    return anvil.deploy("Plain")


@pytest.fixture
def alice(db: None) -> User:
    user = cast.person("alice")
    give(user, Chain.TRON, Asset.USDT_TRC20, ALICE)
    price(Asset.USDT_TRC20, "1")
    return user


def node_of(proxy: TronProxy, usdt: str) -> TronNode:
    return TronNode(proxy.url, {"chain_id": CHAIN_ID, "tokens": {"USDT-TRC20": usdt}})


def watch(proxy: TronProxy, usdt: str) -> Watcher:
    watcher = Watcher(node_of(proxy, usdt))
    watcher.round()
    return watcher


def follow(watcher: Watcher) -> None:
    while watcher.round():
        pass


def test_usdt_is_credited_when_its_block_is_solid_and_not_before(
    alice: User, anvil: Anvil, proxy: TronProxy, usdt: str
) -> None:
    watcher = watch(proxy, usdt)
    anvil.call(usdt, TRANSFER, ALICE, 12 * USDT)
    anvil.mine(SOLID)
    follow(watcher)
    assert deposits() == [("confirming", None, 12 * USDT)]
    anvil.mine()
    follow(watcher)
    assert deposits() == [("credited", None, 12 * USDT)]
    assert books.balance(alice.id).cash == micros("12")


def test_everything_else_has_its_reason(alice: User, anvil: Anvil, proxy: TronProxy, usdt: str) -> None:
    alike = anvil.deploy("LookAlike")
    watcher = watch(proxy, usdt)
    anvil.call(alike, TRANSFER, ALICE, 10**30)
    anvil.call(usdt, TRANSFER, ALICE, 0)
    anvil.call(usdt, TRANSFER, ALICE, 10**41)
    anvil.call(usdt, TRANSFER, ALICE, 10**30)
    anvil.pay(ALICE, ETH)
    anvil.mine(SOLID + 1)
    follow(watcher)
    assert sorted((state, reason) for state, reason, _ in deposits()) == [
        ("ignored", "failed"),
        ("ignored", "unknown_token"),
        ("ignored", "zero_amount"),
        ("under_case", "beyond_limit"),
        ("under_case", "wrong_asset"),
    ]
    assert books.balance(alice.id).cash == 0


@pytest.mark.parametrize("depth", range(1, 21))
def test_a_fork_below_solid_blocks_leaves_at_most_one_credit(
    alice: User, anvil: Anvil, proxy: TronProxy, usdt: str, depth: int
) -> None:
    """A payment in each of 22 blocks; of the last `depth` every second one is mined again, all in one block."""
    anvil.call(usdt, TRANSFER, anvil.accounts[1], 100 * USDT)
    anvil.mine()
    watcher = watch(proxy, usdt)
    amounts = [USDT + place for place in range(22)]
    signed = []
    for place, amount in enumerate(amounts):
        signed.append(anvil.signed_call(usdt, TRANSFER, ALICE, amount, sender=place % 2))
        anvil.send(signed[-1])
        anvil.mine()
        watcher.round()
    again = [raw for place, raw in enumerate(signed) if place >= 22 - depth and place % 2]
    anvil.reorg(depth, again)
    follow(watcher)
    anvil.mine(SOLID + depth)
    follow(watcher)

    there = [amount for place, amount in enumerate(amounts) if place < 22 - depth or place % 2]
    assert {amount for state, _, amount in deposits() if state == "credited"} == set(there)
    assert books.balance(alice.id).cash == sum(there)
    assert {state for state, _, _ in deposits()} <= {"credited", "orphaned", "reversed"}


def test_nothing_works_until_the_nodes_owner_turns_it_on(anvil: Anvil, usdt: str) -> None:
    with TronProxy(anvil.url) as off, pytest.raises(Away, match="404"):
        node_of(off, usdt).head()


def test_more_results_than_it_gives_at_once_come_from_receipts(
    anvil: Anvil, proxy: TronProxy, usdt: str
) -> None:
    proxy.most_results = 2
    for amount in (1, 2, 3):
        anvil.call(usdt, TRANSFER, ALICE, amount)
    anvil.mine()
    node = node_of(proxy, usdt)
    found = node.read(node.fetch(anvil.height), Ours(ALICE)).found
    assert [one.amount for one in found] == [1, 2, 3]


def test_balances_agree_and_the_second_reading_finds_nothing(
    alice: User, anvil: Anvil, proxy: TronProxy, usdt: str
) -> None:
    watcher = watch(proxy, usdt)
    anvil.call(usdt, TRANSFER, ALICE, 12 * USDT)
    anvil.call(usdt, TRANSFER, STRANGER, USDT)
    anvil.mine(2 * SOLID)
    follow(watcher)
    holdings.look(node_of(proxy, usdt), 10)
    again = Rescan(node_of(proxy, usdt), node_of(proxy, usdt), day_blocks=5)
    while again.round():
        pass
    assert deposits() == [("credited", None, 12 * USDT)]
    assert sql.rows("select token, balance from funding_holding") == [("USDT-TRC20", 12 * USDT)]
    assert sql.value("select count(*) from core_audit_log where actor = 'rescan'") == 0
