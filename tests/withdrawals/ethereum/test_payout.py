"""Ether paid out on a real node: from the first offer to what became of it, and what must never be believed."""

from dataclasses import replace

import pytest

from activkode.funding.chains.base import WrongNetwork
from activkode.withdrawals.chains.base import CannotPay, Standing, Told
from activkode.withdrawals.chains.ethereum import EthereumPayer
from activkode.withdrawals.chains.ethereum_forms import payment_of, read_signed
from activkode.withdrawals.policy import Kind
from funding.evm.anvil import CHAIN_ID, GWEI, Anvil
from withdrawals.ethereum.wallet import ETHER, SECRET, SOMEBODY, Wallet, wallet_on

pytestmark = [pytest.mark.peers, pytest.mark.needs("anvil")]
DEEP = 12


# --- paid ---


def test_exactly_the_amount_arrives_and_is_confirmed_when_deep_and_final(wallet: Wallet) -> None:
    version = wallet.paid(wallet.wish(amount=ETHER + 1))

    wallet.anvil.mine(DEEP - 1)
    before = wallet.payer.look((version,))
    wallet.anvil.mine()
    after = wallet.payer.look((version,))

    assert (before.standing, before.confirmations) == (Standing.MINED, DEEP - 1)
    assert (after.standing, after.confirmations, after.tx) == (Standing.CONFIRMED, DEEP, version.signed.tx)
    assert wallet.balance() == ETHER + 1
    assert after.fee and after.fee <= version.unsigned.fee


def test_deep_but_not_final_is_not_confirmed() -> None:
    with Anvil(lag=40) as anvil:
        wallet = wallet_on(anvil)
        version = wallet.paid()
        anvil.mine(DEEP + 10)
        deep = wallet.payer.look((version,)).standing
        anvil.mine(40)
        final = wallet.payer.look((version,)).standing

    assert (deep, final) == (Standing.MINED, Standing.CONFIRMED)


def test_it_waits_in_the_mempool_as_pending_and_is_unknown_before(wallet: Wallet) -> None:
    version = wallet.version(wallet.payer.build(wallet.wish(), 0, frozenset()))

    before = wallet.payer.look((version,)).standing
    told = wallet.payer.broadcast(version.signed).told
    after = wallet.payer.look((version,)).standing

    assert (before, told, after) == (Standing.UNKNOWN, Told.TAKEN, Standing.PENDING)


def test_the_same_bytes_again_are_known(wallet: Wallet) -> None:
    version = wallet.paid()
    waiting = wallet.payer.broadcast(version.signed).told
    wallet.anvil.mine()
    mined = wallet.payer.broadcast(version.signed).told

    assert (waiting, mined) == (Told.KNOWN, Told.KNOWN)


def test_the_nodes_own_signature_of_the_same_is_read_the_same(wallet: Wallet) -> None:
    raw = bytes.fromhex(wallet.anvil.signed(SOMEBODY, 5, gas=hex(21_000))[2:])

    found = read_signed(raw)

    assert found.sender() == wallet.anvil.accounts[0].lower()
    assert (found.payment.to, found.payment.value) == (SOMEBODY.lower(), 5)
    assert found.payment.with_signature(found.r, found.s, found.parity) == raw


def test_twenty_payouts_at_once_stand_in_the_order_of_their_numbers(wallet: Wallet) -> None:
    made = [wallet.version(wallet.payer.build(wallet.wish(1000 + n), n, frozenset())) for n in range(20)]
    for version in reversed(made):
        wallet.payer.broadcast(version.signed)
    wallet.anvil.mine(2 * DEEP)

    assert {wallet.payer.look((version,)).standing for version in made} == {Standing.CONFIRMED}
    assert wallet.balance() == sum(range(1000, 1020))
    assert wallet.payer.next_nonce() == 20


# --- what is offered, and refused before anything is begun ---


def test_a_fee_above_the_cap_is_not_offered(wallet: Wallet) -> None:
    market = wallet.payer.cost(SOMEBODY, 1)

    with pytest.raises(CannotPay, match="the cap allows"):
        wallet.payer.build(wallet.wish(most_fee=market - 21_000), 0, frozenset())
    tight = wallet.payer.build(wallet.wish(most_fee=market), 0, frozenset())

    assert tight.fee == market


def test_the_cap_is_never_passed_and_the_base_fee_may_double(wallet: Wallet) -> None:
    made = wallet.payer.build(wallet.wish(), 0, frozenset())
    block = wallet.anvil.ask("eth_getBlockByNumber", "pending", False)
    payment = payment_of(made.body)

    assert payment.most_price == 2 * int(block["baseFeePerGas"], 16) + payment.tip
    assert made.fee == 21_000 * payment.most_price <= wallet.wish().most_fee


