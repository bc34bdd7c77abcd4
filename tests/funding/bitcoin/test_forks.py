"""Forks, replacements and double spends on the fake Bitcoin chain: never two credits, and none that the chain takes back."""

import pytest

from activkode.core import sql
from activkode.core.money import micros
from activkode.identity.models import User
from activkode.ledger import read as books
from funding.bitcoin.scene import Scene, block_of, movements, state

pytestmark = pytest.mark.django_db
AMOUNT = 1_000_000  # 500 dollars
CREDIT = [("topup_btc", micros("500"))]


def replaced_by(tx: str) -> str | None:
    found: str | None = sql.value("select replaced_by from funding_deposit where tx = %s", (tx,))
    return found


@pytest.mark.parametrize("depth", range(1, 7))
def test_mined_again_in_another_block_it_is_credited_once(
    scene: Scene, alice: User, address: str, depth: int
) -> None:
    tx = scene.fake.pay(address, AMOUNT)
    (before,) = scene.fake.mine()
    scene.fake.mine(depth - 1)
    scene.look()
    assert block_of(tx) == before

    scene.fake.reorg(depth)
    scene.look()

    after = scene.fake.blocks[-depth - 1].hash
    assert (state(tx), block_of(tx)) == ("credited", after) != ("credited", before)
    assert movements() == CREDIT


@pytest.mark.parametrize("depth", range(2, 7))
def test_back_in_the_mempool_it_is_reversed_and_mined_again_it_is_restored(
    scene: Scene, alice: User, address: str, depth: int
) -> None:
    tx = scene.fake.pay(address, AMOUNT)
    scene.fake.mine(depth)
    scene.look()

    scene.fake.reorg(depth, hold=True)
    scene.look()
    assert (state(tx), books.balance(alice.id).cash) == ("reversed", 0)

    scene.fake.mine(2)
    scene.look()
    assert (state(tx), books.balance(alice.id).cash) == ("credited", micros("500"))
    names = [name for name, _ in movements()]
    assert names == ["topup_btc", "topup_reversal_btc", "topup_restored_btc"]


def test_fork_upon_fork_while_nobody_looked(scene: Scene, address: str) -> None:
    tx = scene.fake.pay(address, AMOUNT)
    scene.fake.mine(4)
    scene.look()
    for depth in (1, 4, 2, 6):
        scene.fake.reorg(depth)
    scene.look()
    assert (state(tx), movements()) == ("credited", CREDIT)
    assert scene.height() == len(scene.fake.blocks) - 1


def test_replaced_by_a_payment_to_somebody_else_it_is_named_so(scene: Scene, address: str) -> None:
    tx = scene.fake.pay(address, AMOUNT)
    scene.look()
    other = scene.fake.replace(tx)
    scene.look()
    assert (state(tx), replaced_by(tx)) == ("replaced", other)
    scene.fake.mine(3)
    scene.look()
    assert (state(tx), movements()) == ("replaced", [])


def test_replaced_by_a_higher_payment_to_the_same_address_only_that_counts(
    scene: Scene, address: str
) -> None:
    tx = scene.fake.pay(address, AMOUNT // 2)
    scene.look()
    other = scene.fake.replace(tx, [(address, AMOUNT)])
    scene.look()
    assert (state(tx), state(other)) == ("replaced", "seen")
    scene.fake.mine(2)
    scene.look()
    assert (state(tx), state(other), movements()) == ("replaced", "credited", CREDIT)


def test_replaced_again_and_again_only_the_last_counts(scene: Scene, address: str) -> None:
    chain = [scene.fake.pay(address, AMOUNT - 9)]
    for number in range(8, -1, -1):
        scene.look()
        chain.append(scene.fake.replace(chain[-1], [(address, AMOUNT - number)]))
    scene.fake.mine(2)
    scene.look()
    assert [state(tx) for tx in chain] == ["replaced"] * 9 + ["credited"]
    assert movements() == CREDIT


def test_a_replacement_that_is_first_seen_in_a_block_is_recognised(scene: Scene, address: str) -> None:
    tx = scene.fake.pay(address, AMOUNT)
    scene.look()
    other = scene.fake.replace(tx)
    scene.fake.mine()
    scene.look()
    assert (state(tx), replaced_by(tx)) == ("replaced", other)


def test_a_double_spend_after_one_block_credits_nothing(scene: Scene, address: str) -> None:
    tx = scene.fake.pay(address, AMOUNT)
    scene.fake.mine()
    scene.look()
    assert state(tx) == "confirming"
    other = scene.fake.rival(tx)
    scene.fake.reorg(1, first=[other])
    scene.look()
    assert (state(tx), replaced_by(tx), movements()) == ("replaced", other, [])


def test_a_double_spend_after_the_credit_takes_it_back(scene: Scene, alice: User, address: str) -> None:
    tx = scene.fake.pay(address, AMOUNT)
    scene.fake.mine(3)
    scene.look()
    scene.fake.reorg(3, first=[scene.fake.rival(tx)])
    scene.look()
    assert (state(tx), books.balance(alice.id).cash) == ("reversed", 0)


def test_a_double_spend_whose_fork_is_undone_is_credited_after_all(scene: Scene, address: str) -> None:
    tx = scene.fake.pay(address, AMOUNT)
    scene.fake.mine()
    other = scene.fake.rival(tx)
    scene.fake.reorg(1, first=[other])
    scene.look()
    scene.fake.reorg(2, first=[tx])
    scene.look()
    assert (state(tx), movements()) == ("credited", CREDIT)
