"""What stands on the receipt of a withdrawal, line by line: its page and its PDF are made from these. Must round nothing."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from activkode.core import ids
from activkode.core.money import coins, dollars
from activkode.doors.people.payments.shown import Attempt, Shown
from activkode.doors.people.payments.words import STATES
from activkode.doors.people.receipts.facts import Fact, counted
from activkode.doors.people.receipts.pdf import Paper
from activkode.doors.people.templatetags.show import moment_text
from activkode.funding import words
from activkode.funding.policy import FEES


def paper(item: Shown) -> Paper:
    """The receipt, or before anything was paid the record, as it is printed."""
    one = item.one
    title = "Receipt for a withdrawal" if item.paid else "Record of a withdrawal"
    worth = item.paid.coins if item.paid else f"${dollars(one.gross_micros)}"
    state = STATES[one.state] + (f": {one.reason}" if one.reason else "")
    return Paper(ids.show(ids.WITHDRAWAL, one.id), title, worth, f"{state}.", facts(item))


def facts(item: Shown) -> list[Fact]:
    """Every line, in the order in which a reader wants them."""
    return [*_amounts(item), *_rate(item.paid), *_payment(item), *_times(item)]


def _amounts(item: Shown) -> Iterator[Fact]:
    one = item.one
    yield Fact("Withdrawn", f"${dollars(one.gross_micros)}")
    waived = " (waived)" if one.waived_for and not one.fee_micros else ""
    yield Fact("Flat fee", f"${dollars(one.fee_micros)}{waived}")
    yield Fact("Network’s cost borne by you", f"${dollars(one.network_micros)}")
    yield Fact("Paid out" if item.paid else "To be paid out", f"${dollars(one.net_micros)}")
    if item.attempt and (item.paid or one.being_signed):
        yield Fact("In coins", (item.paid or item.attempt).coins)


def _rate(paid: Attempt | None) -> Iterator[Fact]:
    if paid is None:
        return
    payout = paid.payout
    yield Fact("Rate", words.rate(Decimal(payout.rate), payout.asset))
    if payout.rate_sources:
        yield Fact("Sources of the rate", counted(payout.rate_sources))
    if payout.rate_at:
        age = max(0, round((payout.handed_at - payout.rate_at).total_seconds()))
        yield Fact("Age of the rate", f"{age} s when the transaction was made")
    if payout.fee_paid is not None:
        fee = FEES[payout.asset]
        yield Fact("The network took", f"{coins(payout.fee_paid, fee.decimals)} {fee.coin}")


def _payment(item: Shown) -> Iterator[Fact]:
    yield Fact("Coin", words.coin(item.one.asset))
    yield Fact("Address", item.one.address, code=True)
    if item.attempt and item.attempt.tx:
        yield Fact("Transaction", item.attempt.tx, code=True)
    if item.paid and item.paid.payout.height is not None:
        yield Fact("Block", f"{item.paid.payout.height:,}")


def _times(item: Shown) -> Iterator[Fact]:
    one = item.one
    times: tuple[tuple[str, datetime | None], ...] = (
        ("Requested", one.requested_at),
        ("Confirmed", one.confirmed_at),
        ("Promised by", one.due_at if one.confirmed_at else None),
        ("Closed", one.closed_at),
    )
    yield from (Fact(label, moment_text(at)) for label, at in times if at is not None)
    yield Fact("Withdrawal", ids.show(ids.WITHDRAWAL, one.id), code=True)
    yield Fact("Policy", f"version {one.policy_version}")
