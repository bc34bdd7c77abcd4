"""What is asked of a node's mempool: each transaction once, so many a round, the newest first."""

from collections import Counter
from typing import Any

import pytest

from activkode.doors.demo.fake_bitcoin import FakeBitcoin
from activkode.funding.chains import bitcoin_mempool
from activkode.funding.chains.bitcoin import BitcoinNode
from funding.bitcoin.scene import address_of, script_hex


class Ours:
    """One address of ours, and what is waited for."""

    def __init__(self, *keys: str) -> None:
        self.keys = set(keys)
        self.waiting: frozenset[str] = frozenset()

    def has(self, key: str) -> bool:
        return key in self.keys

    def among(self, keys: list[str]) -> list[int]:
        return [at for at, key in enumerate(keys) if self.has(key)]

    def waits_for(self) -> frozenset[str]:
        return self.waiting


@pytest.fixture
def ours() -> Ours:
    return Ours(script_hex(1))


@pytest.fixture
def asked(fake: FakeBitcoin) -> Counter[str]:
    """How often each transaction was asked for."""
    counted: Counter[str] = Counter()

    def count(method: str, result: Any) -> Any:
        if method == "getrawtransaction":
            counted[result["txid"]] += 1
        return result

    fake.faults.twist = count
    return counted


def test_what_is_new_stands_before_the_backlog(
    fake: FakeBitcoin, node: BitcoinNode, ours: Ours, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bitcoin_mempool, "AT_MOST", 5)
    for _ in range(50):
        fake.pay(address_of(2), 5_000)
    assert node.pending(ours) == []
    tx = fake.pay(address_of(1), 5_000)
    assert [found.tx for found in node.pending(ours)] == [tx]


def test_the_backlog_is_worked_off_round_by_round(
    fake: FakeBitcoin, node: BitcoinNode, ours: Ours, asked: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bitcoin_mempool, "AT_MOST", 20)
    for _ in range(50):
        fake.pay(address_of(2), 5_000)
    tx = fake.pay(address_of(1), 5_000)
    totals = []
    for _ in range(4):
        found = node.pending(ours)
        totals.append(asked.total())
    assert totals == [20, 40, 51, 51]
    assert set(asked.values()) == {1}
    assert [one.tx for one in found] == [tx]


def test_what_left_the_mempool_is_forgotten(
    fake: FakeBitcoin, node: BitcoinNode, ours: Ours, asked: Counter[str]
) -> None:
    tx = fake.pay(address_of(1), 5_000)
    assert [one.tx for one in node.pending(ours)] == [tx]
    fake.restart()
    assert node.pending(ours) == []
    fake.send(tx)
    assert [one.tx for one in node.pending(ours)] == [tx]
    assert asked[tx] == 2


def test_what_goes_between_two_questions_is_passed_over(
    fake: FakeBitcoin, node: BitcoinNode, ours: Ours
) -> None:
    tx = fake.pay(address_of(1), 5_000)
    fake.faults.twist = lambda method, result: ["ab" * 32, *result] if method == "getrawmempool" else result
    assert [one.tx for one in node.pending(ours)] == [tx]


def test_a_conflict_is_told_several_times_and_then_no_more(
    fake: FakeBitcoin, node: BitcoinNode, ours: Ours
) -> None:
    tx = fake.pay(address_of(1), 5_000)
    (found,) = node.pending(ours)
    assert found.inputs is not None
    ours.waiting = frozenset(found.inputs)
    other = fake.replace(tx)
    told = []
    for _ in range(20):
        node.pending(ours)
        told.append(node.conflicts(ours))
    assert told[0] == [(found.inputs[0], other)]
    assert (told[9], told[10:]) == (told[0], [[]] * 10)


def test_what_nobody_waits_for_is_no_conflict(fake: FakeBitcoin, node: BitcoinNode, ours: Ours) -> None:
    fake.replace(fake.pay(address_of(1), 5_000))
    node.pending(ours)
    assert node.conflicts(ours) == []
