"""A payout in bitcoin from its building to six confirmations, and everything that can come in between."""

import pytest
from embit import bip32, script
from embit.transaction import Transaction

from activkode.doors.demo.fake_bitcoin import FakeBitcoin
from activkode.funding.chains.base import Away, Unusable, WrongNetwork
from activkode.withdrawals.chains.base import CannotPay, Signed, Standing, Told
from activkode.withdrawals.chains.bitcoin import BitcoinPayer
from activkode.withdrawals.policy import Kind
from withdrawals.bitcoin.wallets import (
    AMOUNT,
    CAP,
    DEPTH,
    ELSEWHERE,
    FIRST,
    Desk,
    key,
    options,
    wish,
)

NONE: frozenset[str] = frozenset()


def received(fake: FakeBitcoin, address: str) -> list[int]:
    """What blocks pay to an address."""
    data = script.address_to_scriptpubkey(address).data
    return [
        value
        for block in fake.blocks
        for sent in block.sent
        for value, target in sent.outputs
        if target == data
    ]


# --- the plain way ---


def test_a_payout_arrives_exactly_and_is_confirmed_in_the_sixth_block(desk: Desk) -> None:
    desk.fund(1_000_000)
    signed = desk.signed(desk.payer.build(wish(), None, NONE))
    assert desk.look().standing is Standing.UNKNOWN

    assert desk.payer.broadcast(signed).told is Told.TAKEN
    assert (desk.look().standing, desk.look().tx) == (Standing.PENDING, signed.tx)
    seen = [desk.fake.mine() and desk.look() for _ in range(DEPTH)]

    assert [sight.standing for sight in seen] == [Standing.MINED] * (DEPTH - 1) + [Standing.CONFIRMED]
    assert [sight.confirmations for sight in seen] == list(range(1, DEPTH + 1))
    assert (seen[-1].tx, seen[-1].fee) == (signed.tx, desk.versions[0].unsigned.fee)
    assert received(desk.fake, ELSEWHERE) == [AMOUNT]


@pytest.mark.parametrize(
    "destination",
    [
        ELSEWHERE,
        ELSEWHERE.upper(),
        "mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn",
        "2MzQwSSnBHWHqSAqtTVQ6v47XtaisrJa1Vc",
        "bcrt1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3qzf4jry",
        "bcrt1p5cyxnuxmeuwuvkwfem96lqzszd02n6xdcjrs20cac6yqjjwudpxqvg32hk",
    ],
)  # fmt: skip
def test_every_kind_of_address_can_be_paid(desk: Desk, destination: str) -> None:
    desk.fund(1_000_000)
    desk.paid(wish(destination=destination))
    desk.fake.mine(DEPTH)
    assert desk.look().standing is Standing.CONFIRMED
    assert received(desk.fake, destination.lower() if destination.isupper() else destination) == [AMOUNT]


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
    from embit.psbt import PSBT

    (path,) = PSBT.from_base64(unsigned.body["psbt"]).inputs[0].bip32_derivations.values()
    assert (path.fingerprint.hex(), bip32.path_to_str(path.derivation)) == ("73c5da0a", "m/84h/1h/0h/0/0")
    assert key().describe(unsigned.body).amount == AMOUNT


# --- raised, voided, spent by another ---


def test_a_stuck_payout_is_raised_and_only_one_of_them_pays(desk: Desk) -> None:
    desk.fund(1_000_000)
    first = desk.paid()
    second = desk.replaced()
    assert desk.versions[1].unsigned.spends == desk.versions[0].unsigned.spends
    assert desk.versions[1].unsigned.fee >= desk.versions[0].unsigned.fee + 141

    assert desk.payer.broadcast(second).told is Told.TAKEN
    assert desk.payer.broadcast(first).told is Told.REFUSED
    desk.fake.mine(DEPTH)
    assert (desk.look().standing, desk.look().tx) == (Standing.CONFIRMED, second.tx)
    assert received(desk.fake, ELSEWHERE) == [AMOUNT]


