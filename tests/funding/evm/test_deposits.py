"""The life of a deposit on Ethereum and TRON, on fake nodes over real sockets, with the real database."""

import pytest

import cast
from activkode.core import sql
from activkode.core.money import micros
from activkode.doors.demo.fake_evm import FakeEvm, Fault
from activkode.doors.demo.fake_evm.chain import Move, transfer_log
from activkode.funding.chains.evm import EvmNode
from activkode.funding.policy import Asset, Chain
from activkode.funding.watch import Watcher
from activkode.identity.models import User
from activkode.ledger import read as books
from funding.evm.stage import (
    ALICE,
    ANOTHER,
    ETH,
    LOOKALIKE,
    STRANGER,
    TOKEN,
    USDT,
    deposits,
    give,
    made_up,
    node_of,
    price,
)

pytestmark = pytest.mark.django_db
CENT = ETH // 100  # twenty dollars


@pytest.fixture
def alice() -> User:
    user = cast.person("alice")
    give(user, Chain.ETHEREUM, Asset.ETH, ALICE)
    give(user, Chain.TRON, Asset.USDT_TRC20, ALICE)
    price(Asset.ETH, "2000")
    price(Asset.USDT_TRC20, "1")
    return user


def watch(fake: FakeEvm) -> Watcher:
    """A watcher that has begun."""
    watcher = Watcher(node_of(fake))
    watcher.round()
    return watcher


def follow(watcher: Watcher) -> None:
    """Rounds until nothing more is to do."""
    while watcher.round():
        pass


def trouble() -> str:
    return str(sql.value("select trouble from funding_chain"))


def cash(user: User) -> int:
    return books.balance(user.id).cash


def test_ether_is_shown_while_it_waits_and_credited_after_twelve_blocks(
    alice: User, ethereum: FakeEvm
) -> None:
    watcher = watch(ethereum)
    ethereum.pay(ALICE, CENT)
    follow(watcher)
    assert deposits() == [("seen", None, CENT)]
    ethereum.mine(11)
    follow(watcher)
    assert deposits() == [("confirming", None, CENT)]
    ethereum.mine()
    follow(watcher)
    assert (deposits(), cash(alice)) == ([("credited", None, CENT)], micros("20"))


def test_above_a_thousand_dollars_ether_waits_until_it_is_final(alice: User, ethereum: FakeEvm) -> None:
    watcher = watch(ethereum)
    ethereum.pay(ALICE, ETH)
    ethereum.mine(64)
    follow(watcher)
    assert deposits() == [("confirming", None, ETH)]
    ethereum.mine()
    follow(watcher)
    assert (deposits(), cash(alice)) == ([("credited", None, ETH)], micros("2000"))


def test_tether_is_credited_when_its_block_is_solid(alice: User, tron: FakeEvm) -> None:
    watcher = watch(tron)
    tron.pay_token(TOKEN, ALICE, 25 * USDT)
    tron.mine(19)
    follow(watcher)
    assert deposits() == [("confirming", None, 25 * USDT)]
    tron.mine()
    follow(watcher)
    assert (deposits(), cash(alice)) == ([("credited", None, 25 * USDT)], micros("25"))


def test_what_is_not_to_be_credited_has_its_reason(alice: User, tron: FakeEvm) -> None:
    watcher = watch(tron)
    tron.pay(ALICE, 5)
    tron.pay_token(LOOKALIKE, ALICE, USDT)
    tron.pay_token(ANOTHER, ALICE, USDT)
    tron.pay_token(TOKEN, ALICE, 0)
    tron.pay_token(TOKEN, ALICE, USDT, fails=True)
    tron.mine(30)
    follow(watcher)
    assert sorted(deposits(), key=str) == [
        ("ignored", "failed", USDT),
        ("ignored", "unknown_token", USDT),
        ("ignored", "zero_amount", 0),
        ("under_case", "wrong_asset", USDT),
        ("under_case", "wrong_asset", 5),
    ]
    assert cash(alice) == 0


def test_ten_to_the_thirtieth_is_a_case(alice: User, tron: FakeEvm) -> None:
    watcher = watch(tron)
    tron.pay_token(TOKEN, ALICE, 10**30)
    tron.mine(30)
    follow(watcher)
    assert (deposits(), cash(alice)) == ([("under_case", "beyond_limit", 10**30)], 0)


