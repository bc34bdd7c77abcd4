"""What was shown before it stood in a block, and then moved nothing there, or only on one of two branches."""

import pytest

from activkode.core import sql
from activkode.core.money import micros
from activkode.funding.chains.base import PLAIN_VALUE, Found
from activkode.funding.policy import Asset, Chain, Reason
from activkode.funding.watch import Watcher
from activkode.identity.models import User
from activkode.ledger import read as books
from cast import person
from funding.scripted import FakeChain
from funding.test_watch import address, price, state

pytestmark = pytest.mark.django_db
ETH = 10**18


@pytest.fixture
def alice() -> User:
    user = person("alice")
    address(user, "eth", Chain.ETHEREUM, Asset.ETH)
    price(Asset.ETH, "2000")
    return user


def payment(reason: Reason | None = None) -> Found:
    return Found("a", PLAIN_VALUE, "eth/1", ETH // 100, Asset.ETH, reason=reason, inputs=("sender:1",))


def watched() -> tuple[FakeChain, Watcher]:
    chain = FakeChain(Chain.ETHEREUM)
    watcher = Watcher(chain)
    watcher.round()
    return chain, watcher


def test_a_payment_that_was_pending_and_failed_is_ignored(alice: User) -> None:
    chain, watcher = watched()
    chain.mempool.append(payment())
    watcher.round()
    chain.mine(payment(Reason.FAILED), count=20)
    watcher.round()
    assert (state("a"), books.balance(alice.id).cash) == ("ignored", 0)
    assert sql.value("select reason from funding_deposit") == "failed"


def test_a_credited_payment_that_fails_on_the_new_branch_is_reversed(alice: User) -> None:
    chain, watcher = watched()
    chain.mine(payment(), count=12)
    watcher.round()
    assert books.balance(alice.id).cash == micros("20")
    chain.fork(12)
    chain.mine(payment(Reason.FAILED), count=13)
    watcher.round()
    assert (state("a"), books.balance(alice.id).cash) == ("reversed", 0)


def test_a_payment_that_failed_on_a_branch_that_is_gone_is_credited(alice: User) -> None:
    chain, watcher = watched()
    chain.mine(payment(Reason.FAILED), count=2)
    watcher.round()
    chain.fork(2)
    chain.mine(payment(), count=12)
    watcher.round()
    assert (state("a"), books.balance(alice.id).cash) == ("credited", micros("20"))


def test_a_doubt_that_the_new_branch_brings_is_a_case(alice: User) -> None:
    chain, watcher = watched()
    chain.mine(payment(), count=2)
    watcher.round()
    chain.fork(2)
    chain.mine(payment(Reason.RECEIVED_LESS), count=12)
    watcher.round()
    assert (state("a"), books.balance(alice.id).cash) == ("under_case", 0)
