"""A Bitcoin node that others wrote (npm `bcoin`, of 2018, behind a shim that answers as Core does) is followed: another
implementation of blocks, hashes and transactions than the fake's."""

from collections.abc import Iterator

import pytest

from activkode.core import sql
from activkode.core.money import micros
from activkode.funding.chains.bitcoin import BitcoinNode
from activkode.funding.watch import Watcher
from activkode.identity.models import User
from activkode.ledger import read as books
from funding.bitcoin.scene import OPTIONS, give, movements, person, price, script_hex, state
from peers.bcoin_process import Bcoin

pytestmark = [pytest.mark.django_db, pytest.mark.peers, pytest.mark.needs("bcoin")]
AMOUNT = 1_000_000  # 500 dollars


@pytest.fixture(scope="module")
def bcoin() -> Iterator[Bcoin]:
    """One for all tests here: a chain of 105 blocks takes it a moment."""
    running = Bcoin()
    yield running
    running.close()


@pytest.fixture
def alice(db: None) -> User:
    user = person("alice")
    give(user)
    return user


@pytest.fixture
def watcher(bcoin: Bcoin, alice: User) -> Iterator[Watcher]:
    node = BitcoinNode(bcoin.url, OPTIONS)
    made = Watcher(node)
    price()
    look(made)
    yield made
    node.close()


def look(watcher: Watcher) -> None:
    while watcher.round():
        pass
    assert sql.value("select trouble from funding_chain") == ""


def pay(bcoin: Bcoin, *satoshis: int) -> str:
    return bcoin.ask("pay", outputs=[(script_hex(1), each) for each in satoshis])


def replace(bcoin: Bcoin, tx: str, script: str) -> str:
    return bcoin.ask("replace", tx=tx, outputs=[(script, AMOUNT)])


def test_its_payment_is_seen_and_credited(bcoin: Bcoin, watcher: Watcher, alice: User) -> None:
    tx, seen = pay(bcoin, AMOUNT), []
    for _ in range(3):
        look(watcher)
        seen.append(state(tx))
        bcoin.ask("mine", count=1)
    assert seen == ["seen", "confirming", "credited"]
    assert books.balance(alice.id).cash == micros("500")


def test_its_several_outputs_are_several_credits(bcoin: Bcoin, watcher: Watcher, alice: User) -> None:
    tx = pay(bcoin, 100_001, 7, 100_003)
    bcoin.ask("mine", count=2)
    look(watcher)
    assert [state(tx, number) for number in range(4)] == ["credited", "credited", "credited", None]
    assert books.balance(alice.id).cash == 200_011 * 500


def test_its_fork_is_followed_and_the_payment_credited_once(
    bcoin: Bcoin, watcher: Watcher, alice: User
) -> None:
    tx = pay(bcoin, AMOUNT)
    bcoin.ask("mine", count=1)
    look(watcher)
    assert state(tx) == "confirming"

    head = bcoin.ask("fork")
    look(watcher)
    assert sql.value("select cursor_hash from funding_chain") == head
    assert state(tx) == "seen"

    bcoin.ask("mine", count=2)
    look(watcher)
    assert (state(tx), movements()) == ("credited", [("topup_btc", micros("500"))])


def test_what_is_paid_again_at_a_higher_fee_is_credited_once(
    bcoin: Bcoin, watcher: Watcher, alice: User
) -> None:
    first = pay(bcoin, AMOUNT)
    look(watcher)
    second = replace(bcoin, first, script_hex(1))
    look(watcher)
    assert (state(first), state(second)) == ("replaced", "seen")

    bcoin.ask("mine", count=2)
    look(watcher)
    assert (state(first), state(second)) == ("replaced", "credited")
    assert movements() == [("topup_btc", micros("500"))]


def test_what_is_paid_to_somebody_else_in_its_place_is_not_credited(
    bcoin: Bcoin, watcher: Watcher, alice: User
) -> None:
    tx = pay(bcoin, AMOUNT)
    look(watcher)
    assert state(tx) == "seen"
    replace(bcoin, tx, script_hex(2))
    bcoin.ask("mine", count=2)
    look(watcher)
    assert (state(tx), movements()) == ("replaced", [])


def test_its_whole_chain_is_read_from_the_first_block(bcoin: Bcoin, alice: User) -> None:
    node = BitcoinNode(bcoin.url, OPTIONS)
    look(Watcher(node, start_height=0))
    head = node.head()
    node.close()
    assert sql.one("select cursor_height, cursor_hash from funding_chain") == (head.height, head.hash)
    assert sql.value("select count(*) from funding_block where canonical") == head.height + 1
