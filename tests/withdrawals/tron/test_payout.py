"""USDT paid out on the fake of TRON's HTTP API: what is confirmed, what failed, what is dead, and what proves nothing."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from activkode.doors.demo.fake_evm import FakeEvm, Fault
from activkode.doors.demo.fake_evm.tron_api import BYTE_PRICE, ENERGY, ENERGY_FRESH, ENERGY_PRICE
from activkode.funding.chains.base import Away, Unusable, WrongNetwork
from activkode.funding.chains.tron import TronNode, key_of
from activkode.withdrawals.chains.base import CannotPay, Standing, Told, Unsigned
from activkode.withdrawals.chains.tron import TronPayer
from activkode.withdrawals.chains.tron_cost import BYTES
from activkode.withdrawals.chains.tron_forms import transfer_of
from activkode.withdrawals.policy import FIGURES, Figure, Kind
from funding.evm.stage import Ours
from withdrawals.tron.wallet import CHAIN_ID, SOMEBODY, TOKEN, USDT, Wallet, payer_of

SOLID = 19
EXPIRY, MARGIN = FIGURES[Figure.TRON_EXPIRY_SECONDS], FIGURES[Figure.DEAD_MARGIN_SECONDS]


def outlived(node: FakeEvm, seconds: int = EXPIRY + MARGIN + 60) -> None:
    """Time passes, and solid blocks from after it come."""
    node.wait(seconds)
    node.mine(SOLID + 2)


# --- paid ---


def test_exactly_the_amount_arrives_and_is_confirmed_when_solid(wallet: Wallet) -> None:
    version = wallet.paid()
    wallet.node.mine(SOLID)
    before = wallet.payer.look((version,))
    wallet.node.mine()
    after = wallet.payer.look((version,))

    assert (before.standing, before.confirmations) == (Standing.MINED, SOLID)
    assert (after.standing, after.tx) == (Standing.CONFIRMED, version.signed.tx)
    assert wallet.held() == 15 * USDT
    assert after.fee == ENERGY_FRESH * ENERGY_PRICE <= version.unsigned.fee


def test_the_watcher_sees_the_same_payment_as_a_transfer(wallet: Wallet) -> None:
    version = wallet.paid()
    wallet.node.mine()
    options = {"chain_id": CHAIN_ID, "genesis": wallet.node.genesis, "tokens": {"USDT-TRC20": TOKEN}}
    watcher = TronNode(wallet.node.url, options)

    (found,) = watcher.read(watcher.fetch(wallet.node.head.height), Ours(key_of(SOMEBODY))).found

    assert (found.tx, found.amount, found.reason) == (version.signed.tx, 15 * USDT, None)


def test_the_node_saying_success_proves_nothing(wallet: Wallet) -> None:
    wallet.node.tron.never_mines = True
    version = wallet.version(wallet.build())
    told = wallet.payer.broadcast(version.signed).told
    wallet.node.mine(3 * SOLID)

    assert told is Told.TAKEN
    assert wallet.payer.look((version,)).standing is Standing.UNKNOWN


def test_it_waits_as_pending(wallet: Wallet) -> None:
    version = wallet.paid()

    assert wallet.payer.look((version,)).standing is Standing.PENDING


def test_taken_without_an_answer_is_unanswered_and_known_when_sent_again(wallet: Wallet) -> None:
    version = wallet.version(wallet.build())
    wallet.node.faults.add(Fault.TAKES_AND_HANGS)
    first = wallet.payer.broadcast(version.signed).told
    wallet.node.faults.clear()
    second = wallet.payer.broadcast(version.signed)
    wallet.node.mine(SOLID + 1)
    third = wallet.payer.broadcast(version.signed).told

    assert (first, second.told, third) == (Told.UNANSWERED, Told.KNOWN, Told.KNOWN)
    assert "DUP_TRANSACTION_ERROR" in second.words
    assert wallet.payer.look((version,)).standing is Standing.CONFIRMED
    assert wallet.held() == 15 * USDT


def test_two_equal_payments_of_one_moment_are_two_transactions(wallet: Wallet) -> None:
    first, second = wallet.version(wallet.build()), wallet.version(wallet.build(payout="pay_2"))
    for version in (first, second):
        wallet.payer.broadcast(version.signed)
    wallet.node.mine(SOLID + 1)

    assert first.signed.tx != second.signed.tx
    assert wallet.held() == 30 * USDT


# --- built ---


def test_it_stands_on_a_solid_block_and_expires_in_time(wallet: Wallet) -> None:
    made = wallet.build()
    transfer = transfer_of(made.body)
    solid = wallet.node.head.height - SOLID
    later = (transfer.expiration // 1000) - wallet.node.head.at

    assert transfer.ref_bytes == solid.to_bytes(8)[-2:]
    assert transfer.ref_hash.hex() == wallet.node.ledger.blocks[solid].hash[18:34]
    assert EXPIRY - 60 <= later <= EXPIRY
    assert made.expires_at and int(made.expires_at.timestamp()) == transfer.expiration // 1000
    assert made.spends == (transfer.txid(),)


def test_a_signed_one_is_as_long_as_is_reckoned(wallet: Wallet) -> None:
    version = wallet.version(wallet.build())

    assert len(version.signed.raw) + 64 == pytest.approx(BYTES, abs=6)


def test_a_fresh_receiver_costs_twice_the_energy(wallet: Wallet) -> None:
    fresh = wallet.payer.cost(SOMEBODY, USDT)
    wallet.node.pay_token(TOKEN, key_of(SOMEBODY), 1)
    wallet.node.mine()

    assert (fresh, wallet.payer.cost(SOMEBODY, USDT)) == (ENERGY_FRESH * ENERGY_PRICE, ENERGY * ENERGY_PRICE)


@pytest.mark.parametrize(("staked", "burnt"), [(30_285, 100_000), (130_285, 0), (10**7, 0)])
def test_staked_energy_is_not_burnt(wallet: Wallet, staked: int, burnt: int) -> None:
    wallet.node.tron.staked[key_of(wallet.key.wallet)] = staked

    assert wallet.payer.cost(SOMEBODY, USDT) == burnt * ENERGY_PRICE


def test_the_cap_is_never_passed(wallet: Wallet) -> None:
    least = ENERGY_FRESH * ENERGY_PRICE + BYTES * BYTE_PRICE

    assert wallet.build(most_fee=least).fee == least
    assert wallet.build().fee <= wallet.wish().most_fee
    with pytest.raises(CannotPay, match="the cap allows"):
        wallet.build(most_fee=least - 1)


def test_more_than_the_wallet_holds_is_not_offered(wallet: Wallet) -> None:
    with pytest.raises(CannotPay, match="the wallet holds"):
        wallet.build(amount=1000 * USDT + 1)


def test_a_wallet_without_trx_for_fees_is_not_offered(wallet: Wallet) -> None:
    wallet.node.ledger.head.balances["native", key_of(wallet.key.wallet)] = ENERGY_FRESH * ENERGY_PRICE - 1

    with pytest.raises(CannotPay, match="sun for fees"):
        wallet.build()


def test_another_live_payouts_transaction_is_not_offered(wallet: Wallet) -> None:
    made = wallet.build()

    with pytest.raises(CannotPay, match="another payout"):
        wallet.payer.build(wallet.wish(), None, frozenset(made.spends))


def test_nothing_is_replaced(wallet: Wallet) -> None:
    made = wallet.build()

    for kind in Kind:
        with pytest.raises(CannotPay, match="replaces no"):
            wallet.payer.replace(wallet.wish(), made, kind)


def test_a_node_of_another_network_is_not_paid_on(wallet: Wallet) -> None:
    options = {"http_url": wallet.node.url, "address": wallet.key.wallet}

    with pytest.raises(WrongNetwork):
        TronPayer(options).build(wallet.wish(), None, frozenset())


# --- failed ---


@pytest.mark.parametrize("result", ["OUT_OF_ENERGY", "REVERT", "OUT_OF_TIME", "TRANSFER_FAILED"])
def test_a_failed_one_moved_nothing_and_says_so_when_solid(wallet: Wallet, result: str) -> None:
    wallet.node.tron.fails_with = result
    version = wallet.paid()
    wallet.node.mine(SOLID)
    before = wallet.payer.look((version,)).standing
    wallet.node.mine()
    after = wallet.payer.look((version,))

    assert (before, after.standing, after.proof["result"]) == (Standing.MINED, Standing.FAILED, result)
    assert wallet.held() == 0


def test_too_small_a_fee_limit_runs_out_of_energy(wallet: Wallet) -> None:
    made = wallet.build()
    short = replace(transfer_of(made.body), fee_limit=ENERGY * ENERGY_PRICE)
    raw = short.with_signature(wallet.key._key.sign_recoverable(short.digest(), hasher=None))
    wallet.node.tron.answer("/wallet/broadcasthex", {"transaction": raw.hex()})
    wallet.node.mine(SOLID + 1)

    told = wallet.node.tron.answer("/walletsolidity/gettransactioninfobyid", {"value": short.txid()})
    assert told["receipt"]["result"] == "OUT_OF_ENERGY"


# --- refused ---


def test_a_block_that_was_taken_back_is_refused(wallet: Wallet) -> None:
    wallet.node.answers.final_lag = 0
    version = wallet.version(wallet.build())
    wallet.node.answers.final_lag = SOLID
    wallet.node.reorg(2)

    told = wallet.payer.broadcast(version.signed)

    assert told.told is Told.REFUSED and "TAPOS_ERROR" in told.words


def test_a_reorganisation_above_the_solid_block_does_no_harm(wallet: Wallet) -> None:
    version = wallet.version(wallet.build())
    wallet.node.reorg(SOLID - 1)
    wallet.payer.broadcast(version.signed)
    wallet.node.mine(SOLID + 1)

    assert wallet.payer.look((version,)).standing is Standing.CONFIRMED


def test_one_that_has_expired_is_refused(wallet: Wallet) -> None:
    version = wallet.version(wallet.build())
    outlived(wallet.node)

    told = wallet.payer.broadcast(version.signed)

    assert told.told is Told.REFUSED and "TRANSACTION_EXPIRATION_ERROR" in told.words


def test_a_signature_of_somebody_else_is_refused(wallet: Wallet) -> None:
    version = wallet.version(wallet.build())
    transfer = transfer_of(version.unsigned.body)
    raw = transfer.with_signature(b"\x11" * 64 + b"\0")

    told = wallet.payer.broadcast(replace(version.signed, raw=raw))

    assert told.told is Told.REFUSED and "SIGERROR" in told.words


@pytest.mark.parametrize(
    "code", ["SERVER_BUSY", "NO_CONNECTION", "BLOCK_UNSOLIDIFIED", "OTHER_ERROR", "NEWS"]
)
def test_a_word_that_decides_nothing_is_no_answer(
    wallet: Wallet, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    version = wallet.version(wallet.build())
    monkeypatch.setattr(wallet.node.tron, "_refusal", lambda _: (code, "try again"))

    assert wallet.payer.broadcast(version.signed).told is Told.UNANSWERED


# --- expired ---


def test_never_mined_it_is_dead_only_well_after_its_expiry(wallet: Wallet) -> None:
    wallet.node.tron.never_mines = True
    version = wallet.paid()
    outlived(wallet.node, EXPIRY + MARGIN - 120)
    early = wallet.payer.expired(version.unsigned), wallet.payer.look((version,)).standing
    outlived(wallet.node, 180)
    sight = wallet.payer.look((version,))

    assert early == (False, Standing.UNKNOWN)
    assert wallet.payer.expired(version.unsigned)
    assert sight.standing is Standing.DEAD
    assert (
        sight.proof["nodes"][0]["milliseconds"]
        > transfer_of(version.unsigned.body).expiration + MARGIN * 1000
    )


def test_the_head_alone_does_not_make_it_expire(wallet: Wallet) -> None:
    wallet.node.tron.never_mines = True
    version = wallet.paid()
    wallet.node.wait(EXPIRY + 2 * MARGIN)
    wallet.node.mine(SOLID - 1)

    assert not wallet.payer.expired(version.unsigned)


def test_one_that_was_mined_never_expires(wallet: Wallet) -> None:
    version = wallet.paid()
    wallet.node.mine()
    outlived(wallet.node)

    assert not wallet.payer.expired(version.unsigned)
    assert wallet.payer.look((version,)).standing is Standing.CONFIRMED


def test_one_that_no_block_took_in_time_is_taken_by_none_later(wallet: Wallet) -> None:
    version = wallet.paid()
    outlived(wallet.node)
    wallet.node.mine(5)

    assert wallet.held() == 0
    assert wallet.payer.look((version,)).standing is Standing.DEAD


# --- by two nodes ---


@pytest.fixture
def other() -> Iterator[FakeEvm]:
    """A second node of the same network (it has a chain of its own: what the first has not, it may have)."""
    with FakeEvm(CHAIN_ID, is_tron=True) as node:
        node.mine(30)
        yield node


def dead_here(wallet: Wallet, other: FakeEvm) -> tuple[TronPayer, Unsigned]:
    """A payout that the first node never mined, seen by both."""
    wallet.node.tron.never_mines = True
    version = wallet.paid()
    outlived(wallet.node)
    return payer_of(wallet.node, other, key=wallet.key), version.unsigned


def test_two_nodes_have_to_agree_that_it_is_dead(wallet: Wallet, other: FakeEvm) -> None:
    payer, unsigned = dead_here(wallet, other)
    behind = payer.expired(unsigned)
    outlived(other)

    assert not behind and payer.expired(unsigned)


def test_what_the_second_node_has_is_not_dead(wallet: Wallet, other: FakeEvm) -> None:
    payer, unsigned = dead_here(wallet, other)
    other.ledger.put(other.tron._carried_out(transfer_of(unsigned.body)))
    other.mine()
    outlived(other)

    assert not payer.expired(unsigned)


def test_a_second_node_that_is_away_proves_nothing(wallet: Wallet, other: FakeEvm) -> None:
    payer, unsigned = dead_here(wallet, other)
    outlived(other)
    other.faults.add(Fault.AWAY)

    with pytest.raises(Away):
        payer.expired(unsigned)


def test_a_second_node_of_another_network_proves_nothing(wallet: Wallet) -> None:
    with FakeEvm(CHAIN_ID + 1, is_tron=True) as stranger:
        payer, unsigned = dead_here(wallet, stranger)
        outlived(stranger)

        with pytest.raises(WrongNetwork):
            payer.expired(unsigned)


# --- nodes that lie ---

LIES = {
    "another amount": lambda told: told["log"][0].update(data=f"{14 * USDT:064x}"),
    "another receiver": lambda told: told["log"][0]["topics"].__setitem__(2, "0" * 64),
    "another sender": lambda told: told["log"][0]["topics"].__setitem__(1, "0" * 64),
    "another token": lambda told: told["log"][0].update(address="00" * 20),
    "an approval": lambda told: told["log"][0]["topics"].__setitem__(0, "11" * 32),
    "no log": lambda told: told.pop("log"),
    "another transaction": lambda told: told.update(id="00" * 32),
    "no receipt": lambda told: told.pop("receipt"),
    "no result": lambda told: told["receipt"].pop("result"),
    "both success and failure": lambda told: told.update(result="FAILED"),
    "a block that is not there yet": lambda told: told.update(blockNumber=10**6),
    "no block": lambda told: told.pop("blockNumber"),
}


@pytest.mark.parametrize("lie", LIES.values(), ids=list(LIES))
def test_what_does_not_fit_together_is_neither_confirmed_nor_failed(
    wallet: Wallet, monkeypatch: pytest.MonkeyPatch, lie: object
) -> None:
    version = wallet.paid()
    wallet.node.mine(SOLID + 1)
    told = wallet.node.tron._info(version.signed.tx, wallet.node.head.height)
    assert callable(lie)
    lie(told)
    monkeypatch.setattr(wallet.node.tron, "_info", lambda *_: told)

    with pytest.raises(Unusable):
        wallet.payer.look((version,))


def test_half_an_answer_is_none(wallet: Wallet) -> None:
    version = wallet.paid()
    wallet.node.faults.add(Fault.HALF)

    assert wallet.payer.broadcast(version.signed).told is Told.UNANSWERED
    with pytest.raises(Unusable):
        wallet.payer.look((version,))
