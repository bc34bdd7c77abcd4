"""Which coins are chosen: amounts that add up, no dust, no more than the cap, always the same."""

import random

import pytest

from activkode.withdrawals.chains.base import CannotPay
from activkode.withdrawals.chains.bitcoin_coins import (
    CHANGE_DUST,
    Coin,
    Wanted,
    choose,
    dust,
    fee_of,
    settle,
    virtual_bytes,
)

TARGETS = {
    "p2pkh": (bytes.fromhex("76a914" + "01" * 20 + "88ac"), 546),
    "p2sh": (bytes.fromhex("a914" + "01" * 20 + "87"), 540),
    "p2wpkh": (bytes.fromhex("0014" + "01" * 20), 294),
    "p2wsh": (bytes.fromhex("0020" + "01" * 32), 330),
    "p2tr": (bytes.fromhex("5120" + "01" * 32), 330),
}
BACK = bytes.fromhex("0014" + "02" * 20)


def coin(number: int, satoshis: int) -> Coin:
    return Coin(f"{number:064x}", 0, satoshis, BACK, 1)


def wanted(
    amount: int, rate: int = 1_000, most_fee: int = 50_000, target: bytes = TARGETS["p2tr"][0]
) -> Wanted:
    return Wanted(target, amount, BACK, rate, most_fee)


@pytest.mark.parametrize("kind", TARGETS)
def test_dust_is_what_core_calls_dust(kind: str) -> None:
    target, least = TARGETS[kind]
    assert dust(target) == least


def test_whatever_is_chosen_adds_up() -> None:
    chance = random.Random(4)
    paid = refused = 0
    for _ in range(3000):
        coins = [coin(number, int(chance.lognormvariate(10, 2))) for number in range(chance.randrange(12))]
        asked = wanted(int(chance.lognormvariate(9, 2)), chance.choice([1_000, 3_333, 50_000, 400_000]), chance.choice([200, 5_000, 10**6]), chance.choice([each for each, _ in TARGETS.values()]))  # fmt: skip
        try:
            plan = choose(coins, asked)
        except CannotPay:
            refused += 1
            continue
        paid += 1
        least = fee_of(virtual_bytes(len(plan.coins), [asked.target, *[BACK] * len(plan.change)]), asked.rate)
        assert sum(each.satoshis for each in plan.coins) == asked.amount + sum(plan.change) + plan.fee
        assert least <= plan.fee <= asked.most_fee
        assert all(change >= CHANGE_DUST for change in plan.change)
        assert plan == choose(chance.sample(coins, len(coins)), asked)
    assert min(paid, refused) > 300


def test_the_smallest_coin_that_is_enough_pays() -> None:
    coins = [coin(1, 10_000_000), coin(2, 400_000), coin(3, 300_000), coin(4, 50_000)]
    assert [each.satoshis for each in choose(coins, wanted(200_000)).coins] == [300_000]
    assert [each.satoshis for each in choose(coins, wanted(260_000)).coins] == [400_000], (
        "room for a higher fee later"
    )


def test_the_largest_coins_pay_together() -> None:
    coins = [coin(number, 10_000 * number) for number in range(1, 8)]
    assert [each.satoshis for each in choose(coins, wanted(100_000)).coins] == [70_000, 60_000, 50_000]


def test_a_coin_that_costs_more_than_it_brings_is_left() -> None:
    coins = [coin(number, 6_000) for number in range(50)]
    with pytest.raises(CannotPay, match="of 0 satoshis"):
        choose(coins, wanted(10_000, rate=100_000))


def test_two_thousand_coins_are_no_trouble_whatever_is_asked() -> None:
    coins = [coin(number, 1_000 + number) for number in range(2_000)]
    assert len(choose(coins, wanted(500_000, most_fee=10**6)).coins) <= 400
    with pytest.raises(CannotPay, match="no 400 coins"):
        choose(coins, wanted(3_000_000, most_fee=10**6))


def test_a_replacement_pays_for_itself_and_for_what_it_replaces() -> None:
    chosen = (coin(1, 100_000),)
    first = settle(chosen, wanted(50_000), 1)
    second = settle(chosen, Wanted(TARGETS["p2tr"][0], 50_000, BACK, 1_000, 50_000, first.fee, 1_000), 1)
    assert second.fee == first.fee + virtual_bytes(1, [TARGETS["p2tr"][0], BACK])
    assert sum(second.change) + second.fee == 50_000


def test_a_void_always_has_an_output() -> None:
    with pytest.raises(CannotPay):
        settle((coin(1, 400),), Wanted(b"", 0, BACK, 1_000, 50_000, 200, 1_000), 1)
