"""The way of a top-up from first sight to the balance, as steps; must decide nothing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from activkode.core.money import dollars
from activkode.doors.people.receipts.shown import Shown
from activkode.funding import words
from activkode.funding.policy import State
from activkode.funding.read import Topup

Tone = Literal["done", "now", "next", "stop"]

# How many of the usual five steps are behind it.
_BEHIND: dict[str, int] = {
    State.SEEN: 1,
    State.ORPHANED: 1,
    State.REPLACED: 1,
    State.CONFIRMING: 2,
    State.PRICING: 3,
    State.ACCUMULATING: 3,
    State.CREDITED: 5,
}
_ENDED: dict[str, str] = {
    State.REPLACED: "Replaced by another payment",
    State.IGNORED: "Not credited",
    State.UNDER_CASE: "Under review",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `at` where its time is known."""

    name: str
    tone: Tone
    detail: str = ""
    at: datetime | None = None


def timeline(item: Shown) -> list[Step]:
    """The usual five steps as far as they are still to come, then what happened otherwise."""
    behind = _behind(item.one)
    ended = item.one.state in _ENDED
    usual = [_step(item, number, behind) for number in range(behind if ended else 5)]
    return [*usual, *_turns(item), *([_end(item)] if ended else [])]


def _behind(one: Topup) -> int:
    if one.credited_at is not None:
        return 5
    return _BEHIND.get(one.state, 2 if one.height is not None else 1)


def _step(item: Shown, number: int, behind: int) -> Step:
    one = item.one
    name, at, detail = (
        ("Seen on the network", one.seen_at, ""),
        ("In a block", one.mined_at, "" if one.height is None else f"Block {one.height:,}"),
        ("Confirmed", None, ""),
        ("Priced", one.rate_at, words.rate(one.rate, one.asset) if one.rate and one.asset else ""),
        ("Credited", one.credited_at, f"${dollars(one.credited_micros or 0)}"),
    )[number]
    if number < behind:
        return Step(name, "done", detail, at)
    return Step(name, "now", item.progress) if number == behind else Step(name, "next")


def _turns(item: Shown) -> list[Step]:
    """What happened after the credit."""
    one = item.one
    if one.reversed_at is None:
        return []
    taken = f"Its block left the chain. ${dollars(one.reversed_micros)} was taken back."
    steps = [Step("Taken back by the chain", "stop", taken, one.reversed_at)]
    if one.state == State.CONFIRMING:
        steps.append(Step("In the chain again", "now", item.progress, one.mined_at))
    if one.restored_micros:
        steps.append(Step("Credited again", "done", f"${dollars(one.restored_micros)}", one.mined_at))
    if one.written_off_micros:
        lost = f"${dollars(one.written_off_micros)} was spent before; we bear it, and you owe nothing."
        steps.append(Step("Closed", "done", lost))
    return steps


def _end(item: Shown) -> Step:
    by = f" Transaction {item.one.replaced_by}." if item.one.replaced_by else ""
    return Step(_ENDED[item.one.state], "stop", f"{item.reason}{by}")
