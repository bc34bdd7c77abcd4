"""What is built: from which coins, for what fee, and what cannot be."""

import pytest
from embit import bip32, script
from embit.psbt import PSBT
from embit.transaction import Transaction

from activkode.doors.demo.fake_bitcoin import FakeBitcoin
from activkode.funding.chains.base import Unusable, WrongNetwork
from activkode.withdrawals.chains.base import CannotPay, Standing
from activkode.withdrawals.chains.bitcoin import BitcoinPayer
from activkode.withdrawals.policy import Kind
from withdrawals.bitcoin.wallets import AMOUNT, DEPTH, ELSEWHERE, FIRST, Desk, key, options, wish

NONE: frozenset[str] = frozenset()


# --- what is built ---


def test_what_is_built_says_what_it_does(desk: Desk) -> None:
    desk.fund(1_000_000)
    unsigned = desk.payer.build(wish(), None, NONE)
    meant = key().describe(unsigned.body)
    assert (meant.destination, meant.amount, meant.fee) == (ELSEWHERE, AMOUNT, unsigned.fee)
    assert meant.spends == unsigned.spends
    assert unsigned.body["pays"]["satoshis"] == {ELSEWHERE: AMOUNT}
    assert unsigned.body["pays"]["fee_satoshis"] == unsigned.fee
    assert (unsigned.kind, unsigned.fee_coin, unsigned.expires_at) == (Kind.PAY, "BTC", None)


def test_the_same_coins_make_the_same_transaction(desk: Desk) -> None:
    desk.fund(900_000, 800_000, 700_000)
    assert desk.payer.build(wish(), None, NONE) == desk.payer.build(wish(), None, NONE)


def test_the_wallet_is_named_holds_its_coins_and_has_no_numbers(desk: Desk) -> None:
    desk.fund(600_000, 70_000)
    assert (desk.payer.wallet(), desk.payer.holds(), desk.payer.next_nonce()) == (FIRST, 670_000, None)
    assert not desk.payer.expired(desk.payer.build(wish(), None, NONE))


def test_what_is_paid_leaves_what_the_wallet_holds_and_its_change_comes_back_later(desk: Desk) -> None:
    desk.fund(1_000_000, 70_000)
    desk.paid()
    assert desk.payer.holds() == 70_000
    desk.fake.mine(DEPTH)
    assert desk.payer.holds() == 70_000 + 1_000_000 - AMOUNT - desk.versions[0].unsigned.fee


def test_the_cost_follows_the_nodes_estimate(desk: Desk) -> None:
    without = desk.payer.cost(ELSEWHERE, AMOUNT)
    desk.fake.rate = 20_000
    assert (without, desk.payer.cost(ELSEWHERE, AMOUNT)) == (141, 141 * 20)
    desk.fake.rate = 10
    assert desk.payer.cost(ELSEWHERE, AMOUNT) == 141, "what the mempool takes at the least"
    desk.fund(500_000)
    assert desk.payer.build(wish(), None, NONE).fee == desk.payer.cost(ELSEWHERE, AMOUNT) == 141