def test_more_than_the_wallet_holds_is_not_offered(wallet: Wallet) -> None:
    with pytest.raises(CannotPay, match="the wallet holds"):
        wallet.payer.build(wallet.wish(amount=wallet.payer.holds()), 0, frozenset())


def test_a_number_of_another_payout_is_not_used(wallet: Wallet) -> None:
    first = wallet.payer.build(wallet.wish(), 0, frozenset())

    with pytest.raises(CannotPay, match="another payout"):
        wallet.payer.build(wallet.wish(), 0, frozenset(first.spends))


def test_a_node_of_another_network_is_not_paid_on(wallet: Wallet) -> None:
    other = EthereumPayer({"url": wallet.anvil.url, "chain_id": 1, "address": wallet.payer.wallet()})

    with pytest.raises(WrongNetwork):
        other.build(wallet.wish(), 0, frozenset())


def test_a_contract_that_takes_ether_is_paid_with_the_gas_it_wants(wallet: Wallet) -> None:
    # PUSH1 0 PUSH1 0 SSTORE STOP ... as run-time code: writes to its storage whenever it is paid.
    wallet.anvil.ask("anvil_setCode", SOMEBODY, "0x6001600055600060015500")

    made = wallet.payer.build(wallet.wish(), 0, frozenset())
    version = wallet.paid()
    wallet.anvil.mine(DEEP)

    assert 21_000 < payment_of(made.body).gas <= 100_000
    assert wallet.payer.look((version,)).standing is Standing.CONFIRMED


def test_a_contract_that_takes_none_is_refused(wallet: Wallet) -> None:
    wallet.anvil.ask("anvil_setCode", SOMEBODY, "0x60006000fd")

    with pytest.raises(CannotPay, match="does not take it"):
        wallet.payer.build(wallet.wish(), 0, frozenset())


def test_a_contract_that_wants_too_much_is_refused(wallet: Wallet) -> None:
    stores = "".join(f"6001{0x60:02x}{n:02x}55" for n in range(6))
    wallet.anvil.ask("anvil_setCode", SOMEBODY, "0x" + stores + "00")

    with pytest.raises(CannotPay, match="wants"):
        wallet.payer.build(wallet.wish(), 0, frozenset())


# --- bumped and voided ---


def test_a_bump_takes_the_place_of_the_first(wallet: Wallet) -> None:
    first = wallet.paid()
    second = wallet.bumped(first)
    wallet.anvil.mine(DEEP)

    sight = wallet.payer.look((first, second))

    assert (sight.standing, sight.tx) == (Standing.CONFIRMED, second.signed.tx)
    assert wallet.balance() == ETHER
    old, new = payment_of(first.unsigned.body), payment_of(second.unsigned.body)
    assert new.nonce == old.nonce
    assert 8 * new.tip >= 9 * old.tip and 8 * new.most_price >= 9 * old.most_price


def test_five_bumps_are_each_taken_by_the_node(wallet: Wallet) -> None:
    version, told = wallet.paid(), []
    for _ in range(5):
        version = wallet.version(wallet.payer.replace(wallet.wish(), version.unsigned, Kind.PAY))
        told.append(wallet.payer.broadcast(version.signed).told)

    assert told == [Told.TAKEN] * 5