def test_a_payout_can_be_raised_five_times_up_to_its_cap(desk: Desk) -> None:
    desk.fund(AMOUNT + CAP + 294)
    desk.paid()
    for _ in range(5):
        assert desk.payer.broadcast(desk.replaced()).told is Told.TAKEN
    desk.fake.rate = 80_000
    with pytest.raises(CannotPay):
        desk.replaced()


def test_the_older_one_is_found_where_it_was_mined_after_all(desk: Desk) -> None:
    desk.fund(1_000_000)
    first = desk.paid()
    desk.replaced()
    desk.fake.mine(DEPTH)
    assert (desk.look().standing, desk.look().tx) == (Standing.CONFIRMED, first.tx)


def test_a_void_that_is_deep_makes_it_dead(desk: Desk) -> None:
    desk.fund(1_000_000)
    desk.paid()
    void = desk.replaced(Kind.VOID)
    assert key().describe(desk.versions[1].unsigned.body).destination is None
    assert desk.payer.broadcast(void).told is Told.TAKEN
    desk.fake.mine(DEPTH - 1)
    assert (desk.look().standing, desk.look().tx) == (Standing.MINED, void.tx)
    desk.fake.mine()
    assert (desk.look().standing, desk.look().tx) == (Standing.DEAD, void.tx)
    assert received(desk.fake, ELSEWHERE) == []


def test_a_payout_without_change_can_be_voided_but_not_raised(desk: Desk) -> None:
    desk.fund(AMOUNT + 300)
    desk.paid()
    with pytest.raises(CannotPay):
        desk.replaced()
    assert desk.payer.broadcast(desk.replaced(Kind.VOID)).told is Told.TAKEN


def test_a_payout_is_dead_when_another_transaction_has_taken_its_coin_deep_enough(desk: Desk) -> None:
    desk.fund(1_000_000)
    desk.paid()
    desk.fake.restart()
    rival = desk.signed(desk.payer.build(wish("pay_2", amount=77_777), None, NONE))
    desk.versions.pop()
    assert desk.payer.broadcast(rival).told is Told.TAKEN
    assert desk.look().standing is Standing.UNKNOWN, "a rival that waits proves nothing"
    seen = [desk.fake.mine() and desk.look() for _ in range(DEPTH)]
    assert [sight.standing for sight in seen] == [Standing.UNKNOWN] * (DEPTH - 1) + [Standing.DEAD]
    assert seen[-1].proof["spent_by"] == rival.tx


# --- blocks that go, and nodes that forget ---


def test_a_fork_takes_a_payout_back_and_never_leaves_it_confirmed(desk: Desk) -> None:
    desk.fund(1_000_000)
    desk.paid()
    desk.fake.mine(DEPTH - 1)
    assert desk.look().confirmations == DEPTH - 1
    desk.fake.reorg(DEPTH - 1, hold=True)
    assert (desk.look().standing, desk.look().confirmations) == (Standing.PENDING, 0)
    desk.fake.restart()
    assert desk.look().standing is Standing.UNKNOWN
    assert desk.payer.broadcast(desk.versions[0].signed).told is Told.TAKEN
    desk.fake.mine(DEPTH)
    assert desk.look().standing is Standing.CONFIRMED


def test_a_fork_deeper_than_the_depth_is_seen_too(desk: Desk) -> None:
    desk.fund(1_000_000)
    desk.fake.mine(10)
    desk.paid()
    desk.fake.mine(DEPTH)
    assert desk.look().standing is Standing.CONFIRMED
    desk.fake.reorg(DEPTH, hold=True)
    assert desk.look().standing is Standing.PENDING


def test_a_fork_that_brings_a_rival_in_makes_the_confirmed_dead(desk: Desk) -> None:
    desk.fund(1_000_000)
    desk.paid()
    rival = desk.replaced(Kind.VOID)
    desk.fake.mine(2)
    desk.fake.reorg(2, hold=True)
    assert desk.payer.broadcast(rival).told is Told.TAKEN
    desk.fake.mine(DEPTH)
    assert desk.look().standing is Standing.DEAD


