"""A payout in bitcoin to its six confirmations, and everything that can come in between."""

import pytest

from activkode.funding.chains.base import Away, Unusable
from activkode.withdrawals.chains.base import CannotPay, Signed, Standing, Told
from activkode.withdrawals.policy import Kind
from withdrawals.bitcoin.wallets import AMOUNT, CAP, DEPTH, ELSEWHERE, Desk, key, received, wish

NONE: frozenset[str] = frozenset()
ANOTHER = "mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn"


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
    rival = rival_of(desk, destination=ANOTHER)
    assert desk.payer.broadcast(rival).told is Told.TAKEN
    assert desk.look().standing is Standing.UNKNOWN, "a rival that waits proves nothing"
    seen = [desk.fake.mine() and desk.look() for _ in range(DEPTH)]
    assert [sight.standing for sight in seen] == [Standing.UNKNOWN] * (DEPTH - 1) + [Standing.DEAD]
    assert seen[-1].proof["spent_by"] == rival.tx


def test_a_payout_whose_coin_paid_the_destination_otherwise_is_never_called_dead(desk: Desk) -> None:
    """A version that was signed and raised was broadcast by somebody, and never brought back: paying again would be twice."""
    desk.fund(1_000_000)
    desk.paid()
    desk.fake.restart()
    desk.payer.broadcast(rival_of(desk, destination=ELSEWHERE))
    desk.fake.mine(DEPTH + 10)
    sight = desk.look()
    assert (sight.standing, sight.proof["pays_destination"]) == (Standing.UNKNOWN, True)


def rival_of(desk: Desk, destination: str) -> Signed:
    """Of the same coin, by the same wallet, and not known as a version."""
    rival = desk.signed(desk.payer.build(wish("pay_2", amount=77_777, destination=destination), None, NONE))
    desk.versions.pop()
    return rival


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