def test_a_bump_above_the_cap_is_not_offered(wallet: Wallet) -> None:
    first = wallet.paid()

    with pytest.raises(CannotPay, match="a replacement has to offer"):
        wallet.payer.replace(wallet.wish(most_fee=first.unsigned.fee * 112 // 100), first.unsigned, Kind.PAY)


def test_a_replacement_that_offers_too_little_is_refused_which_proves_nothing(wallet: Wallet) -> None:
    first = wallet.paid()
    payment = payment_of(first.unsigned.body)
    cheap = replace(payment, value=1)
    wire = wallet.key._key.sign_recoverable(cheap.digest(), hasher=None)
    raw = cheap.with_signature(int.from_bytes(wire[:32]), int.from_bytes(wire[32:64]), wire[64])

    told = wallet.payer.broadcast(replace(first.signed, tx="0x" + "00" * 32, raw=raw))

    assert told.told is Told.REFUSED and "underpriced" in told.words


def test_a_void_makes_the_payout_dead(wallet: Wallet) -> None:
    first = wallet.paid()
    void = wallet.bumped(first, Kind.VOID)
    wallet.anvil.mine(DEEP)

    sight = wallet.payer.look((first, void))

    assert (sight.standing, sight.tx) == (Standing.DEAD, void.signed.tx)
    assert wallet.balance() == 0
    assert sight.proof["kind"] == "void" and sight.proof["height"]


def test_a_void_that_came_too_late_leaves_it_paid(wallet: Wallet) -> None:
    first = wallet.paid()
    wallet.anvil.mine()
    void = wallet.bumped(first, Kind.VOID)
    wallet.anvil.mine(DEEP)

    assert wallet.payer.look((first, void)).standing is Standing.CONFIRMED


# --- failed, forked, overtaken ---


def test_a_failed_receipt_moves_nothing_and_says_so_when_deep(wallet: Wallet) -> None:
    version = wallet.paid()
    wallet.anvil.ask("anvil_setCode", SOMEBODY, "0x60006000fd")
    wallet.anvil.mine()
    before = wallet.payer.look((version,)).standing
    wallet.anvil.mine(DEEP)

    assert (before, wallet.payer.look((version,)).standing) == (Standing.MINED, Standing.FAILED)
    assert wallet.balance() == 0


def test_a_fork_under_a_payout_takes_it_back_to_waiting(wallet: Wallet) -> None:
    version = wallet.paid()
    wallet.anvil.mine(3)
    seen = wallet.payer.look((version,)).standing
    wallet.anvil.reorg(3)
    gone = wallet.payer.look((version,)).standing
    wallet.payer.broadcast(version.signed)
    wallet.anvil.mine(2 * DEEP)

    assert seen is Standing.MINED and gone in (Standing.UNKNOWN, Standing.PENDING)
    assert wallet.payer.look((version,)).standing is Standing.CONFIRMED
    assert wallet.balance() == ETHER


def test_a_number_that_something_foreign_used_makes_it_dead_with_proof(wallet: Wallet) -> None:
    version = wallet.version(wallet.payer.build(wallet.wish(), 0, frozenset()))
    foreign = wallet.version(wallet.payer.build(wallet.wish(to=wallet.anvil.accounts[3]), 0, frozenset()))
    wallet.anvil.mine(5)
    wallet.payer.broadcast(foreign.signed)
    wallet.anvil.mine()
    height = wallet.anvil.height
    early = wallet.payer.look((version,)).standing
    wallet.anvil.mine(2 * DEEP)

    sight = wallet.payer.look((version,))

    assert early is Standing.UNKNOWN
    assert sight.standing is Standing.DEAD
    assert (sight.proof["used_by"], sight.proof["height"]) == (foreign.signed.tx, height)


def test_a_later_number_used_long_ago_is_found_by_its_block(wallet: Wallet) -> None:
    version = wallet.version(wallet.payer.build(wallet.wish(), 1, frozenset()))
    for nonce in range(4):
        wallet.paid(wallet.wish(1 + nonce), nonce)
        wallet.anvil.mine(7)
    wallet.anvil.mine(2 * DEEP)

    sight = wallet.payer.look((version,))

    assert sight.standing is Standing.DEAD and sight.proof["nonce"] == 1


# --- nodes that are not there ---


def test_a_node_that_is_away_leaves_a_broadcast_unanswered(wallet: Wallet) -> None:
    version = wallet.version(wallet.payer.build(wallet.wish(), 0, frozenset()))
    away = EthereumPayer(
        {"url": "http://127.0.0.1:1", "chain_id": CHAIN_ID, "address": wallet.payer.wallet()}
    )

    assert away.broadcast(version.signed).told is Told.UNANSWERED


def test_a_wallet_that_cannot_pay_is_refused_by_the_node(wallet: Wallet) -> None:
    version = wallet.version(wallet.payer.build(wallet.wish(), 0, frozenset()))
    wallet.anvil.ask("anvil_setBalance", wallet.payer.wallet(), hex(GWEI))

    told = wallet.payer.broadcast(version.signed)

    assert told.told is Told.REFUSED and "nsufficient funds" in told.words
    assert SECRET not in told.words


def test_it_never_expires(wallet: Wallet) -> None:
    assert not wallet.payer.expired(wallet.payer.build(wallet.wish(), 0, frozenset()))


# --- another network ---


def test_what_another_network_did_with_our_number_makes_no_payout_dead(wallet: Wallet) -> None:
    """An operator pointed the node's address at a test network, where the same wallet had used the number: the payout was
    called dead, could be given back, and was paid on the main network all the same."""
    version = wallet.version(wallet.payer.build(wallet.wish(), 0, frozenset()))
    wallet.paid(wallet.wish(amount=1))
    wallet.anvil.mine(DEEP)
    main = {"url": wallet.anvil.url, "chain_id": CHAIN_ID + 1, "address": wallet.key.wallet}

    with pytest.raises(WrongNetwork):
        EthereumPayer(main).look((version,))