def test_a_fee_is_what_its_size_costs(desk: Desk) -> None:
    desk.fake.rate = 7_531
    desk.fund(*[60_000] * 5)
    unsigned = desk.payer.build(wish(), None, NONE)
    raw = key().sign(unsigned.body)
    weight = 3 * len(stripped(raw)) + len(raw)
    assert unsigned.fee * 1000 >= 7_531 * -(-weight // 4)
    assert unsigned.fee < 7_600 * -(-weight // 4) / 1000 + 3 * 8, "a signature may be shorter than it can be"


def stripped(raw: bytes) -> bytes:
    found = Transaction.parse(raw)
    for source in found.vin:
        source.witness = script.Witness([])
    return bytes(found.serialize())


# --- which coins ---


def test_coins_of_other_payouts_are_left_alone(desk: Desk) -> None:
    desk.fund(400_000, 500_000)
    first = desk.payer.build(wish(), None, NONE)
    second = desk.payer.build(wish("pay_2"), None, frozenset(first.spends))
    assert set(first.spends).isdisjoint(second.spends)
    with pytest.raises(CannotPay, match="of 0 satoshis"):
        desk.payer.build(wish("pay_3"), None, frozenset((*first.spends, *second.spends)))


def test_a_coin_that_something_in_the_mempool_spends_is_left_alone(desk: Desk) -> None:
    """The operator's own program pays from the same wallet."""
    desk.fund(400_000)
    desk.paid()
    with pytest.raises(CannotPay):
        desk.payer.build(wish("pay_2"), None, NONE)


def test_nothing_unconfirmed_is_spent_nor_anything_that_could_still_vanish(desk: Desk) -> None:
    desk.fake.pay(FIRST, 1_000_000)
    for blocks in range(DEPTH):
        with pytest.raises(CannotPay):
            desk.payer.build(wish(), None, NONE)
        assert desk.payer.holds() == 0, blocks
        desk.fake.mine()
    assert desk.payer.build(wish(), None, NONE)


def test_minted_coins_are_left_alone(desk: Desk) -> None:
    desk.fake.mine(DEPTH, reward_to=FIRST)
    with pytest.raises(CannotPay):
        desk.payer.build(wish(), None, NONE)


def test_change_comes_back_to_the_wallet_and_is_spent_when_it_is_deep(desk: Desk) -> None:
    desk.fund(1_000_000)
    desk.paid()
    desk.fake.mine(DEPTH - 1)
    with pytest.raises(CannotPay):
        desk.payer.build(wish("pay_2"), None, NONE)
    desk.fake.mine()
    second = desk.paid(wish("pay_2"))
    desk.fake.mine(DEPTH)
    assert desk.payer.look((desk.versions[1],)).tx == second.tx
    assert desk.payer.look((desk.versions[0],)).standing is Standing.CONFIRMED, (
        "its change is spent, and it is still found"
    )


def test_large_change_comes_back_in_two_parts_while_coins_are_few(desk: Desk) -> None:
    desk.fund(5_000_000)
    change = desk.payer.build(wish(), None, NONE).body["pays"]["change_satoshis"]
    assert len(change) == 2
    assert max(change.values()) - min(change.values()) <= 1


def test_the_coins_are_scanned_once_and_then_followed_over_forks(desk: Desk) -> None:
    asked: list[str] = []
    desk.fake.faults.twist = lambda method, result: asked.append(method) or result
    desk.fund(1_000_000)
    desk.payer.holds()
    desk.fake.pay(FIRST, 300_000)
    desk.fake.mine(2)
    desk.payer.holds()
    desk.fake.reorg(2, hold=True)
    desk.fake.mine(DEPTH)
    assert desk.payer.holds() == 1_300_000
    desk.paid()
    desk.fake.mine(DEPTH + 200)
    assert desk.payer.holds() == 1_300_000 - AMOUNT - desk.versions[0].unsigned.fee
    assert asked.count("scantxoutset") == 3, "at first, after the fork, and after two hundred blocks"


def test_a_wallet_of_two_thousand_coins_pays(desk: Desk) -> None:
    for begin in range(0, 2_000, 50):
        desk.fake.pay_many([(FIRST, 20_000 + begin + number) for number in range(50)])
    desk.fake.mine(DEPTH)
    desk.paid(wish(amount=1_000_000, most_fee=100_000))
    desk.fake.mine(DEPTH)
    assert (desk.look().standing, len(desk.versions[0].unsigned.spends)) == (Standing.CONFIRMED, 51)


def test_a_coin_that_was_spent_since_the_scan_is_replaced_by_another(desk: Desk) -> None:
    desk.fund(400_000, 600_000)
    desk.payer.holds()
    foreign = Desk(desk.fake, BitcoinPayer(options(desk_url(desk))))
    foreign.paid()
    foreign.payer.close()
    assert set(desk.payer.build(wish("pay_2"), None, NONE).spends).isdisjoint(
        foreign.versions[0].unsigned.spends
    )


def desk_url(desk: Desk) -> str:
    return f"http://fake:only-a-fake@127.0.0.1:{desk.fake.port}"


# --- what cannot be paid ---


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"amount": 293}, "less than nodes pass on"),
        ({"amount": 0}, "less than nodes pass on"),
        ({"amount": 2_000_000}, "of 1000000 satoshis"),
        ({"amount": 999_990}, "of 1000000 satoshis"),
        ({"most_fee": 140}, "the cap is 140"),
        ({"destination": FIRST}, "the wallet that pays"),
        ({"destination": "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"}, "main network"),
        ({"destination": "somewhere"}, "checksum"),
    ],
)
def test_what_cannot_be_paid_is_said(desk: Desk, asked: dict[str, object], words: str) -> None:
    desk.fund(1_000_000)
    with pytest.raises(CannotPay, match=words):
        desk.payer.build(wish(**asked), None, NONE)