def test_two_in_one_transaction_and_two_customers_are_each_credited_once(alice: User, tron: FakeEvm) -> None:
    bob = cast.person("bob")
    key = give(bob, Chain.TRON, Asset.USDT_TRC20, made_up("bob"))
    watcher = watch(tron)
    paid = [(ALICE, 3 * USDT), (key, 3 * USDT), (ALICE, 4 * USDT)]
    tron.log(
        *(transfer_log(TOKEN, STRANGER, to, amount) for to, amount in paid),
        moves=tuple(Move(TOKEN, STRANGER, to, amount) for to, amount in paid),
    )
    tron.mine(30)
    follow(watcher)
    follow(Watcher(node_of(tron)))
    assert (cash(alice), cash(bob)) == (micros("7"), micros("3"))


def test_a_replaced_payment_is_replaced_and_its_successor_counts(alice: User, ethereum: FakeEvm) -> None:
    watcher = watch(ethereum)
    ethereum.pay(ALICE, CENT)
    follow(watcher)
    ethereum.pay(ALICE, 2 * CENT, nonce=0)
    ethereum.mine(12)
    follow(watcher)
    assert deposits() == [("replaced", "double_spent", CENT), ("credited", None, 2 * CENT)]
    assert cash(alice) == micros("40")


@pytest.mark.parametrize("depth", [1, 5, 12, 20])
@pytest.mark.parametrize("keep", [True, False], ids=["mined again", "gone"])
def test_a_fork_at_any_depth_leaves_at_most_one_credit(
    alice: User, ethereum: FakeEvm, depth: int, keep: bool
) -> None:
    watcher = watch(ethereum)
    ethereum.mine(20)
    ethereum.pay(ALICE, CENT)
    ethereum.mine(12)
    follow(watcher)
    ethereum.reorg(depth, keep)
    follow(watcher)
    ethereum.mine(12)
    follow(watcher)
    is_there = keep or depth < 12
    assert [state for state, _, _ in deposits()] == ["credited" if is_there else "reversed"]
    assert cash(alice) == (micros("20") if is_there else 0)


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (Fault.AWAY, "Away"),
        (Fault.HALF, "half"),
        (Fault.WRONG_NETWORK, "WrongNetwork"),
        (Fault.MISSING_LOGS, "differ"),
        (Fault.REMOVED_LOGS, "removed"),
        (Fault.NO_TRANSACTIONS, "transactions"),
    ],
)
def test_a_nodes_fault_is_told_and_loses_nothing(alice: User, tron: FakeEvm, fault: Fault, says: str) -> None:
    watcher = watch(tron)
    tron.pay_token(TOKEN, ALICE, USDT)
    tron.mine(30)
    tron.faults.add(fault)
    follow(watcher)
    assert says in trouble()
    assert deposits() == []
    tron.faults.clear()
    follow(watcher)
    assert (trouble(), cash(alice)) == ("", micros("1"))


def test_a_balancer_that_jumps_back_drops_nothing(alice: User, ethereum: FakeEvm) -> None:
    watcher = watch(ethereum)
    ethereum.pay(ALICE, CENT)
    ethereum.mine(12)
    follow(watcher)
    ethereum.answers.lag = 9
    follow(watcher)
    assert trouble() == "Away: the node is at block 3, 12 was read"
    assert sql.value("select count(*) from funding_block where not canonical") == 0
    ethereum.answers.lag = 0
    follow(watcher)
    assert (trouble(), cash(alice)) == ("", micros("20"))


def test_what_both_nodes_of_a_balancer_say_never_mixes(alice: User, ethereum: FakeEvm) -> None:
    """Block 2 comes from a node on another branch: it does not stand on block 1, and is not added."""
    watcher = watch(ethereum)
    ethereum.mine(1)
    follow(watcher)
    node = node_of(ethereum)
    ethereum.mine(1)
    stale: EvmNode = node
    fetched = stale.fetch(2)
    ethereum.reorg(2, length=3)
    watcher._node = _Mixed(node, {2: fetched})  # type: ignore[assignment]
    follow(watcher)
    canonical = [
        row[0]
        for row in sql.rows("select hash from funding_block where canonical and height > 0 order by height")
    ]
    assert canonical == [block.hash for block in ethereum.ledger.blocks[1 : len(canonical) + 1]]


class _Mixed:
    """A node of which some blocks come from elsewhere, once."""

    def __init__(self, node: EvmNode, elsewhere: dict[int, object]) -> None:
        self._node, self._elsewhere = node, elsewhere
        self.chain = node.chain

    def fetch(self, height: int) -> object:
        return self._elsewhere.pop(height, None) or self._node.fetch(height)

    def __getattr__(self, name: str) -> object:
        return getattr(self._node, name)
