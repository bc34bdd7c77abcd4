"""Ether paid out on the demo's fake node, which must say what a real one says; and what a node may leave out."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from activkode.doors.demo.fake_evm import FakeEvm, Fault
from activkode.doors.demo.fake_evm.node import PAYER
from activkode.doors.signer.coins.ethereum import EthereumKey, read
from activkode.funding.chains.base import Unusable
from activkode.funding.policy import Asset
from activkode.withdrawals.chains.base import Standing, Told, Version, Wish
from activkode.withdrawals.chains.ethereum import EthereumPayer
from activkode.withdrawals.chains.ethereum_forms import payment_of
from activkode.withdrawals.policy import Kind
from withdrawals.ethereum.wallet import ETHER, SECRET, SOMEBODY

CHAIN_ID, DEEP = 31337, 12
WISH = Wish("pay_1", Asset.ETH, SOMEBODY, ETHER, ETHER // 100)
KEY: EthereumKey = read({"private_key": SECRET, "chain_id": CHAIN_ID})


@pytest.fixture
def node() -> Iterator[FakeEvm]:
    with FakeEvm(CHAIN_ID) as fake:
        fake.answers.final_lag = 14
        fake.pay(KEY.wallet, 10 * ETHER)
        fake.mine(20)
        yield fake


@pytest.fixture
def payer(node: FakeEvm) -> EthereumPayer:
    return EthereumPayer({"url": node.url, "chain_id": CHAIN_ID, "address": KEY.wallet})


def signed(payer: EthereumPayer, nonce: int = 0, wish: Wish = WISH) -> Version:
    unsigned = payer.build(wish, nonce, frozenset())
    return Version(Kind.PAY, payer.check(unsigned, KEY.sign(unsigned.body)), unsigned)


def held(node: FakeEvm) -> int:
    return node.head.balances.get(("native", SOMEBODY.lower()), 0)


def test_it_is_paid_and_confirmed_when_deep_and_final(node: FakeEvm, payer: EthereumPayer) -> None:
    version = signed(payer)
    told = payer.broadcast(version.signed).told
    node.mine(DEEP)
    deep = payer.look((version,)).standing
    node.mine(3)

    assert (told, deep, payer.look((version,)).standing) == (Told.TAKEN, Standing.MINED, Standing.CONFIRMED)
    assert held(node) == ETHER


def test_later_numbers_wait_for_earlier_ones(node: FakeEvm, payer: EthereumPayer) -> None:
    versions = [signed(payer, nonce) for nonce in range(3)]
    for version in versions[1:]:
        payer.broadcast(version.signed)
    node.mine(3)
    waiting = {payer.look((version,)).standing for version in versions[1:]}
    payer.broadcast(versions[0].signed)
    node.mine()

    assert waiting == {Standing.PENDING}
    assert (held(node), payer.next_nonce()) == (3 * ETHER, 3)


def test_a_fee_that_is_too_low_waits_and_a_bump_is_taken(node: FakeEvm, payer: EthereumPayer) -> None:
    first = signed(payer)
    node.ledger.base_fee *= 3
    payer.broadcast(first.signed)
    node.mine(5)
    stuck = payer.look((first,)).standing
    unsigned = payer.replace(WISH, first.unsigned, Kind.PAY)
    second = Version(Kind.PAY, payer.check(unsigned, KEY.sign(unsigned.body)), unsigned)
    told = payer.broadcast(second.signed).told
    node.mine(15)

    assert (stuck, told) == (Standing.PENDING, Told.TAKEN)
    assert payer.look((first, second)).tx == second.signed.tx
    assert held(node) == ETHER


def test_refusals_are_in_the_words_of_a_real_node(node: FakeEvm, payer: EthereumPayer) -> None:
    version = signed(payer)
    dear = signed(payer, 1)
    payer.broadcast(version.signed)
    again = payer.broadcast(version.signed)
    other = replace(payment_of(version.unsigned.body), value=1)
    wire = KEY._key.sign_recoverable(other.digest(), hasher=None)
    raw = other.with_signature(int.from_bytes(wire[:32]), int.from_bytes(wire[32:64]), wire[64])
    cheap = payer.broadcast(replace(version.signed, raw=raw))
    node.mine()
    low = payer.broadcast(replace(version.signed, raw=raw, tx="0x" + "00" * 32))
    node.ledger.head.balances["native", KEY.wallet] = 1
    poor = payer.broadcast(dear.signed)

    assert again.told is Told.KNOWN
    assert [one.told for one in (cheap, low, poor)] == [Told.REFUSED] * 3
    for one, word in ((cheap, "underpriced"), (low, "nonce too low"), (poor, "insufficient funds")):
        assert word in one.words


def test_taken_without_an_answer_is_unanswered_and_paid_once(node: FakeEvm, payer: EthereumPayer) -> None:
    version = signed(payer)
    node.faults.add(Fault.TAKES_AND_HANGS)
    first = payer.broadcast(version.signed).told
    node.faults.clear()
    second = payer.broadcast(version.signed).told
    node.mine(15)

    assert (first, second) == (Told.UNANSWERED, Told.KNOWN)
    assert payer.look((version,)).standing is Standing.CONFIRMED
    assert held(node) == ETHER


def test_a_node_without_receipts_does_not_make_a_mined_one_dead(node: FakeEvm, payer: EthereumPayer) -> None:
    """A node behind a balancer may answer from a machine that has the block's numbers and not yet its receipts."""
    version = signed(payer)
    payer.broadcast(version.signed)
    node.mine(30)
    node.faults.add(Fault.NO_RECEIPTS)

    assert payer.look((version,)).standing is Standing.PENDING