def test_a_rest_that_would_be_dust_goes_to_the_fee_within_the_cap(desk: Desk) -> None:
    desk.fund(AMOUNT + 110 + 293)
    unsigned = desk.payer.build(wish(most_fee=403), None, NONE)
    assert (unsigned.fee, unsigned.body["pays"]["change_satoshis"]) == (403, {})
    with pytest.raises(CannotPay, match="the cap is 402"):
        desk.payer.build(wish(most_fee=402), None, NONE)


@pytest.mark.parametrize(
    "wrong",
    [
        {"xpub": "tprv8gTAHWPa9y2NnqDBJtYXRVghWjqELz8WDmRm3j2iRp9pxecG95dajnmJohynFPy8KUQicyKAAnzqH2qES4PvPGuYhuW6zXJ4yBuf4YQy6gn"},
        {"first_address": ELSEWHERE},
        {"network": "mainnet"},
        {"xpub": ""},
        {"origin": "73c5da0a"},
        {"origin": "73c5da0x/84h/1h/0h"},
    ],
)  # fmt: skip
def test_a_wallet_that_cannot_be_right_is_refused(fake: FakeBitcoin, wrong: dict[str, str]) -> None:
    with pytest.raises(Unusable, match="the payout wallet's") as refused:
        BitcoinPayer(options("http://127.0.0.1:1", **wrong))
    assert "tprv8" not in str(refused.value)


def test_a_hardware_wallet_finds_its_key_by_the_origin(fake: FakeBitcoin) -> None:
    desk = Desk(
        fake,
        BitcoinPayer(
            options(f"http://fake:only-a-fake@127.0.0.1:{fake.port}", origin="[73c5da0a/84h/1h/0h]")
        ),
    )
    desk.fund(1_000_000)
    unsigned = desk.payer.build(wish(), None, NONE)
    desk.payer.close()
    (path,) = PSBT.from_base64(unsigned.body["psbt"]).inputs[0].bip32_derivations.values()
    assert (path.fingerprint.hex(), bip32.path_to_str(path.derivation)) == ("73c5da0a", "m/84h/1h/0h/0/0")
    assert key().describe(unsigned.body).amount == AMOUNT


# --- nodes that cannot be believed ---


def test_a_node_of_another_network_is_refused(fake: FakeBitcoin) -> None:
    other = FakeBitcoin("testnet")
    payer = BitcoinPayer(options(other.serve()))
    with pytest.raises(WrongNetwork):
        payer.build(wish(), None, NONE)
    with pytest.raises(WrongNetwork):
        payer.holds()
    payer.close()
    other.stop()


def test_a_scan_that_lies_about_an_amount_is_found_out(desk: Desk) -> None:
    desk.fund(1_000_000)

    def richer(method: str, result: object) -> object:
        if method == "scantxoutset":
            result["unspents"][0]["amount"] *= 2  # type: ignore[index]
        return result

    desk.fake.faults.twist = richer
    with pytest.raises(Unusable, match="not what the scan said"):
        desk.payer.build(wish(), None, NONE)
