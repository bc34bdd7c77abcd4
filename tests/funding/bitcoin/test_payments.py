"""Payments on the fake Bitcoin chain, over real HTTP, from first sight to the balance."""

import pytest

from activkode.core import sql
from activkode.core.money import micros
from activkode.identity.models import User
from activkode.ledger import read as books
from funding.bitcoin.scene import Scene, address_of, give, movements, person, state

pytestmark = pytest.mark.django_db
SMALL, LARGE = 1_000_000, 5_000_000  # 500 and 2,500 dollars


def test_a_payment_is_seen_in_the_mempool_and_credited_after_two_blocks(
    scene: Scene, alice: User, address: str
) -> None:
    seen = []
    tx = scene.fake.pay(address, SMALL)
    for _ in range(3):
        assert scene.look() == ""
        seen.append(state(tx))
        scene.fake.mine()
    assert seen == ["seen", "confirming", "credited"]
    assert books.balance(alice.id).cash == micros("500")


def test_above_a_thousand_dollars_it_waits_for_six_blocks(scene: Scene, address: str) -> None:
    tx = scene.fake.pay(address, LARGE)
    scene.fake.mine(5)
    scene.look()
    assert state(tx) == "confirming"
    scene.fake.mine()
    scene.look()
    assert state(tx) == "credited"


def test_a_taproot_address_is_paid_like_any_other(scene: Scene, alice: User) -> None:
    tx = scene.fake.pay(give(alice, "btc_p2tr"), SMALL)
    scene.fake.mine(2)
    scene.look()
    assert state(tx) == "credited"


def test_an_address_that_is_given_after_the_first_look_is_known_at_once(scene: Scene) -> None:
    bob = person("bob")
    tx = scene.fake.pay(give(bob), SMALL)
    scene.look()
    assert state(tx) == "seen"


def test_a_payment_that_came_before_its_address_was_read_is_seen_a_round_later(
    scene: Scene, alice: User
) -> None:
    tx = scene.fake.pay(address_of(1), SMALL)
    scene.look()
    assert state(tx) is None
    give(alice)
    scene.look()
    assert state(tx) == "seen"


def test_twenty_outputs_to_one_address_are_twenty_credits(scene: Scene, alice: User, address: str) -> None:
    tx = scene.fake.pay_many([(address, 90_000 + number) for number in range(20)])
    scene.look()
    scene.fake.mine(2)
    scene.look()
    assert {state(tx, number) for number in range(20)} == {"credited"}
    assert len(movements()) == 20
    assert books.balance(alice.id).cash == (20 * 90_000 + 190) * 500


def test_two_customers_who_pay_the_same_in_the_same_second_are_both_credited(
    scene: Scene, alice: User, address: str
) -> None:
    bob = person("bob")
    other = give(bob)
    scene.fake.pay(address, SMALL)
    scene.fake.pay(other, SMALL)
    scene.fake.pay_many([(other, SMALL), (address, SMALL)])
    scene.fake.mine(2)
    scene.look()
    assert [books.balance(one.id).cash for one in (alice, bob)] == [micros("1000")] * 2


def test_dust_adds_up(scene: Scene, alice: User, address: str) -> None:
    dust = [scene.fake.pay(address, 546) for _ in range(4)]  # 27.3 cents each
    scene.fake.mine(2, only=dust[:3])
    scene.look()
    assert ([state(tx) for tx in dust[:3]], books.balance(alice.id).cash) == (["accumulating"] * 3, 0)
    scene.fake.mine(1, only=dust[3:])
    scene.fake.mine()
    scene.look()
    assert ({state(tx) for tx in dust}, books.balance(alice.id).cash) == ({"credited"}, micros("1.092"))


def test_an_output_without_coins_is_ignored(scene: Scene, address: str) -> None:
    tx = scene.fake.pay_many([(address, 0), (address, SMALL)])
    scene.fake.mine(2)
    scene.look()
    assert (state(tx, 0), state(tx, 1)) == ("ignored", "credited")


def test_a_miner_who_pays_a_customer_is_a_case(scene: Scene, alice: User, address: str) -> None:
    scene.fake.mine(3, reward_to=address)
    scene.look()
    found = sql.rows("select distinct state, reason from funding_deposit")
    assert (found, books.balance(alice.id).cash) == ([("under_case", "coinbase")], 0)


def test_a_block_of_ten_thousand_outputs_is_read(scene: Scene, alice: User, address: str) -> None:
    outputs = [(address if number % 1000 == 7 else address_of(99), 10_000) for number in range(10_000)]
    tx = scene.fake.pay_many(outputs, version=0xFFFFFFFE)
    scene.fake.mine(2)
    assert scene.look() == ""
    assert [state(tx, number) for number in (6, 7, 1007, 9007)] == [None, *["credited"] * 3]
    assert books.balance(alice.id).cash == micros("50")


def test_a_restarted_node_without_mempool_changes_nothing(scene: Scene, address: str) -> None:
    tx = scene.fake.pay(address, SMALL)
    scene.look()
    scene.fake.restart()
    scene.look()
    assert state(tx) == "seen"
    scene.fake.send(tx)
    scene.fake.mine(2)
    scene.look()
    assert state(tx) == "credited"