def test_a_chain_that_changes_during_the_look_is_looked_at_again(desk: Desk) -> None:
    desk.fund(1_000_000)
    desk.paid()
    desk.fake.mine(DEPTH)
    asked = []

    def fork(method: str, result: object) -> object:
        asked.append(method)
        if method == "gettxout" and asked.count("gettxout") == 1:
            desk.fake.reorg(DEPTH, hold=True)
        return result

    desk.fake.faults.twist = fork
    with pytest.raises((Away, Unusable)):
        desk.look()
    desk.fake.faults.twist = None
    assert desk.look().standing is Standing.PENDING


def test_a_node_that_lags_behind_the_payout_is_not_believed(desk: Desk) -> None:
    desk.fund(1_000_000)
    desk.paid()
    desk.fake.faults.lag_blocks = 2
    with pytest.raises(Away, match="stands at block"):
        desk.look()


def test_a_payout_is_found_far_back_in_several_looks(desk: Desk) -> None:
    desk.fund(1_000_000)
    desk.paid()
    desk.fake.mine(80)
    seen = [desk.look() for _ in range(3)]
    assert [sight.standing for sight in seen] == [Standing.UNKNOWN, Standing.UNKNOWN, Standing.CONFIRMED]
    assert seen[-1].confirmations == 80


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


# --- broadcasting ---


def test_a_node_that_takes_and_does_not_answer_leaves_it_unknown_until_looked_at(desk: Desk) -> None:
    desk.fund(1_000_000)
    signed = desk.signed(desk.payer.build(wish(), None, NONE))
    desk.fake.faults.swallow_answers = True
    assert desk.payer.broadcast(signed).told is Told.UNANSWERED
    desk.fake.faults.swallow_answers = False
    assert desk.look().standing is Standing.PENDING


def test_the_same_bytes_may_be_sent_at_any_time(desk: Desk) -> None:
    desk.fund(1_000_000)
    signed = desk.paid()
    assert desk.payer.broadcast(signed).told is Told.TAKEN
    desk.fake.mine()
    assert desk.payer.broadcast(signed).told is Told.KNOWN
    assert received(desk.fake, ELSEWHERE) == [AMOUNT]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("txn-already-in-mempool", Told.KNOWN),
        ("txn-already-known", Told.KNOWN),
        ("txn-same-nonwitness-data-in-mempool", Told.KNOWN),
        ("min relay fee not met, 110 < 141", Told.REFUSED),
        ("insufficient fee, rejecting replacement", Told.REFUSED),
    ],
)
def test_what_a_node_says_is_read_right(desk: Desk, words: str, told: Told) -> None:
    desk.fund(1_000_000)
    signed = desk.signed(desk.payer.build(wish(), None, NONE))
    desk.fake.faults.refuses = words
    answer = desk.payer.broadcast(signed)
    assert (answer.told, words in answer.words) == (told, True)


def test_a_node_that_is_away_starting_or_talking_nonsense_has_not_answered(desk: Desk) -> None:
    desk.fund(1_000_000)
    signed = desk.signed(desk.payer.build(wish(), None, NONE))
    faults = desk.fake.faults
    told = []
    for name, value in (
        ("is_away", True),
        ("is_warming_up", True),
        ("cut_bodies", True),
        ("twist", lambda *_: "00" * 32),
    ):
        setattr(faults, name, value)
        told.append(desk.payer.broadcast(signed).told)
        setattr(faults, name, None if name == "twist" else False)
    assert told == [Told.UNANSWERED] * 4


def test_bytes_that_are_none_are_refused(desk: Desk) -> None:
    assert desk.payer.broadcast(Signed("00" * 32, b"\x02")).told is Told.REFUSED
