"""What our signer signs is taken into the mempool and the blocks of a node that others wrote (npm `bcoin`, of 2018): another
implementation of transactions, signatures and of segregated witness than the one that signed."""

from collections.abc import Iterator

import pytest

from activkode.withdrawals.chains.base import Signed, Standing, Told
from activkode.withdrawals.chains.bitcoin import BitcoinPayer
from peers.bcoin_process import Bcoin
from withdrawals.bitcoin.wallets import DEPTH, ELSEWHERE, Desk, options, wish

pytestmark = [pytest.mark.peers, pytest.mark.needs("bcoin")]
_WITNESS_FROM = 432  # regtest's third window of blocks that signal it


@pytest.fixture(scope="module")
def bcoin() -> Iterator[Bcoin]:
    """With as many blocks as it takes until it knows of witnesses."""
    running = Bcoin()
    running.ask("mine", count=_WITNESS_FROM - 105 + 1)
    yield running
    running.close()


@pytest.fixture
def desk(bcoin: Bcoin) -> Iterator[Desk]:
    payer = BitcoinPayer(options(bcoin.url))
    yield Desk(None, payer)  # type: ignore[arg-type]
    payer.close()


def fund(bcoin: Bcoin, desk: Desk, *satoshis: int) -> None:
    (script,) = [
        each.hex()
        for each, place in desk.payer._wallet.places.items()
        if (place.branch, place.index) == (0, 0)
    ]
    bcoin.ask("pay", outputs=[(script, each) for each in satoshis])
    bcoin.ask("mine", count=DEPTH)


def test_a_payout_of_several_coins_is_taken_mined_and_confirmed(bcoin: Bcoin, desk: Desk) -> None:
    fund(bcoin, desk, 70_000, 80_000, 90_000)
    signed = desk.paid(wish())
    assert desk.payer.broadcast(signed).told is Told.KNOWN
    assert desk.look().standing is Standing.PENDING
    bcoin.ask("mine", count=DEPTH - 1)
    assert desk.look().standing is Standing.MINED
    bcoin.ask("mine", count=1)
    assert (desk.look().standing, desk.look().tx) == (Standing.CONFIRMED, signed.tx)


def test_it_refuses_the_same_bytes_with_another_signature(bcoin: Bcoin, desk: Desk) -> None:
    """So that what it took before was taken because it is right."""
    fund(bcoin, desk, 500_000)
    unsigned = desk.payer.build(wish(), None, frozenset())
    signed = desk.signed(unsigned)
    wrong = bytearray(signed.raw)
    wrong[-60] ^= 1
    assert desk.payer.broadcast(Signed(signed.tx, bytes(wrong))).told is Told.REFUSED
    assert desk.payer.broadcast(signed).told is Told.TAKEN


def test_a_payout_to_an_older_address_and_its_change_are_spent_again(bcoin: Bcoin, desk: Desk) -> None:
    fund(bcoin, desk, 400_000)
    desk.paid(wish(destination="2MzQwSSnBHWHqSAqtTVQ6v47XtaisrJa1Vc"))
    bcoin.ask("mine", count=DEPTH)
    assert desk.look().standing is Standing.CONFIRMED
    held = desk.payer.holds()
    desk.paid(wish("pay_2", amount=held - 20_000, destination=ELSEWHERE))
    bcoin.ask("mine", count=DEPTH)
    assert desk.payer.look((desk.versions[1],)).standing is Standing.CONFIRMED
