"""Ether and tokens on a real node: what is found, and what becomes of it when the chain takes blocks back."""

from collections.abc import Iterator

import pytest

import cast
from activkode.core import sql
from activkode.core.money import micros
from activkode.funding import holdings
from activkode.funding.chains.base import PLAIN_VALUE, Block, Left
from activkode.funding.chains.evm import EthereumNode
from activkode.funding.policy import Asset, Chain, Reason
from activkode.funding.watch import Watcher
from activkode.identity.models import User
from activkode.ledger import read as books
from funding.evm.anvil import CHAIN_ID, GWEI, Anvil
from funding.evm.stage import ALICE, ETH, STRANGER, Ours, deposits, give, price, short

pytestmark = [pytest.mark.peers, pytest.mark.needs("anvil")]
CENT = ETH // 100  # twenty dollars
USDT_ASSET = Asset.USDT_TRC20
in_database = pytest.mark.django_db


@pytest.fixture
def anvil() -> Iterator[Anvil]:
    with Anvil() as node:
        yield node


@pytest.fixture
def alice(db: None) -> User:
    user = cast.person("alice")
    give(user, Chain.ETHEREUM, Asset.ETH, ALICE)
    price(Asset.ETH, "2000")
    return user


def node_of(anvil: Anvil, token: str = "", foreign: str = "") -> EthereumNode:
    tokens = {"USDT-TRC20": token} if token else {}
    strangers = {"USDC": foreign} if foreign else {}
    return EthereumNode(anvil.url, {"chain_id": CHAIN_ID, "tokens": tokens, "foreign_tokens": strangers})


def read(anvil: Anvil, token: str = "", foreign: str = "") -> Block:
    """The newest block."""
    node = node_of(anvil, token, foreign)
    return node.read(node.fetch(anvil.height), Ours(ALICE))


def follow(watcher: Watcher) -> None:
    while watcher.round():
        pass


# --- what is found ---


@pytest.mark.parametrize("fee", [{}, {"gasPrice": hex(100 * GWEI)}], ids=["EIP-1559", "legacy"])
def test_ether_is_found(anvil: Anvil, fee: dict[str, str]) -> None:
    tx = anvil.pay(ALICE, ETH, **fee)
    (sighted,) = node_of(anvil).pending(Ours(ALICE))
    anvil.mine()
    (found,) = read(anvil).found
    assert (found.tx, *short(found)) == (tx, PLAIN_VALUE, ALICE, ETH, Asset.ETH, "", None)
    assert sighted == found


def test_a_replaced_payment_is_told_as_spent(anvil: Anvil) -> None:
    anvil.pay(ALICE, ETH)
    coin = f"{anvil.accounts[0]}:0"
    other = anvil.pay(STRANGER, ETH, nonce=0, gasPrice=hex(500 * GWEI))
    own = Ours(ALICE, waiting=frozenset({coin}))
    assert node_of(anvil).conflicts(own) == [(coin, other)]
    anvil.mine()
    node = node_of(anvil)
    assert node.read(node.fetch(1), own).spent == ((coin, other),)


def test_the_plain_token_is_found_and_others_have_their_reasons(anvil: Anvil) -> None:
    plain, other, alike = (anvil.deploy(name) for name in ("Plain", "Plain", "LookAlike"))
    for contract in (plain, other, alike):
        anvil.call(contract, "transfer(address,uint256)", ALICE, 5)
    anvil.call(plain, "transfer(address,uint256)", ALICE, 0)
    anvil.call(plain, "transfer(address,uint256)", ALICE, 10**30)
    anvil.call(plain, "transfer(address,uint256)", ALICE, 10**41)  # more than there is
    anvil.mine()
    assert sorted((short(one)[2:] for one in read(anvil, plain, other).found), key=str) == sorted(
        [
            (5, USDT_ASSET, "", None),
            (5, None, "USDC", Reason.WRONG_ASSET),
            (5, None, alike, Reason.UNKNOWN_TOKEN),
            (0, USDT_ASSET, "", Reason.ZERO_AMOUNT),
            (10**30, USDT_ASSET, "", None),
            (10**41, USDT_ASSET, "", Reason.FAILED),
        ],
        key=str,
    )


def test_places_are_counted_within_the_transaction(anvil: Anvil) -> None:
    plain = anvil.deploy("Plain")
    anvil.call(plain, "approve(address,uint256)", anvil.accounts[1], 100)
    anvil.mine()
    anvil.call(plain, "transfer(address,uint256)", STRANGER, 1)
    anvil.call(plain, "twice(address,uint256,uint256)", ALICE, 2, 3)
    anvil.call(plain, "transferFrom(address,address,uint256)", anvil.accounts[0], ALICE, 4, sender=1)
    anvil.mine()
    found = sorted((one.amount, one.position) for one in read(anvil, plain).found)
    assert found == [(2, 0), (3, 1), (4, 1)]  # transferFrom logs the allowance first


def test_a_token_that_takes_a_fee_is_under_doubt(anvil: Anvil) -> None:
    greedy = anvil.deploy("Greedy")
    anvil.call(greedy, "transfer(address,uint256)", ALICE, 1000)
    anvil.mine()
    assert [one.reason for one in read(anvil, greedy).found] == [Reason.RECEIVED_LESS]


