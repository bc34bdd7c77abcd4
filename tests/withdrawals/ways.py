"""Withdrawals in every state, brought there by the fake payer as a real one would: for pages, mails and doors that show them."""

from collections.abc import Callable

from activkode.identity import email_change, suspension
from activkode.identity.models import User
from activkode.withdrawals import operations, payouts, read
from activkode.withdrawals.policy import Kind
from activkode.withdrawals.read import Withdrawal
from withdrawals import scripted
from withdrawals.scripted import FakePayer, sign

Way = Callable[[User, FakePayer], int]


def way(user: User, name: str, payer: FakePayer | None = None) -> Withdrawal:
    """The withdrawal of that name; the customer needs $300 in cash, and rates."""
    number = WAYS[name](user, payer or FakePayer())
    return read.one(user.id, number)


def _requested(user: User, payer: FakePayer) -> int:
    return scripted.requested(user)


def _confirmed(user: User, payer: FakePayer) -> int:
    return scripted.confirmed(user)


def _one_of_two(user: User, payer: FakePayer) -> int:
    number, olga = scripted.confirmed(user, "200.00"), scripted.staff("olga")
    operations.approve(user.id, number, actor_id=olga.id, actor=olga.email)
    return number


def _email_changed(user: User, payer: FakePayer) -> int:
    email_change.note(user.id, "earlier@people.example")
    return scripted.confirmed(user)


def _suspended(user: User, payer: FakePayer) -> int:
    number = scripted.confirmed(user)
    suspension.suspend(user.id, actor="olga", reason="a test")
    return number


def _approved(user: User, payer: FakePayer) -> int:
    return scripted.approved(user)


def _asked(user: User, payer: FakePayer) -> int:
    number = scripted.approved(user)
    payer.units_cost = 5 * 10**15  # $10 at $2,000
    try:
        payouts.hand(user.id, number, payer, by="clock")
    except payouts.Refusal:
        return number
    raise AssertionError("nobody was asked")


def _handed(user: User, payer: FakePayer) -> int:
    return scripted.handed(user, payer)[0].id


def _signed(user: User, payer: FakePayer) -> int:
    return scripted.signed(user, payer)[0].id


def _sent(user: User, payer: FakePayer) -> int:
    return scripted.sent(user, payer)[0].id


def _mined(user: User, payer: FakePayer) -> int:
    return _at_depth(user, payer, 3)


def _paid(user: User, payer: FakePayer) -> int:
    return _at_depth(user, payer, 12)


def _at_depth(user: User, payer: FakePayer, depth: int) -> int:
    one, payout, transaction = scripted.sent(user, payer)
    payer.mined[transaction.tx or ""] = depth
    payouts.look(payout, payer)
    return one.id


def _bumped(user: User, payer: FakePayer) -> int:
    one, payout, _ = scripted.sent(user, payer)
    payouts.replace(payout, payer, kind=Kind.PAY, by="olga")
    _, _, newer = scripted.latest(user, one.id)
    payouts.take_signed(newer, payer, sign(payouts.unsigned_of(newer)), by="signer")
    payouts.send(scripted.latest(user, one.id)[2], payer)
    return one.id


def _stuck(user: User, payer: FakePayer) -> int:
    one, payout, transaction = scripted.sent(user, payer)
    payer.failed.add(transaction.tx or "")
    payer.mined[transaction.tx or ""] = 12
    payouts.look(payout, payer)
    return one.id


def _returned(user: User, payer: FakePayer) -> int:
    number, oscar = _stuck(user, payer), scripted.staff("oscar")
    operations.give_back(
        user.id, number, actor_id=oscar.id, actor=oscar.email, reason="the network refused it"
    )
    return number


def _paid_again(user: User, payer: FakePayer) -> int:
    number, oscar = _stuck(user, payer), scripted.staff("oscar")
    operations.pay_again(user.id, number, actor_id=oscar.id, actor=oscar.email, reason="once more")
    payouts.hand(user.id, number, payer, by="clock")
    return number


def _rejected(user: User, payer: FakePayer) -> int:
    number, oscar = scripted.confirmed(user), scripted.staff("oscar")
    operations.reject(
        user.id, number, actor_id=oscar.id, actor=oscar.email, reason="this address was reported stolen"
    )
    return number


def _cancelled(user: User, payer: FakePayer) -> int:
    number = scripted.confirmed(user)
    operations.cancel(user.id, number)
    return number


def _lapsed(user: User, payer: FakePayer) -> int:
    number = scripted.requested(user)
    scripted.shift("8 days")
    operations.lapse(10)
    return number


WAYS: dict[str, Way] = {
    "requested": _requested,
    "confirmed": _confirmed,
    "confirmed: one of two": _one_of_two,
    "confirmed: e-mail changed": _email_changed,
    "confirmed: suspended": _suspended,
    "approved": _approved,
    "approved: asked": _asked,
    "approved: handed": _handed,
    "signed": _signed,
    "broadcast": _sent,
    "broadcast: mined": _mined,
    "broadcast: bumped": _bumped,
    "broadcast: stuck": _stuck,
    "broadcast: paid again": _paid_again,
    "paid": _paid,
    "rejected": _rejected,
    "cancelled": _cancelled,
    "cancelled: lapsed": _lapsed,
    "returned": _returned,
}
