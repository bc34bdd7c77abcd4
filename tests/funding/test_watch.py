"""The life of a deposit on a fake chain: seen, confirmed, priced, credited once, taken back where the chain takes it back."""

from decimal import Decimal

import pytest
from psycopg.types.json import Jsonb

import cast
from activkode.core import sql
from activkode.core.money import micros
from activkode.funding import read
from activkode.funding.policy import Asset, Chain
from activkode.funding.watch import Watcher
from activkode.identity.models import User
from activkode.ledger import read as books
from funding.scripted import BTC, FakeChain, address, payment, price, state

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    user = cast.person("alice")
    address(user, "btc_p2wpkh", Chain.BITCOIN, Asset.BTC)
    return user


def test_a_payment_is_shown_at_first_sight_and_credited_after_two_blocks(alice: User) -> None:
    chain, _ = FakeChain(), price(Asset.BTC, "50000")
    watcher = Watcher(chain)
    watcher.round()
    chain.mempool.append(payment("a", BTC // 100))
    watcher.round()
    assert state("a") == "seen"
    chain.mine(payment("a", BTC // 100))
    watcher.round()
    assert state("a") == "confirming"
    chain.mine()
    watcher.round()
    assert state("a") == "credited"
    assert books.balance(alice.id).cash == micros("500")


def test_above_a_thousand_dollars_six_blocks_are_waited_for(alice: User) -> None:
    chain, _ = FakeChain(), price(Asset.BTC, "50000")
    watcher = Watcher(chain)
    watcher.round()
    chain.mine(payment("a", BTC), count=5)
    watcher.round()
    assert state("a") == "confirming"
    chain.mine()
    watcher.round()
    assert state("a") == "credited"


def test_without_a_rate_it_waits_and_is_credited_when_there_is_one(alice: User) -> None:
    chain = FakeChain()
    watcher = Watcher(chain)
    watcher.round()
    chain.mine(payment("a", BTC // 100), count=3)
    watcher.round()
    assert state("a") == "pricing"
    price(Asset.BTC, "40000")
    watcher.round()
    assert state("a") == "credited"
    assert books.balance(alice.id).cash == micros("400")


def test_small_ones_add_up_to_a_dollar(alice: User) -> None:
    chain, _ = FakeChain(), price(Asset.BTC, "50000")
    watcher = Watcher(chain)
    watcher.round()
    chain.mine(payment("a", 1000), count=3)
    watcher.round()
    assert (state("a"), books.balance(alice.id).cash) == ("accumulating", 0)
    chain.mine(payment("b", 1000), count=3)
    watcher.round()
    assert (state("a"), state("b"), books.balance(alice.id).cash) == ("credited", "credited", micros("1.00"))


def test_a_fork_takes_a_credit_back_and_the_payment_returns(alice: User) -> None:
    chain, _ = FakeChain(), price(Asset.BTC, "50000")
    watcher = Watcher(chain)
    watcher.round()
    chain.mine(payment("a", BTC // 100), count=3)
    watcher.round()
    chain.fork(3)
    chain.mine(count=4)
    watcher.round()
    assert (state("a"), books.balance(alice.id).cash) == ("reversed", 0)
    chain.mine(payment("a", BTC // 100), count=3)
    watcher.round()
    assert (state("a"), books.balance(alice.id).cash) == ("credited", micros("500"))


def test_mined_again_on_the_new_branch_nothing_moves(alice: User) -> None:
    chain, _ = FakeChain(), price(Asset.BTC, "50000")
    watcher = Watcher(chain)
    watcher.round()
    chain.mine(payment("a", BTC // 100), count=3)
    watcher.round()
    chain.fork(3)
    chain.mine(payment("a", BTC // 100), count=4)
    watcher.round()
    assert (state("a"), books.balance(alice.id).cash) == ("credited", micros("500"))
    assert sql.value("select count(*) from ledger_transfer") == 1


def test_what_was_spent_meanwhile_is_a_case_not_a_debt(alice: User) -> None:
    chain, _ = FakeChain(), price(Asset.BTC, "50000")
    watcher = Watcher(chain)
    cast.shelf()
    watcher.round()
    chain.mine(payment("a", BTC // 1000), count=3)
    watcher.round()
    from activkode.activations import operations

    operations.open(alice.id, operations.Rent("shop", "GB"))
    chain.fork(3)
    chain.mine(count=4)
    watcher.round()
    assert (state("a"), books.balance(alice.id).cash) == ("under_case", 0)
    deposit = sql.value("select id from funding_deposit")
    assert (
        sql.value("select fn.deposit_decide(%s, 'write_off', 'olga', 'spent on a rental')", (deposit,))
        == "reversed"
    )


def test_a_payment_whose_coins_another_one_spends_is_replaced(alice: User) -> None:
    chain, _ = FakeChain(), price(Asset.BTC, "50000")
    watcher = Watcher(chain)
    watcher.round()
    chain.mempool.append(payment("a", BTC // 100))
    watcher.round()
    chain.mempool.clear()
    chain.mine(spent=(("coin-a:0", "b"),))
    watcher.round()
    assert state("a") == "replaced"


def test_a_node_that_is_away_loses_nothing(alice: User) -> None:
    chain, _ = FakeChain(), price(Asset.BTC, "50000")
    watcher = Watcher(chain)
    watcher.round()
    chain.is_away = True
    assert not watcher.round()
    assert sql.value("select trouble from funding_chain") == "Away: the fake node is switched off"
    chain.mine(payment("a", BTC // 100), count=120)
    chain.is_away = False
    while watcher.round():
        pass
    assert state("a") == "credited"


def test_a_topup_is_read_as_it_stands(alice: User) -> None:
    chain, _ = FakeChain(), price(Asset.BTC, "50000")
    watcher = Watcher(chain)
    watcher.round()
    chain.mine(payment("a", BTC // 10))
    watcher.round()

    (one,) = read.topups(alice.id)

    assert (one.state, one.confirmations, one.wanted) == ("confirming", 1, 6)
    assert (one.coins, one.expected_micros) == (Decimal("0.10000000"), micros("5000"))
    assert read.topup(alice.id, one.id) == read.any_topup(one.id) == one
    assert [found.address for found in read.issued("btc_p2wpkh/1")] == ["btc_p2wpkh/1"]
    assert read.chains()[0].trouble == ""


def test_a_fork_below_the_first_block_stops_for_a_person(alice: User) -> None:
    chain = FakeChain()
    chain.mine(count=3)
    watcher = Watcher(chain)
    watcher.round()
    chain.fork(2)
    chain.mine(count=5)
    watcher.round()
    assert "a person has to look" in sql.value("select trouble from funding_chain")


def test_dust_of_one_customer_keeps_nobody_waiting(alice: User) -> None:
    bob = cast.person("bob")
    address(bob, "btc_p2wpkh", Chain.BITCOIN, Asset.BTC)
    chain, _ = FakeChain(), price(Asset.BTC, "50000")
    watcher = Watcher(chain)
    watcher.round()
    chain.mine(
        *(payment(f"dust{number}", 1) for number in range(600)),
        payment("b", BTC // 100, "btc_p2wpkh/2"),
        count=3,
    )
    watcher.round()
    watcher.round()
    assert sql.value("select count(*) from fn.deposits_open('bitcoin', 0, 1000)") == 1
    assert (state("dust1"), books.balance(bob.id).cash) == ("accumulating", micros("500"))


def test_blocks_are_forgotten_and_what_is_left_stays_whole(alice: User) -> None:
    chain = FakeChain()
    watcher = Watcher(chain)
    watcher.round()
    chain.mine(count=450)
    while watcher.round():
        pass
    sql.execute("select set_config('activkode_test.shift', '11 days', true)")
    assert sql.value("select fn.blocks_forget(1000)") == 50
    assert sql.value("select min(height) from funding_block") == 50


def test_a_pending_payment_is_given_up_after_two_weeks_and_counts_if_it_comes_after_all(alice: User) -> None:
    chain, _ = FakeChain(), price(Asset.BTC, "50000")
    watcher = Watcher(chain)
    watcher.round()
    chain.mempool.append(payment("a", BTC // 100))
    watcher.round()
    chain.mempool.clear()
    sql.execute("select set_config('activkode_test.shift', '13 days', true)")
    assert sql.value("select fn.deposits_vanish(10)") == 0
    sql.execute("select set_config('activkode_test.shift', '15 days', true)")
    assert (sql.value("select fn.deposits_vanish(10)"), state("a")) == (1, "replaced")
    price(Asset.BTC, "50000")
    chain.mine(payment("a", BTC // 100), count=3)
    watcher.round()
    assert state("a") == "credited"


def test_what_left_an_address_goes_on_counting_when_its_block_is_forgotten(alice: User) -> None:
    chain = FakeChain()
    watcher = Watcher(chain)
    watcher.round()
    chain.mine(count=450)
    while watcher.round():
        pass
    block = sql.value("select hash from funding_block where height = 5")
    left = Jsonb([{"key": "btc_p2wpkh/1", "asset": "BTC", "amount": "7"}])
    sql.execute("select fn.outgoing_keep('bitcoin', %s, %s)", (block, left))
    sql.execute("select set_config('activkode_test.shift', '11 days', true)")
    sql.execute("select fn.blocks_forget(1000)")
    assert sql.value("select count(*) from funding_outgoing") == 1
    assert sql.value("select count(*) from funding_block where height = 5") == 0