def test_what_contracts_send_on_stands_in_no_block(anvil: Anvil) -> None:
    payer = anvil.deploy("Payer")
    anvil.call(payer, "pay(address)", ALICE, value=ETH)
    anvil.mine()
    assert read(anvil).found == ()


def test_the_balance_after_a_block_is_known_later_too(anvil: Anvil) -> None:
    anvil.pay(ALICE, 5)
    anvil.mine()
    node = node_of(anvil)
    first = node.head().hash
    anvil.pay(ALICE, 6)
    anvil.mine()
    assert node.balances([ALICE], first) == {(ALICE, Asset.ETH): 5}
    assert node.balances([ALICE], node.head().hash) == {(ALICE, Asset.ETH): 11}


def test_what_leaves_is_what_the_balance_lost(anvil: Anvil) -> None:
    ours = anvil.accounts[3]
    node, before = node_of(anvil), int(anvil.ask("eth_getBalance", ours, "latest"), 16)
    anvil.pay(STRANGER, ETH, sender=3)
    anvil.mine()
    after = int(anvil.ask("eth_getBalance", ours, "latest"), 16)
    assert node.read(node.fetch(1), Ours(ours)).left == (Left(ours, Asset.ETH, before - after),)


# --- internal transfers ---


@in_database
def test_an_internal_transfer_is_a_case_and_a_failed_one_is_nothing(alice: User, anvil: Anvil) -> None:
    watcher = Watcher(node_of(anvil))
    watcher.round()
    payer = anvil.deploy("Payer")
    anvil.call(payer, "pay(address)", ALICE, value=CENT)
    anvil.call(payer, "fail(address)", ALICE, value=CENT)
    anvil.mine(12)
    follow(watcher)
    holdings.look(node_of(anvil), 10)
    holdings.look(node_of(anvil), 10)
    assert (deposits(), books.balance(alice.id).cash) == ([("under_case", "internal_transfer", CENT)], 0)


# --- forks ---

AGES = 21  # blocks that a payment has had when the fork comes: from 1 to this; one more still waits


@in_database
@pytest.mark.parametrize("depth", range(1, 21))
@pytest.mark.parametrize("is_mined_again", [True, False], ids=["again", "gone"])
def test_a_fork_at_every_moment_of_a_deposits_life(
    alice: User, anvil: Anvil, depth: int, is_mined_again: bool
) -> None:
    """One payment in each block, so that each is at another moment of its life: 20.00, 20.02, 20.04, ..."""
    amounts = [CENT + age * 10**13 for age in range(AGES + 1)]
    watcher = Watcher(node_of(anvil))
    watcher.round()
    signed = []
    for amount in amounts[:AGES]:
        signed.append(anvil.signed(ALICE, amount))
        anvil.send(signed[-1])
        anvil.mine()
        watcher.round()
    anvil.pay(ALICE, amounts[AGES], sender=1)
    watcher.round()
    was = {amount: state for state, _, amount in deposits()}
    assert set(was.values()) == {"seen", "confirming", "credited"}

    anvil.reorg(depth, signed[AGES - depth :] if is_mined_again else ())
    follow(watcher)
    anvil.mine(12)
    follow(watcher)

    is_there = [
        amount
        for place, amount in enumerate(amounts)
        if place < AGES - depth or is_mined_again or place == AGES
    ]
    expected = {
        amount: "credited" if amount in is_there else "reversed" if was[amount] == "credited" else "orphaned"
        for amount in amounts
    }
    assert {amount: state for state, _, amount in deposits()} == expected
    assert books.balance(alice.id).cash == sum(amount * 2000 // 10**12 for amount in is_there)
    assert _most_credits_of_one_deposit() == 1


def _most_credits_of_one_deposit() -> int:
    """Credits less reversals, of whichever deposit has most."""
    found: int = sql.value(
        "select max(n) from (select sum(case when movement like 'topup_reversal%%' then -1 else 1 end) n"
        " from ledger_transfer where movement like 'topup%%' group by reference_id) x",
    )
    return found


@in_database
def test_what_was_spent_before_the_fork_is_a_case(alice: User, anvil: Anvil) -> None:
    from activkode.activations import operations

    cast.shelf()
    watcher = Watcher(node_of(anvil))
    watcher.round()
    anvil.pay(ALICE, ETH // 1000)  # two dollars, the price of a rental
    anvil.mine(12)
    follow(watcher)
    operations.open(alice.id, operations.Rent("shop", "GB"))
    anvil.reorg(12)
    follow(watcher)
    assert deposits() == [("under_case", "shortfall", ETH // 1000)]
    assert books.balance(alice.id).cash == 0


@in_database
def test_above_a_thousand_dollars_the_final_block_is_waited_for(alice: User) -> None:
    with Anvil(lag=40) as anvil:
        watcher = Watcher(node_of(anvil))
        watcher.round()
        anvil.pay(ALICE, ETH)
        anvil.mine(40)
        follow(watcher)
        assert [state for state, _, _ in deposits()] == ["confirming"]
        anvil.mine()
        follow(watcher)
    assert [state for state, _, _ in deposits()] == ["credited"]
    assert books.balance(alice.id).cash == micros("2000")
