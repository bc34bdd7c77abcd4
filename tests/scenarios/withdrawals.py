"""What happens in stories about withdrawals: asking, confirming, approving, paying on a fake chain, being held.

    alice  withdraws 20.00                  -> wdr #1    cash 50.00  withdrawing 0.00
    alice  confirms wdr #1                  -> ok        cash 30.00  withdrawing 20.00
    olga   approves wdr #1                  -> approved
    chain  pays wdr #1                      -> paid 15.00

Ether to one address; `at 7.20` is what the network costs at that moment.
"""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from activkode.core.money import dollars, micros
from activkode.identity import email_change
from activkode.withdrawals import operations, payouts, read
from withdrawals import scripted
from withdrawals.scripted import FakePayer, sign

if TYPE_CHECKING:
    from scenarios.interpreter import Story

_WEI_A_DOLLAR = 10**18 // 2000


def _find(story: "Story", words: str) -> tuple[int, int, str]:
    match = re.match(r"wdr #(\d+):? ?(.*)", words)
    assert match, words
    customer, number = story.withdrawals[int(match[1]) - 1]
    return customer, number, match[2]


def _withdraws(story: "Story", who: str, words: str) -> str:
    scripted.rates()
    user = story.user(who)
    number = scripted.requested(user, None if words == "all" else words)
    story.withdrawals.append((user.id, number))
    return f"wdr #{len(story.withdrawals)}"


def _confirms(story: "Story", who: str, words: str) -> str:
    _, number, rest = _find(story, words)
    quote = micros(rest.removeprefix("at ")) if rest else None
    return "ok" if operations.confirm(story.user(who).id, number, quote) else ""


def _agrees(story: "Story", who: str, words: str) -> str:
    _, number, rest = _find(story, words)
    operations.consent(story.user(who).id, number, micros(rest.removeprefix("at ")))
    return "ok"


def _takes_back(story: "Story", who: str, words: str) -> str:
    _, number, _ = _find(story, words)
    return operations.cancel(story.user(who).id, number)


def _approves(story: "Story", who: str, words: str) -> str:
    customer, number, _ = _find(story, words)
    person = story.staff(who)
    return operations.approve(customer, number, actor_id=person.id, actor=who)


def _declines(story: "Story", who: str, words: str) -> str:
    customer, number, reason = _find(story, words)
    person = story.staff(who)
    return operations.reject(customer, number, actor_id=person.id, actor=who, reason=reason)


def _pays(story: "Story", _: str, words: str) -> str:
    customer, number, rest = _find(story, words)
    scripted.rates()
    cost = micros(rest.removeprefix("at ")) if rest else 1_000_000
    payer = FakePayer(units_cost=cost * _WEI_A_DOLLAR // 1_000_000)
    payouts.hand(customer, number, payer, by="clock")
    payout = read.payouts(customer, number)[-1]
    transaction = read.transactions(customer, payout.id)[-1]
    payouts.take_signed(transaction, payer, sign(payouts.unsigned_of(transaction)), by="signer")
    kept = read.transactions(customer, payout.id)[-1]
    if not payouts.send(kept, payer):
        return "held"
    payer.mined[kept.tx or ""] = 12
    payouts.look(payout, payer)
    one = read.one(customer, number)
    return f"{one.state} {dollars(one.net_micros)}"


def _sees(story: "Story", _: str, words: str) -> str:
    customer, number, _ = _find(story, words)
    one = read.one(customer, number)
    return f"{one.state}" + (", asked" if one.asks_consent else "")


def _due(story: "Story", _: str, words: str) -> str:
    customer, number, _ = _find(story, words)
    return f"{read.one(customer, number).due_at:%Y-%m-%d %H:%M}"


def _lapses(*_: object) -> str:
    return str(operations.lapse(100))


def _changes_email(story: "Story", who: str, _: str) -> str:
    email_change.note(story.user(who).id, f"{who}@before.example")
    return "ok"


VERBS: dict[str, Callable[["Story", str, str], str]] = {
    "withdraws": _withdraws,
    "confirms": _confirms,
    "agrees to": _agrees,
    "takes back wdr": lambda story, who, words: _takes_back(story, who, f"wdr {words}"),
    "approves": _approves,
    "declines": _declines,
    "pays": _pays,
    "sees wdr": lambda story, who, words: _sees(story, who, f"wdr {words}"),
    "owes wdr": lambda story, who, words: _due(story, who, f"wdr {words}"),
    "closes what lapsed": _lapses,
    "changes the address": _changes_email,
}