def overtaken(node: FakeEvm, payer: EthereumPayer) -> Version:
    """A payout whose number something foreign has used, long ago."""
    version = signed(payer)
    payer.broadcast(signed(payer, 0, replace(WISH, amount=1)).signed)
    node.mine(40)
    return version


def test_without_the_transaction_that_used_its_number_it_is_not_called_dead(
    node: FakeEvm, payer: EthereumPayer
) -> None:
    version = overtaken(node, payer)
    node.faults.add(Fault.NO_HISTORY)
    sight = payer.look((version,))

    assert sight.standing is Standing.UNKNOWN and "second_url" in sight.proof["why"]
    node.faults.clear()
    assert payer.look((version,)).standing is Standing.DEAD


def test_a_second_node_that_has_kept_what_was_can_prove_it(node: FakeEvm, payer: EthereumPayer) -> None:
    version = overtaken(node, payer)
    node.faults.add(Fault.NO_HISTORY)
    with FakeEvm(CHAIN_ID) as archive:
        archive.answers = node.answers
        options = {"url": node.url, "second_url": archive.url, "chain_id": CHAIN_ID, "address": KEY.wallet}

        assert EthereumPayer(options).look((version,)).standing is Standing.DEAD


def test_a_second_node_with_other_blocks_proves_nothing(node: FakeEvm, payer: EthereumPayer) -> None:
    version = overtaken(node, payer)
    node.faults.add(Fault.NO_HISTORY)
    with FakeEvm(CHAIN_ID) as other:
        other.pay(KEY.wallet, ETHER, sender=PAYER)
        other.pay(SOMEBODY, 1, sender=KEY.wallet, nonce=0)
        other.mine(60)
        options = {"url": node.url, "second_url": other.url, "chain_id": CHAIN_ID, "address": KEY.wallet}

        with pytest.raises(Unusable):
            EthereumPayer(options).look((version,))


def test_a_failed_one_moved_nothing(node: FakeEvm, payer: EthereumPayer) -> None:
    node.ledger.reverting.add(SOMEBODY.lower())
    version = signed(payer)
    payer.broadcast(version.signed)
    node.mine(15)

    assert payer.look((version,)).standing is Standing.FAILED
    assert held(node) == 0


def test_without_a_final_block_nothing_is_confirmed(node: FakeEvm, payer: EthereumPayer) -> None:
    version = signed(payer)
    payer.broadcast(version.signed)
    node.faults.add(Fault.NO_FINALITY)
    node.mine(100)

    assert payer.look((version,)).standing is Standing.MINED


def test_a_fork_takes_it_back_and_the_same_bytes_pay_again(node: FakeEvm, payer: EthereumPayer) -> None:
    version = signed(payer)
    payer.broadcast(version.signed)
    node.mine(3)
    node.reorg(3, keep=False)
    gone = payer.look((version,)).standing
    payer.broadcast(version.signed)
    node.mine(15)

    assert gone is Standing.UNKNOWN
    assert payer.look((version,)).standing is Standing.CONFIRMED
    assert held(node) == ETHER


def test_after_a_restart_the_fake_goes_on_with_the_next_number(node: FakeEvm) -> None:
    blocks = [(one.height, one.hash, one.parent, one.at) for one in node.ledger.blocks]
    with FakeEvm(CHAIN_ID) as again:
        again.resume(blocks, {("native", KEY.wallet): 10 * ETHER})
        payer = EthereumPayer({"url": again.url, "chain_id": CHAIN_ID, "address": KEY.wallet})
        for nonce in (7, 8):
            payer.broadcast(signed(payer, nonce).signed)
            again.mine()

        assert held(again) == 2 * ETHER
