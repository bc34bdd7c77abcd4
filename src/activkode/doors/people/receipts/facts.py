"""What stands on a receipt, line by line: the page and the PDF are both made from these. Must round nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from activkode.core import ids
from activkode.core.money import dollars
from activkode.doors.people.receipts.shown import Shown
from activkode.doors.people.templatetags.show import moment_text
from activkode.funding import words
from activkode.funding.read import Topup


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and its value; `code` is what is compared character by character, such as an address."""

    label: str
    value: str
    code: bool = False


def facts(item: Shown) -> list[Fact]:
    """Every line, in the order in which a reader wants them."""
    return [*_amounts(item), *_rate(item.one), *_payment(item.one), *_times(item.one)]


def source_text(source: dict[str, Any]) -> str:
    """One source of a rate as it was stored: "kraken 64,120.50"."""
    name = str(source.get("source") or source.get("name") or "source")
    try:
        return f"{name} {Decimal(str(source.get('rate'))):,f}"
    except InvalidOperation:
        return name


def _amounts(item: Shown) -> Iterator[Fact]:
    one = item.one
    if one.asset:
        yield Fact("Coin", words.coin(one.asset))
        yield Fact("Amount", item.coins)
    else:
        yield Fact("Token", one.token, code=True)
        yield Fact("Amount", f"{one.amount} of its smallest unit")
    if one.credited_micros is not None:
        yield Fact("Credited", f"${dollars(one.credited_micros)}")
    if one.reversed_micros:
        yield Fact("Taken back", f"${dollars(one.reversed_micros)}")
    if one.restored_micros:
        yield Fact("Credited again", f"${dollars(one.restored_micros)}")
    if one.written_off_micros:
        yield Fact("Written off by us", f"${dollars(one.written_off_micros)}")


def _rate(one: Topup) -> Iterator[Fact]:
    if one.rate is None or one.asset is None:
        return
    yield Fact("Rate", words.rate(one.rate, one.asset))
    if one.rate_sources:
        yield Fact("Sources of the rate", ", ".join(map(source_text, one.rate_sources)))
    if one.rate_at and one.credited_at:
        age = max(0, round((one.credited_at - one.rate_at).total_seconds()))
        yield Fact("Age of the rate", f"{age} s at the moment of crediting")


def _payment(one: Topup) -> Iterator[Fact]:
    yield Fact("Transaction", one.tx, code=True)
    if one.position >= 0:
        yield Fact("Place in the transaction", str(one.position))
    yield Fact("Address", one.address, code=True)
    if one.height is not None:
        yield Fact("Block", f"{one.height:,}")
    if one.replaced_by:
        yield Fact("Replaced by", one.replaced_by, code=True)


def _times(one: Topup) -> Iterator[Fact]:
    times: tuple[tuple[str, datetime | None], ...] = (
        ("Seen", one.seen_at),
        ("In a block", one.mined_at),
        ("Credited at", one.credited_at),
        ("Taken back at", one.reversed_at),
    )
    yield from (Fact(label, moment_text(at)) for label, at in times if at is not None)
    yield Fact("Top-up", ids.show(ids.DEPOSIT, one.id), code=True)
    yield Fact("Policy", f"version {one.policy_version}")
