"""The way of a withdrawal from the wish to the chain's proof, as steps; must decide nothing, and name no member of staff."""

from collections.abc import Iterator

from activkode.core.money import dollars
from activkode.doors.people.payments.shown import Attempt, Shown
from activkode.doors.people.payments.words import CHANNELS
from activkode.doors.people.receipts.timeline import Step
from activkode.doors.people.templatetags.show import moment_text
from activkode.withdrawals.policy import PayoutState, State

_DEAD = "It is proven that this transaction will never pay. Your amount is still set aside, and a person looks at it."
_ENDS = {
    State.REJECTED: "Declined",
    State.CANCELLED: "Cancelled",
    State.RETURNED: "Returned to your balance",
}


def timeline(item: Shown) -> list[Step]:
    """Every step so far, then those to come as far as they are still to come."""
    steps = [_requested(item), _confirmed(item), *_approval(item)]
    for each in item.attempts:
        steps += _attempt(item, each)
    if not item.attempts or (item.is_stuck and item.one.is_open):
        steps += _to_come(item)
    if item.one.state in _ENDS:
        steps = [step for step in steps if step.tone in ("done", "stop")] + [_end(item)]
    return steps


def _requested(item: Shown) -> Step:
    one = item.one
    return Step("Requested", "done", CHANNELS.get(one.channel, one.channel).capitalize(), one.requested_at)


def _confirmed(item: Shown) -> Step:
    one = item.one
    if one.confirmed_at:
        aside = f"${dollars(one.gross_micros)} set aside"
        return Step("Confirmed by you", "done", aside, one.confirmed_at)
    until = f" until {moment_text(one.consent_by)}" if one.consent_by else ""
    return Step("Your confirmation", "now", f"Waited for{until}. Nothing is set aside before.")


def _approval(item: Shown) -> Iterator[Step]:
    one, wanted = item.one, item.one.approvals_wanted
    given = f"{min(item.approvals, wanted)} of {wanted} approvals"
    if one.approved_at:
        yield Step("Approved", "done", given, one.approved_at)
    elif one.confirmed_at is None:
        yield Step("Approved by our staff", "next")
    else:
        yield Step("Being checked by our staff", "now", f"{given}{_hold(item)}")
    if one.asks_consent:
        yield Step("Your agreement to the network’s cost", "now", "Waited for; the clock stands meanwhile.")


def _hold(item: Shown) -> str:
    if item.one.frozen:
        return ". The account is suspended, so it waits for an operator’s decision."
    if item.one.waits_until:
        return (
            f". The e-mail address was changed lately, so it waits until {moment_text(item.one.waits_until)}."
        )
    return ""


def _attempt(item: Shown, each: Attempt) -> Iterator[Step]:
    payout = each.payout
    yield Step("Handed to signing", "done", f"{each.coins} to the address", payout.handed_at)
    if payout.state == PayoutState.DEAD:
        yield from _dead(each)
        return
    if payout.signed_at is None:
        yield Step("Signed", "now", "From here on it cannot be cancelled.")
        yield from (
            Step(name, "next") for name in ("Given to the network", "Confirmed by the network", "Paid")
        )
        return
    yield Step("Signed", "done", "", payout.signed_at)
    if payout.sent_at is None:
        yield Step("Given to the network", "now", "In a moment")
        yield from (Step(name, "next") for name in ("Confirmed by the network", "Paid"))
        return
    yield Step("Given to the network", "done", _versions(each), payout.sent_at)
    if item.one.closed_at and payout.state == PayoutState.CONFIRMED:
        height = f"Block {payout.height:,}" if payout.height is not None else ""
        yield Step("Confirmed by the network", "done", height, payout.ended_at)
        yield Step("Paid", "done", each.coins, item.one.closed_at)
    else:
        yield Step("Confirmed by the network", "now", _depth(each))
        yield Step("Paid", "next")


def _dead(each: Attempt) -> Iterator[Step]:
    payout = each.payout
    if payout.signed_at:
        yield Step("Signed", "done", "", payout.signed_at)
    if payout.sent_at:
        yield Step("Given to the network", "done", _versions(each), payout.sent_at)
    never_left = "It was never signed, and its time is over. Nothing was paid."
    yield Step(
        "This payment cannot be carried out",
        "stop",
        _DEAD if payout.signed_at else never_left,
        payout.ended_at,
    )


def _versions(each: Attempt) -> str:
    sent = [one for one in each.transactions if one.sent_at]
    return (
        f"Sent {len(sent)} times, each with a higher fee: only one can be carried out"
        if len(sent) > 1
        else ""
    )


def _depth(each: Attempt) -> str:
    count = each.payout.confirmations
    if not count:
        return "Not in a block yet"
    return f"{count} {'confirmation' if count == 1 else 'confirmations'} so far"


def _to_come(item: Shown) -> Iterator[Step]:
    names = ("Handed to signing", "Signed", "Given to the network", "Confirmed by the network", "Paid")
    if item.is_stuck:
        yield Step(
            "A person decides how it goes on",
            "now",
            "To pay again, or to give the amount back to your balance.",
        )
        return
    ready = item.one.state == State.APPROVED and not item.one.asks_consent
    for place, name in enumerate(names):
        yield Step(name, "now", f"Soon{_hold(item)}") if place == 0 and ready else Step(name, "next")


def _end(item: Shown) -> Step:
    one = item.one
    back = (
        f" ${dollars(one.gross_micros)} is back in your balance."
        if one.confirmed_at
        else " Nothing had been set aside."
    )
    said = "By you." if one.closed_by.startswith("customer ") else _sentence(one.reason)
    return Step(_ENDS[one.state], "stop", f"{said}{back}".strip(), one.closed_at)


def _sentence(reason: str) -> str:
    return f"{reason[:1].upper()}{reason[1:].rstrip('.')}." if reason else ""
